"""The request of a call as code in the languages that people use: one module a language, over one description."""

from collections.abc import Callable

import msgspec

from . import curl, java, javascript, javascript_sdk, python, python_sdk, swift
from .sample import Sample, sample

__all__ = ["LANGUAGES", "Language", "Sample", "find", "sample"]

HTTP, SDK = "http", "sdk"


class Language(msgspec.Struct, frozen=True):
    """`writers` by client: plain HTTP, and the vendor's own SDK where there is one; `suffix` is of a file of it."""

    name: str
    label: str
    suffix: str
    writers: dict[str, Callable[[Sample], str]]


LANGUAGES = (
    Language("curl", "curl", "sh", {HTTP: curl.write}),
    Language("python", "Python", "py", {HTTP: python.write, SDK: python_sdk.write}),
    Language("javascript", "JavaScript", "mjs", {HTTP: javascript.write, SDK: javascript_sdk.write}),
    Language("java", "Java", "java", {HTTP: java.write}),
    Language("swift", "Swift", "swift", {HTTP: swift.write}),
)


def find(name: str) -> Language:
    """The language of that name, or the first."""
    return next((language for language in LANGUAGES if language.name == name), LANGUAGES[0])
