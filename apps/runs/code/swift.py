"""Swift 5.5 and later, with Foundation alone."""

import re

from .literals import json_text, quoted, unused
from .sample import VARIABLE, Sample

_ENCODED = """
func encoded(_ name: String) throws -> String {
    try Data(contentsOf: URL(fileURLWithPath: name)).base64EncodedString()
}
"""
_READING = """let (bytes, _) = try await URLSession.shared.bytes(for: request)
for try await line in bytes.lines {
    print(line)
}
"""


def quote(text: str) -> str:
    return quoted(text, lambda code: f"\\u{{{code:x}}}" if not 0xD800 <= code < 0xE000 else "\\u{fffd}")


def write(sample: Sample) -> str:
    headers = "".join(
        f"request.setValue({_with_key(pieces)}, forHTTPHeaderField: {quote(name)})\n" for name, pieces in sample.headers
    )
    sent = "" if sample.body is None else "request.httpBody = Data(body.utf8)\n"
    return (
        "import Foundation\n"
        + (_ENCODED if sample.files else "")
        + f'\nlet key = ProcessInfo.processInfo.environment["{VARIABLE}"]!\n'
        + _body(sample)
        + f"var request = URLRequest(url: URL(string: {_with_key(sample.url)})!)\n"
        + f"request.httpMethod = {quote(sample.method)}\n{headers}{sent}\n{_READING}"
    )


def _with_key(pieces: tuple[str, ...]) -> str:
    texts = [quote(piece) if piece else "" for piece in pieces]
    both = [item for text in texts for item in (text, "key")][:-1]
    return " + ".join(filter(None, both)) or '""'


def _body(sample: Sample) -> str:
    if sample.body is None:
        return ""
    plain = json_text(sample.body, lambda name: name)
    words = {name: unused(plain, f"file{number}") for number, name in enumerate(sample.files, 1)}
    text = json_text(sample.body, words.__getitem__)
    filled = "".join(
        f"\n    .replacingOccurrences(of: {quote(word)}, with: try encoded({quote(name)}))"
        for name, word in words.items()
    )
    return f"let body = {_raw(text)}{filled}\n"


def _raw(text: str) -> str:
    """A raw string with more # around it than stand anywhere in it: then neither quotes nor backslashes end it."""
    hashes = "#" * (max(map(len, re.findall("#+", text)), default=0) + 1)
    return f'{hashes}"""\n{text}\n"""{hashes}'
