"""Footnotes: one numbering over a whole text, and ids that do not meet those of another message on the page."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .escape import escape

_REFERENCE = re.compile(r"\[\^([^\[\]\s^]{1,80})\]")


@dataclass(slots=True)
class Notes:
    """Numbers in the order in which notes are first named.

    While a text is being written, a reference whose note is yet to come counts as one (`guess`).
    """

    prefix: str = ""
    guess: bool = False
    numbers: dict[str, int] = field(default_factory=dict)
    referred: set[int] = field(default_factory=set)
    defined: set[int] = field(default_factory=set)

    def copy(self) -> "Notes":
        return Notes(self.prefix, self.guess, dict(self.numbers), set(self.referred), set(self.defined))

    def reference(self, name: str) -> str:
        number = self._number(name)
        anchor = "" if number in self.referred else f' id="{self._id("ref", number)}"'
        self.referred.add(number)
        label = escape(_("Footnote %(number)s") % {"number": number})
        return f'<sup><a href="#{self._id("note", number)}"{anchor} aria-label="{label}">{number}</a></sup>'

    def guessed(self, text: str) -> str:
        """Escaped text; what looks like a reference is one while the text may still define it."""
        if not self.guess:
            return escape(text)
        out, end = [], 0
        for match in _REFERENCE.finditer(text):
            out += [escape(text[end : match.start()]), self.reference(match[1])]
            end = match.end()
        return "".join(out) + escape(text[end:])

    def open(self, name: str) -> str:
        """The start of a note; one that is defined twice gets its id once."""
        number = self._number(name)
        anchor = "" if number in self.defined else f' id="{self._id("note", number)}"'
        self.defined.add(number)
        label = escape(_("Back to the text"))
        back = f'<a href="#{self._id("ref", number)}" aria-label="{label}">{number}</a>'
        return f'<div class="footnote"{anchor}><sup>{back}</sup><div>'

    def close(self) -> str:
        return "</div></div>"

    def _number(self, name: str) -> int:
        return self.numbers.setdefault(name.casefold(), len(self.numbers) + 1)

    def _id(self, kind: str, number: int) -> str:
        return f"{kind}-{self.prefix}-{number}"
