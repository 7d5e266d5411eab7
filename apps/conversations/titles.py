"""Titles of conversations: the first words of the first prompt, and what a model answered when asked for one."""

import re

FIRST_WORDS = 60
LONGEST = 80

_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\s]{0,2000}\)")
_MARKS = re.compile(r"`+|~~+|\*\*+|(?<![\w\s])\*|(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|\$\$|<[^<>\n]{1,200}>")
_LINE_START = re.compile(r"^(?:\s|>|#+\s|[-*+]\s(?:\[[ xX]\]\s)?|\d{1,3}[.)]\s|\|)+")
_RULE = re.compile(r"^[\s\-=*_|:+~`]+$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_LABEL = re.compile(
    r"^(?:(?:conversation|chat|suggested)\s+)?(?:title|标题|題目|标題|題名)\s*[:：\-–—]\s*", re.IGNORECASE
)
_QUOTES = "\"'“”‘’«»‹›「」『』《》〈〉„‚`*_ "
_NONE = {"", "new chat", "untitled", "title", "none", "null", "n/a", "标题", "无标题", "新对话"}


def first_words(text: str) -> str:
    """The first line that says something, without Markdown, cut to 60 characters at a word; "" if none does."""
    # Only the beginning can matter, and a prompt may be megabytes.
    for line in text[:4000].splitlines():
        if words := _plain(line):
            return _shorten(words, FIRST_WORDS)
    return ""


def clean(answer: str) -> str | None:
    """A model's answer as a title of one line and at most 80 characters; None if there is nothing of use in it."""
    words = next((words for line in answer[:4000].splitlines() if (words := _untitled(_plain(line)))), "")
    words = _shorten(words, LONGEST)
    return words if words.lower() not in _NONE and any(map(str.isalnum, words)) else None


def _plain(line: str) -> str:
    if _RULE.match(line) or _FENCE.match(line):
        return ""
    line = _MARKS.sub("", _LINK.sub(r"\1", _LINE_START.sub("", line)))
    return " ".join("".join(char if char.isprintable() else " " for char in line).split())


def _untitled(line: str) -> str:
    """Without the label and the quotes that models put around a title, in whichever order they come."""
    return _LABEL.sub("", line.strip(_QUOTES)).strip(_QUOTES).rstrip(_QUOTES + ".。")


def _shorten(words: str, most: int) -> str:
    """Cut before the last word that does not fit; a script without spaces is cut between characters."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    inside_word = cut[-1].isascii() and words[most - 1].isascii() and not words[most - 1].isspace()
    if inside_word and (space := cut.rfind(" ")) > most // 2:
        cut = cut[:space]
    return cut.rstrip(" ,;:，；：、") + "…"
