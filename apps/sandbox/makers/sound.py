"""Sound as samples (24 kHz, one channel, 16 bits) and as files of every format, by PyAV."""

import io
from typing import TYPE_CHECKING

from apps.wire.sound import RATE, wav

if TYPE_CHECKING:
    import numpy as np

TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
# The container, the codec, and how the codec takes its samples.
CODECS = {
    "mp3": ("mp3", "libmp3lame", "s16p"),
    "opus": ("ogg", "libopus", "s16"),
    "aac": ("adts", "aac", "fltp"),
    "flac": ("flac", "flac", "s16"),
}
LONGEST_SECONDS = 3600


class NotASound(Exception):
    """These bytes are no sound that can be read."""


def encoded(samples: "np.ndarray", format: str, title: str = "") -> bytes:
    """The samples as a file of that format; an unknown one gives WAV."""
    if format == "pcm":
        return samples.astype("<i2").tobytes()
    if format not in CODECS:
        return wav(samples.astype("<i2").tobytes())
    import av

    container, codec, layout = CODECS[format]
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        if title and format != "aac":
            output.metadata["title"] = title
        stream = output.add_stream(codec, rate=RATE, layout="mono", format=layout)
        add(output, stream, samples)
    return file.getvalue()


def add(output, stream, samples: "np.ndarray") -> None:
    """Encodes the samples into the stream of a container, to its end."""
    import av

    frame = av.AudioFrame.from_ndarray(samples.astype("int16").reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts = RATE, 0
    context = stream.codec_context
    resampler = av.AudioResampler(context.format, context.layout, context.sample_rate, context.frame_size or 1024)
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        output.mux(stream.encode(piece))
    output.mux(stream.encode(None))


def decoded(data: bytes, rate: int = RATE) -> "np.ndarray":
    """The samples of any file that has sound, one channel at that rate. Raises NotASound."""
    import av
    import numpy as np

    resampler = av.AudioResampler("s16", "mono", rate)
    pieces: list[np.ndarray] = []
    length = 0
    try:
        with av.open(io.BytesIO(data)) as source:
            for frame in source.decode(audio=0):
                for piece in resampler.resample(frame):
                    pieces.append(piece.to_ndarray()[0])
                    length += len(pieces[-1])
                if length > LONGEST_SECONDS * rate:
                    raise NotASound("The audio is too long.")
        pieces += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise NotASound("Invalid file format.") from error
    if not pieces:
        raise NotASound("The audio file is empty.")
    return np.concatenate(pieces)


def seconds(samples: "np.ndarray", rate: int = RATE) -> float:
    return round(len(samples) / rate, 3)
