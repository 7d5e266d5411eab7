"""Likely secrets in what is about to be shared: found, and taken out wherever and however they are written."""

import copy
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from apps.usage.elision import Moves

from .content import changed, texts
from .written import Written

MARK = "[removed]"
_START = r"(?<![A-Za-z0-9])"
_NAMES = r"(?i)(?:pass(?:word|wd|phrase)?|pwd|secret|token|(?:api|access)[_-]?key|密码|密钥)"
_SAID = _NAMES + r"[\"']?\s*(?:[:=：]|是|\bis\b)\s*"
_VENDORS = "|".join(
    (
        r"sk-[A-Za-z0-9_-]{16,}",  # OpenAI, Anthropic, OpenRouter, DeepSeek and gateways
        r"AIza[A-Za-z0-9_-]{35}",  # Google
        r"ya29\.[A-Za-z0-9_-]{20,}",
        r"(?:AKIA|ASIA)[A-Z0-9]{16}",  # AWS
        r"(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{20,}",
        r"glpat-[A-Za-z0-9_-]{16,}",
        r"xox[a-z]-[A-Za-z0-9-]{10,}",  # Slack
        r"hooks\.slack\.com/services/[A-Za-z0-9/]{20,}",
        r"(?:hf|gsk|r8|npm|dckr_pat|sntrys|lin_api|xai|pplx|nvapi|fw|tgp_v1|dop_v1|shpat|rubygems)[_-][A-Za-z0-9_-]{16,}",
        r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}",  # Stripe
        r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",  # SendGrid
        r"pypi-[A-Za-z0-9_-]{16,}",
        r"[0-9]{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9])",  # Telegram
    )
)
# The first group is the secret itself, so that the words around it stay.
KINDS: tuple[tuple[str, Any, re.Pattern[str]], ...] = (
    (
        "private",
        _("private key"),
        re.compile(
            r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z))", re.DOTALL
        ),
    ),
    ("jwt", _("web token"), re.compile(_START + r"(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)")),
    ("vendor", _("API key"), re.compile(f"{_START}({_VENDORS})")),
    ("bearer", _("bearer token"), re.compile(r"(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/-]{12,}=*)")),
    ("password", _("password"), re.compile(r"://([^\s/:@\"'<>]{1,80}:[^\s/@\"'<>]{1,200})@")),
    ("password", _("password"), re.compile(_SAID + r"[\"'“]([^\"'”\n]{6,200})[\"'”]")),
    ("assigned", _("password"), re.compile(_SAID + r"([^\s\"',;<>]{6,200})")),
    ("email", _("email"), re.compile(r"([A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})")),
    ("random", _("random-looking text"), re.compile(r"(?<![A-Za-z0-9+/_=-])([A-Za-z0-9+/_=-]{24,})")),
)
_CODE = frozenset("()[]{}$")  # of what is computed, and of our own mark
# What stands behind the word in schemas and code.
_NO_PASSWORDS = {"string", "number", "integer", "boolean", "object", "password", "secret", "required", "optional"}
_READABLE = re.compile(r"[0-9]{1,10}|[A-Za-z]{1,12}[0-9]{0,4}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FILE = "file"
_LABELS = {FILE: _("file with likely secrets in it")} | {kind: label for kind, label, _pattern in KINDS}


class Finding(msgspec.Struct, frozen=True):
    """A likely secret; `key` stands for it in a form."""

    key: str
    kind: str
    text: str
    count: int

    @property
    def label(self) -> str:
        return str(_LABELS[self.kind])


def find(data: Mapping[str, Any]) -> list[Finding]:
    """What stands in the texts of dumped content, each once; a whole one hides those within it."""
    counts: Counter[str] = Counter()
    kinds: dict[str, str] = {}
    for text in texts(data):
        plain = Written(text).text
        for kind, secret in _spans(plain):
            counts[secret] += 1
            kinds.setdefault(secret, kind)
    names = data.get("files", {})
    files = [Finding(id, FILE, names.get(id, ""), count) for id, count in data.get("suspects", {}).items()]
    return files + [Finding(_key(secret), kinds[secret], secret, counts[secret]) for secret in kinds]


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()[:16]


def _spans(text: str) -> Iterable[tuple[str, str]]:
    taken = bytearray(len(text))
    for kind, _label, pattern in KINDS:
        for found in pattern.finditer(text):
            start, end = found.span(1)
            if 1 not in taken[start:end] and _is_likely(kind, found):
                taken[start:end] = b"\1" * (end - start)
                yield kind, found[1]


def _is_likely(kind: str, found: re.Match[str]) -> bool:
    if kind == "assigned":
        return any(map(str.isdigit, found[1])) and not _CODE.intersection(found[1])
    if kind != "random":
        return found[1].lower() not in _NO_PASSWORDS
    if found.string.endswith("base64,", 0, found.start()):
        return False
    word = _UUID.sub("", found[1]).strip("=-_/")
    return _is_mixed(word) and not _reads_as_words(word) and _entropy(word) > 3.3


def _is_mixed(word: str) -> bool:
    digits = sum(letter.isdigit() for letter in word)
    return len(word) >= 24 and digits >= 2 and any(letter.isalpha() for letter in word)


def _reads_as_words(word: str) -> bool:
    """Names such as `claude-sonnet-4-5-20250929` and paths are long, but of pieces that a person reads."""
    pieces = [piece for piece in re.split(r"[-_/+=]", word) if piece]
    readable = [piece for piece in pieces if _READABLE.fullmatch(piece)]
    return len(pieces) > 1 and sum(map(len, readable)) >= 0.7 * sum(map(len, pieces))


def _entropy(word: str) -> float:
    """Bits for each letter."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())


def remove(data: Mapping[str, Any], found: Iterable[Finding]) -> dict[str, Any]:
    """Dumped content without these, in every text of it; citations go on pointing at what they pointed at."""
    unwanted = list(found)
    files = {each.key for each in unwanted if each.kind == FILE}
    wanted = [each.text.lower() for each in unwanted if each.kind != FILE]
    plain = {name: value for name, value in data.items() if name != "suspects"}
    done = changed(plain, lambda text: _cut(text, wanted)[0]) if wanted else copy.deepcopy(plain)
    done["files"] = {id: name for id, name in done.get("files", {}).items() if id not in files}
    for before, after in zip(_threads(plain), _threads(done), strict=True):
        _move_citations(before, after, wanted)
        for turn in after:
            _leave_out(turn, files)
    return done


def _leave_out(turn: dict, files: set[str]) -> None:
    """What tools found stays with the place of its part."""
    found, parts = turn.get("found", {}), turn.get("parts", ())
    kept = [place for place, part in enumerate(parts) if part.get("asset") not in files]
    turn["parts"] = [parts[place] for place in kept]
    turn["found"] = {str(now): found[str(place)] for now, place in enumerate(kept) if str(place) in found}


def _threads(data: Mapping[str, Any]) -> list[Sequence[dict]]:
    return [data["turns"], *(branch["turns"] for branch in data.get("branches", ()))]


def _cut(text: str, wanted: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text without them, and the spans of the old one that were cut."""
    written = Written(text)
    plain = written.text.lower() if len(written.text.lower()) == len(written.text) else written.text
    spans = sorted(written.source(at, at + len(secret)) for secret in wanted for at in _places(plain, secret))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    out, last = [], 0
    for start, end in merged:
        out += [text[last:start], MARK]
        last = end
    return ("".join([*out, text[last:]]), merged) if merged else (text, [])


def _places(text: str, secret: str) -> Iterable[int]:
    at = text.find(secret)
    while at >= 0:
        yield at
        at = text.find(secret, at + len(secret))


def _move_citations(before: Sequence[Mapping], after: Sequence[Mapping], wanted: Sequence[str]) -> None:
    """Offsets count characters of an answer's texts, all of them joined."""
    for old, new in zip(before, after, strict=True):
        citations = [part for part in new.get("parts", ()) if part["kind"] == "citation"]
        if not citations:
            continue
        moves, length = Moves(), 0
        for part in old["parts"]:
            if part["kind"] == "text":
                for start, end in _cut(part.get("text", ""), wanted)[1]:
                    moves.add(length + start, length + end, len(MARK))
                length += len(part.get("text", ""))
        for citation in citations:
            placed = (name for name in ("start", "end") if citation.get(name) is not None)
            citation.update({name: moves(citation[name]) for name in placed})
