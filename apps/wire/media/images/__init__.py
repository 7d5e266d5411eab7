"""Dialects of the family images: OpenAI's endpoints, Gemini's own, and chat models that draw."""

from ..dialect import Dialect
from . import chat, gemini, openai

DIALECTS: tuple[Dialect, ...] = (openai.DIALECT, gemini.DIALECT, chat.DIALECT)
