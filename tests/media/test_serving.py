"""Files to their readers: to nobody else, in parts if they want, and never as something that acts."""

import pytest

from apps.media.models import Asset
from tests.media import files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def get(asset, client_of, member):
    """`get(data, name, Range=…)`: the member's own file, as it is served."""

    def ask(data=b"", name="a.png", suffix="", **headers):
        kept = asset(data, name)
        return client_of(member).get(kept.url + suffix, headers=headers)

    return ask


def content(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(("name", "data", "kind", "media_type"), files.TAKEN, ids=[name for name, *_ in files.TAKEN])
def test_every_kind_is_served_inert(get, name, data, kind, media_type):
    response = get(data, name)
    assert response["Content-Type"] == ("text/plain; charset=utf-8" if kind == "text" else media_type)
    assert response["Content-Disposition"].startswith("attachment" if kind == "text" else "inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        "sandbox" in response["Content-Security-Policy"] and "default-src 'none'" in response["Content-Security-Policy"]
    )
    assert response["Cache-Control"].startswith("private") and "immutable" in response["Cache-Control"]
    assert len(content(response)) == int(response["Content-Length"])


def test_a_file_that_nobody_could_read_is_only_handed_out(get):
    get()
    Asset.objects.update(kind="file", media_type="application/octet-stream")
    assert get()["Content-Disposition"].startswith("attachment")


def test_a_picture_is_handed_out_on_request(get):
    assert get(suffix="?download")["Content-Disposition"] == 'attachment; filename="a.png"'


@pytest.mark.parametrize(
    ("asked", "status", "given", "told"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/{size}"),
        ("bytes=10-", 206, slice(10, None), "bytes 10-{last}/{size}"),
        ("bytes=-5", 206, slice(-5, None), None),
        ("bytes=0-999999", 206, slice(None), "bytes 0-{last}/{size}"),
        ("bytes=-999999", 206, slice(None), "bytes 0-{last}/{size}"),
        ("bytes=999999-", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=-0", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=5-2", 200, slice(None), None),
        ("bytes=-", 200, slice(None), None),
        ("bytes=0-1,4-5", 200, slice(None), None),
        ("lines=0-3", 200, slice(None), None),
        ("bytes=²-3", 200, slice(None), None),
    ],
)
def test_a_part_is_given_where_one_is_asked_for(get, asked, status, given, told):
    whole = content(get(files.wav(), "a.wav"))
    response = get(files.wav(), "a.wav", Range=asked)
    assert response.status_code == status
    assert content(response) == whole[given]
    if told:
        assert response["Content-Range"] == told.format(size=len(whole), last=len(whole) - 1)


def test_a_part_is_given_only_of_what_the_reader_has_the_rest_of(get):
    etag = get()["ETag"]
    assert get(**{"Range": "bytes=0-3", "If-Range": etag}).status_code == 206
    assert get(**{"Range": "bytes=0-3", "If-Range": '"another"'}).status_code == 200
    assert get(**{"Range": "bytes=0-3", "If-Range": "Mon, 23 Nov 2026 10:00:00 GMT"}).status_code == 200


def test_what_the_reader_has_is_not_sent_again(get):
    etag = get()["ETag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        response = get(**{"If-None-Match": known})
        assert response.status_code == 304 and not response.content
    assert get(**{"If-None-Match": '"another"'}).status_code == 200


def test_a_thumbnail_is_a_small_picture_and_only_pictures_have_one(asset, client_of, member):
    kept, words = asset(files.picture("PNG", (900, 300))), asset(b"words", "a.txt")
    response = client_of(member).get(kept.thumbnail_url)
    assert response["Content-Type"] == "image/webp" and response["X-Content-Type-Options"] == "nosniff"
    assert client_of(member).get(kept.thumbnail_url, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert words.thumbnail_url == ""
    assert client_of(member).get(f"/assets/{words.id}/thumbnail/").status_code == 404


def test_nobody_else_learns_that_there_is_a_file(asset, client_of, user, administrator):
    kept = asset(conversation="")
    for person in (user, administrator):
        client = client_of(person)
        assert client.get(kept.url).status_code == 404
        assert client.get(kept.thumbnail_url).status_code == 404
        assert client.post(f"/assets/{kept.id}/attach/").status_code == 404
        assert client.post(f"/assets/{kept.id}/discard/").status_code == 404
    assert client_of(None).get(kept.url).status_code == 302
    assert Asset.objects.filter(pk=kept.pk).exists()


def test_the_name_in_the_address_is_for_people_alone(asset, client_of, member):
    kept = asset()
    response = client_of(member).get(f"/assets/{kept.id}/evil.html")
    assert response["Content-Type"] == "image/png" and 'filename="a.png"' in response["Content-Disposition"]


def test_a_head_request_tells_the_size_and_sends_nothing(asset, client_of, member):
    kept = asset(files.wav(), "a.wav")
    response = client_of(member).head(kept.url)
    assert response["Content-Length"] == str(kept.size) and not response.content
