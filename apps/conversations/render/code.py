"""Code blocks: the frame with its label and Copy, and the colours."""

import time
from functools import lru_cache

from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, _TokenType

from .escape import escape
from .languages import LANGUAGES, lexer

# Beyond these a lexer costs too long for a process that serves other people too.
HIGHLIGHT_LIMIT = 100_000
LINE_LIMIT = 2_000
_CACHED_LIMIT = 8_000
# A lexer usually takes 1 ms for a thousand characters, but each has texts on which it takes the square of their length.
_SECONDS, _SECONDS_PER_CHARACTER = 0.05, 5e-6
_LABEL_LIMIT = 32

# First match wins; the classes are the ones that the stylesheet colours.
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment.Preproc, "k"),
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "ow"),
    (String, "s"),
    (Number, "m"),
    (Name.Tag, "nt"),
    (Name.Builtin, "nb"),
    (Name.Constant, "no"),
    (Name.Function, "nf"),
    (Name.Decorator, "nf"),
    (Name.Class, "nc"),
    (Name.Attribute, "na"),
    (Generic.Deleted, "gd"),
    (Generic.Inserted, "gi"),
    (Generic.Subheading, "k"),
    (Generic.Prompt, "c"),
)


def closed(info: str, code: str) -> str:
    """The block of a finished fence: highlighted, with a button that copies it."""
    return _frame(label(info), _coloured(_name(info), code), _copy_button(get_language()))


def opened(info: str, code: str) -> str:
    """The block of a fence that is still being written."""
    return _frame(label(info), escape(code), "")


def part(info: str, code: str, *, first: bool) -> str:
    """Some lines of a block too long to be sent again and again; only the first part has the head."""
    if first:
        return _frame(label(info), escape(code), "", "code code--part")
    return f'<div class="code code--part">{_body(label(info), escape(code))}</div>'


def source(text: str) -> str:
    """Markup that is shown and not obeyed."""
    body = _body(_("Source"), escape(text.rstrip()))
    return f'<div class="code code--plain code--wrap">{body}</div>'


def is_open(block: str) -> bool:
    """Whether the source of a code block at the end of a text lacks its closing fence."""
    first, _newline, rest = block.lstrip().partition("\n")
    fence = len(first) - len(first.lstrip(first[:1]))
    last = rest.rstrip("\n").rpartition("\n")[2].strip(" \t>")
    return len(last) < max(fence, 3) or set(last) != set(first[:1])


def label(info: str) -> str:
    """What the head of the block says: the language's own name, or the word that was written after the fence."""
    name = _name(info)
    known = LANGUAGES.get(name.lower())
    return known.label if known else name[:_LABEL_LIMIT] or _("Code")


def _name(info: str) -> str:
    """`python title="x"`, `{.python}` and `python,editable` all name Python."""
    words = info.replace(",", " ").replace("{", " ").replace("}", " ").split()
    return words[0].lstrip(".") if words else ""


def _frame(name: str, body: str, button: str, classes: str = "code") -> str:
    head = f'<div class="code__head"><span>{escape(name)}</span>{button}</div>'
    return f'<div class="{classes}">{head}{_body(name, body)}</div>'


def _body(name: str, body: str) -> str:
    return f'<pre tabindex="0" role="group" aria-label="{escape(name)}"><code>{body}</code></pre>'


@lru_cache
def _copy_button(language: str | None) -> str:
    icon = f'<svg class="icon" aria-hidden="true"><use href="{escape(static("img/icons.svg"))}#copy"></use></svg>'
    return f'<button class="btn btn--ghost btn--sm" type="button" data-copy>{icon}{escape(_("Copy"))}</button>'


def _coloured(name: str, code: str) -> str:
    language = LANGUAGES.get(name.lower())
    if language is None or len(code) > HIGHLIGHT_LIMIT or max(map(len, code.split("\n"))) > LINE_LIMIT:
        return escape(code)
    if len(code) > _CACHED_LIMIT:
        return _highlight(language.lexer, code)
    return _highlight_once(language.lexer, code)


def _highlight(name: str, code: str) -> str:
    """Code with a span around each run of one colour; plain from where the lexer has taken too long."""
    out: list[str] = []
    current, run, done = "", "", 0
    stop = time.thread_time() + _SECONDS + _SECONDS_PER_CHARACTER * len(code)
    for count, (at, token, value) in enumerate(lexer(name).get_tokens_unprocessed(code)):
        if count % 16 == 0 and time.thread_time() > stop:
            break
        kind = _class(token)
        if kind != current and not value.isspace():
            out.append(_span(current, run))
            current, run = kind, ""
        run += value
        done = at + len(value)
    return "".join(out) + _span(current, run) + escape(code[done:])


_highlight_once = lru_cache(maxsize=256)(_highlight)


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escape(text)}</span>' if kind and text else escape(text)


@lru_cache(maxsize=512)
def _class(token: _TokenType) -> str:
    return next((name for kind, name in _CLASSES if token in kind), "")
