"""Sound: WAV, MP3, AAC, Ogg (Opus, Vorbis), FLAC; and WebM, which may hold films as well."""

import re
import struct
from typing import BinaryIO

from .found import Found, broken, read_at, reading

HEAD = 256 * 1024
_BITRATES = {
    # Kilobits a second by MPEG version 1 or 2, layer III.
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_ADTS_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_FILM_CODEC = re.compile(rb"V_(VP8|VP9|AV1)")
_SOUND_CODEC = re.compile(rb"A_(OPUS|VORBIS)")


def wav(file: BinaryIO, size: int) -> Found:
    """A writer that could not go back leaves lengths of 0 or FFFFFFFF: then the data goes to the end."""
    with reading("WAV"):
        told = struct.unpack("<I", read_at(file, 4, 4))[0] + 8
        if told not in (8, 2**32 + 7) and not told <= size <= told + 1:
            raise broken("WAV")
        place, second, data = 12, 0, None
        while place + 8 <= size and data is None:
            name, length = struct.unpack("<4sI", read_at(file, place, 8))
            if name == b"fmt ":
                second = struct.unpack("<I", read_at(file, place + 16, 4))[0]
            elif name == b"data":
                data = min(length or size, size - place - 8)
            place += 8 + length + length % 2
        if data is None or not second:
            raise broken("WAV")
    return Found("audio", "audio/wav", seconds=round(data / second, 2))


def mp3(file: BinaryIO, size: int) -> Found:
    with reading("MP3"):
        start = _behind_id3(read_at(file, 0, 10))
        head = read_at(file, start, HEAD)
        padding = len(head) - len(head.lstrip(b"\0"))
        first = _frame(head, padding)
        place = padding + first[0]
        for _again in range(2):
            if start + place < size:
                place += _frame(head, place)[0]
        length, samples, rate, bitrate = first
        frames = _told_frames(head[padding : padding + length])
        seconds = frames * samples / rate if frames else (size - start) * 8 / bitrate
    return Found("audio", "audio/mpeg", seconds=round(seconds, 2))


def _behind_id3(head: bytes) -> int:
    if not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _frame(data: bytes, place: int) -> tuple[int, int, int, int]:
    """Bytes, samples, samples a second and bits a second of the frame that begins there."""
    word = struct.unpack_from(">I", data, place)[0]
    version, layer = word >> 19 & 3, word >> 17 & 3
    if word >> 21 != 0x7FF or version == 1 or layer != 1:
        raise ValueError("no frame of MPEG layer III")
    bitrate = _BITRATES[1 if version == 3 else 2][word >> 12 & 15] * 1000
    rate = _RATES[version][word >> 10 & 3]
    samples = 1152 if version == 3 else 576
    if not bitrate:
        raise ValueError("free bit rates are not read")
    return samples // 8 * bitrate // rate + (word >> 9 & 1), samples, rate, bitrate


def _told_frames(frame: bytes) -> int:
    """How many frames a variable rate's first one tells of, 0 if it does not."""
    for mark in (b"Xing", b"Info"):
        if (place := frame.find(mark)) >= 0 and frame[place + 7] & 1:
            return struct.unpack_from(">I", frame, place + 8)[0]
    return 0


def aac(file: BinaryIO, size: int) -> Found:
    """A bare stream of ADTS frames, as speech comes: all of them are walked."""
    with reading("AAC"):
        place, frames, rate = 0, 0, 0
        while place < size:
            head = read_at(file, place, 7)
            if struct.unpack_from(">H", head)[0] & 0xFFF6 != 0xFFF0:
                raise broken("AAC")
            rate = _ADTS_RATES[head[2] >> 2 & 15]
            place += max(7, (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5)
            frames += 1
    return Found("audio", "audio/aac", seconds=round(frames * 1024 / rate, 2))


def ogg(file: BinaryIO, size: int) -> Found:
    """Every page is walked; the last one tells how many samples there were."""
    with reading("Ogg"):
        head = read_at(file, 0, 512)
        place, granule = 0, 0
        while place < size:
            page = read_at(file, place, 27)
            name, position, count = page[:4], struct.unpack_from("<q", page, 6)[0], page[26]
            if name != b"OggS":
                raise broken("Ogg")
            granule = max(granule, position)
            place += 27 + count + sum(read_at(file, place + 27, count))
        if place != size:
            raise broken("Ogg")
        rate = _ogg_rate(head)
    return Found("audio", "audio/ogg", seconds=round(granule / rate, 2))


def _ogg_rate(head: bytes) -> int:
    if b"OpusHead" in head:
        return 48_000
    if (place := head.find(b"\x01vorbis")) >= 0:
        return struct.unpack_from("<I", head, place + 12)[0] or 1
    raise broken("Ogg")


def flac(file: BinaryIO, size: int) -> Found:
    with reading("FLAC"):
        head = read_at(file, 4, 38)
        if head[0] & 0x7F or len(head) < 38:
            raise broken("FLAC")
        bits = int.from_bytes(head[14:22], "big")
        rate, samples = bits >> 44, bits & (1 << 36) - 1
        if not rate:
            raise broken("FLAC")
    return Found("audio", "audio/flac", seconds=round(samples / rate, 2) if samples else None)


def webm(file: BinaryIO, size: int) -> Found:
    """What a browser records, as film or as sound alone. Its length is mostly not told."""
    with reading("WebM"):
        head = read_at(file, 0, HEAD)
        header, start = _vint(head, 4)
        place = head.index(b"\x42\x82", start, start + header)
        length, name = _vint(head, place + 2)
        if head[name : name + length] != b"webm":
            raise broken("WebM")
        segment = start + header
        if head[segment : segment + 4] != b"\x18\x53\x80\x67":
            raise broken("WebM")
        told, body = _vint(head, segment + 4)
        if told is not None and body + told != size:
            raise broken("WebM")
        is_film, is_sound = _FILM_CODEC.search(head), _SOUND_CODEC.search(head)
        if not is_film and not is_sound:
            raise broken("WebM")
    return Found("video", "video/webm") if is_film else Found("audio", "audio/webm")


def _vint(data: bytes, place: int) -> tuple[int, int]:
    """An EBML number and where it ends; None for a length that was not known when it was written."""
    width = 9 - data[place].bit_length()
    if width > 8:
        raise ValueError("no EBML number")
    value = int.from_bytes(data[place : place + width], "big") & (1 << 7 * width) - 1
    return (None if value == (1 << 7 * width) - 1 else value), place + width
