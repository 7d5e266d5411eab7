"""Large files on their way, over the real server: a slow reader costs neither memory nor a thread."""

import asyncio
import hashlib
import os
import re
import socket
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.translation import get_language

from apps.media.sniff import MB
from playground.handler import THREADS, PageHandler
from tests.media import files
from tests.processes import wait_until

FILM = files.mp4(more=files.box(b"free", os.urandom(1000) * 64_000))


@pytest.fixture
def film(server):
    """A film of 64 MB: its owner and its address."""
    person = server.member()
    with server.http(person) as http:
        reply = http.post("/assets/", files={"file": ("film.mp4", FILM, "video/mp4")}).raise_for_status()
    id = re.search(r'data-chip="([^"]+)"', reply.text)[1]
    return person, f"/assets/{id}/film.mp4"


def begin(server, person, address: str, more: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port))
    asked = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={person.session}\r\n{more}"
    connection.sendall(f"{asked}Connection: close\r\n\r\n".encode())
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def being_read(server, address: str) -> list[int]:
    """How far the server's process has read the file, for each time that it has it open."""
    id, places = address.split("/")[2].replace("-", ""), []
    for descriptor in Path(f"/proc/{server.pid}/fd").iterdir():
        try:
            if descriptor.resolve().name == id:
                told = Path(f"/proc/{server.pid}/fdinfo/{descriptor.name}").read_text()
                places.append(int(told.split()[1]))
        except OSError:
            continue
    return places


def test_slow_readers_hold_neither_memory_nor_threads_and_get_everything(server, film):
    person, address = film
    readers = [begin(server, person, address) for _ in range(THREADS + 2)]
    with server.http(person) as http:
        for _time in range(20):
            assert http.get("/").status_code == 200
    assert len(being_read(server, address)) == len(readers)
    assert max(being_read(server, address)) < len(FILM) / 2
    for reader in readers[1:]:
        reader.close()
    with closing(readers[0]) as reader, reader.makefile("rb") as reply:
        content = reply.read().split(b"\r\n\r\n", 1)[1]
    assert hashlib.sha256(content).digest() == hashlib.sha256(FILM).digest()
    wait_until(lambda: not being_read(server, address), "the file is closed for those who left")


async def test_a_body_that_says_it_is_larger_than_any_file_is_refused_unread():
    sent = []

    async def receive():
        raise AssertionError("The body was read.")

    async def send(message):
        sent.append(message)

    length = str(settings.REQUEST_MAX_BYTES + 1).encode()
    for accepts, answer in (("*/*", "此文件太大。"), ("text/html,*/*", '<html lang="zh-hans"')):
        told = {"content-length": length, "accept": accepts.encode(), "accept-language": b"zh-CN", "host": b"localhost"}
        headers = [(name.encode(), value) for name, value in told.items()]
        await PageHandler()({"type": "http", "method": "POST", "path": "/assets/", "headers": headers}, receive, send)
        head, body = sent[-2:]
        assert head["status"] == 413 and answer in body["body"].decode()
    assert max(settings.UPLOAD_MB.values()) * MB < settings.REQUEST_MAX_BYTES


async def test_an_empty_piece_is_waited_behind_and_what_comes_later_still_arrives():
    sent, never = [], asyncio.Event()

    async def send(message):
        sent.append(message)

    sound = StreamingHttpResponse(iter([b"sound ", b"", b"", b"goes on"]))
    await PageHandler().stream(sound, never.wait, send)
    assert [message["body"] for message in sent if message.get("body")] == [b"sound ", b"goes on"]


async def test_each_piece_is_made_in_the_readers_language():
    sent, never = [], asyncio.Event()

    async def send(message):
        sent.append(message.get("body", b""))

    told = StreamingHttpResponse(
        (get_language().encode() for _piece in range(2)), headers={"Content-Language": "zh-hans"}
    )
    await PageHandler().stream(told, never.wait, send)
    assert b"".join(sent) == b"zh-hanszh-hans"
