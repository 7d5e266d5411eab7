"""Transcripts: what is asked for, and what comes back as JSON, text, subtitles or events."""

import pytest

from apps.wire.exceptions import InvalidRequest
from apps.wire.media import dialects, multipart
from apps.wire.media.shapes import MediaReply, MediaRequest, Source, TextDelta
from apps.wire.media.transcription import subtitles
from apps.wire.messages import HttpRequest, Usage

from . import answering
from .reading import recorded

NAME = "openai_transcription"
SOUND = Source("audio", "audio/webm;codecs=opus", "", b"\x1aE\xdf\xa3")
REQUEST = MediaRequest("whisper-1", sources=(SOUND,))


def form_of(request: MediaRequest) -> multipart.Form:
    built = dialects.get(NAME).build(request)
    return multipart.parse(built.headers["Content-Type"], built.body)


def asked(parameters: dict, **more) -> list[tuple[str, str]]:
    return list(form_of(MediaRequest("m", parameters=parameters, sources=(SOUND,), **more)).fields)


def reply(body, content_type="application/json", **settings) -> MediaReply:
    request = MediaRequest("m", parameters=settings, sources=(SOUND,))
    return answering.reply(NAME, request, body, content_type)


def test_the_recording_goes_with_a_name_whose_ending_is_that_of_its_type():
    [file] = form_of(REQUEST).files
    assert (file.field, file.name, file.media_type, file.data) == ("file", "audio.webm", "audio/webm", SOUND.data)
    safari = Source("audio", "audio/mp4", "", b"x")
    assert form_of(MediaRequest("m", sources=(safari,))).files[0].name == "audio.m4a"


def test_lists_are_repeated_parts_and_booleans_are_words():
    told = {"timestamp_granularities": ["word", "segment"], "include": ["logprobs"], "temperature": 0.5}
    assert asked(told, stream=True) == [
        ("model", "m"),
        ("stream", "true"),
        ("timestamp_granularities[]", "word"),
        ("timestamp_granularities[]", "segment"),
        ("include[]", "logprobs"),
        ("temperature", "0.5"),
    ]
    assert asked({}, prompt="names", extra={"vad": True, "chunks": {"type": "auto"}}) == [
        ("model", "m"),
        ("prompt", "names"),
        ("vad", "true"),
        ("chunks", '{"type":"auto"}'),
    ]


def test_a_translation_goes_elsewhere_and_other_tasks_nowhere():
    build = dialects.get(NAME).build
    assert build(REQUEST).path == "/v1/audio/transcriptions"
    assert build(MediaRequest("m", sources=(SOUND,), task="translate")).path == "/v1/audio/translations"
    for wrong in (MediaRequest("m"), MediaRequest("m", sources=(SOUND,), task="sing")):
        with pytest.raises(InvalidRequest):
            build(wrong)


def test_what_is_no_form_or_has_no_recording_is_refused_with_the_field_named():
    parse = dialects.get(NAME).parse
    kind, body = multipart.build([("model", "m")])
    unnamed = multipart.build([], [multipart.Upload("file", "a.mp3", "audio/mpeg", b"x")])
    for headers, data, param in [
        ({}, b"{}", "file"),
        ({"Content-Type": kind}, body, "file"),
        ({"Content-Type": unnamed[0]}, unnamed[1], "model"),
    ]:
        with pytest.raises(InvalidRequest) as refused:
            parse(HttpRequest("POST", "/v1/audio/transcriptions", headers, data))
        assert refused.value.param == param


def test_tokens_and_seconds_are_told_apart():
    plain, whisper = recorded(NAME, "plain.json"), recorded(NAME, "whisper.json")
    assert (plain.usage, plain.unit) == (Usage(input_tokens=14, output_tokens=5), None)
    assert (whisper.usage, whisper.unit, whisper.units) == (Usage(), "second", 3)
    assert (plain.result, whisper.result) == ({"text": "Hello there."},) * 2
    assert reply({"text": "x", "duration": 2.5}).units == 2.5


def test_the_times_of_words_and_segments_are_read():
    assert recorded(NAME, "verbose.json").result == {
        "text": "Hello there.",
        "language": "english",
        "seconds": 3.2,
        "words": [{"word": "Hello", "start": 0.0, "end": 0.6}, {"word": "there", "start": 0.6, "end": 1.1}],
        "segments": [{"start": 0.0, "end": 3.2, "text": " Hello there."}],
    }
    spoken = recorded(NAME, "diarized.json").result["segments"]
    assert [(segment["speaker"], segment["text"]) for segment in spoken] == [("A", "Hello there."), ("B", "Hi!")]


def test_a_text_is_not_parsed_as_json_even_if_it_looks_like_it():
    assert recorded(NAME, "plain.txt").result == {"text": "Hello there."}
    assert reply(b"[Music]\n", "text/plain").result == {"text": "[Music]"}
    assert reply(b"\n", "text/plain").result == {"text": ""}
    assert reply(b"", "text/plain").error.code == "empty_reply"
    assert reply(b'{"text": "Hi."}', "text/plain").result == {"text": "Hi."}


def test_subtitles_are_kept_as_they_came_and_read_for_their_times():
    srt, vtt = recorded(NAME, "subtitles_srt.txt").result, recorded(NAME, "subtitles_vtt.txt").result
    assert srt["segments"] == [
        {"start": 0.0, "end": 1.5, "text": "Hello there."},
        {"start": 1.5, "end": 3.2, "text": "How are\nyou?"},
    ]
    assert srt["text"] == "Hello there. How are you?"
    assert srt["subtitles"].startswith("1\r\n00:00:00,000 -->")
    assert vtt["segments"] == [
        {"start": 0.0, "end": 1.5, "text": "Hello there."},
        {"start": 3601.5, "end": 3603.2, "text": "A & B", "speaker": "Ann"},
    ]
    assert reply(b"WEBVTT\n\n", "text/plain").result == {"text": ""}


def test_a_text_that_comes_in_pieces_ends_with_the_whole_of_it():
    body = b"event: ping\ndata: {}\n\n" + answering.stream(
        {"type": "transcript.text.delta", "delta": "Helo"},
        {"type": "transcript.text.delta", "delta": " there."},
        {"type": "transcript.text.done", "text": "Hello there."},
    )
    found = answering.events(NAME, REQUEST, body, content_type="text/event-stream")
    assert [event.text for event in found[:-1]] == ["Helo", " there."]
    assert found[-1].reply.result == {"text": "Hello there."}
    assert recorded(NAME, "stream.sse").usage == Usage(input_tokens=14, output_tokens=5)


def test_a_stream_without_its_end_says_what_it_said_and_an_empty_one_fails():
    delta = {"type": "transcript.text.delta", "delta": "Hel"}
    assert reply(answering.stream(delta)).result == {"text": "Hel"}
    assert reply(b"data: [DONE]\n\n").state == "failed"
    error = {"type": "error", "error": {"message": "Too short."}}
    assert reply(answering.stream(delta, error)).error.message == "Too short."
    assert reply(b"event: error\ndata: out of luck\n\n").error.message == "out of luck"


def test_speakers_segments_come_as_events():
    found = recorded(NAME, "stream_speakers.sse").result
    assert found == {
        "text": "Hello there.",
        "segments": [{"start": 0.0, "end": 2.0, "text": "Hello there.", "speaker": "A"}],
    }


def test_a_model_that_cannot_stream_answers_whole_though_asked_otherwise():
    request = MediaRequest("whisper-1", sources=(SOUND,), stream=True)
    found = answering.events(NAME, request, b'{"text":"Hi."}')
    assert found[-1].reply.result == {"text": "Hi."} and len(found) == 1
    assert [dialects.get(NAME).streams(model) for model in ("whisper-1", "gpt-4o-transcribe")] == [False, True]


def test_a_page_or_an_error_is_no_transcript():
    assert recorded(NAME, "refused.json").error.param == "response_format"
    assert "too large" in reply(b"<html><title>413 too large</title></html>", "text/html").error.message
    assert reply({"usage": {}}).error.code == "no_answer"


def test_a_model_is_offered_the_formats_that_it_has():
    dialect = dialects.get(NAME)

    def formats(model, task=""):
        named = {parameter.name: parameter for parameter in dialect.parameters(model, task)}
        return named["response_format"].choices

    assert "srt" in formats("whisper-1") and "vtt" in formats("whisper-1", "translate")
    assert formats("gpt-4o-transcribe") == formats("openai/gpt-4o-mini-transcribe") == ("json", "text")
    assert formats("gpt-4o-transcribe-diarize")[0] == "diarized_json"
    assert [dialect.tasks(model) for model in ("whisper-1", "gpt-4o-transcribe")] == [("", "translate"), ("",)]
    assert {"keywords", "languages"} <= {parameter.name for parameter in dialect.parameters("gpt-transcribe", "")}


def test_subtitles_are_written_from_segments_and_where_there_are_none_from_words():
    cue = {"start": 3661.5, "end": 3662.0004, "text": " Two\n\nlines --> here <b>", "speaker": "Ann"}
    assert subtitles.srt([cue]) == "1\n01:01:01,500 --> 01:01:02,000\nAnn: Two\nlines → here <b>\n"
    assert subtitles.vtt([cue]) == ("WEBVTT\n\n01:01:01.500 --> 01:01:02.000\n<v Ann>Two\nlines → here &lt;b&gt;\n")
    words = [
        {"word": word, "start": place, "end": place + 0.9}
        for place, word in enumerate(["One", "two.", "Three", "four", "five", "six", "seven", "eight", "nine", "ten"])
    ]
    assert [(each["start"], each["text"]) for each in subtitles.segments_of({"words": words})] == [
        (0, "One two."),
        (2, "Three four five six seven eight nine"),
        (9, "ten"),
    ]
    chinese = [{"word": sign, "start": place, "end": place + 0.2} for place, sign in enumerate("你好。")]
    assert subtitles.segments_of({"words": chinese})[0]["text"] == "你好。"


def test_the_server_writes_subtitles_of_what_it_heard():
    heard = MediaReply("succeeded", result={"text": "Hi.", "segments": [{"start": 0, "end": 1, "text": "Hi."}]})
    write = dialects.get(NAME).write
    srt = write(heard, MediaRequest("m", parameters={"response_format": "srt"}))
    assert (srt.body, srt.content_type) == (b"1\n00:00:00,000 --> 00:00:01,000\nHi.\n", "text/plain; charset=utf-8")
    assert write(heard, MediaRequest("m", parameters={"response_format": "vtt"})).body.startswith(
        b"WEBVTT\n\n00:00:00."
    )


def test_a_delta_is_handed_on_while_the_stream_goes_on():
    reader = dialects.get(NAME).reader("text/event-stream", REQUEST)
    piece = answering.stream({"type": "transcript.text.delta", "delta": "Hel"})
    assert reader.feed(piece) == [TextDelta("Hel")]
