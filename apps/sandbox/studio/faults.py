"""What goes wrong at any media endpoint, by the model's name: `fault-media-429`, or as well `fault-speech-500-once`."""

import asyncio
import re

from ..exchange import Exchange
from ..refusals import refuse
from .files import PAGE
from .models import Maker

_STATUS = re.compile(r"(?:[a-z]+-)?(4\d\d|5\d\d)(-once)?")
ANNOUNCED = 1_000_000


async def before(exchange: Exchange, maker: Maker, nth: int) -> bool:
    """Whether the request was spoilt before anything was made of it."""
    fault = maker.name.removeprefix("fault-") if maker.name.startswith("fault-") else ""
    status = _STATUS.fullmatch(fault)
    if status and not (status[2] and nth % 2 == 0):
        await refuse(exchange, int(status[1]), maker.name)
    elif fault == "media-page":
        await exchange.whole(200, "text/html; charset=utf-8", PAGE)
    elif fault.endswith("-silent"):
        await asyncio.Event().wait()
    else:
        return False
    return True


async def after(exchange: Exchange, maker: Maker) -> bool:
    """Whether the answer broke off after all was done: nobody who asked can know whether it was."""
    if maker.fault != "cut":
        return False
    await exchange.start(200, "application/json", {"content-length": str(ANNOUNCED), "connection": "close"})
    await exchange.write(b'{"id":"')
    await exchange.end()
    return True
