"""What has come of a job while its answer is still on its way: seen by pages of this process, gone at its end."""

import threading

from apps.wire.media.speech.formats import body_of, endless, kind_of


class Live:
    """Filled on the event loop, read from any thread. `images` is by index (media type, bytes), `sound` in its pieces,
    of the media type `sound_type`; "" where nobody can say. `cut` is the sound of the request that is on its way now.

    `version` grows with each change: `wait` gives it once it is another one than was seen.
    """

    def __init__(self) -> None:
        self.text, self.sound_type, self._declared = "", "", ""
        self.images: dict[int, tuple[str, bytes]] = {}
        self.sound: list[bytes] = []
        self.cut: list[bytes] = []
        self.done = False
        self.version = 0
        self._changed = threading.Condition()

    @property
    def sounds(self) -> bool:
        return bool(self.sound)

    @property
    def pictures(self) -> list[int]:
        """The indexes of those that there are."""
        return sorted(self.images)

    def picture(self, index: int) -> tuple[str, bytes] | None:
        return self.images.get(index)

    def pieces(self, begin: int) -> list[bytes]:
        """Those of the sound from that one on."""
        return self.sound[begin:]

    def declare(self, content_type: str) -> None:
        """What the reply says that it is."""
        self._declared = content_type if content_type.startswith("audio/") else ""

    def hear(self, data: bytes) -> None:
        if not self.sound:
            self.sound_type = kind_of(data, self._declared)
        begins, follows = not self.sound, not self.cut
        self.cut.append(data)
        if begins and self.sound_type == "audio/wav":
            data = endless(data)
        elif follows and not begins:
            data = body_of(data, self.sound_type)
        self.sound.append(data)

    def change(self) -> None:
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def end(self) -> None:
        self.done = True
        self.change()

    def wait(self, seen: int, seconds: float) -> int:
        """The newest version, after at most so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.done or self.version != seen, seconds)
            return self.version
