"""What each fault does to a client, under the servers that the product runs on."""

import httpx
import pytest

from apps.wire.messages import Text
from apps.wire.openai_chat import Decoder
from apps.wire.transcript import Transcript
from tests.processes import wait_until


def ask(http, served, model: str, stream: bool = True):
    body = {"model": model, "stream": stream, "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": f"Bearer {served.key}"}
    return http.stream("POST", f"{served.url}/v1/chat/completions", json=body, headers=headers)


def read(http, served, model: str) -> Transcript:
    """The whole reply, through our own decoder."""
    transcript = Transcript()
    with ask(http, served, model) as reply:
        decoder = Decoder(reply.headers["content-type"])
        for chunk in reply.iter_raw():
            for event in decoder.feed(chunk):
                transcript.apply(event)
    for event in decoder.finish():
        transcript.apply(event)
    return transcript


def text(transcript: Transcript) -> str:
    return "".join(part.text for part in transcript.parts if isinstance(part, Text))


@pytest.mark.parametrize(
    "model", ["fault-bytes", "fault-crlf", "fault-json", "fault-hiccup", "fault-no-done", "fault-huge"]
)
def test_what_is_only_odd_is_a_complete_answer(http, served, model):
    found = read(http, served, f"{model}@0")
    assert text(found)
    assert found.finished and not found.finished.truncated


@pytest.mark.parametrize("model", ["fault-cut", "fault-done-only"])
def test_what_breaks_off_keeps_its_text_and_is_known_to_be_cut(http, served, model):
    found = read(http, served, f"{model}@0")
    assert text(found).startswith("This answer begins well")
    assert found.finished.truncated


@pytest.mark.parametrize("model", ["fault-error-in-stream", "fault-bare-error", "fault-malformed"])
def test_what_fails_in_the_middle_keeps_its_text_and_is_failed(http, served, model):
    found = read(http, served, f"{model}@0")
    assert text(found).startswith("This answer")
    assert found.failed.message


@pytest.mark.parametrize(("model", "type"), [("fault-html", "html"), ("fault-empty", "")])
def test_what_is_no_answer_at_all_is_failed(http, served, model, type):
    found = read(http, served, model)
    assert (found.parts, found.failed.type) == ([], type)


def test_missing_usage_is_missing_and_not_zero(http, served):
    assert read(http, served, "fault-no-usage@0").usage is None


def test_a_huge_delta_is_as_large_as_asked(http, served):
    assert len(text(read(http, served, "fault-huge-3"))) > 2_500_000


def test_a_broken_connection_is_noticed(http, sandbox):
    with pytest.raises(httpx.RemoteProtocolError):
        read(http, sandbox, "fault-reset@0")


@pytest.mark.parametrize("model", ["fault-endless", "fault-stall", "fault-never", "sandbox-slow"])
def test_a_client_that_leaves_ends_the_stream(http, served, model):
    aborted = served.stats()["aborted"]
    with ask(http, served, model) as reply:
        arriving = reply.iter_raw()
        next(arriving)
        assert served.stats()["open"] >= 1
    wait_until(lambda: served.stats()["aborted"] == aborted + 1)
    wait_until(lambda: served.stats()["open"] == 0)


def test_a_client_that_gives_up_waiting_for_the_first_byte_ends_the_stream(http, served):
    aborted = served.stats()["aborted"]
    with pytest.raises(httpx.ReadTimeout), httpx.Client(trust_env=False, timeout=0.2) as hasty:
        ask(hasty, served, "fault-silent").__enter__()
    wait_until(lambda: served.stats()["aborted"] == aborted + 1)


def test_an_answer_that_was_read_to_its_end_is_not_aborted(http, served):
    before = served.stats()
    read(http, served, "sandbox-echo@0")
    wait_until(lambda: served.stats()["open"] == 0)
    after = served.stats()
    assert after["aborted"] == before["aborted"]
    assert after["requests"] == before["requests"] + 1


def test_a_pace_keeps_the_stream_open_while_others_are_served(http, served):
    with ask(http, served, "sandbox-slow") as reply:
        arriving = reply.iter_raw()
        next(arriving)
        assert text(read(http, served, "sandbox-echo@0")) == "Hello"
