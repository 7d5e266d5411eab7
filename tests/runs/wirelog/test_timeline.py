"""The events of a reply with their times, and what our decoder made of them."""

from apps.runs.wirelog import listing
from apps.runs.wirelog.arrival import arrival
from apps.runs.wirelog.listing import Filter
from apps.runs.wirelog.timeline import read
from apps.usage.elision import FileMark
from tests.runs.wirelog.making import delta, kept

STREAM = (
    (100_000, delta(role="assistant")),
    (50_000, delta(reasoning_content="hm")),
    (40_000, delta(reasoning_content="well") + delta(reasoning_content="so")),
    (50_000, delta(content="Hello")),
    (20_000, delta(content=" wor")[:30]),
    (30_000, delta(content=" wor")[30:]),
    (2_000_000, delta(content="ld")),
    (10_000, b'data: {"surprise": {"a": 1}, "choices": []}\n\n: ping\n\ndata: [DONE]\n\n'),
)


def test_an_event_has_come_when_its_last_byte_has():
    events = read(kept(*STREAM), "openai_chat").events
    assert [event.at // 1000 for event in events[:7]] == [100, 150, 190, 190, 240, 290, 2290]
    assert [event.gap // 1000 for event in events[:7]] == [100, 50, 40, 0, 50, 50, 2000]
    assert sum(event.size for event in events) == sum(len(chunk) for _gap, chunk in STREAM)


def test_what_each_event_brought_is_told_by_our_own_decoder():
    timeline = read(kept(*STREAM), "openai_chat")
    assert [event.phase for event in timeline.events[:7]] == ["", *["think"] * 3, *["text"] * 3]
    assert timeline.first.number == 2
    (strange,) = timeline.strange
    assert strange.number == 8 and "surprise" in strange.strange


def test_a_silence_much_longer_than_usual_is_a_stall():
    assert [event.number for event in read(kept(*STREAM), "openai_chat").events if event.is_stall] == [7]
    steady = [(1_500_000, delta(content="x")) for _event in range(5)]
    assert not [event for event in read(kept(*steady), "openai_chat").events if event.is_stall]


def test_a_reply_that_is_no_stream_is_one_event():
    timeline = read(kept((10, b'{"error":'), (20, b"{}}"), kind="application/json", status=500), "openai_chat")
    (event,) = timeline.events
    assert (event.type, event.at, event.is_error, timeline.is_stream) == ("application/json", 30, True, False)
    assert arrival(timeline) is None


def test_no_reply_has_no_events():
    assert read(kept(status=0), "openai_chat").events == ()


def test_the_format_of_another_day_is_shown_without_being_understood():
    timeline = read(kept(*STREAM), "telepathy")
    assert len(timeline.events) == 10 and not timeline.strange and not timeline.first


def test_a_file_that_was_cut_out_counts_with_its_size():
    mark = FileMark(mark="<<file 1 x>>", name="a.png", media_type="image/png", characters=10_000, sha256="")
    (event,) = read(kept((5, delta(content="<<file 1 x>>"))), "openai_chat", [mark]).events
    assert event.size > 10_000


def shown(wanted: Filter) -> list[tuple[str, str]]:
    record = kept(*STREAM)
    return [(row.type, row.brief) for row in listing.page(record, read(record, "openai_chat"), wanted).rows]


def test_neighbours_of_one_type_are_one_row_and_what_stands_out_stands_alone():
    assert shown(Filter()) == [
        ("delta.role", '{"choices": [{"index": 0, "delta": {"role": "assistant"}}]}'),
        ("delta.reasoning_content", "“hm”"),
        ("delta.reasoning_content", "× 2"),
        ("delta.content", "× 2"),
        ("delta.content", "“ld”"),
        ("chunk", '{"surprise": {"a": 1}, "choices": []}'),
        ("comment", ""),
        ("[DONE]", "[DONE]"),
    ]


def test_the_list_is_filtered_by_type_words_and_place():
    assert len(shown(Filter(show="all", type="delta.content"))) == 3
    assert shown(Filter(words="HELLO")) == [("delta.content", "“Hello”")]
    assert shown(Filter(show="all", start=5, end=6)) == [("delta.content", "“Hello”"), ("delta.content", "“ wor”")]
    assert shown(Filter(words="nowhere")) == []


def test_words_are_found_where_json_writes_them_in_ascii():
    record = kept((5, b'data: {"choices": [{"delta": {"content": "\\u4f60\\u597d"}}]}\n\n'))
    assert listing.page(record, read(record, "openai_chat"), Filter(words="你好")).count == 1


def test_a_page_holds_fifty_rows_and_says_where_the_next_begins():
    record = kept(*((10, delta(content=str(number))) for number in range(120)))
    timeline = read(record, "openai_chat")
    pages, start = [], 1
    while start:
        page = listing.page(record, timeline, Filter(show="all", start=start))
        pages.append([row.number for row in page.rows])
        start = page.next
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [number for page in pages for number in page] == list(range(1, 121))


def test_marks_stand_above_the_first_token_and_above_a_stall():
    record = kept(*STREAM)
    marks = [row.mark for row in listing.page(record, read(record, "openai_chat"), Filter()).rows if row.mark]
    assert marks == ["First token after 150 ms", "Stall: 2.00 s without an event"]


def test_the_strip_has_a_band_for_each_phase_and_no_more_ticks_than_places():
    strip = arrival(read(kept(*STREAM), "openai_chat"))
    assert [band.fill for band in strip.bands][:3] == ["wait", "think", "text"]
    facts = {name: value for name, _fill, value in strip.facts}
    assert facts["First token"] == "150 ms" and facts["Stall"] == "2.00 s" and facts["Total"] == "2.30 s"
    many = arrival(read(kept(*((10, delta(content="x")) for _event in range(3000))), "openai_chat"))
    assert len(many.ticks) <= 251
