"""Thoughts as a page shows them: folded with their time, and what is known where their words were not given."""

import uuid

import pytest
from django.template.loader import render_to_string

from apps.runs.progress import LivePart
from apps.runs.turns import _view, live_view
from apps.wire.messages import Reasoning


def shown(part: Reasoning) -> str:
    return " ".join(render_to_string("conversations/_part.html", {"part": _view("m-0", part)}).split())


def test_thoughts_are_folded_with_their_time():
    html = shown(Reasoning("I think.", seconds=5.8))
    assert "<details" in html and "Reasoned for 5.8 s" in html and "I think." in html


@pytest.mark.parametrize("opaque", [{"redacted": "x"}, {"item": {"type": "reasoning"}}, None])
def test_thoughts_whose_words_were_not_given_have_nothing_to_unfold(opaque):
    html = shown(Reasoning("", opaque=opaque, seconds=2.0))
    assert "<details" not in html
    assert "Reasoned for 2.0 s" in html and "its words were not given" in html


def test_a_vendor_s_own_data_is_not_shown():
    assert "secret-signature" not in shown(Reasoning("", opaque={"signature": "secret-signature"}))


def test_thoughts_that_are_still_to_come_are_open_and_say_so():
    live = LivePart("m-0", Reasoning(), uuid.uuid4(), 0)
    html = render_to_string("conversations/_part.html", {"part": live_view("m-0", live)})
    assert "<details" in html and "Reasoning…" in html
