"""Sound in Chat Completions: heard while it comes, kept as a file that players know."""

import base64
import io
import json
import wave

import pytest

from apps.wire.events import AudioDelta, Finished, PartDelta, PartEnded, PartStarted, Started
from apps.wire.messages import Audio
from apps.wire.openai_chat import Encoder, parse_reply

from .expected.openai_chat import heard
from .reading import decode, fold, recorded


def streamed(*pieces: bytes | str) -> bytes:
    coded = [piece if isinstance(piece, str) else base64.b64encode(piece).decode() for piece in pieces]
    deltas = [{"choices": [{"delta": {"audio": {"data": data}}}]} for data in coded]
    lines = [*deltas, {"choices": [{"delta": {}, "finish_reason": "stop"}]}]
    return b"".join(b"data: " + json.dumps(line).encode() + b"\n\n" for line in lines)


def played(events) -> bytes:
    return b"".join(base64.b64decode(event.data) for event in events if isinstance(event, AudioDelta))


def test_pieces_can_be_played_as_they_come_and_the_whole_is_a_wav_file():
    events = decode(recorded("audio"))
    assert [event for event in events if isinstance(event, AudioDelta)] == [
        AudioDelta(0, "AAE="),
        AudioDelta(0, "AgM="),
    ]
    with wave.open(io.BytesIO(base64.b64decode(fold(events).parts[0].data))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24000)
        assert file.readframes(10) == b"\0\1\2\3"


def test_a_piece_that_ends_within_a_sample_is_played_with_the_next():
    events = decode(streamed(b"\1\2\3", b"\4\5"))
    assert [base64.b64decode(event.data) for event in events if isinstance(event, AudioDelta)] == [b"\1\2", b"\3\4"]
    assert fold(events).parts == [Audio("audio/wav", heard(b"\1\2\3\4\5"))]


@pytest.mark.parametrize(
    ("sound", "kind"),
    [(b"RIFF....", "audio/wav"), (b"ID3...", "audio/mpeg"), (b"OggS..", "audio/ogg"), (b"fLaC..", "audio/flac")],
)
def test_a_stream_that_is_no_bare_samples_is_kept_as_it_is_and_not_played_as_noise(sound, kind):
    events = decode(streamed(sound[:3], sound[3:]) if sound[:3] == b"ID3" else streamed(sound))
    assert played(events) == b""
    assert fold(events).parts == [Audio(kind, base64.b64encode(sound).decode())]


@pytest.mark.parametrize(
    ("sound", "kind"),
    [(b"\xff\xfb\x90\0", "audio/mpeg"), (b"\xff\xf1\x50\0", "audio/aac"), (b"RIFF....", "audio/wav")],
)
def test_the_kind_of_a_whole_sound_is_told_by_its_first_bytes(sound, kind):
    coded = base64.b64encode(sound).decode()
    body = {"choices": [{"message": {"audio": {"data": coded, "transcript": "Hi"}}, "finish_reason": "stop"}]}
    assert fold(parse_reply(json.dumps(body).encode())).parts == [Audio(kind, coded, "Hi")]


def test_samples_that_look_like_an_mp3_are_still_samples_in_a_stream():
    assert fold(decode(streamed(b"\xff\xfb\0\0"))).parts == [Audio("audio/wav", heard(b"\xff\xfb\0\0"))]


def test_sound_that_is_no_base64_is_shown_and_the_rest_kept():
    found = fold(decode(streamed(b"\1\2", "not base64!", b"\3\4")))
    assert found.parts == [Audio("audio/wav", heard(b"\1\2\3\4"))]
    assert [entry.why for entry in found.unrecognized] == ["audio is not base64"]


def test_a_whole_sound_is_streamed_as_its_samples():
    encoder = Encoder(created=100)
    events = [
        Started("1", "m"),
        PartStarted(0, Audio()),
        PartDelta(0, "Hi"),
        PartEnded(0, Audio("audio/wav", heard(b"\1\2"))),
        Finished(raw="stop"),
    ]
    stream = b"".join(map(encoder.encode, events)) + encoder.finish()
    assert b'"data":"AQI="' in stream and b'"expires_at":3700' in stream
    assert fold(decode(stream)).parts == [Audio("audio/wav", heard(b"\1\2"), "Hi")]
