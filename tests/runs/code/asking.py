"""Requests that were made of the sandbox, as they are kept; and programs that make them again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from apps.runs import code
from apps.upstreams.client import Endpoint, own_connections, stream
from apps.upstreams.tape import Tape
from apps.usage import records
from apps.usage.elision import Elision
from apps.usage.masking import Mask
from apps.wire import formats
from apps.wire.messages import GenerationRequest, Message, Part, Text, said
from apps.wire.transcript import Transcript

PROGRAMS = {"curl": "sh", "python": sys.executable, "javascript": "node", "java": "java"}
HOSTILE = (
    'it\'s "quoted" `id` $(id) ${HOME} $PLAYGROUND_KEY %s \\n \\u0041 \\ !! \'\'\' """ """# ####\n'
    "\\(x) </script> {{ x }} {% x %}\n"
    "\ttab, CRLF\r\n中文 العربية \u202eright to left\u202c \u2028line\u2029 zero\u200bwidth 😀👩\u200d💻 \x7f \x01\n"
    "@file1@ -- -n ; rm -rf / #\nEOF\nJSON\n"
)


def asked(format: str, *parts: Part, model: str = "sandbox-echo@0", streamed: bool = True, **more) -> GenerationRequest:
    message = Message(role="user", parts=parts or (Text(HOSTILE),))
    return GenerationRequest(model=model, messages=(message,), stream=streamed, **more)


async def answered(sandbox, format: str, request: GenerationRequest) -> tuple[records.Record, str]:
    """The wire of the call as it is kept, and what the answer says."""
    wire, tape = formats.get(format), Tape(10_000_000)
    endpoint = Endpoint(sandbox.url, key=sandbox.key)
    transcript = Transcript()
    async with own_connections(), stream(endpoint, wire.build(request), tape=tape) as reply:
        decoder = wire.Decoder(reply.content_type)
        async for chunk in reply.chunks():
            for event in decoder.feed(chunk):
                transcript.apply(event)
        for event in decoder.finish():
            transcript.apply(event)
    assert transcript.failed is None
    return records._record(tape, Mask(sandbox.key), Elision(request)), said(transcript.parts)


def sample_of(record: records.Record, format: str) -> code.Sample:
    return code.sample(record.exchanges[-1], format, record.files)


def run(language: str, text: str, key: str, folder: Path) -> bytes:
    """What the program printed."""
    known = code.find(language)
    path = folder / ("Ask.java" if language == "java" else f"ask.{known.suffix}")
    path.write_text(text, encoding="utf-8")
    environment = {**os.environ, "PLAYGROUND_KEY": key, "NO_PROXY": "*", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [PROGRAMS[language], path.name], cwd=folder, env=environment, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return done.stdout


def has(program: str) -> bool:
    return shutil.which(program) is not None


def folded(format: str, printed: bytes) -> str:
    """What a raw reply says, read by our own decoder."""
    decoder, transcript = formats.get(format).Decoder("text/event-stream"), Transcript()
    for event in [*decoder.feed(printed), *decoder.finish()]:
        transcript.apply(event)
    return said(transcript.parts)
