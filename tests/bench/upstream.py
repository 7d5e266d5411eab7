"""A cheap OpenAI-compatible upstream: `python -m tests.bench.upstream --port 9100`.

The model's name says what it sends: `fake-n400-r50` is 400 chunks of about 4 characters at 50 a second, r0 as fast as
the reader takes them. Pacing is absolute (chunk i is due at start + i/rate), so that a slow reader slows nothing; one
chunk is one write, as real providers send them. The text is known, so that a client can check every character.
"""

import argparse
import asyncio
import json
import re
from functools import cache

import uvloop

TEXT = (
    '## Heading\n\nSome **bold** text, a `code` span & a <tag>, "quotes" and a caf\u00e9.\n\n'
    "- item one\n- item two\n- item *three*\n\n```python\ndef f(x):\n    return x + 1\n```\n\n"
    "A plain paragraph follows, with a [link](https://example.org/) and some more words to pad it out.\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
)
PIECES = [TEXT[start : start + 4] for start in range(0, len(TEXT), 4)]
MODELS = ["fake-n10-r0", "fake-n400-r50", "fake-n2000-r0"]
NAME = re.compile(r"n(\d+)-r(\d+)")
HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n"
    b"x-request-id: req_fake\r\ntransfer-encoding: chunked\r\n\r\n"
)


def pieces_of(count: int) -> list[str]:
    """The chunks of a stream of that many."""
    return [PIECES[index % len(PIECES)] for index in range(count)]


def _event(value: object) -> bytes:
    data = b"data: " + json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


@cache
def script_of(model: str, count: int) -> tuple[bytes, list[bytes], bytes]:
    """First bytes, chunks and last bytes of a stream, made once: sending one costs the write alone."""
    about = {"id": "chatcmpl-fake", "object": "chat.completion.chunk", "created": 1750000000, "model": model}

    def chunk(delta: dict, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**about, "system_fingerprint": "fp_fake", "choices": [choice]})

    ready = [chunk({"content": piece}) for piece in PIECES]
    usage = {"prompt_tokens": 12, "completion_tokens": count, "total_tokens": 12 + count}
    done = b"data: [DONE]\n\n"
    last = (
        chunk({}, "stop")
        + _event({**about, "choices": [], "usage": usage})
        + b"%x\r\n%s\r\n0\r\n\r\n" % (len(done), done)
    )
    return chunk({"role": "assistant", "content": ""}), [ready[index % len(ready)] for index in range(count)], last


class Upstream(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.loop, self.received = transport, asyncio.get_running_loop(), b""
        self.chunks: list[bytes] | None = None
        self.handle = None
        self.paused = False

    def connection_lost(self, error):
        if self.handle:
            self.handle.cancel()

    def pause_writing(self):
        self.paused = True

    def resume_writing(self):
        self.paused = False
        if self.chunks and not self.rate and not self.handle:
            self.handle = self.loop.call_soon(self._flat_out)

    def data_received(self, data):
        self.received += data
        head, found, rest = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        wanted = int(length[1]) if length else 0
        if found and len(rest) >= wanted:
            self.received = rest[wanted:]
            self._answer(head.split(b" ", 2)[1], rest[:wanted])

    def _answer(self, path: bytes, body: bytes) -> None:
        if path.endswith(b"/models"):
            return self._json({"object": "list", "data": [{"id": name, "object": "model"} for name in MODELS]})
        request = json.loads(body or b"{}")
        model = request.get("model", MODELS[0])
        count, self.rate = (int(number) for number in NAME.search(model).groups())
        if not request.get("stream"):
            message = {"role": "assistant", "content": "A title of four words"}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            return self._json({"id": "chatcmpl-fake", "object": "chat.completion", "model": model, "choices": [choice]})
        return self._stream(*script_of(model, count))

    def _json(self, value: object) -> None:
        body = json.dumps(value).encode()
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.transport.write(head + body)

    def _stream(self, first: bytes, chunks: list[bytes], last: bytes) -> None:
        self.chunks, self.last, self.sent = chunks, last, 0
        self.transport.write(HEAD + first)
        self.started = self.loop.time()
        self.handle = self.loop.call_soon(self._paced if self.rate else self._flat_out)

    def _send_one(self) -> bool:
        """False when that was the last."""
        self.transport.write(self.chunks[self.sent])
        self.sent += 1
        if self.sent == len(self.chunks):
            self.transport.write(self.last)
            self.chunks = self.handle = None
        return self.chunks is not None

    def _paced(self) -> None:
        if self._send_one():
            self.handle = self.loop.call_at(self.started + self.sent / self.rate, self._paced)

    def _flat_out(self) -> None:
        """Streams take turns, a chunk each, and stop while the reader's buffers are full."""
        self.handle = None
        if self._send_one() and not self.paused:
            self.handle = self.loop.call_soon(self._flat_out)


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))
