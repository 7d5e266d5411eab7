"""Files in bodies are named, everything else stays byte for byte."""

import base64

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.usage.elision import LARGE, Elision
from apps.wire.media.shapes import MediaRequest, Source
from apps.wire.messages import File, GenerationRequest, Image, Message

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40).decode()


def asking(*parts) -> GenerationRequest:
    return GenerationRequest(model="m", messages=(Message(role="user", parts=parts),))


def test_an_attachment_is_named_by_what_we_know_of_it_and_the_rest_stays():
    elision = Elision(asking(File(name="a b.pdf", media_type="application/pdf", data=PNG, asset="asset-1")))
    body = f'{{"text": "before", "file": "data:application/pdf;base64,{PNG}", "n": 1.0}}'.encode()
    kept = elision.of(body)
    (mark,) = elision.files
    assert kept == f'{{"text": "before", "file": "data:application/pdf;base64,{mark.mark}", "n": 1.0}}'.encode()
    assert (mark.name, mark.asset, mark.characters) == ("a b.pdf", "asset-1", len(PNG))


def test_one_file_in_two_places_is_one_file():
    elision = Elision(asking(Image(media_type="image/png", data=PNG)))
    elision.of(f'["{PNG}", "{PNG}"]'.encode())
    elision.of(f'["{PNG}"]'.encode())
    assert [mark.name for mark in elision.files] == ["file-1.png"]


def test_large_base64_that_nobody_named_is_cut_out_of_data_addresses_and_data_fields():
    elision = Elision(None)
    kept, _moved = elision.cut(f'{{"url":"data:image/png;base64,{PNG}"}} {{"b64_json": "{PNG}"}}'.encode())
    assert PNG.encode() not in kept and len(elision.files) == 1
    assert elision.files[0].media_type == "image/png"


def test_a_picture_in_whose_middle_the_tape_ran_out_is_cut_out_too():
    elision = Elision(None)
    kept, _moved = elision.cut(f'{{"b64_json": "{PNG[:-3]}'.encode())
    assert kept == f'{{"b64_json": "{elision.files[0].mark}'.encode()


def test_a_file_that_goes_along_with_a_request_for_media_is_named_in_a_form_and_in_json():
    data = base64.b64decode(PNG)
    elision = Elision(MediaRequest("m", sources=(Source("image", "image/png", "cat.png", data),)))
    kept = [elision.of(b"--x\r\n\r\n" + data + b"\r\n--x--"), elision.of(f'{{"image": "{PNG}"}}'.encode())]
    assert kept[0] == f"--x\r\n\r\n{elision.files[0].mark}\r\n--x--".encode()
    assert kept[1] == f'{{"image": "{elision.files[1].mark}"}}'.encode()
    assert {mark.name for mark in elision.files} == {"cat.png"}


def test_a_reply_that_is_a_file_is_named_as_a_whole_and_any_other_is_kept():
    elision = Elision(None)
    kept, moved = elision.reply(b"ID3" + bytes(500), "audio/mpeg; charset=utf-8")
    assert (kept, moved(503), moved(250)) == (elision.files[0].mark.encode(), len(kept), len(kept))
    assert elision.reply(b'{"a": 1}', "application/json")[0] == b'{"a": 1}'


def test_long_texts_and_what_is_no_base64_stay():
    words = "a" * LARGE * 2
    for body in (f'{{"text":"{words}"}}', f'{{"data":"{words}a"}}', f'{{"data": "{words[:-9]} not base64"}}'):
        elision = Elision(None)
        assert elision.cut(body.encode())[0] == body.encode()
        assert not elision.files


def test_the_mark_of_a_file_cannot_be_guessed():
    marks = set()
    for _turn in range(2):
        elision = Elision(asking(Image(data=PNG)))
        elision.of(PNG.encode())
        marks.add(elision.files[0].mark)
    assert len(marks) == 2


@settings(deadline=None)
@given(st.lists(st.binary(max_size=20).map(lambda raw: raw.replace(b'"', b"").replace(b"\n", b"")), max_size=4))
def test_each_place_of_the_old_body_has_its_place_in_the_new_one(texts):
    body = b"".join(text + b'"data":"' + PNG.encode() + b'"' for text in texts) + b"end"
    kept, moved = Elision(None).cut(body)
    places = [moved(place) for place in range(0, len(body) + 1)]
    assert places == sorted(places) and places[0] == 0 and places[-1] == len(kept)
    for place in range(0, len(body) - 3):
        if body[place : place + 3] == b"end" or body[place : place + 3] == b'"da':
            assert kept[moved(place) : moved(place) + 3] == body[place : place + 3]
