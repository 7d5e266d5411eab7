"""The final HTML read by parsers, and what may be in it."""

import re
from html.parser import HTMLParser

import nh3
from django.utils.translation import get_language

from apps.conversations.render import code, latex

CLASSES = """
code code--part code--plain code--wrap code__head remote-image table-scroll footnote task center end start
c gd gi k m na nb nc nf no nt ow s
"""
VOID = {"br", "hr", "wbr", "img", "input"}
PLAIN = """
b blockquote br code dd del details em h3 h4 h5 h6 hr i ins kbd li mark ol p q s small span strong sub summary sup
table tbody td thead tr u ul wbr
"""
ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set() for tag in PLAIN.split()},
    **{tag: {"class", *latex.ATTRIBUTES.split()} for tag in latex.TAGS.split()},
    "math": {"class", "tabindex", *latex.ATTRIBUTES.split()},
    "a": {"aria-label", "class", "data-url", "href", "id", "rel", "target", "title"},
    "div": {"aria-label", "class", "id", "role", "tabindex"},
    "img": {"alt", "src"},
    "input": {"aria-label", "checked", "disabled", "type"},
    "li": {"class"},
    "ol": {"start"},
    "pre": {"aria-label", "role", "tabindex"},
    "span": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+|/assets/[0-9a-f-]{36}/[\w.~%-]+")


class Reader(HTMLParser):
    """The tags, attributes and texts of an HTML fragment in order, and what is open at its end."""

    def __init__(self, html: str):
        super().__init__()
        self.tokens: list[tuple] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tokens.append((tag, sorted(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"
        self.tokens.append(("/" + tag, []))

    def handle_data(self, data):
        if self.tokens and self.tokens[-1][0] == "text":
            data = self.tokens.pop()[1] + data
        self.tokens.append(("text", data))

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(block: str) -> None:
    """Fails unless the block is balanced and holds nothing but the tags, attributes, classes and addresses we write."""
    ours = block.replace(code._copy_button(get_language()), "")
    reader = Reader(ours)
    assert not reader.open, f"left open: {reader.open}"
    for tag, attributes in reader.tokens:
        if tag != "text" and not tag.startswith("/"):
            _check_tag(tag, dict(attributes))
    # A parser of the HTML standard must read the very same out of it.
    assert Reader(_browser(ours)).tokens == reader.tokens


def words(html: str) -> str:
    """The text that a reader sees."""
    own = code._copy_button(get_language())
    return "".join(data for tag, data in Reader(html.replace(own, "")).tokens if tag == "text")


def _check_tag(tag: str, attributes: dict[str, str]) -> None:
    assert tag in ATTRIBUTES, f"<{tag}>"
    assert set(attributes) <= ATTRIBUTES[tag], f"<{tag} {attributes}>"
    assert set((attributes.get("class") or "").split()) <= set(CLASSES.split()), attributes
    assert re.fullmatch(r"(?:note|ref)-\w*-\d+|", attributes.get("id", "")), attributes
    if tag == "a":
        _check_link(attributes)
    if tag == "img":
        assert _PICTURE.fullmatch(attributes["src"]), attributes


def _check_link(attributes: dict[str, str]) -> None:
    assert attributes["rel"] == "noopener noreferrer nofollow"
    assert re.match(r"https?://|mailto:|#(?:note|ref)-", attributes["href"], re.IGNORECASE), attributes
    assert re.match(r"https?://|mailto:|$", attributes.get("data-url", ""), re.IGNORECASE), attributes
    assert attributes["href"].startswith("#") or attributes["target"] == "_blank", attributes


_wide = nh3.Cleaner(
    tags=set(ATTRIBUTES),
    attributes={"*": set().union(*ATTRIBUTES.values())},
    link_rel=None,
    url_schemes={"http", "https", "mailto", "data"},
)


def _browser(html: str) -> str:
    return _wide.clean(html)
