"""Speech: what is asked for, and the many shapes in which sound comes back."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.wire.exceptions import InvalidRequest
from apps.wire.media import dialects
from apps.wire.media.shapes import Made, MediaReply, MediaRequest, SoundChunk
from apps.wire.media.speech.formats import endless
from apps.wire.media.speech.splitting import joined, pieces, requests_of
from apps.wire.messages import HttpRequest, Usage
from apps.wire.sound import wav

from .. import strategies as some
from ..reading import one_byte_each
from . import answering
from .reading import FIXTURES

NAME = "openai_speech"
REQUEST = MediaRequest("tts-1", "Hello", {"voice": "alloy"})
PCM = MediaRequest("tts-1", "Hello", {"voice": "alloy", "response_format": "pcm"})
SAMPLES = struct.pack("<100h", *range(-50, 50))
MP3 = b"\xff\xfb\x90\x64" + bytes(200)
SOUNDS = {
    "audio/mpeg": [b"ID3\x04" + bytes(90), MP3, b"\xff\xf3" + bytes(90)],
    "audio/ogg": [b"OggS" + bytes(90)],
    "audio/flac": [b"fLaC" + bytes(90)],
    "audio/aac": [b"\xff\xf1" + bytes(90), b"\xff\xf9" + bytes(90)],
    "audio/mp4": [b"\x00\x00\x00\x20ftypM4A " + bytes(90)],
    "audio/webm": [b"\x1aE\xdf\xa3" + bytes(90)],
    "audio/wav": [wav(SAMPLES)],
}


def reply(body, content_type="audio/mpeg", request=REQUEST):
    return answering.reply(NAME, request, body, content_type)


def test_a_request_says_what_to_say_and_with_which_voice():
    request = MediaRequest("gpt-4o-mini-tts", "Hi", {"voice": "marin", "instructions": "slowly"}, stream=True)
    assert answering.built(NAME, request) == {
        "model": "gpt-4o-mini-tts",
        "input": "Hi",
        "voice": "marin",
        "instructions": "slowly",
        "stream_format": "sse",
    }
    assert answering.built(NAME, MediaRequest("tts-1", "Hi"))["voice"] == "alloy"


def test_a_voice_of_ones_own_is_an_object_with_an_id_and_none_at_all_is_refused():
    def parse(body):
        return dialects.get(NAME).parse(HttpRequest("POST", "/v1/audio/speech", body=body))

    assert parse(b'{"model":"m","input":"x","voice":{"id":"voice_1"}}').parameters == {"voice": "voice_1"}
    for body, param in [(b'{"model":"m","input":"x"}', "voice"), (b'{"model":"m","voice":"a"}', "input"), (b"[1]", "")]:
        with pytest.raises(InvalidRequest) as refused:
            parse(body)
        assert refused.value.param == param


@pytest.mark.parametrize("kind", SOUNDS)
@pytest.mark.parametrize("declared", ["application/octet-stream", "audio/mpeg", "text/plain", ""])
def test_the_first_bytes_tell_the_format_whatever_was_declared(kind, declared):
    for sound in SOUNDS[kind]:
        assert reply(sound, declared).made == (Made("audio", kind, sound),)


def test_an_error_in_place_of_the_sound_is_never_taken_for_sound():
    told = {"error": {"message": "The voice is unknown.", "code": "invalid_voice"}}
    for declared in ("audio/mpeg", "application/json", "application/octet-stream"):
        failed = reply(told, declared, PCM)
        assert (failed.state, failed.error.message, failed.made) == ("failed", "The voice is unknown.", ())
    page = reply(b"<!DOCTYPE html><html><title>Bad gateway</title></html>", "audio/mpeg")
    assert "Bad gateway" in page.error.message
    assert reply(b"upstream busy", "text/plain").error.message == "upstream busy"
    assert reply(b"").error.code == "empty_reply"


def test_bare_samples_become_a_file_that_a_player_takes():
    for declared in ("audio/pcm", "application/octet-stream", ""):
        assert reply(SAMPLES, declared, PCM).made == (Made("audio", "audio/wav", wav(SAMPLES)),)
    assert reply(SAMPLES + b"\x01", "audio/pcm", PCM).made[0].data == wav(SAMPLES)
    assert reply(SAMPLES, "audio/pcm;rate=16000", PCM).made[0].data == wav(SAMPLES, 16_000)


def test_sound_whose_first_bytes_say_nothing_is_what_was_declared():
    odd = bytes(100)
    assert reply(odd, "audio/mpeg").made == (Made("audio", "audio/mpeg", odd),)
    assert reply(odd, "audio/opus").made == (Made("audio", "audio/ogg", odd),)


@pytest.mark.parametrize("told", [0, 0x7FFFFFFF, 0xFFFFFFFF, 10_000])
def test_a_wav_file_of_unknown_length_gets_the_length_that_it_has(told):
    sound = bytearray(wav(SAMPLES))
    struct.pack_into("<I", sound, 4, told)
    struct.pack_into("<I", sound, 40, told)
    assert reply(bytes(sound), "audio/wav").made[0].data == wav(SAMPLES)


def test_sound_is_handed_on_while_it_arrives():
    reader = dialects.get(NAME).reader("audio/mpeg", REQUEST)
    assert reader.feed(MP3) == [SoundChunk(MP3, "audio/mpeg")]
    assert reader.feed(b"more") == [SoundChunk(b"more", "audio/mpeg")]
    assert reader.finish()[0].reply.made[0].data == MP3 + b"more"


def test_a_stream_of_events_brings_the_sound_in_pieces_and_what_it_used():
    pieces = [base64.b64encode(piece).decode() for piece in (MP3[:3], MP3[3:])]
    deltas = [{"type": "speech.audio.delta", "audio": piece} for piece in pieces]
    done = {"type": "speech.audio.done", "usage": {"input_tokens": 14, "output_tokens": 101, "total_tokens": 115}}
    body = b": PING\n\n" + answering.stream(*deltas, done) + b"data: [DONE]\n\n"
    for declared in ("text/event-stream", "application/octet-stream"):
        found = answering.events(NAME, REQUEST, body, content_type=declared)
        assert [event.data for event in found[:-1]] == [MP3[:3], MP3[3:]]
        assert found[-1].reply.made == (Made("audio", "audio/mpeg", MP3),)
        assert found[-1].reply.usage == Usage(input_tokens=14, output_tokens=101)


def test_a_stream_that_reports_an_error_or_is_no_base64_has_failed():
    delta = {"type": "speech.audio.delta", "audio": base64.b64encode(MP3).decode()}
    error = {"type": "error", "error": {"message": "Too busy.", "code": "server_error"}}
    assert reply(answering.stream(delta, error), "text/event-stream").error.message == "Too busy."
    broken = {"type": "speech.audio.delta", "audio": "?"}
    assert reply(answering.stream(delta, broken), "text/event-stream").error.code == "no_answer"
    assert reply(b"event: error\ndata: out of luck\n\n", "text/event-stream").error.message == "out of luck"


@pytest.mark.parametrize(
    "document",
    [
        {"url": "https://e.x/a.mp3", "message": "ok"},
        {"data": {"audio_url": "https://e.x/a.mp3"}},
        {"output": {"audio": {"url": "https://e.x/a.mp3", "data": ""}}},
        [{"url": "https://e.x/a.mp3"}],
    ],
)
def test_some_gateways_tell_where_the_sound_lies(document):
    assert reply(document, "application/json").made == (Made("audio", url="https://e.x/a.mp3"),)


@pytest.mark.parametrize(
    "document",
    [
        {"audio": base64.b64encode(MP3).decode()},
        {"data": {"audio": MP3.hex()}},
        {"audio": f"data:audio/mpeg;base64,{base64.b64encode(MP3).decode()}"},
        {"audio": {"b64_json": base64.b64encode(MP3).decode()}},
    ],
)
def test_some_gateways_write_the_sound_into_a_document(document):
    assert reply(document, "application/json").made == (Made("audio", "audio/mpeg", MP3),)


def test_a_document_without_a_sound_is_no_answer():
    for document in ({"id": "x"}, {"audio": "?"}, [], "text", {"data": {"data": {}}}):
        assert reply(document, "application/json").state == "failed"


def test_samples_are_served_bare_and_other_sounds_under_their_type():
    made = MediaReply("succeeded", made=(Made("audio", "audio/wav", wav(SAMPLES)),))
    write = dialects.get(NAME).write
    assert (write(made, PCM).body, write(made, PCM).content_type) == (SAMPLES, "audio/pcm")
    assert (write(made, REQUEST).body, write(made, REQUEST).content_type) == (wav(SAMPLES), "audio/wav")


def test_a_model_is_offered_what_it_has():
    def names(model):
        return {parameter.name: parameter for parameter in dialects.get(NAME).parameters(model, "")}

    assert names("tts-1-hd").keys() == {"voice", "response_format", "speed"}
    assert "verse" not in names("tts-1")["voice"].choices
    assert names("gpt-4o-mini-tts").keys() == {"voice", "response_format", "instructions"}
    assert "marin" in names("openai/gpt-4o-mini-tts")["voice"].choices
    assert names("speech-02")["voice"].kind == "text"
    assert [dialects.get(NAME).streams(model) for model in ("tts-1", "gpt-4o-mini-tts", "qwen-tts")] == [0, 1, 1]


def test_a_long_text_is_cut_at_the_ends_of_sentences():
    sentence = "This one is said in a breath. "
    found = pieces(sentence * 400)
    assert all(len(piece) <= 4096 and piece.endswith("breath.") for piece in found)
    assert " ".join(found) == (sentence * 400).strip()
    assert pieces("One. Two!\n\nThree?", 12) == ["One. Two!", "Three?"]
    assert pieces("a,bc, def ghi", 9) == ["a,bc,", "def ghi"]
    assert pieces("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
    assert [len(piece) for piece in pieces("今天天气很好。" * 200)] == [994, 406]


@given(text=st.text("ab .,!?。\n", max_size=60), longest=st.integers(1, 12))
@some.law(300)
def test_cutting_a_text_loses_nothing_of_what_is_said(text, longest):
    found = pieces(text, longest)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece.strip() == piece and 0 < len(piece) <= longest for piece in found)


def table_of_contents() -> bytes:
    """The first frame of an MP3 of 64 kbit/s and 16 kHz, which only says how many follow."""
    return (b"\xff\xf3\x88\xc4" + bytes(9) + b"Xing").ljust(288, b"\0")


def test_what_was_said_in_pieces_is_put_together_where_the_format_allows_it():
    request = MediaRequest("tts-1", "Word. " * 1000, {"voice": "nova"})
    assert [len(each.prompt) <= 4096 and each.parameters == request.parameters for each in requests_of(request)] == [
        1,
        1,
    ]
    assert joined([Made("audio", "audio/mpeg", MP3)] * 2).data == MP3 * 2
    assert joined([Made("audio", "audio/wav", wav(SAMPLES))] * 2).data == wav(SAMPLES * 2)
    assert joined([Made("audio", "audio/wav", endless(wav(SAMPLES)))] * 2).data == wav(SAMPLES * 2)
    assert joined([Made("audio", "audio/wav", wav(SAMPLES)), Made("audio", "audio/wav", wav(SAMPLES, 8000))]) is None
    tagged = b"ID3\x04\x00\x00" + bytes([0, 0, 1, 2]) + bytes(130) + table_of_contents() + MP3
    assert joined([Made("audio", "audio/mpeg", tagged)] * 2).data == MP3 * 2
    assert joined([Made("audio", "audio/flac", b"fLaC")] * 2) is None
    assert joined([Made("audio", "audio/mpeg", MP3), Made("audio", "audio/aac", MP3)]) is None


@pytest.mark.parametrize(
    ("file", "declared", "said"),
    [
        ("whole.mp3", "audio/mpeg", "audio/mpeg"),
        ("samples.pcm", "audio/pcm", "audio/wav"),
        ("stream.sse", "text/event-stream", "audio/mpeg"),
        ("written.json", "application/json", "audio/mpeg"),
        ("address.json", "application/json", "https://e.x/a.mp3"),
        ("failed_in_stream.sse", "text/event-stream", "The server had an error."),
        ("refused.json", "audio/mpeg", "Invalid voice."),
    ],
)
def test_a_recorded_answer_may_come_byte_by_byte(file, declared, said):
    body = (FIXTURES / NAME / file).read_bytes()
    found = answering.events(NAME, REQUEST, *one_byte_each(body), content_type=declared)[-1].reply
    assert said in (found.error.message,) if found.error else said in (found.made[0].media_type, found.made[0].url)
