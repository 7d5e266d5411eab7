"""`manage.py upstream add|test|list`: upstreams from a terminal or a script. Exit status 1 when something is wrong."""

import getpass
import os
import sys

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.audit import record
from apps.upstreams import catalogue
from apps.upstreams.models import Upstream
from apps.upstreams.queries import overview

KEY_VARIABLE = "PLAYGROUND_UPSTREAM_KEY"
SIGNS = {"ok": "+", "warn": "!", "error": "x"}


class Command(BaseCommand):
    help = "Adds, tests and lists upstreams."

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="connect a gateway: test it and store it with its models")
        add.add_argument("url", help="base URL; a pasted endpoint is shortened")
        add.add_argument("--name", default="", help="what people see (the host's name)")
        add.add_argument("--key", help=f"the key; else it is taken from {KEY_VARIABLE}, or asked for")
        add.add_argument("--anyway", action="store_true", help="store it even if the test fails")
        test = actions.add_parser("test", help="test upstreams and bring their models up to date")
        test.add_argument("name", nargs="*", help="which ones (all)")
        actions.add_parser("list", help="list upstreams")

    def handle(self, *, action: str, **options) -> None:
        getattr(self, f"_{action}")(options)

    def _add(self, options: dict) -> None:
        key = ask_for_key() if options["key"] is None else options["key"]
        name, url, anyway = options["name"], options["url"], options["anyway"]
        upstream, result = catalogue.connect(name=name, url=url, key=key, save_anyway=anyway)
        self._show(result)
        if upstream._state.adding:
            hint = " Nothing was stored; --anyway stores it all the same." if result.tested else ""
            raise CommandError(result.sentence + hint)
        record(None, "upstream.connect", upstream.name)
        self.stdout.write(f"Stored as “{upstream.name}”, {upstream.base_url}.")

    def _test(self, options: dict) -> None:
        chosen = self._chosen(options["name"])
        failed = [upstream.name for upstream in chosen if not self._test_one(upstream)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(chosen)} failed: {', '.join(failed)}.")

    def _chosen(self, names: list[str]) -> list[Upstream]:
        known = {upstream.name.lower(): upstream for upstream in Upstream.objects.all()}
        if not known:
            raise CommandError("There is no upstream yet. Add one: manage.py upstream add URL")
        missing = [name for name in names if name.lower() not in known]
        if missing:
            there = ", ".join(upstream.name for upstream in known.values())
            raise CommandError(f"No upstream called {', '.join(missing)}. There are: {there}.")
        return [known[name.lower()] for name in names] or list(known.values())

    def _test_one(self, upstream: Upstream) -> bool:
        self.stdout.write(f"{upstream.name}, {upstream.base_url}")
        result = catalogue.refresh(upstream)
        self._show(result)
        self.stdout.write(f"  {result.sentence}")
        return result.ok

    def _list(self, options: dict) -> None:
        for upstream in overview():
            state = "off" if not upstream.enabled else upstream.check_error or "ok"
            state = state if upstream.checked_at or not upstream.enabled else "not tested"
            models = f"{upstream.usable_count}/{upstream.listed_count} models"
            self.stdout.write(f"{upstream.name}\t{upstream.kind}\t{upstream.base_url}\t{models}\t{state}")

    def _show(self, result: catalogue.CheckResult) -> None:
        for step in result.steps:
            took = f" ({step.took} ms)" if step.took is not None else ""
            self.stdout.write(f"  {SIGNS[step.state]} {step.text}{took}")


def ask_for_key() -> str:
    """From the environment, else typed without being shown; nothing where nobody can type."""
    if key := os.environ.get(KEY_VARIABLE):
        return key
    return getpass.getpass("Key (not shown): ") if sys.stdin.isatty() else ""
