"""Speech and its recognition: real (English) with the extra `speech`, else tones, and a sentence that says so."""

import re
import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from . import seeds, songs, sound

if TYPE_CHECKING:
    import numpy as np

HEARING_RATE, HEARING_FRAMES = 16_000, 100
FIXED = "This is the sandbox. It heard a sound of {seconds} seconds and has nobody who understands speech."
VOICES = {"alloy": 1.0, "coral": 1.03, "nova": 1.06, "shimmer": 1.08, "sage": 0.97, "ballad": 0.94, "verse": 0.9}
LOW, HIGH = 0.88, 1.08
SPOKEN_MOST = 4096
# Neither engine may be used by two threads at once.
_speaking, _hearing = threading.Lock(), threading.Lock()
_SILENCE = re.compile(r"<.*?>|\[.*?\]")


@dataclass(frozen=True, slots=True)
class Word:
    """`start` and `end` in seconds."""

    word: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Heard:
    seconds: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.word for word in self.words)


def can_speak() -> bool:
    return find_spec("hibari") is not None


def can_hear() -> bool:
    return find_spec("pocketsphinx") is not None


def say(text: str, voice: str = "alloy", speed: float = 1.0, *, really: bool = True) -> "np.ndarray":
    """Samples of the text being read, each voice higher or lower than the next."""
    if really and can_speak() and re.search("[A-Za-z0-9]", text):
        return _spoken(text[:SPOKEN_MOST], _height(voice), speed)
    return _resampled(songs.syllables(text), max(0.25, min(speed, 4.0)))


def hear(data: bytes, *, really: bool = True) -> Heard:
    """What is said in a sound or film. Raises NotASound."""
    samples = sound.decoded(data, HEARING_RATE)
    seconds = sound.seconds(samples, HEARING_RATE)
    if really and can_hear() and (words := _recognised(samples)):
        return Heard(seconds, words)
    return Heard(seconds, _spread(FIXED.format(seconds=round(seconds, 1)), seconds))


def _height(voice: str) -> float:
    return VOICES.get(voice) or seeds.between(LOW, HIGH, voice)


def _spoken(text: str, height: float, speed: float) -> "np.ndarray":
    """There is one voice: the others are it, played faster or slower, and read slower or faster before that."""
    import numpy as np

    with _speaking:
        wave = _voice()(text, speed=max(0.5, min(speed / height, 2.0)), seed=1)
    loud = np.clip(wave * 2.5, -1, 1) * 32_000
    return _resampled(loud.astype(np.int16), height) if len(wave) else songs.syllables(text)


def _resampled(samples: "np.ndarray", pace: float) -> "np.ndarray":
    import numpy as np

    if pace == 1.0:
        return samples
    places = np.arange(0, len(samples) - 1, pace)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.int16)


def _recognised(samples: "np.ndarray") -> tuple[Word, ...]:
    with _hearing:
        ears = _ears()
        ears.start_utt()
        ears.process_raw(samples.astype("<i2").tobytes(), full_utt=True)
        ears.end_utt()
        found = list(ears.seg() or ())
    spoken = [entry for entry in found if not _SILENCE.fullmatch(entry.word)]
    return tuple(
        Word(entry.word.partition("(")[0], entry.start_frame / HEARING_FRAMES, (entry.end_frame + 1) / HEARING_FRAMES)
        for entry in spoken
    )


def _spread(text: str, seconds: float) -> tuple[Word, ...]:
    """The words over the whole time, each as long as the next."""
    words = text.split()
    each = seconds / len(words)
    return tuple(Word(word, round(place * each, 3), round((place + 1) * each, 3)) for place, word in enumerate(words))


@cache
def _voice():
    from hibari import Hibari

    return Hibari()


@cache
def _ears():
    from pocketsphinx import Decoder

    return Decoder(samprate=HEARING_RATE, cmn="batch", loglevel="FATAL")
