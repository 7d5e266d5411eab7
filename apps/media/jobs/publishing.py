"""What has come of a job so far, laid where other processes find it: see `elsewhere`."""

import uuid
from typing import Any

from django.core.cache import cache

from .live import Live

# Seconds for which a piece is there: also for a page that begins late, or a worker that died.
KEPT = 600


def key_of(job_id: uuid.UUID) -> str:
    return f"job.{job_id}"


class Publisher:
    """Lays there what is new. `put` takes its time: not for the event loop, and one at a time."""

    def __init__(self, job_id: uuid.UUID, live: Live):
        self._key, self._live = key_of(job_id), live
        self._heard = self._pieces = 0
        self._pictures: dict[int, tuple[str, bytes]] = {}

    def put(self) -> None:
        live, found = self._live, dict[str, Any]()
        done = live.done
        if sound := live.sound[self._heard :]:
            found[f"{self._key}.sound.{self._pieces}"] = b"".join(sound)
            self._heard += len(sound)
            self._pieces += 1
        for index, picture in list(live.images.items()):
            if self._pictures.get(index) != picture:
                self._pictures[index] = picture
                found[f"{self._key}.image.{index}"] = picture
        told = {"text": live.text, "type": live.sound_type, "pieces": self._pieces, "images": sorted(self._pictures)}
        cache.set_many(found | {self._key: told | {"version": live.version, "done": done}}, KEPT)
