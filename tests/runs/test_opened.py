"""The turns that a prompt begins are cast from a mould: what comes out is what the templates would have rendered."""

import uuid
from types import SimpleNamespace

import pytest
from django.utils import translation

from apps.runs import turns
from apps.runs.opened import LONG, opened, rendered

TEXT = "What is <b>1 & 2</b>?\n" * 3


def plan(**more):
    ids = {name: uuid.uuid4() for name in ("prompt_id", "message_id", "run_id")}
    return SimpleNamespace(
        **{"model_label": "<i>model</i> & co", "format": "openai_chat", "left_out": (), **ids, **more}
    )


def as_rendered(begun, text):
    return rendered(turns.opening(text, **vars(begun)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("text", ["Hello", TEXT, "long " * LONG])
def test_a_cast_turn_is_what_the_templates_render(language, text):
    begun = plan()
    with translation.override(language):
        assert opened(begun, text) == as_rendered(begun, text)
        assert opened(plan(), "another") != opened(plan(), "another")


def test_a_text_that_names_another_prompts_ids_stays_as_it_is():
    first, second = plan(), plan()
    opened(first, "begin")
    assert opened(second, f"{first.run_id} {first.prompt_id}") == as_rendered(
        second, f"{first.run_id} {first.prompt_id}"
    )


def test_what_the_format_could_not_say_is_named_in_the_turn():
    begun = plan(left_out=(("image", "cat.png"),))
    assert opened(begun, "see") == as_rendered(begun, "see") != opened(plan(), "see")
