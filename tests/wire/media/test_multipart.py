"""Forms with files: what is built, and what others build."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.wire.exceptions import InvalidRequest, WireError
from apps.wire.media.multipart import Form, Upload, build, parse, upload, values_of, written
from apps.wire.media.shapes import Source
from apps.wire.parameters import Parameter

from ..strategies import characters, law, names, scraps, tuples, words

PNG = b"\x89PNG\r\n\x1a\n"
unescaped = st.text(characters.filter(lambda character: character != "%"), min_size=1, max_size=9)
forms = st.builds(
    Form,
    tuples(st.tuples(unescaped, words), max_size=4),
    tuples(st.builds(Upload, unescaped, unescaped, st.just("image/png"), st.binary(max_size=20)), max_size=3),
)


@given(form=forms)
@law(150)
def test_a_form_is_read_as_it_was_built(form):
    assert parse(*build(form.fields, form.files)) == form


@given(data=st.binary(max_size=40) | scraps, boundary=names, form=forms)
@law(150)
def test_any_bytes_are_a_form_or_refused_with_a_sentence(data, boundary, form):
    _content_type, body = build(form.fields, form.files)
    for spoiled in (data, body[: len(data)], body.replace(b"\r\n", data), b"--b\r\n" + data + b"\r\n--b--"):
        for named in (f"multipart/form-data; boundary={boundary}", "multipart/form-data; boundary=b", ""):
            try:
                parse(named, spoiled)
            except WireError as error:
                assert str(error)


def test_the_content_type_names_the_boundary_of_the_body_and_the_same_form_is_the_same_bytes():
    content_type, body = build([("model", "m")])
    boundary = content_type.removeprefix("multipart/form-data; boundary=").encode()
    assert body == b'--%s\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--%s--\r\n' % (boundary, boundary)
    assert build([("model", "m")]) == (content_type, body) != build([("model", "n")])


def test_a_file_goes_with_a_name_and_its_type():
    assert upload("image", Source("image", "image/jpeg", data=PNG)) == Upload("image", "image.jpg", "image/jpeg", PNG)
    assert upload("file", Source("audio", "audio/mpeg", "talk.mp3", PNG)).name == "talk.mp3"


def test_a_form_of_another_client_is_read():
    """Bare names, other headers and their order, a preamble, and the padding of RFC 2046."""
    body = b"\r\n".join(
        [
            *(b"ignored", b"--B", b"content-disposition: form-data; name=model", b"", b"m", b"--B  "),
            *(b"Content-Type: image/png", b"X-Other: 1", b'Content-Disposition: form-data; filename="a.png"; name="f"'),
            *(b"", PNG, b"--B--", b"epilogue"),
        ]
    )
    assert parse('multipart/form-data; charset=utf-8; boundary="B"', body) == Form(
        (("model", "m"),), (Upload("f", "a.png", "image/png", PNG),)
    )


@pytest.mark.parametrize("body", [b"", b"--b\r\n", b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ncut'])
def test_a_form_that_is_cut_is_refused(body):
    with pytest.raises(InvalidRequest, match="cut"):
        parse("multipart/form-data; boundary=b", body)


def test_a_form_of_too_many_parts_is_refused():
    with pytest.raises(InvalidRequest, match="too many"):
        parse(*build([("x", "")] * 1001))


def test_fields_are_texts_and_come_back_with_the_type_of_their_parameter():
    values = {"n": 2, "watermark": True, "ratio": 0.5, "metadata": {"a": [1]}, "size": "1024x1024"}
    kinds = ("integer", "boolean", "number", "json", "text")
    known = [Parameter(name, kind, "other", name) for name, kind in zip(values, kinds, strict=True)]
    form = Form(tuple((name, written(value)) for name, value in {**values, "more": "1"}.items()))
    assert values_of(form, known) == (values, {"more": "1"})
    for wrong in ("x", "true", "[]", "", "null"):
        with pytest.raises(InvalidRequest) as refused:
            values_of(Form((("n", wrong),)), known)
        assert refused.value.param == "n"
