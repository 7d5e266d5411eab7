"""Text of strangers as HTML text: the one place where it is escaped."""

import html
import re

# Controls, noncharacters and the bidirectional overrides by which a text can show other words than it holds.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]")


def escape(text: str) -> str:
    """The text for an HTML text node or a quoted attribute; characters that could deceive become U+FFFD."""
    return html.escape(fit(text))


def fit(text: str) -> str:
    """The text without the characters that could deceive, for a template that escapes it."""
    return text if text.isprintable() else _UNFIT.sub("\ufffd", text)


def plain(text: str) -> str:
    """A whole text as it is, without any markup of its own; line breaks are the stylesheet's business."""
    return escape(repair(text))


def repair(text: str) -> str:
    """The text with line ends as LF and with surrogates joined to characters, or U+FFFD where one stands alone."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
