"""Tables: aligned cells in a frame that scrolls by itself."""

import re
from html import unescape

from django.utils.translation import gettext as _

from .escape import escape

_ALIGN = {"Right": ' class="end"', "Center": ' class="center"'}
_TAG = re.compile(r"<[^>]*>")
_LABEL_LIMIT = 80


class Table:
    """The table that is being written; tables do not nest."""

    def __init__(self) -> None:
        self._align: tuple[str, ...] = ()
        self._begin = self._cell = 0
        self._head = False

    def start(self, align: tuple[str, ...], out: list[str]) -> None:
        self._align, self._begin = align, len(out)
        out.append("")

    def start_head(self, out: list[str]) -> None:
        self._head, self._cell = True, 0
        out.append("<thead><tr>")

    def end_head(self, out: list[str]) -> None:
        """Closes the head, and names the frame after its columns, which only now are known."""
        columns = [unescape(_TAG.sub("", cell)).strip() for cell in "".join(out[self._begin :]).split("</th>")]
        label = _("Table: %(columns)s") % {"columns": ", ".join(filter(None, columns))[:_LABEL_LIMIT]}
        out[self._begin] = f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table>'
        out.append("</tr></thead><tbody>")
        self._head = False

    def start_row(self, out: list[str]) -> None:
        self._cell = 0
        out.append("<tr>")

    def start_cell(self, out: list[str]) -> None:
        align = _ALIGN.get(self._align[self._cell], "") if self._cell < len(self._align) else ""
        out.append(f'<th scope="col"{align}>' if self._head else f"<td{align}>")

    def end_cell(self, out: list[str]) -> None:
        out.append("</th>" if self._head else "</td>")
        self._cell += 1
