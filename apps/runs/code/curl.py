"""A command for a POSIX shell. Between single quotes nothing means anything but the next single quote."""

from .literals import json_text
from .sample import VARIABLE, FormPart, Sample

# Linux refuses one argument of more than 128 KB; `printf` is part of the shell and takes any.
_ARGUMENT = 100_000
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_./:=?&%,;+@")


def write(sample: Sample) -> str:
    options = [_with_key(f"{name}: ", pieces) for name, pieces in sample.headers]
    lines = [
        f"curl --no-buffer --fail-with-body {_with_key('', sample.url)}",
        *(f"  -H {option}" for option in options),
    ]
    if sample.method != "POST":
        lines.insert(1, f"  -X {quote(sample.method)}")
    if sample.saves:
        lines.append(f"  --output {quote(sample.saves)}")
    if sample.form:
        return _command([*lines, *map(_part, sample.form)])
    if sample.body is None:
        return _command(lines)
    text = json_text(sample.body, lambda name: f"\0{name}\0")
    if not sample.files and len(text.encode()) < _ARGUMENT:
        return _command([*lines, f"  --data-raw {quote(text)}"])
    return "\n".join(["{", *_printed(text.split("\0")), f"}} | {_command([*lines, '  --data-binary @-'])}"])


def _part(part: FormPart) -> str:
    """A text goes as it is: only for files does @ mean one."""
    if not part.file:
        return f"  --form-string {quote(f'{part.field}={part.text}')}"
    kind = f";type={part.media_type}" if part.media_type else ""
    return "  -F " + quote(f'{part.field}=@"{part.file}"{kind}')


def _command(lines: list[str]) -> str:
    return " \\\n".join(lines) + "\n"


def _printed(pieces: list[str]) -> list[str]:
    """Pieces of JSON in turn with names of files."""
    lines = []
    for text, name in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        lines.append(f"  printf %s {quote(text)}")
        if name:
            lines.append(f"  base64 < {quote(name)} | tr -d '\\n'")
    return lines


def quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _with_key(start: str, pieces: tuple[str, ...]) -> str:
    pieces = (start + pieces[0], *pieces[1:])
    if len(pieces) == 1:
        return quote(pieces[0])
    if all(_PLAIN.issuperset(piece) for piece in pieces):
        return '"' + f"${{{VARIABLE}}}".join(pieces) + '"' if pieces[-1] else f'"{pieces[0]}${VARIABLE}"'
    return f'"${VARIABLE}"'.join(quote(piece) for piece in pieces)
