"""Code for requests that are forms with files, and for replies that are files: run, it does what the product did."""

import pytest

from apps.runs import code
from apps.upstreams.client import Endpoint, own_connections, stream
from apps.upstreams.tape import Tape
from apps.usage import records
from apps.usage.elision import Elision
from apps.usage.masking import Mask
from apps.wire.media import dialects
from apps.wire.media.shapes import MediaRequest, Source
from tests.media.files import picture
from tests.runs.code.asking import HOSTILE, run

SIDES = (48, 32)


async def made(sandbox, dialect: str, request: MediaRequest) -> tuple[code.Sample, bytes]:
    """The request as code is made of it, and the reply's body."""
    tape = Tape(10_000_000)
    way, body = dialects.get(dialect), b""
    async with (
        own_connections(),
        stream(Endpoint(sandbox.url, key=sandbox.key), way.build(request), tape=tape) as reply,
    ):
        async for chunk in reply.chunks():
            body += chunk
    record = records._record(tape, Mask(sandbox.key), Elision(request))
    return code.sample(record.exchanges[-1], dialect, record.files), body


@pytest.mark.parametrize("language", ["curl", "python", "javascript"])
async def test_a_form_is_sent_with_its_texts_as_they_were_and_files_from_the_folder(sandbox, tmp_path, language):
    image = Source("image", "image/png", "a fine @picture;.png", picture(size=SIDES))
    prompt = HOSTILE.replace("\r\n", "\n").replace("\n", " ")
    request = MediaRequest("sandbox-image-0s", prompt=prompt, task="edit", sources=(image,))
    sample, reply = await made(sandbox, "openai_images", request)
    (name,) = sample.files
    (tmp_path / name).write_bytes(picture(size=SIDES))
    text = code.find(language).writers["http"](sample)
    first = sandbox.stats()["last_request"]
    printed = run(language, text, sandbox.key, tmp_path)
    again = sandbox.stats()["last_request"]
    assert again == first
    assert b"b64_json" in printed
    assert b"b64_json" in reply


@pytest.mark.parametrize("language", ["curl", "python", "javascript"])
async def test_a_reply_that_is_a_file_is_written_to_one(sandbox, tmp_path, language):
    request = MediaRequest("sandbox-speech-tone", prompt="Hello", parameters={"voice": "alloy"})
    sample, reply = await made(sandbox, "openai_speech", request)
    run(language, code.find(language).writers["http"](sample), sandbox.key, tmp_path)
    assert (tmp_path / sample.saves).read_bytes() == reply


async def test_only_languages_that_can_say_a_form_are_offered(sandbox):
    image = Source("image", "image/png", "a.png", picture(size=SIDES))
    request = MediaRequest("sandbox-image-0s", prompt="Blue", task="edit", sources=(image,))
    sample, _reply = await made(sandbox, "openai_images", request)
    assert [each.name for each in code.languages(sample)] == ["curl", "python", "javascript"]
