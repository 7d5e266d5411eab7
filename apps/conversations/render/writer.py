"""Markdown events to the HTML of one block: each tag is written here, each text escaped, and nothing passes through."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from . import citations, code, latex, links
from .clean import clean, place
from .escape import escape
from .events import Block, Event
from .formulas import MARK, OPEN, Formula, Marked
from .notes import Notes
from .raw_html import RawTags, is_kept
from .tables import Table

NESTING = 32  # deeper elements lose their tags, not their text
_FIXED = {
    "SoftBreak": "\n",
    "HardBreak": "<br>\n",
    "Rule": "<hr>",
    "StartParagraph": "<p>",
    "EndParagraph": "</p>",
    "StartEmphasis": "<em>",
    "EndEmphasis": "</em>",
    "StartStrong": "<strong>",
    "EndStrong": "</strong>",
    "StartStrikethrough": "<del>",
    "EndStrikethrough": "</del>",
    "StartItem": "<li>",
    "EndItem": "</li>",
    "StartBlockQuote": "<blockquote>",
    "EndBlockQuote": "</blockquote>",
    "EndTable": "</tbody></table></div>",
    "EndTableRow": "</tr>",
}
# The page has h1 and h2 itself.
_HEADING = {"H1": "h3", "H2": "h4", "H3": "h5", "H4": "h6", "H5": "h6", "H6": "h6"}
# What is read as a whole before it is written.
_HOLDERS = frozenset({"StartCodeBlock", "StartHtmlBlock", "StartImage"})
_HOLDERS_END = frozenset({"EndCodeBlock", "EndHtmlBlock", "EndImage"})


class Writer:
    """Writes one top-level block; `notes` goes on from block to block.

    `open_at` is the length in bytes of a source that is still growing: a code block that reaches it is still open.
    """

    def __init__(self, marked: Marked, notes: Notes, open_at: int = -1) -> None:
        self.marked, self.notes, self.open_at = marked, notes, open_at
        self.out: list[str] = []
        self.table = Table()
        self._parts: list[str] = []
        self._tags = RawTags()
        self._links: list[bool] = []
        self._depth = 0
        self._held: list[str] | None = None  # the text inside a code block, an HTML block or an image
        self._holders: list[Event] = []

    def write(self, block: Block) -> str:
        for event in block.events:
            step = event[4]
            if self._held is not None or (step and event[0] in _HOLDERS):
                self._hold(event)
                continue
            self._depth += step > 0
            if not step or self._depth <= NESTING:
                self._plain(event)
            self._depth -= step < 0
        return clean("".join(self.out), self._parts)

    def _plain(self, event: Event) -> None:
        fixed = _FIXED.get(event[0])
        if fixed is not None:
            self.out.append(fixed)
        else:
            _WRITE[event[0]](self, event)

    # Text

    def text(self, event: Event) -> None:
        text, end = event[1], 0
        if OPEN in text:
            for match in MARK.finditer(text):
                self._words(text[end : match.start()])
                self._formula(self.marked.formula(match))
                end = match.end()
            text = text[end:]
        self._words(text)

    def _formula(self, formula: Formula) -> None:
        if formula.tex:
            self._part(latex.shown(formula.source, formula.tex, formula.display))

    def _words(self, text: str) -> None:
        if "://" in text and not self._links:
            self.out.append(links.linkify(text))
        elif "[^" in text:
            self.out.append(self.notes.guessed(text))
        else:
            self.out.append(escape(text))

    def code(self, event: Event) -> None:
        self.out.append(f"<code>{escape(self.marked.restore(event[1]))}</code>")

    def raw(self, event: Event) -> None:
        self.out.append(self._tags.tag(self.marked.restore(event[1])))

    def note(self, event: Event) -> None:
        self.out.append(self.notes.reference(event[1]))

    def cite(self, event: Event) -> None:
        self._part(citations.link(event[1]))

    def task(self, event: Event) -> None:
        label = escape(_("Done") if event[1] else _("Not done"))
        if self.out and self.out[-1] == "<li>":
            self.out[-1] = '<li class="task">'
        self.out.append(f'<input type="checkbox" disabled{" checked" * event[1]} aria-label="{label}"> ')

    def _part(self, html: str) -> None:
        self.out.append(place(len(self._parts)))
        self._parts.append(html)

    # Elements with a value

    def start_heading(self, event: Event) -> None:
        self.out.append(f"<{_HEADING[event[1]['level']]}>")

    def end_heading(self, event: Event) -> None:
        self.out.append(f"</{_HEADING[event[1]]}>")

    def start_list(self, event: Event) -> None:
        number = event[1]
        self.out.append("<ul>" if number is None else "<ol>" if number == 1 else f'<ol start="{number}">')

    def end_list(self, event: Event) -> None:
        self.out.append("</ol>" if event[1] else "</ul>")

    def start_link(self, event: Event) -> None:
        url = links.followable(self.marked.restore(event[1]["dest_url"]))
        self._links.append(bool(url))
        if url:
            self.out.append(links.start_link(url, self.marked.restore(event[1]["title"])))

    def end_link(self, event: Event) -> None:
        if self._links.pop():
            self.out.append("</a>")

    def start_note(self, event: Event) -> None:
        self.out.append(self.notes.open(event[1]))

    def end_note(self, event: Event) -> None:
        self.out.append(self.notes.close())

    # Code, HTML, pictures with their descriptions

    def _hold(self, event: Event) -> None:
        name = event[0]
        if name in _HOLDERS:
            self._holders.append(event)
            self._held = self._held or []
        elif name in _HOLDERS_END:
            self._release(self._holders.pop(), event)
        elif event[1] is None:
            self._held.append(" " * name.endswith("Break"))
        elif name in ("Text", "Code", "Html", "InlineHtml"):
            self._held.append(self.marked.restore(event[1]))

    def _release(self, start: Event, end: Event) -> None:
        if self._holders:  # a picture in the description of another
            return
        text, self._held = "".join(self._held), None
        if start[0] == "StartCodeBlock":
            self._code_block(start[1], text, end)
        elif start[0] == "StartHtmlBlock":
            self.out.append(self._tags.block(text)) if is_kept(text) else self._part(code.source(text))
        else:
            self._image(self.marked.restore(start[1]["dest_url"]), text)

    def _code_block(self, kind: str | dict[str, str], text: str, end: Event) -> None:
        info = "" if isinstance(kind, str) else self.marked.restore(kind["Fenced"])
        is_open = end[3] == self.open_at and code.is_open(self.marked.text.encode()[end[2] : end[3]].decode())
        self._part((code.opened if is_open else code.closed)(info, text))

    def _image(self, url: str, alt: str) -> None:
        if links.is_kept(url) or links.is_picture(url):
            self._part(f'<img src="{url}" alt="{escape(alt)}">')
        elif self._links or not links.followable(url):
            self.out.append(escape(alt))
        else:
            self.out.append(links.remote_image(url, alt))


_WRITE: dict[str, Callable[[Writer, Event], None]] = {
    "Text": Writer.text,
    "Code": Writer.code,
    "InlineHtml": Writer.raw,
    "FootnoteReference": Writer.note,
    "TaskListMarker": Writer.task,
    citations.CITE: Writer.cite,
    "StartHeading": Writer.start_heading,
    "EndHeading": Writer.end_heading,
    "StartList": Writer.start_list,
    "EndList": Writer.end_list,
    "StartLink": Writer.start_link,
    "EndLink": Writer.end_link,
    "StartFootnoteDefinition": Writer.start_note,
    "EndFootnoteDefinition": Writer.end_note,
    "StartTable": lambda writer, event: writer.table.start(event[1], writer.out),
    "StartTableHead": lambda writer, event: writer.table.start_head(writer.out),
    "EndTableHead": lambda writer, event: writer.table.end_head(writer.out),
    "StartTableRow": lambda writer, event: writer.table.start_row(writer.out),
    "StartTableCell": lambda writer, event: writer.table.start_cell(writer.out),
    "EndTableCell": lambda writer, event: writer.table.end_cell(writer.out),
}
