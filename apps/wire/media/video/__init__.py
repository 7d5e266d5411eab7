"""Dialects of the family video: four ways to the same tasks, read by one state machine (see `..tasks`)."""

from ..dialect import Dialect
from . import create, generations, openai, v2

DIALECTS: tuple[Dialect, ...] = (openai.DIALECT, v2.DIALECT, create.DIALECT, generations.DIALECT)
