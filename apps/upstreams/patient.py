"""daphne, patient with slow readers: by itself it takes all that it is given and holds it, a film as a whole.

Nor are forms read here, as Twisted would by itself: Django reads them, and an upload would be held a second time.
"""

import asyncio
from functools import partial

from daphne import server
from daphne.http_protocol import HTTPFactory, WebRequest


class Factory(HTTPFactory):
    def buildProtocol(self, addr):
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = partial(WebRequest, parsePOSTFormSubmission=False)
        return protocol


server.HTTPFactory = Factory  # it offers no other way


class Pace:
    """Told by the connection when to wait and when to go on, as Twisted tells whoever produces."""

    def __init__(self) -> None:
        self.may_go = asyncio.Event()
        self.may_go.set()

    def pauseProducing(self) -> None:
        self.may_go.clear()

    def resumeProducing(self) -> None:
        self.may_go.set()

    stopProducing = resumeProducing


class PatientServer(server.Server):
    async def handle_reply(self, protocol, message) -> None:
        """Sends; a reply of many pieces waits after each until the connection wants more."""
        pace = getattr(protocol, "pace", None)
        if pace is None and message.get("more_body"):
            pace = protocol.pace = Pace()
            protocol.registerProducer(pace, True)
        elif pace is not None and not message.get("more_body") and protocol.channel is not None:
            protocol.unregisterProducer()
        await super().handle_reply(protocol, message)
        if pace is not None:
            await pace.may_go.wait()
