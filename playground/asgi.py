"""The application: pages over HTTP, news over one websocket a page, and the sandbox where it is switched on."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from apps.live.routing import urlpatterns  # noqa: E402
from apps.media.jobs.workshop import workshop  # noqa: E402
from apps.runs.hub import hub  # noqa: E402
from apps.sandbox.app import create_application  # noqa: E402
from apps.transfer.desk import desk  # noqa: E402

from .handler import PageHandler  # noqa: E402

SANDBOX_PATH = "/sandbox"

pages = ProtocolTypeRouter(
    {
        "http": PageHandler(),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(urlpatterns))),
    }
)
sandbox = create_application(settings.SANDBOX_KEY) if settings.SANDBOX else None


async def application(scope, receive, send):
    """Binds hub, workshop and desk to the loop that serves, on the first request or at lifespan's start."""
    hub.attach()
    workshop.attach()
    desk.attach()
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif sandbox is not None and scope["type"] == "http" and scope["path"].startswith(f"{SANDBOX_PATH}/"):
        path = scope["path"].removeprefix(SANDBOX_PATH)
        await sandbox({**scope, "path": path, "raw_path": path.encode(), "root_path": SANDBOX_PATH}, receive, send)
    else:
        await pages(scope, receive, send)


async def close() -> None:
    """The end of the process: for servers that do not tell of it by lifespan."""
    await desk.close()
    await workshop.close()
    await hub.close()


async def _lifespan(receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await close()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
