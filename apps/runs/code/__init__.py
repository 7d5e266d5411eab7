"""The request of a call as code in the languages that people use: one module a language, over one description."""

from collections.abc import Callable, Sequence

import msgspec

from . import curl, java, javascript, javascript_sdk, python, python_sdk, swift
from .sample import Sample, sample

__all__ = ["LANGUAGES", "Language", "Sample", "find", "languages", "sample"]

HTTP, SDK = "http", "sdk"


class Language(msgspec.Struct, frozen=True):
    """`writers` by client: plain HTTP, and the vendor's own SDK where there is one; `suffix` is of a file of it.

    `forms` says whether it writes forms with files, and replies that are files.
    """

    name: str
    label: str
    suffix: str
    writers: dict[str, Callable[[Sample], str]]
    forms: bool = True


LANGUAGES = (
    Language("curl", "curl", "sh", {HTTP: curl.write}),
    Language("python", "Python", "py", {HTTP: python.write, SDK: python_sdk.write}),
    Language("javascript", "JavaScript", "mjs", {HTTP: javascript.write, SDK: javascript_sdk.write}),
    Language("java", "Java", "java", {HTTP: java.write}, forms=False),
    Language("swift", "Swift", "swift", {HTTP: swift.write}, forms=False),
)


def languages(sample: Sample) -> list[Language]:
    """Those that can say it."""
    return [each for each in LANGUAGES if each.forms or not (sample.form or sample.saves)]


def find(name: str, among: Sequence[Language] = LANGUAGES) -> Language:
    """The language of that name, or the first."""
    return next((language for language in among if language.name == name), among[0])
