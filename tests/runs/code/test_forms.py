"""Code for requests that are forms with files, and for replies that are files: run, it does what the product did."""

import base64
import json

import pytest

from apps.media.sniff import image_type
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
    if language == "curl":
        assert b"b64_json" in printed
    else:
        assert (tmp_path / "result-1.png").read_bytes() == picture_in(reply)


def picture_in(reply: bytes) -> bytes:
    return base64.b64decode(json.loads(reply)["data"][0]["b64_json"])


@pytest.mark.parametrize("language", ["python", "javascript"])
@pytest.mark.parametrize(
    ("dialect", "model"),
    [
        ("openai_images", "sandbox-image-0s"),
        ("openai_images", "sandbox-image-stream-0s"),
        ("gemini_images", "sandbox-banana"),
    ],
)
async def test_pictures_in_a_reply_are_written_to_files(sandbox, tmp_path, language, dialect, model):
    request = MediaRequest(model, prompt="A fox", stream="stream" in model)
    sample, _reply = await made(sandbox, dialect, request)
    run(language, code.find(language).writers["http"](sample), sandbox.key, tmp_path)
    (written,) = tmp_path.glob("result*.png")
    assert image_type(written.read_bytes()[:32]).startswith("image/")


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
