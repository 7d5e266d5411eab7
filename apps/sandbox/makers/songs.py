"""Short synthesised songs: chords, a melody and a beat that their words decide."""

import math
from typing import TYPE_CHECKING

from apps.wire.sound import RATE

from . import seeds

if TYPE_CHECKING:
    import numpy as np

BEAT = 0.5
SCALES = ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10))
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
LOUD = 9000
OVERTONES = ((1, 1.0), (2, 0.4), (3, 0.15))


def song(said: str, seconds: float, *, sings: bool = True) -> "np.ndarray":
    """Samples. One that sings has a melody above its chords, an instrumental plucks in place of it."""
    import numpy as np

    length = int(seconds * RATE)
    mixed = np.zeros(length + RATE, dtype=np.float64)
    root, scale = 45 + seeds.of(said, "root") % 12, SCALES[seeds.of(said, "mode") % 2]
    for beat in range(int(seconds / BEAT)):
        at = int(beat * BEAT * RATE)
        chord = CHORDS[(beat // 4 + seeds.of(said, "turn")) % 4]
        if beat % 4 == 0:
            for note in chord:
                _add(mixed, at, _tone(_pitch(root + note), BEAT * 4, 0.16, slow=True))
        note = scale[seeds.of(said, beat) % len(scale)] + 12 * (1 + seeds.of(said, beat, "octave") % 2)
        _add(mixed, at, _tone(_pitch(root + note), BEAT * (1.0 if sings else 0.5), 0.35, slow=sings))
        if beat % 2:
            _add(mixed, at, _brush(said, beat))
    return _faded(np.clip(mixed[:length], -3, 3) * LOUD)


def tone(seconds: float, pitch: float = 440.0) -> "np.ndarray":
    """Samples of one soft tone."""
    return _faded(_tone(pitch, seconds, 0.9, slow=True) * LOUD)


def syllables(said: str) -> "np.ndarray":
    """A tone for each word, as long as the word, higher and lower: plainly no speech."""
    import numpy as np

    words = said.split()[:200] or ["…"]
    found = [tone(0.06 * min(len(word), 12) + 0.08, 260 + seeds.of(word) % 240) for word in words]
    return np.concatenate(found)


def _tone(pitch: float, seconds: float, volume: float, *, slow: bool) -> "np.ndarray":
    import numpy as np

    time = np.arange(int(seconds * RATE)) / RATE
    wave = sum(loud * np.sin(math.tau * pitch * times * time) for times, loud in OVERTONES)
    shape = np.sin(np.pi * np.minimum(time / seconds, 1)) ** 0.5 if slow else np.exp(-6 * time / seconds)
    return volume * wave * shape


def _brush(said: str, beat: int) -> "np.ndarray":
    import numpy as np

    noise = np.random.default_rng(seeds.of(said, beat, "brush")).normal(size=RATE // 12)
    return 0.12 * noise * np.linspace(1, 0, len(noise)) ** 3


def _add(mixed: "np.ndarray", at: int, wave: "np.ndarray") -> None:
    room = mixed[at : at + len(wave)]
    room += wave[: len(room)]


def _faded(samples: "np.ndarray") -> "np.ndarray":
    """Without a click at either end."""
    import numpy as np

    edge = min(len(samples) // 2, RATE // 50)
    if edge:
        samples[:edge] *= np.linspace(0, 1, edge)
        samples[-edge:] *= np.linspace(1, 0, edge)
    return samples.astype(np.int16)


def _pitch(note: int) -> float:
    return 440.0 * 2 ** ((note - 69) / 12)
