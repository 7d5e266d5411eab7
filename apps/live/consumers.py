"""The one socket of a page. It only brings news; commands go over HTTP."""

import asyncio
import contextlib
import uuid

import msgspec
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from apps.work.news import user_group

from .follow import Follower
from .readers import readers

SIGNED_OUT, CHANGED = 4401, 4403


class Watch(msgspec.Struct):
    """What a page element asks for: `{"watch": "run"|"conversation", "id": …, "version": …, "tab": …}`."""

    watch: str
    id: uuid.UUID
    version: int = 0
    tab: str = ""


class PageConsumer(AsyncWebsocketConsumer):
    follower: Follower | None = None
    checking: asyncio.Task | None = None

    async def connect(self):
        self.standing = await readers.run(_standing, self.scope)
        await self.accept()
        if self.standing is None:
            await self.close(SIGNED_OUT)
            return
        self.follower = Follower(self.scope["user"], self.send, _language(self.scope), self._subscribe)
        self.checking = asyncio.create_task(self._check())
        await self._subscribe(user_group(self.scope["user"].pk))

    async def receive(self, text_data=None, bytes_data=None):
        if self.follower is None or len(text_data or "") > 4096:
            return
        with contextlib.suppress(msgspec.MsgspecError, ValueError):
            wish = msgspec.json.decode(text_data or "", type=Watch)
            await self.follower.watch(wish.watch, wish.id, version=wish.version, tab=wish.tab)

    async def disconnect(self, code):
        if self.checking:
            self.checking.cancel()
        if self.follower:
            self.follower.close()
            for group in self.groups_joined:
                await self.channel_layer.group_discard(group, self.channel_name)

    async def news(self, event):
        """A change somewhere: `{"type": "news", "about": "conversation"|"run", "id": …}`."""
        if self.follower:
            self.follower.heard(event)

    groups_joined: tuple[str, ...] = ()

    async def _subscribe(self, group: str) -> None:
        if group not in self.groups_joined:
            self.groups_joined = (*self.groups_joined, group)
            await self.channel_layer.group_add(group, self.channel_name)

    async def _check(self) -> None:
        """Whoever was signed out, disabled or given another role loses the socket."""
        while True:
            await asyncio.sleep(settings.SOCKET_CHECK_SECONDS)
            try:
                now = await readers.run(_standing, self.scope)
            except DatabaseError:
                continue
            if now != self.standing:
                await self.close(SIGNED_OUT if now is None else CHANGED)
                return


def _standing(scope) -> tuple | None:
    """Who the session says this is, read afresh; None for nobody."""
    session = scope["session"].__class__(scope["session"].session_key)
    user = get_user(_Request(session))
    if not user.is_authenticated or not user.is_active:
        return None
    return user.pk, user.is_superuser


class _Request:
    """As much of a request as `get_user` reads."""

    def __init__(self, session):
        self.session = session


def _language(scope) -> str:
    """The language of the page that opened the socket: the person's own, the cookie's, or the browser's."""
    headers = dict(scope["headers"])
    accepted = parse_accept_lang_header(headers.get(b"accept-language", b"").decode("latin-1"))
    wanted = (
        getattr(scope["user"], "language", ""),
        scope.get("cookies", {}).get(settings.LANGUAGE_COOKIE_NAME, ""),
        *(code for code, _quality in accepted),
    )
    for code in filter(None, wanted):
        with contextlib.suppress(LookupError):
            return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE
