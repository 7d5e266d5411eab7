"""What goes wrong with real upstreams, by the model's name. Each fault is a function of the answer that it spoils."""

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable

from apps.wire.events import Event, Failed, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import Refusal, Text, Usage

from .answer import STREAM, Answer
from .refusals import refuse
from .scenarios import numbers, prompt
from .script import Script

Fault = Callable[[Answer], Awaitable[None]]

SAID = "This answer begins well, and a little later something happens to it that nobody had planned. "
STORY = Script(parts=(Text(SAID * 2),))
ENDING: list[Event] = [PartEnded(0), Finished()]
MEGABYTE = 1_000_000
PING_SECONDS = 1.0
_STATUS = re.compile(r"fault-(4\d\d|5\d\d)(-once)?")
_HUGE = re.compile(r"fault-huge-(\d{1,2})")


def find(model: str) -> Fault | None:
    """The fault of that name: see FAULTS; `fault-<status>[-once]` refuses, `fault-huge-<n>` sends n MB in one delta."""
    if status := _STATUS.fullmatch(model):
        return lambda answer: _refused(answer, int(status[1]), bool(status[2]))
    if huge := _HUGE.fullmatch(model):
        return lambda answer: _huge(answer, int(huge[1]))
    return FAULTS.get(model)


async def _refused(answer: Answer, status: int, once: bool) -> None:
    """Every time; or every other time, so that the retry gets its answer."""
    if once and answer.nth % 2 == 0:
        await answer.play(STORY)
    else:
        await refuse(answer.exchange, status, answer.model)


def _opening(answer: Answer) -> list[Event]:
    return [Started(id=answer.id, model=answer.request.model), PartStarted(0, Text())]


async def _silence() -> None:
    await asyncio.Event().wait()


async def _cut(answer: Answer) -> None:
    """The stream ends in the middle of an event, without a word."""
    await answer.begin(STORY)
    event = answer.encoder.encode(PartDelta(0, "never said"))
    await answer.exchange.write(event[: len(event) // 2])
    await answer.exchange.end()


async def _reset(answer: Answer) -> None:
    """The connection breaks: less comes than was announced. Daphne does not hang up, there the rest never comes."""
    await answer.exchange.start(200, STREAM, {"content-length": str(MEGABYTE), "connection": "close"})
    await answer.send(itertools.islice(answer.events(STORY), 12))
    await answer.exchange.end()


async def _stall(answer: Answer) -> None:
    """Half an answer, and then nothing for ever."""
    await answer.begin(STORY)
    await _silence()


async def _silent(answer: Answer) -> None:
    """Not even headers."""
    await _silence()


async def _never(answer: Answer) -> None:
    """Says all it has to say and then only pings: nothing but a total limit ends it."""
    await answer.begin(STORY)
    while True:
        await answer.exchange.write(b": PING\n\n")
        await asyncio.sleep(PING_SECONDS)


async def _endless(answer: Answer) -> None:
    """Counts for ever."""
    counting = (PartDelta(0, f"{number} ") for number in itertools.count(1))
    await answer.open()
    await answer.send(itertools.chain(_opening(answer), counting))


async def _broken_events(answer: Answer, count: int) -> None:
    await answer.open()
    story = list(answer.events(STORY))
    await answer.send(story[:8])
    for _ in range(count):
        await answer.exchange.write(b'data: {"choices": [{"delta": {"content": oops}}]}\n\n')
    await answer.send(story[8:])
    await answer.close()


async def _malformed(answer: Answer) -> None:
    """More broken events than a client should bear."""
    await _broken_events(answer, 5)


async def _hiccup(answer: Answer) -> None:
    """Two broken events; the rest is fine."""
    await _broken_events(answer, 2)


async def _bytes(answer: Answer) -> None:
    """Each byte by itself, with accents and emoji for it to cut."""
    await answer.open()
    script = Script(parts=(Text("Ünïcödé, 中文 and 👩‍🚀, one byte at a time. " * 2),))
    whole = b"".join(answer.encoder.encode(event) for event in answer.events(script))
    for byte in whole + answer.encoder.finish():
        await answer.exchange.write(bytes((byte,)))
        await asyncio.sleep(0)
    await answer.exchange.end()


async def _letters(answer: Answer) -> None:
    """The user's own words again, one character in each delta: markup is cut at every place."""
    letters = (PartDelta(0, letter) for letter in prompt(answer.request))
    await answer.open()
    await answer.send(itertools.chain(_opening(answer), letters, ENDING))
    await answer.close()


async def _huge(answer: Answer, megabytes: int) -> None:
    """One delta of that size."""
    said = "".join(numbers(megabytes * MEGABYTE // 7))
    await answer.open()
    await answer.send([*_opening(answer), PartDelta(0, said), *ENDING])
    await answer.close()


async def _html(answer: Answer) -> None:
    """The gateway's own web page at 200: what a wrong base URL gives."""
    page = b"<!doctype html><html><head><title>New API</title></head><body><div id=root></div></body></html>"
    await answer.exchange.whole(200, "text/html; charset=utf-8", page)


async def _empty(answer: Answer) -> None:
    await answer.exchange.whole(200, STREAM, b"")


async def _json(answer: Answer) -> None:
    """A whole reply where a stream was asked for."""
    await answer.exchange.whole(200, "application/json", answer.reply(STORY))


async def _error_in_stream(answer: Answer) -> None:
    await answer.begin(STORY)
    failed = Failed(message="The server is overloaded.", type="server_error", code="server_error")
    await answer.exchange.write(answer.encoder.encode(failed))
    await answer.exchange.end()


async def _bare_error(answer: Answer) -> None:
    """An error document behind the stream, without `data:`: older new-api."""
    await answer.begin(STORY)
    error = b'{"error":{"message":"upstream timed out","type":"upstream_error","param":"","code":"do_request_failed"}}'
    await answer.exchange.write(error)
    await answer.exchange.end()


async def _refusal(answer: Answer) -> None:
    await answer.play(Script(parts=(Refusal("I am sorry, but I cannot help with that."),)))


async def _filter(answer: Answer) -> None:
    """No word at all, and content_filter as the reason."""
    await answer.play(Script(parts=(), reason="content_filter"))


async def _length(answer: Answer) -> None:
    await answer.play(Script(parts=(Text(SAID.rstrip(". ")),), reason="length"))


async def _no_usage(answer: Answer) -> None:
    await answer.play(Script(parts=STORY.parts, usage=False))


async def _done_only(answer: Answer) -> None:
    """`[DONE]` of Chat Completions without a reason: new-api says so also when its own upstream died."""
    await answer.begin(STORY)
    await answer.exchange.write(b"data: [DONE]\n\n")
    await answer.exchange.end()


async def _no_done(answer: Answer) -> None:
    await answer.begin(STORY)
    await answer.send([PartEnded(0), UsageReported(Usage(input_tokens=9, output_tokens=40)), Finished()])
    await answer.exchange.end()


async def _crlf(answer: Answer) -> None:
    """Windows line ends, comments, named events, no space behind the colon."""
    await answer.open()
    await answer.exchange.write(b"\xef\xbb\xbf: OPENROUTER PROCESSING\r\n\r\n")
    for event in answer.events(STORY):
        if data := answer.encoder.encode(event):
            data = b"event: message\nid: 1\n" + data.replace(b"data: ", b"data:") + b": PING\n\n"
            await answer.exchange.write(data.replace(b"\r", b"").replace(b"\n", b"\r\n"))
    await answer.exchange.write(answer.encoder.finish().replace(b"data: [DONE]", b"data:[DONE]  "))
    await answer.exchange.end()


FAULTS: dict[str, Fault] = {
    "fault-bare-error": _bare_error,
    "fault-bytes": _bytes,
    "fault-crlf": _crlf,
    "fault-cut": _cut,
    "fault-done-only": _done_only,
    "fault-empty": _empty,
    "fault-endless": _endless,
    "fault-error-in-stream": _error_in_stream,
    "fault-filter": _filter,
    "fault-hiccup": _hiccup,
    "fault-html": _html,
    "fault-huge": lambda answer: _huge(answer, 1),
    "fault-json": _json,
    "fault-length": _length,
    "fault-letters": _letters,
    "fault-malformed": _malformed,
    "fault-never": _never,
    "fault-no-done": _no_done,
    "fault-no-usage": _no_usage,
    "fault-refusal": _refusal,
    "fault-reset": _reset,
    "fault-silent": _silent,
    "fault-stall": _stall,
}
