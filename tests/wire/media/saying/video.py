"""What the dialects of films can say."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import strategies as st

from apps.wire.events import Failed
from apps.wire.media.shapes import Made, MediaReply, MediaRequest, Source
from apps.wire.messages import HttpRequest

from ... import strategies as some
from ...strategies import names, tuples, urls, words
from . import Saying, Strategy
from .images import extras, links, nothing, prompts, sources, spoken

FRAMED, REFERRING, WORDY, SORA = "veo3.1-fast", "veo3.1-components", "veo3", "sora-2"
any_model = st.sampled_from([FRAMED, REFERRING, WORDY, SORA])
of_google = st.sampled_from([FRAMED, REFERRING, WORDY])


def given_to(model: str) -> Strategy[tuple[Source, ...]]:
    """The pictures that a model takes, in their order; the same one twice is once on the wire."""
    if model == WORDY:
        return st.just(())
    if model == REFERRING:
        return tuples(sources("reference") | links("reference"), max_size=3, unique_by=_contents)
    first, last = (sources(role) | links(role) for role in ("first_frame", "last_frame"))
    one = tuples(first, max_size=1)
    return (
        one if model == SORA else one | st.tuples(first, last).filter(lambda pair: len(set(map(_contents, pair))) > 1)
    )


def _contents(source: Source) -> tuple[bytes, str]:
    return source.data, source.url


@st.composite
def asked(draw, settings: dict[str, Strategy], models: Strategy[str], films: bool = False) -> MediaRequest:
    model = draw(models)
    found = draw(given_to(model)) + (draw(tuples(links("video"), max_size=1)) if films else ())
    known = draw(st.fixed_dictionaries({}, optional=settings))
    return MediaRequest(model, draw(prompts), known, found, extra=draw(extras))


@st.composite
def posted(draw) -> MediaRequest:
    """To /v1/videos: a form with its picture, or JSON with an address or without one; or a remix."""
    if draw(st.integers(0, 4)) == 0:
        return MediaRequest("", draw(prompts), task="remix", of=draw(names | words), extra=draw(extras))
    model, form = draw(any_model), draw(st.booleans())
    role = "reference" if model == REFERRING else "first_frame"
    picture = sources(role, name=names) if form else links(role)
    found = draw(tuples(picture, min_size=int(form), max_size=1))
    settings = draw(st.fixed_dictionaries({}, optional=WITHIN | BESIDE))
    more = draw(nested)
    extra = draw(spoken if form else extras)
    return MediaRequest(model, draw(prompts), settings, found, extra=extra | more)


RATIO = {"aspect_ratio": st.sampled_from(["16:9", "9:16"]), "enhance_prompt": st.booleans()}
LENGTH = {"duration": st.integers(1, 20)}
BESIDE = {"size": st.just("1280x720"), "seconds": st.sampled_from(["4", "8"])}
WITHIN = {
    "durationSeconds": st.sampled_from([4, 6, 8]),
    "generateAudio": st.booleans(),
    "negativePrompt": words,
    "seed": st.integers(0, 2**32 - 1),
}
nested = spoken.map(lambda found: {"metadata": found} if found else {})
progress = st.none() | st.integers(0, 99)
counted = st.integers(0, 99)
messages = some.failures().map(lambda error: error.message)
told = st.builds(Failed, message=messages)
coded = st.builds(Failed, message=messages, code=st.sampled_from(["moderation_blocked", ""]))


def queued(progress: int | None) -> Strategy[MediaReply]:
    """What a submit is mostly answered with."""
    return st.builds(lambda id: MediaReply("queued", id, progress), names)


def refusals() -> Strategy[MediaReply]:
    """As new-api's task routes write them: the code is a word or nothing."""
    plain = st.builds(Failed, messages, code=st.sampled_from(["invalid_request", ""]))
    return plain.map(lambda error: MediaReply("failed", error=error))


def on_the_way(progress: Strategy[Any], failing: Strategy[Any], errors: Strategy[Failed]) -> Strategy[MediaReply]:
    def broken(id: str, progress: int | None, error: Failed) -> MediaReply:
        return MediaReply("failed", id, progress, error=error)

    running = st.builds(MediaReply, st.sampled_from(["queued", "running"]), names, progress)
    return running | st.builds(broken, names, failing, errors)


def done(texts: Strategy[str]) -> Strategy[MediaReply]:
    """A success without an address is one too: its file is had by its id."""
    made = st.builds(lambda url, text: Made("video", url=url, text=text), urls, texts)
    return st.builds(lambda id, made: MediaReply("succeeded", id, 100, made), names, tuples(made, max_size=1))


@st.composite
def done_by_openai(draw) -> MediaReply:
    """An address, or the path by the id; the seconds are what is billed."""
    id, seconds = draw(names), draw(st.none() | st.sampled_from([4.0, 8.0]))
    if draw(st.booleans()):
        made = Made("video", path=f"/v1/videos/{id.replace(':', '%3A')}/content", seconds=seconds)
    else:
        made = Made("video", url=draw(urls), seconds=seconds)
    return MediaReply("succeeded", id, 100, (made,), unit="second" if seconds else None, units=seconds)


FIELDS = [
    *("id", "task_id", "status", "progress", "url", "video_url", "result_url", "data", "output", "outputs", "metadata"),
    *("detail", "pending_info", "progress_pct", "fail_reason", "error", "message", "code", "seconds", "prompt"),
    *("model", "images", "image", "videos", "input_reference", "duration", "enhanced_prompt", "upsample_video_url"),
]
WORDS = ["SUCCESS", "succeeded", "video_generation_completed", "FAILURE", "IN_PROGRESS", "", "unknown", "x_failed"]
SCRAPS = (b'"status":"SUCCESS"', b'"status":"failed"', b'"https://e.x/v.mp4"', b'"task_id":"t"', b'"error":{}', b"null")
documents = some.odd_json(FIELDS)
loose = st.dictionaries(st.sampled_from(FIELDS), documents, max_size=5)
stated = st.builds(lambda found, word: found | {"status": word}, loose, st.sampled_from(WORDS))
odd = documents | stated | stated.map(lambda task: {"code": "success", "message": "", "data": task})


def odd_to(path: str) -> Callable[[Any], list[HttpRequest]]:
    form = {"Content-Type": "multipart/form-data; boundary=b"}

    def requests(value: Any) -> list[HttpRequest]:
        body = json.dumps(value).encode()
        named = [{"model": "veo3.1", "prompt": "p", name: value} for name in FIELDS[-9:]]
        sent = [HttpRequest("POST", path, {}, json.dumps(found).encode()) for found in named]
        others = [HttpRequest("POST", path, form, body), HttpRequest("GET", f"{path}/x/remix", {}, body)]
        return [HttpRequest("POST", path, {}, body), *sent, *others]

    return requests


def saying(path: str, requests: Strategy, submit: Strategy[MediaReply], polls: Strategy[MediaReply]) -> Saying:
    """A submit is answered with how its task is; only while it waits the answer is a shorter one."""
    known = requests.map(lambda asked: msgspec.structs.replace(asked, parameters={}))
    begun = submit | polls.filter(lambda reply: reply.state != "queued")
    return Saying(requests, st.tuples(known, begun), odd, odd_to(path), None, polls, names | words, SCRAPS)


of_task = on_the_way(progress, progress, told) | done(nothing)
SAYINGS = {
    "video_v2": saying(
        "/v2/videos/generations",
        asked(RATIO | LENGTH, of_google, films=True) | asked({"duration": st.just("10")}, any_model),
        queued(None) | refusals(),
        of_task,
    ),
    "video_create": saying(
        "/v1/video/create",
        asked(RATIO | LENGTH, any_model),
        queued(None) | refusals(),
        on_the_way(progress, st.none(), told) | done(words),
    ),
    "video_generations": saying(
        "/v1/video/generations",
        st.builds(
            lambda asked, more: msgspec.structs.replace(asked, extra={**asked.extra, **more}),
            asked(WITHIN | BESIDE | LENGTH, any_model),
            nested,
        ),
        queued(0) | refusals(),
        of_task,
    ),
    "openai_videos": saying(
        "/v1/videos",
        posted(),
        queued(0) | some.failures().map(lambda error: MediaReply("failed", error=error)),
        on_the_way(counted, counted, coded) | done_by_openai(),
    ),
}
