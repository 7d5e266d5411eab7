"""Videos: films that are tasks first, from words, frames, or a film that was made before."""

import re

from apps.wire.media.shapes import Made, MediaReply
from apps.wire.messages import Usage

from ..makers import film, picture
from .files import PAGE
from .orders import Declined, Order
from .tasks import Task, Tasks, new_id

USUAL_SECONDS, MOST_SECONDS = 4.0, 30.0
LANDSCAPE, PORTRAIT = (1280, 720), (720, 1280)
# What goes wrong where the file lies, rather than with the task.
AT_THE_LINK = ("expired", "slow", "huge", "endless", "private", "page")
_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


def begin(order: Order, dialect: str, tasks: Tasks) -> Task:
    """The task. Raises Declined for what is refused at once."""
    first = _frames(order)[0]
    if order.request.model.startswith("sora") and first and picture.read(first).size != size(order):
        raise Declined("Inpaint image must match the requested width and height", param="input_reference")
    if order.request.task == "remix" and tasks.find(order.request.of) is None:
        raise Declined(f"Video '{order.request.of}' not found.", code="not_found", status=404)
    id = new_id(dialect, order.request.model)
    return tasks.begin(Task(id, dialect, order, tasks.clock(), _finish))


def size(order: Order) -> tuple[int, int]:
    """From pixels, a ratio, or which side is longer; the last are B's words."""
    wanted = order.setting("size", "aspect_ratio", "metadata.aspectRatio", "aspectRatio", "orientation")
    if wanted in ("portrait", "9:16"):
        return PORTRAIT
    ratio = picture.sized(wanted, PORTRAIT if order.maker.name == "sandbox-video" else LANDSCAPE)
    return (ratio[0] * 1280 // 1024, ratio[1] * 1280 // 1024) if ":" in wanted else ratio


def seconds(order: Order) -> float:
    wanted = order.setting("seconds", "duration", "metadata.durationSeconds", "durationSeconds")
    return min(max(float(wanted), 0.5), MOST_SECONDS) if _NUMBER.fullmatch(wanted) else USUAL_SECONDS


def content(task: Task) -> str:
    """The name of the file, which is there from now on."""
    order, name = task.order, f"{task.order.number}.mp4"
    order.files.put(name, film.MEDIA_TYPE, lambda: _film(order), _at_the_link(order), order.maker.seconds)
    return name


def thumbnail(task: Task) -> str:
    order, name = task.order, f"{task.order.number}.jpg"
    order.files.put(name, "image/jpeg", lambda: film.poster(_said(order), size(order), first=_frames(order)[0]))
    return name


def _finish(task: Task) -> MediaReply:
    base = task.order.base
    if task.order.maker.fault == "elsewhere":
        # The same machine by another name: to a client another host, which must not be given its key.
        base = base.replace("127.0.0.1", "localhost") if "127.0.0.1" in base else base.replace("localhost", "127.0.0.1")
    url = f"{base}{task.order.files.path(content(task))}"
    poster = f"{base}{task.order.files.path(thumbnail(task))}"
    length = seconds(task.order)
    made = Made("video", film.MEDIA_TYPE, url=url, poster=poster, seconds=length)
    return MediaReply("succeeded", task.id, 100, (made,), usage=Usage(), unit="second", units=length)


def _film(order: Order) -> bytes:
    first, last = _frames(order)
    made = film.film(_said(order), size(order), seconds(order), first=first, last=last)
    # What begins like a film and cannot be read: its index is cut off and its middle overwritten.
    return made[:40] + PAGE + made[400 : len(made) // 2] if order.maker.fault == "broken" else made


def _at_the_link(order: Order) -> str:
    return order.maker.fault if order.maker.fault in AT_THE_LINK else ""


def _said(order: Order) -> str:
    return f"{order.said()} (remix)" if order.request.task == "remix" else order.said()


def _frames(order: Order) -> tuple[bytes, bytes]:
    first = order.inputs("first_frame", "image", "reference")
    last = order.inputs("last_frame")
    try:
        for data in (*first, *last):
            picture.read(data)
    except picture.NotAPicture as error:
        raise Declined(str(error), param="image") from error
    return first[0] if first else b"", last[0] if last else b""
