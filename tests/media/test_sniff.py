"""What a file is, by its content alone; and what is not taken, however it is called."""

import io
import struct
import zlib

import pytest
from PIL import Image

from apps.media.reading import texts
from apps.media.refusals import NotTaken
from apps.media.sniff import sniff
from tests.media import files


def looked(data: bytes, name="x"):
    return sniff(io.BytesIO(data), len(data), name)


def pixels(found) -> Image.Image:
    return Image.open(io.BytesIO(found.data))


@pytest.mark.parametrize(("name", "data", "kind", "media_type"), files.TAKEN, ids=[name for name, *_ in files.TAKEN])
def test_a_file_is_what_its_content_says(name, data, kind, media_type):
    found = looked(data, name)
    assert (found.kind, found.media_type) == (kind, media_type)


@pytest.mark.parametrize(
    "data", [data for _name, data, kind, _type in files.TAKEN if kind != "text"], ids=lambda data: repr(data[:8])
)
def test_the_name_of_a_file_changes_nothing(data):
    assert looked(data, "a.png").media_type == looked(data, "evil.html").media_type


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (files.SVG, "HTML and SVG"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n' + files.SVG, "HTML and SVG"),
        (b'<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "HTML and SVG"),
        (files.PAGE, "HTML and SVG"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><p>x", "HTML and SVG"),
        (files.PAGE.decode().encode("utf-16"), "HTML and SVG"),
        (b"<!-- comment --><script>owned()</script>", "HTML and SVG"),
        (b"MZ\x90\0" + bytes(100), "Programs"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "Programs"),
        (files.mp4(b"heic"), "HEIC"),
        (files.mp4(b"avif"), "HEIC"),
        (files.archive(), "cannot be attached"),
        (bytes(range(256)) * 4, "cannot be attached"),
        (b"", "empty"),
        (files.webm(type=b"matroska"), "not a whole WebM"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(data, words):
    with pytest.raises(NotTaken, match=words):
        looked(data)


def test_html_and_svg_are_refused_by_their_names_too_as_a_browser_may_go_by_them():
    for name in ("a.html", "a.HTM", "a.svg", "a.xhtml"):
        with pytest.raises(NotTaken, match="HTML and SVG"):
            looked(b"harmless", name)


def test_code_that_speaks_of_pages_is_no_page():
    assert looked(b"const page = '<html><script>';\n", "a.js").kind == "text"
    assert looked(b'<div align="center">\n\n# A readme\n</div>\n', "readme.md").kind == "text"


FIRST = [(name, data) for name, data, kind, _type in files.TAKEN if kind in {"image", "pdf"}]


@pytest.mark.parametrize(("name", "data"), FIRST, ids=[name for name, _data in FIRST])
@pytest.mark.parametrize("second", [files.PAGE, files.archive(), files.SVG], ids=["page", "archive", "drawing"])
def test_a_file_with_another_one_behind_its_end_is_refused(name, data, second):
    with pytest.raises(NotTaken, match="two kinds of file"):
        looked(data + second, name)


@pytest.mark.parametrize(("name", "data", "kind", "_type"), files.TAKEN, ids=[name for name, *_ in files.TAKEN])
def test_no_file_that_is_an_archive_besides_is_taken(name, data, kind, _type):
    with pytest.raises(NotTaken):
        looked(data + files.archive(), name)


def test_a_png_that_is_a_pdf_or_a_page_in_its_comment_is_refused():
    for comment in (b"%PDF-1.4", files.PAGE):
        image = files.picture("PNG")
        with pytest.raises(NotTaken, match="two kinds of file"):
            looked(image[:33] + _chunk(b"tEXt", b"Comment\0" + comment) + image[33:])


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def test_a_pdf_with_something_before_its_first_byte_is_not_taken_as_one():
    with pytest.raises(NotTaken):
        looked(files.picture("GIF")[:-1] + files.pdf())
    with pytest.raises(NotTaken):
        looked(b"\0" + files.pdf())


def test_pictures_that_a_camera_puts_behind_a_jpeg_are_cut_off():
    data = files.picture("JPEG")
    assert looked(data + files.picture("JPEG", colour="blue")).data == looked(data).data


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_an_image_is_kept_without_what_says_where_and_by_whom_it_was_made(format):
    found = looked(files.picture(format, exif=True))
    assert not pixels(found).getexif()
    assert b"Somebody" not in found.data and b"Exif" not in found.data


def test_a_comment_in_a_gif_is_not_kept_and_its_frames_are():
    data = files.picture("GIF", frames=3)
    with_comment = data[:-1] + b"\x21\xfe\x06secret\x00" + data[-1:]
    found = looked(with_comment)
    assert b"secret" not in found.data and pixels(found).n_frames == pixels(looked(data)).n_frames


def test_an_image_without_anything_beside_it_keeps_its_bytes():
    data = files.picture("PNG")
    assert looked(data).data == data


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "PNG"])
def test_a_picture_that_lies_on_its_side_is_set_upright(format):
    found = looked(files.halves(format, turned=6))
    assert (found.width, found.height) == (32, 64)
    image = pixels(found).convert("RGB")
    top, bottom = image.getpixel((16, 8)), image.getpixel((16, 56))
    assert top[0] > 200 > 60 > top[2] and bottom[2] > 200 > 60 > bottom[0]


def test_a_thumbnail_is_small_whatever_the_picture_is():
    found = looked(files.picture("JPEG", (3000, 1000)))
    small = Image.open(io.BytesIO(found.thumbnail))
    assert small.format == "WEBP" and small.size == (512, 171)
    assert (found.width, found.height) == (3000, 1000)


@pytest.mark.parametrize("data", [files.bomb(), files.bomb(1, 2**31 - 1)])
def test_an_image_that_would_unpack_into_too_much_is_refused_before_it_is_unpacked(data):
    with pytest.raises(NotTaken, match="megapixels") as refused:
        looked(data)
    assert refused.value.status == 413


def test_a_film_of_too_many_frames_is_refused(settings):
    settings.UPLOAD_MEGAPIXELS = 50
    film = bytearray(files.picture("GIF", frames=4))
    film[6:10] = b"\x58\x1b\x58\x1b"
    frames = bytes(film[film.index(b"\x21\xf9") : -1])
    with pytest.raises(NotTaken, match="megapixels"):
        looked(bytes(film[:-1]) + frames * 10 + b"\x3b")


@pytest.mark.parametrize(
    ("name", "data"),
    [(name, data) for name, data, kind, _type in files.TAKEN if kind != "text"],
    ids=lambda x: str(x)[:12],
)
def test_a_file_cut_short_is_refused_or_taken_but_nothing_breaks(name, data):
    for length in range(1, len(data), max(1, len(data) // 60)):
        try:
            looked(data[:length], name)
        except NotTaken as refused:
            assert str(refused)


@pytest.mark.parametrize("data", [files.picture(format) for format in ("PNG", "JPEG", "GIF", "WEBP")])
def test_an_image_cut_short_is_refused(data):
    for length in range(20, len(data) - 1, max(1, len(data) // 40)):
        with pytest.raises(NotTaken):
            looked(data[:length])


def test_the_length_of_sound_and_film_is_read():
    assert looked(files.wav(1.5)).seconds == 1.5
    assert looked(files.opus(3)).seconds == 3
    assert looked(files.flac(2)).seconds == 2
    assert looked(files.mp3(100)).seconds == pytest.approx(2.6, abs=0.1)
    film = looked(files.mp4(seconds=5))
    assert (film.seconds, film.width, film.height) == (5, 320, 240)


def test_the_place_that_a_film_was_made_at_is_blanked_and_nothing_moves():
    data = files.mp4(place=True)
    found = looked(data)
    patched = bytearray(data)
    for place, patch in found.patches:
        patched[place : place + len(patch)] = patch
    assert files.PLACE.encode() in data and files.PLACE.encode() not in patched
    assert len(patched) == len(data) and looked(bytes(patched)).patches == []


def test_a_film_with_something_behind_its_last_box_is_refused():
    with pytest.raises(NotTaken):
        looked(files.mp4(more=b"<html>" + bytes(60)))


def test_text_is_kept_as_utf_8_whatever_it_came_in():
    assert looked("Grüße 你好".encode("utf-16"), "a.txt").data.decode() == "Grüße 你好"
    assert looked("\ufeffx".encode(), "a.txt").data == b"x"
    assert looked("这是一个文本文件。".encode("gb18030"), "a.txt").data.decode() == "这是一个文本文件。"


def test_western_bytes_are_not_taken_for_chinese():
    assert texts.decoded("préféré à l'été".encode("cp1252")) is None


def test_each_kind_has_its_size(settings):
    settings.UPLOAD_MB = {**settings.UPLOAD_MB, "text": 1, "image": 0, "audio": 0, "video": 0, "pdf": 0}
    for data in (b"x" * 1_100_000, files.picture(), files.wav(), files.mp4(), files.pdf()):
        with pytest.raises(NotTaken, match="larger than") as refused:
            looked(data)
        assert refused.value.status == 413
