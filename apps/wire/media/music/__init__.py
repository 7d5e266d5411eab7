"""Dialects of the family music: Suno, as gateways offer it."""

from ..dialect import Dialect
from .parameters import inputs_of, parameters_of, tasks
from .poll import parse_poll, poll, poll_reader, write_poll
from .reply import missing, reader, write
from .request import build, parse, units
from .uploads import BRINGS

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="suno",
        label="Suno",
        family="music",
        build=build,
        parse=parse,
        reader=reader,
        write=write,
        parameters=parameters_of,
        inputs=inputs_of,
        tasks=tasks,
        poll=poll,
        poll_reader=poll_reader,
        parse_poll=parse_poll,
        write_poll=write_poll,
        units=units,
        brings=BRINGS,
        missing=missing,
    ),
)
