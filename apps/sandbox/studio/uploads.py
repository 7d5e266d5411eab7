"""Sounds that are brought as files: a place with a form, the file posted there, and the clip that it becomes."""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from apps.wire.events import Failed
from apps.wire.exceptions import InvalidRequest
from apps.wire.media import multipart
from apps.wire.media.music import uploads
from apps.wire.media.shapes import MediaReply
from apps.wire.messages import HttpRequest

from ..exchange import Exchange
from ..stats import Stats
from .doors import PLACES
from .music import Clips, brought
from .orders import Declined

MOST, MOST_BYTES, LIMIT = 50, 256_000_000, 64 * 1024 * 1024
POLICY = "sandbox-policy"
# A file of this name is somebody else's song.
REFUSED = "fault-music-copyright"
LOOKS_UNTIL_DONE = 2


@dataclass
class Place:
    """`opens` is what the form must hold; `is_there` once the client says that it has sent the file."""

    id: str
    extension: str
    opens: str
    name: str = ""
    data: bytes = b""
    is_there: bool = False
    looks: int = 0

    def look(self) -> MediaReply:
        """So nobody waits for a clock: being looked through at the first look, done at the second."""
        if not self.is_there:
            return MediaReply("queued", self.id)
        if REFUSED in self.name:
            failed = Failed("Uploaded audio matches existing work of art.", "invalid_request_error")
            return MediaReply("failed", self.id, error=failed)
        self.looks += 1
        return MediaReply("succeeded" if self.looks >= LOOKS_UNTIL_DONE else "running", self.id)


class Places:
    def __init__(self, stats: Stats, clips: Clips):
        self._stats, self._clips = stats, clips
        self._places: OrderedDict[str, Place] = OrderedDict()

    async def serve(self, exchange: Exchange, sent: HttpRequest) -> None:
        """One step, with the key."""
        try:
            asked = uploads.parse(sent)
            place = self._begun(asked.extension) if asked.step == "begin" else self._places.get(asked.id)
            if place is None:
                raise Declined("upload not found", code="upload_not_exist", status=404)
            reply = await self._stepped(exchange, asked.step, place)
        except InvalidRequest as error:
            reply = MediaReply("failed", error=Failed(str(error), code="invalid_request", param=error.param))
            asked = uploads.Asked("begin")
        except Declined as error:
            reply = MediaReply("failed", error=error.failed)
        written = uploads.write(asked.step, reply)
        await exchange.whole(written.status, written.content_type, written.body)

    async def _stepped(self, exchange: Exchange, step: uploads.Step, place: Place) -> MediaReply:
        if step == "begin":
            url, fields = f"{exchange.base}{PLACES}{place.id}", {"key": place.id, "policy": place.opens}
            return MediaReply("queued", place.id, result={"url": url, "fields": fields})
        if step == "finish":
            if not place.data:
                raise Declined("the file has not been uploaded", code="invalid_request")
            place.is_there = True
            return MediaReply("running", place.id)
        if step == "look":
            self._stats.polls += 1
            return place.look()
        if place.looks < LOOKS_UNTIL_DONE:
            raise Declined("the upload is still being processed", code="invalid_request")
        clip = await asyncio.to_thread(brought, f"clip-{place.id}", place.name, place.data)
        return MediaReply("succeeded", result={"clip_id": self._clips.keep(clip).id})

    def _begun(self, extension: str) -> Place:
        place = Place(secrets.token_hex(12), extension, f"{POLICY}-{secrets.token_hex(8)}")
        self._places[place.id] = place
        while len(self._places) > MOST or (len(self._places) > 1 and self._held() > MOST_BYTES):
            self._places.popitem(last=False)
        return place

    def _held(self) -> int:
        return sum(len(place.data) for place in self._places.values())

    async def take(self, exchange: Exchange) -> None:
        """A file for a place, as a vendor's store takes it: by what the form holds; a key of ours is counted."""
        self._stats.keyed_links += "authorization" in exchange.headers
        place = self._places.get(exchange.path.removeprefix(PLACES))
        body = await exchange.body(LIMIT)
        if body is None:
            return
        try:
            form = multipart.parse(multipart.content_type_of(exchange.headers), body)
        except InvalidRequest:
            form = multipart.Form()
        told = dict(form.fields)
        if place is None or told.get("policy") != place.opens or len(form.files) != 1:
            await exchange.whole(403, "application/xml", b"<Error><Code>AccessDenied</Code></Error>")
            return
        place.name, place.data = form.files[0].name, form.files[0].data
        await exchange.whole(204, "text/plain", b"")
