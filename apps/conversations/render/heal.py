"""The last line of a text that is still being written, made presentable.

What opens a construct is not shown as a raw marker: emphasis and code are closed for the moment, half a link is its
text, half a tag, formula or fence waits until it can be told what it is. Only the last line is looked at.
"""

import re

_BARE = re.compile(r"[ \t>]*(?:[-+*_=]{1,3}|[0-9]{1,9}[.)]?|#{1,6}|`{1,2}|~{1,2}|\||(?:[-*+][ \t]+)?\[[ xX]?\]?)[ \t]*")
_PREFIX = re.compile(r"[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+|#{1,6}[ \t]+)?")
_HALF = re.compile(r"(?:<(?:[/!]?[a-zA-Z][^\s<>]{0,200})?|&#?[a-zA-Z0-9]{0,31}|\\|!)$")
_MARKER = re.compile(r"\\.|`+|\*{1,3}|_{1,3}|~~")
_DELIMITERS = re.compile(r"[ \t|:-]*")
_FORMULA = re.compile(
    r"""
    (?<![\\$A-Za-z0-9])\$(?![\s$0-9])[^$]*$
  | (?<!\\)\$\$[^$]*\$?$
  | (?<!\\)\\[(\[](?:[^\\]|\\[^)\]])*\\?$
""",
    re.VERBOSE,
)
_WAIT = 200  # characters of a half construct that may be held back


def heal(text: str) -> str:
    """Markdown that reads as the text will once its last line is complete."""
    at = text.rfind("\n") + 1
    head, line = text[:at], text[at:]
    if _BARE.fullmatch(line):
        return _table(head, "")
    begin = _PREFIX.match(line).end()
    return _table(head, line[:begin] + _emphasis(_link(_half(line[begin:]))))


def _table(head: str, line: str) -> str:
    """A first row that starts with a bar heads a table, before the row of dashes under it has come."""
    _start, before, previous, _end = ["", "", "", *head.rsplit("\n", 3)][-4:]
    if _is_row(line) and not previous.strip():
        return f"{head}{line}\n{_dashes(line)}"
    if _is_row(previous) and not before.strip() and _DELIMITERS.fullmatch(line):
        return head + _dashes(previous)
    return head + line


def _is_row(line: str) -> bool:
    return line.lstrip(" ").startswith("|")


def _dashes(row: str) -> str:
    return "|---" * len(row.strip().strip("|").split("|")) + "|"


def _half(line: str) -> str:
    """The line without the tag, the entity or the formula that has only begun at its end."""
    for pattern in (_HALF, _FORMULA):
        started = pattern.search(line, max(len(line) - _WAIT, 0))
        line = line[: started.start()] if started else line
    return line


def _link(line: str) -> str:
    """`[text](https://ex` is its text for now; half a picture is nothing yet."""
    middle = line.rfind("](")
    if middle >= 0 and ")" not in line[middle:]:
        start = line.rfind("[", 0, middle)
        return line if start < 0 else _linked(line, start, line[start + 1 : middle])
    start = line.rfind("[")
    if start < 0 or "]" in line[start:]:
        return line
    if line.startswith("^", start + 1):
        return line[:start]
    return line if line[max(start - 1, 0) : start].isalnum() else _linked(line, start, line[start + 1 :])


def _linked(line: str, start: int, text: str) -> str:
    return line[: start - 1] if line[:start].endswith("!") else line[:start] + text


def _emphasis(line: str) -> str:
    """The line with what is open in it closed in the reverse order."""
    opened: list[str] = []
    code, code_at, spare = "", 0, 0
    for match in _MARKER.finditer(line):
        mark = match[0]
        if mark[0] == "`":
            code, code_at = ("", 0) if mark == code else (code, code_at) if code else (mark, match.start())
        elif not code and mark[0] != "\\":
            before = line[match.start() - 1 : match.start()] if match.start() else ""
            spare = _turn(opened, mark, before, line[match.end() : match.end() + 1])
    if code:
        bare = line.rstrip("`")
        space = " " if line.startswith(" ", code_at + len(code)) else ""
        line = bare + space + code if code_at < len(bare) else line[:code_at]
    elif spare and line.endswith(("*", "_", "~")):
        line = line[:-spare]
    return line.rstrip() + "".join(reversed(opened)) if opened else line


def _turn(opened: list[str], mark: str, before: str, after: str) -> int:
    """Lets one run of markers close and open what it can; gives how many characters of it did neither."""
    size = len(mark)
    if before.strip():
        while opened and opened[-1][0] == mark[0] and len(opened[-1]) <= size:
            size -= len(opened.pop())
    inside_word = before.isascii() and before.isalnum() and (mark[0] == "_" or mark == "*")
    if not size or not after.strip() or inside_word:
        return size
    opened.extend([mark[0] * 2] * (size // 2) + [mark[0]] * (size % 2))
    return 0
