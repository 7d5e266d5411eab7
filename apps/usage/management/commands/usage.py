"""`manage.py usage`: what calls came to, whether the sums by days are those of the ledger, and what was billed."""

import csv
from datetime import UTC, date, datetime, timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.usage import billed, rollup
from apps.usage.reports.figures import count, percent, short
from apps.usage.reports.sums import Ledger, Total
from apps.usage.reports.table import BY, GROUP, labels
from apps.usage.reports.wanted import Wanted
from apps.work.figures import dollars
from apps.work.sheets import csv_lines

WAYS = [name for name in BY if name != GROUP]
HEADS = ("Requests", "Failed", "Input", "Output", "Spend")


class Command(BaseCommand):
    help = "Reports usage and checks it. Without a word of what to do it prints a report of the last 30 days."

    def add_arguments(self, parser: CommandParser) -> None:
        doing = parser.add_subparsers(dest="doing", title="what to do")
        report = doing.add_parser("report", help="print what calls came to")
        for each in (parser, report):
            each.add_argument("--by", choices=WAYS, default="member", help="what is added up (member)")
            each.add_argument("--since", type=_day, metavar="DATE", help="the first day, as 2026-11-01; 30 days ago")
            each.add_argument("--until", type=_day, metavar="DATE", help="the last day; today")
            each.add_argument("--csv", action="store_true", help="print CSV, whose numbers are exact")
        verify = doing.add_parser("verify", help="compare the sums by days with the ledger; exit code 1 if they differ")
        verify.add_argument("--repair", action="store_true", help="make the days that differ anew from the ledger")
        doing.add_parser("rebuild", help="make all sums by days anew from the ledger")
        bill = doing.add_parser(
            "bill", help="enter what the upstream billed: a CSV with request_id and cost in dollars"
        )
        bill.add_argument("file", help="the file's path")

    def handle(self, **options) -> None:
        getattr(self, f"_{options['doing'] or 'report'}")(options)

    def _report(self, options: dict) -> None:
        end = options["until"] or datetime.now(UTC).date()
        start = options["since"] or end - timedelta(days=29)
        wanted = Wanted(viewer=None, team=True, period="own", start=start, end=end)
        ledger, by = Ledger(wanted), options["by"]
        label = labels(by, ledger)
        found = sorted(ledger.by(BY[by].column).items(), key=lambda item: (-item[1].cost, -item[1].calls))
        rows = [(label(value), total) for (value,), total in found]
        self.stdout.write(_as_csv(by, rows) if options["csv"] else _as_text(by, rows, ledger.total()))

    def _verify(self, options: dict) -> None:
        rollup.advance()
        wrong = 0
        for day in rollup.days():
            found = rollup.differences(day)
            wrong += len(found)
            for what, told, truth in found:
                named = " ".join(_plain(value) for name, value in what.items() if name != "day" and value)
                sums = [f"{name} {told[name]} is {truth[name]}" for name in rollup.SUMS if told[name] != truth[name]]
                sums += [f"{name} differ" for name in rollup.TIMES if told[name] != truth[name]]
                self.stdout.write(f"{day} {named}: {', '.join(sums)}")
            if found and options["repair"]:
                rollup.recount(day)
        if wrong and not options["repair"]:
            raise CommandError(f"{wrong} sums are not those of the ledger. --repair makes them anew.")
        self.stdout.write(f"{wrong} sums were made anew." if wrong else "The sums by days are those of the ledger.")

    def _rebuild(self, options: dict) -> None:
        days = rollup.days()
        for day in days:
            rollup.recount(day)
        self.stdout.write(f"{len(days)} days were made anew from the ledger.")

    def _bill(self, options: dict) -> None:
        try:
            with open(options["file"], encoding="utf-8-sig", newline="") as file:
                known, unknown = billed.enter(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error, billed.NotABill) as error:
            raise CommandError(f"Nothing was entered. {error}") from error
        self.stdout.write(f"{known} calls have what was billed for them. {unknown} lines name no call.")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _as_csv(by: str, rows: list[tuple[str, Total]]) -> str:
    names = ("calls", "failed", "input_tokens", "output_tokens", "cost")
    lines = [(by, *names), *((label, *(getattr(total, name) for name in names)) for label, total in rows)]
    return "".join(csv_lines(lines)).rstrip("\r\n")


def _as_text(by: str, rows: list[tuple[str, Total]], whole: Total) -> str:
    lines = [(str(BY[by].label), *HEADS), *(_line(label, total) for label, total in rows), _line("", whole)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _line(label: str, total: Total) -> tuple[str, ...]:
    numbers = short(total.input_tokens), short(total.output_tokens)
    return _plain(label), count(total.calls), percent(total.failure), *numbers, dollars(total.cost)


def _plain(text: object) -> str:
    """Without a terminal's control characters: names are strangers' words."""
    return "".join(letter if letter.isprintable() else " " for letter in str(text))
