"""What each format can say: one module a format, named as it is, with the same names in each.

streams()       the events of a whole stream, as its decoder would number, order and end them
replies()       the events of an answer that both a stream and a whole reply can say
requests        generation requests that the format can say in full
spoiled()       recorded streams with a few bytes replaced, dropped or put in
odd_documents   JSON values in the format's words that no sane upstream would send
odd_requests    HTTP requests in the format's words that no sane client would send, a few at a time
"""

from importlib import import_module
from types import ModuleType


def of(format: str) -> ModuleType:
    return import_module(f"{__name__}.{format}")
