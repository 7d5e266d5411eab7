"""The code is run, and gets the same answer as the product got."""

import base64
import itertools
import json
import subprocess
from pathlib import Path

import pytest

from apps.runs import code
from apps.wire.formats import FORMATS
from apps.wire.messages import Image, Text
from tests.runs.code.asking import HOSTILE, answered, asked, folded, has, run, sample_of

# As they were when these tests were written.
PACKAGES = ("openai@6.49.0", "@anthropic-ai/sdk@1.12.0", "@google/genai@2.32.0")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 60


def written(language: str, client: str, sample: code.Sample) -> str:
    return code.find(language).writers[client](sample)


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("language", ["curl", "python", "javascript"])
async def test_plain_code_gets_the_same_answer_whatever_was_said(sandbox, tmp_path, language, format, streamed):
    record, answer = await answered(sandbox, format, asked(format, streamed=streamed))
    assert HOSTILE.strip() in answer
    printed = run(language, written(language, "http", sample_of(record, format)), sandbox.key, tmp_path)
    if language == "curl":
        assert folded(format, printed) == answer
    else:
        assert printed.decode().strip("\n") == answer.strip("\n")


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("format", FORMATS)
async def test_the_official_python_packages_get_the_same_answer(sandbox, tmp_path, format, streamed):
    record, answer = await answered(sandbox, format, asked(format, streamed=streamed))
    text = written("python", "sdk", sample_of(record, format))
    assert "import OpenAI" in text or "import Anthropic" in text or "import genai" in text
    assert run("python", text, sandbox.key, tmp_path).decode().strip("\n") == answer.strip("\n")


@pytest.mark.skipif(not has("javac"), reason="no Java here")
async def test_java_gets_the_same_answer(sandbox, tmp_path):
    record, answer = await answered(sandbox, "openai_chat", asked("openai_chat"))
    printed = run("java", written("java", "http", sample_of(record, "openai_chat")), sandbox.key, tmp_path)
    assert folded("openai_chat", printed) == answer


@pytest.mark.skipif(not has("javac"), reason="no Java here")
async def test_java_takes_requests_longer_than_one_of_its_constants(sandbox, tmp_path):
    long = Text('"""\\ 中文' * 20_000)
    record, answer = await answered(sandbox, "openai_chat", asked("openai_chat", long))
    printed = run("java", written("java", "http", sample_of(record, "openai_chat")), sandbox.key, tmp_path)
    assert folded("openai_chat", printed) == answer


async def test_the_shell_takes_requests_longer_than_one_of_its_arguments(sandbox, tmp_path):
    record, answer = await answered(sandbox, "openai_chat", asked("openai_chat", Text("it's 中文 " * 40_000)))
    printed = run("curl", written("curl", "http", sample_of(record, "openai_chat")), sandbox.key, tmp_path)
    assert folded("openai_chat", printed) == answer


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("language", "client"), [("curl", "http"), ("python", "http"), ("javascript", "http"), ("python", "sdk")]
)
async def test_attachments_are_read_from_files_and_sent_as_they_were(sandbox, tmp_path, language, client, format):
    """The sandbox keeps the last request it was sent."""
    picture = Image(media_type="image/png", data=base64.b64encode(PICTURE).decode(), asset="1")
    record, _answer = await answered(sandbox, format, asked(format, Text("Look"), picture))
    first = sandbox.stats()["last_request"]
    sample = sample_of(record, format)
    (name,) = sample.files
    (tmp_path / name).write_bytes(PICTURE)
    text = written(language, client, sample)
    assert base64.b64encode(PICTURE).decode() not in text
    run(language, text, sandbox.key, tmp_path)
    again = json.dumps(sandbox.stats()["last_request"]).replace('"mime_type"', '"mimeType"')  # as Google's package does
    assert json.loads(again) == first


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """A folder with the vendors' JavaScript packages, which are fetched for these tests alone."""
    folder = tmp_path_factory.mktemp("packages")
    fetch = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-save", *PACKAGES]
    if not has("npm") or subprocess.run(fetch, cwd=folder, check=False, timeout=300).returncode:
        pytest.skip("The JavaScript packages cannot be fetched here: that needs npm and its registry.")
    return folder


async def test_the_official_javascript_packages_get_the_same_answer(sandbox, packages):
    for format, streamed in itertools.product(FORMATS, [True, False]):
        record, answer = await answered(sandbox, format, asked(format, streamed=streamed))
        text = written("javascript", "sdk", sample_of(record, format))
        assert any(f'from "{name.rpartition("@")[0]}"' in text for name in PACKAGES)
        assert run("javascript", text, sandbox.key, packages).decode().strip("\n") == answer.strip("\n")
