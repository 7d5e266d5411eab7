"""Rows as CSV that a spreadsheet may open: no cell of it is a formula."""

import csv
from collections.abc import Iterable, Iterator

# What spreadsheets take for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What a csv.writer writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Each row as a line; numbers stay as they are."""
    writer = csv.writer(_Line())
    return (writer.writerow([harmless(cell) for cell in row]) for row in rows)


def harmless(cell: object) -> object:
    """Text that begins like a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell
