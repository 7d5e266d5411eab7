"""What an upstream lacks, read out of the way it refuses: over every dialect and generated failures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from apps.wire.errors import parse_error
from apps.wire.events import Failed
from apps.wire.media import absent
from apps.wire.media.dialects import DIALECTS
from apps.wire.media.shapes import MediaReply, MediaRequest, Source

from .. import strategies as some
from .saying import sayings

SAYINGS = sayings()
every_dialect = pytest.mark.parametrize("name", SAYINGS)
drawn = given(data=st.data())
WORDS = [
    "model",
    "模型",
    "m",
    "not found",
    "不支持",
    "invalid",
    "unknown",
    "mv",
    "version",
    "chirp-v4",
    "prompt",
    ".",
    " ",
]
sayable = st.lists(st.sampled_from(WORDS) | some.words, max_size=8).map(" ".join)
failures = st.builds(
    Failed,
    message=sayable,
    type=st.sampled_from(["", "html", "invalid_request_error", "model_not_found"]),
    code=st.sampled_from(["", "no_answer", "invalid_action", "invalid_model"]) | some.names,
    param=st.sampled_from(["", "model", "mv", "prompt"]),
    status=st.sampled_from([0, 200, 400, 401, 404, 405, 422, 429, 500, 501, 503]),
)


@every_dialect
@drawn
@some.law(25)
def test_nothing_is_said_to_lack_but_what_the_request_needs(name, data):
    """So that each absence is found again by whoever asks for the same, and forgotten once it was made."""
    request, failed = data.draw(SAYINGS[name].requests), data.draw(failures)
    for asked in (request, replace(request, sources=(Source("audio"),))):
        version = f"mv {asked.parameters['mv']}" if asked.parameters.get("mv") else ""
        needed = {absent.MODEL, absent.task(asked.task), version, *([absent.FILES] if asked.sources else [])}
        assert DIALECTS[name].missing(asked, failed) in needed | {""}


@every_dialect
@drawn
@some.law(15)
def test_an_upstream_that_is_busy_broken_or_wants_another_key_lacks_nothing(name, data):
    request, failed = data.draw(SAYINGS[name].requests), data.draw(failures)
    lost = replace(failed, status=data.draw(st.sampled_from([401, 429, 500, 502])), type="", code="model_not_found")
    assert DIALECTS[name].missing(replace(request, task=""), lost) == ""


@every_dialect
@drawn
@some.law(10)
def test_a_model_that_a_server_half_refuses_is_known_to_lack_by_the_client(name, data):
    request, status = data.draw(SAYINGS[name].requests), data.draw(st.sampled_from([404, 503]))
    said = f"models/{data.draw(some.names)} is not found for predict"
    refused = Failed(said, code="model_not_found", status=status)
    sent = DIALECTS[name].write(MediaReply("failed", error=refused), request)
    failed = parse_error(sent.status, sent.body, sent.content_type, {})
    assert sent.status == refused.status
    assert DIALECTS[name].missing(replace(request, task=""), failed) == absent.MODEL


@pytest.mark.parametrize(
    "words", ["model not found", "Model x is not available", "模型不存在", "不支持的模型", "unknown model: x"]
)
def test_a_model_is_known_to_lack_by_words_alone_unless_they_are_about_a_field(words):
    request = MediaRequest("x")
    for status in absent.REFUSES:
        assert absent.model(request, Failed(words, status=status)) == absent.MODEL
        assert absent.model(request, Failed(words, status=status, param="size")) == ""


@given(version=some.names, said=st.sampled_from(["mv {} is not supported", "Unknown version {}", "不支持的mv {}"]))
@some.law(30)
def test_a_version_lacks_only_where_one_was_asked_for(version, said):
    failed = Failed(said.format(version), status=400)
    assert (absent.version(version, failed), absent.version("", failed)) == (f"mv {version}", "")
    assert absent.version(version, replace(failed, message="The prompt is empty.")) == ""
