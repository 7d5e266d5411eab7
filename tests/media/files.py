"""Small real files of every kind that is taken, made by hand or by Pillow."""

import io
import struct
import wave
import zipfile
import zlib

from PIL import Image

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
PLACE = "+59.9139+010.7522/"


def picture(format="PNG", size=(40, 20), *, exif=False, turned=1, frames=1, colour="red") -> bytes:
    """An image; with `exif` it says where it was made and by which camera."""
    images = [Image.new("RGB", size, colour if not number else (number, 0, 90)) for number in range(frames)]
    options: dict = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    if exif or turned != 1:
        said = Image.Exif()
        said[ORIENTATION] = turned
        if exif:
            said[MAKE] = "Camera of Somebody"
            said.get_ifd(GPS)[1] = "N"
            said.get_ifd(GPS)[2] = (59.0, 54.0, 50.0)
        options["exif"] = said
    out = io.BytesIO()
    images[0].save(out, format, **options)
    return out.getvalue()


def halves(format="JPEG", **options) -> bytes:
    """An image whose left half is red and whose right half is blue; `turned` marks it as lying on its side."""
    image = Image.new("RGB", (64, 32), "red")
    image.paste("blue", (32, 0, 64, 32))
    said = Image.Exif()
    said[ORIENTATION] = options.get("turned", 1)
    out = io.BytesIO()
    image.save(out, format, exif=said)
    return out.getvalue()


def bomb(width=30_000, height=30_000) -> bytes:
    """A PNG of a few bytes that says it is enormous."""
    data = bytearray(picture("PNG"))
    struct.pack_into(">II", data, 16, width, height)
    struct.pack_into(">I", data, 29, zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def pdf(text="Hello") -> bytes:
    stream = f"BT /F1 24 Tf 20 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def wav(seconds=1.0, rate=8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(int(seconds * rate) * 2))
    return out.getvalue()


def mp3(frames=20, *, tagged=False) -> bytes:
    """Silent frames of 128 kbit/s at 44.1 kHz: 417 bytes and 26 ms each."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) if tagged else b""
    return tag + frame * frames


def aac(frames=20) -> bytes:
    """Frames of ADTS at 44.1 kHz, 100 bytes and 23 ms each; a decoder would make nothing of them."""
    return (b"\xff\xf1\x50\x80" + (100 << 5 | 0x1F).to_bytes(2, "big") + b"\xfc" + bytes(93)) * frames


def flac(seconds=2, rate=44_100) -> bytes:
    bits = rate << 44 | 1 << 41 | 15 << 36 | seconds * rate
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + bits.to_bytes(8, "big") + bytes(16)
    return b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info + b"\xff\xf8" + bytes(20)


def _page(granule: int, body: bytes, flags=0) -> bytes:
    return b"OggS\0" + bytes([flags]) + struct.pack("<qIIIB", granule, 1, 0, 0, 1) + bytes([len(body)]) + body


def opus(seconds=3) -> bytes:
    head = b"OpusHead" + bytes([1, 1]) + struct.pack("<HIhB", 0, 48_000, 0, 0)
    return _page(0, head, 2) + _page(0, b"OpusTags" + bytes(8)) + _page(seconds * 48_000, bytes(50), 4)


def box(name: bytes, *inner: bytes) -> bytes:
    body = b"".join(inner)
    return struct.pack(">I4s", len(body) + 8, name) + body


def _track(handler: bytes, width=0, height=0) -> bytes:
    head = bytes(76) + struct.pack(">II", width << 16, height << 16)
    return box(b"trak", box(b"tkhd", head), box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))


def mp4(brand=b"isom", *, film=True, seconds=5, place=False, more=b"") -> bytes:
    """A film, or with `film` False sound alone; with `place` it says where it was made, as phones do."""
    header = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80))
    tracks = [_track(b"soun")] + ([_track(b"vide", 320, 240)] if film else [])
    said = [box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7" + PLACE.encode()))] if place else []
    return (
        box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", header, *tracks, *said) + box(b"mdat", bytes(99)) + more
    )


def _element(id: bytes, body: bytes) -> bytes:
    return id + bytes([0x80 | len(body)]) + body


def webm(codec=b"V_VP9", *, type=b"webm") -> bytes:
    """As a browser records it: of unknown length."""
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", type))
    return head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + _element(b"\x86", codec) + bytes(40)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("evil.html", "<script>owned()</script>")
    return out.getvalue()


PAGE = b"<html><script>owned()</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="owned()"/>'

# What is taken: name, content, kind, media type.
TAKEN = (
    ("a.png", picture("PNG"), "image", "image/png"),
    ("a.jpg", picture("JPEG"), "image", "image/jpeg"),
    ("a.gif", picture("GIF"), "image", "image/gif"),
    ("film.gif", picture("GIF", frames=3), "image", "image/gif"),
    ("a.webp", picture("WEBP"), "image", "image/webp"),
    ("a.pdf", pdf(), "pdf", "application/pdf"),
    ("a.wav", wav(), "audio", "audio/wav"),
    ("a.mp3", mp3(), "audio", "audio/mpeg"),
    ("tagged.mp3", mp3(tagged=True), "audio", "audio/mpeg"),
    ("a.aac", aac(), "audio", "audio/aac"),
    ("a.m4a", mp4(b"M4A ", film=False), "audio", "audio/mp4"),
    ("a.ogg", opus(), "audio", "audio/ogg"),
    ("a.flac", flac(), "audio", "audio/flac"),
    ("sound.webm", webm(b"A_OPUS"), "audio", "audio/webm"),
    ("a.mp4", mp4(), "video", "video/mp4"),
    ("a.mov", mp4(b"qt  "), "video", "video/quicktime"),
    ("a.webm", webm(), "video", "video/webm"),
    ("a.txt", b"Hello, world\n", "text", "text/plain"),
    ("a.md", "# Título\n\n你好".encode(), "text", "text/markdown"),
    ("a.py", b"print('<html>')\n", "text", "text/x-python"),
    ("a.csv", b"a,b\n1,2\n", "text", "text/csv"),
    ("a.json", b'{"a": [1, 2]}', "text", "application/json"),
    ("Makefile", b"all:\n\techo MZ\n", "text", "text/plain"),
    ("mz.txt", b"MZ is how programs begin, and this text.", "text", "text/plain"),
    ("utf16.txt", "Grüße 你好".encode("utf-16"), "text", "text/plain"),
    ("gb.txt", "这是一个用旧编码保存的文本文件。".encode("gb18030"), "text", "text/plain"),
)
