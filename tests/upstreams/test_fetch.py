"""Addresses from outside are fetched only from the public internet, whatever they are dressed as."""

import socket

import pytest

from apps.upstreams.fetch import FetchRefused, fetch, is_public
from apps.upstreams.remote_image import image_of, raster_type

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def here(address: str) -> bool:
    """Lets tests reach 127.0.0.1, and nothing else."""
    return address == "127.0.0.1"


async def refusal(url: str, **options) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        await fetch(url, limit=1000, **options)
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
        *("169.254.169.254", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"),
    ],
)
def test_an_address_that_is_not_of_the_open_internet_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0"],
)
async def test_no_way_of_writing_this_machine_leads_to_it(scripted, host):
    reached = []

    async def script(exchange):
        reached.append(exchange.request.path)
        await exchange.json({})

    await refusal(f"http://{host}:{scripted(script).port}/")
    assert reached == []


async def test_a_name_that_resolves_to_this_machine_is_refused_when_it_is_resolved(scripted):
    server = scripted(lambda exchange: exchange.json({}))
    name = socket.gethostname()
    error = await refusal(f"http://{name}:{server.port}/")
    assert error.status in {403, 502}
    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://1.1.1.1/",
        "gopher://1.1.1.1",
        "data:text/html,x",
        "//1.1.1.1",
        "http://",
        "http://[",
    ],
)
async def test_only_web_addresses_are_fetched(url):
    assert (await refusal(url)).status == 400


async def test_an_address_with_a_password_is_refused():
    assert (await refusal("http://user:secret@1.1.1.1/")).status == 400


async def test_what_is_there_is_fetched_without_headers_of_ours(scripted):
    async def script(exchange):
        await exchange.reply(200, PNG, kind="image/png", set_cookie="a=b")

    server = scripted(script)
    fetched = await fetch(f"{server.url}/a.png", limit=1000, is_allowed=here)
    assert (fetched.data, fetched.content_type) == (PNG, "image/png")
    assert not {"cookie", "authorization", "referer"} & set(server.requests[0].headers)


async def test_a_redirect_to_a_public_place_is_followed(scripted):
    async def script(exchange):
        if exchange.request.path == "/from":
            await exchange.json({}, status=302, location="/to")
        else:
            await exchange.reply(200, PNG)

    fetched = await fetch(f"{scripted(script).url}/from", limit=1000, is_allowed=here)
    assert fetched.url.endswith("/to")


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.2:{port}/",
        "http://localhost.localdomain:{port}/",
        "http://169.254.169.254/latest/",
        "file:///etc/passwd",
    ],
)
async def test_a_redirect_to_a_private_place_is_refused(scripted, place):
    async def script(exchange):
        await exchange.json({}, status=302, location=place.format(port=server.port))

    server = scripted(script)
    await refusal(f"{server.url}/", is_allowed=here)
    assert len(server.requests) == 1


async def test_a_circle_of_redirects_ends(scripted):
    server = scripted(lambda exchange: exchange.json({}, status=302, location="/"))
    assert "redirects" in str(await refusal(server.url, is_allowed=here))
    assert len(server.requests) == 6


async def test_what_says_that_it_is_too_large_is_not_read(scripted):
    server = scripted(lambda exchange: exchange.head(content_length="100000"))
    assert (await refusal(server.url, is_allowed=here)).status == 413


async def test_what_does_not_say_how_large_it_is_is_read_to_the_limit_only(scripted):
    async def script(exchange):
        await exchange.head(transfer_encoding="chunked")
        while True:
            await exchange.chunk(b"x" * 500)

    assert (await refusal(scripted(script).url, is_allowed=here)).status == 413


async def test_an_error_page_is_not_taken_for_the_thing(scripted):
    server = scripted(lambda exchange: exchange.json({}, status=404))
    assert "404" in str(await refusal(server.url, is_allowed=here))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_an_image_is_known_by_its_first_bytes_alone(data, media_type):
    assert raster_type(data) == media_type


def test_a_visitor_cannot_fetch_images(client_of, db):
    assert client_of(None).get("/remote-image/?url=http://1.1.1.1/").status_code in {302, 403}


@pytest.mark.parametrize(("url", "status"), [("http://127.0.0.1/a.png", 403), ("file:///etc/passwd", 400), ("", 400)])
def test_a_member_is_told_why_an_image_is_not_shown(client_of, user, url, status):
    reply = client_of(user).get("/remote-image/", {"url": url})
    assert (reply.status_code, reply["content-type"]) == (status, "text/plain; charset=utf-8")


async def test_what_was_fetched_is_shown_as_an_image_alone(scripted):
    replies = {"/a.png": PNG, "/page.png": b"<html><script>owned()</script>", "/a.svg": b"<svg onload='owned()'/>"}
    host = scripted(lambda exchange: exchange.reply(200, replies[exchange.request.path], kind="image/png"))
    fetched = [await fetch(f"{host.url}{path}", limit=1000, is_allowed=here) for path in replies]
    image, page, drawing = (image_of(each.data) for each in fetched)
    assert (image.status_code, image["Content-Type"], image.content) == (200, "image/png", PNG)
    assert "sandbox" in image["Content-Security-Policy"] and image["X-Content-Type-Options"] == "nosniff"
    for refused in (page, drawing):
        assert (refused.status_code, refused["Content-Type"]) == (415, "text/plain; charset=utf-8")
        assert b"owned" not in refused.content
