"""What a serving process does for its upstreams when it starts: the built-in ones, the one from the environment."""

import logging
import threading
import urllib.request

from django.conf import settings
from django.db import DatabaseError, connections

from . import catalogue, endpoint
from .address import normalise
from .endpoint import Endpoint
from .models import Model, Upstream

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 6 * 3600
SANDBOX_NAME = "Sandbox"


def from_environment() -> Upstream | None:
    """The upstream of PLAYGROUND_UPSTREAM_URL, made or brought up to date. Raises BadAddress."""
    if not settings.UPSTREAM_URL:
        return None
    name = settings.UPSTREAM_NAME or Endpoint(normalise(settings.UPSTREAM_URL)).host
    kind = Upstream.Kind.GATEWAY
    return catalogue.ensure(name=name, url=settings.UPSTREAM_URL, key=settings.UPSTREAM_KEY, kind=kind)


def sandbox(address: str) -> Upstream | None:
    """The sandbox that this process serves; where it is switched off its models are not offered."""
    if not settings.SANDBOX:
        Model.objects.filter(upstream__kind=Upstream.Kind.SANDBOX).update(listed=False)
        return None
    endpoint.own_sandbox = f"{address}/sandbox"
    known = Upstream.objects.filter(kind=Upstream.Kind.SANDBOX).first()
    name = known.name if known else SANDBOX_NAME
    kind = Upstream.Kind.SANDBOX
    return catalogue.ensure(name=name, url=endpoint.own_sandbox, key=settings.SANDBOX_KEY, kind=kind)


class Catalogues:
    """A thread that reads the catalogues of all upstreams when the server is up, and again every six hours."""

    def __init__(self, address: str):
        self._address = address
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="catalogues", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def _keep(self) -> None:
        self._first_request()
        while not self._stop.is_set():
            try:
                refresh_all()
            except DatabaseError:
                logger.exception("refreshing the catalogues")
            finally:
                connections.close_all()
            self._stop.wait(REFRESH_SECONDS)

    def _first_request(self) -> None:
        """Wakes the application: what its processes left undone is taken up now, not when somebody comes."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(f"{self._address}/healthz", timeout=10).close()
        except OSError as error:
            logger.warning("the first request: %s", error)


def refresh_all() -> None:
    """All but the local model, which tells us by itself when it is ready, and a sandbox that is switched off."""
    kinds = [Upstream.Kind.GATEWAY, *([Upstream.Kind.SANDBOX] if settings.SANDBOX else [])]
    for upstream in Upstream.objects.filter(enabled=True, kind__in=kinds):
        result = catalogue.refresh(upstream, kind="catalogue")
        if not result.ok:
            logger.warning("%s: %s", upstream.name, result.sentence)
