"""`manage.py probe`: what the models of an upstream can do, asked of themselves. Asks before it spends."""

import asyncio
import json
from decimal import Decimal, InvalidOperation

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from apps.runs.hub import attached
from apps.runs.models import Probe
from apps.runs.probe import record, told, work
from apps.runs.probe.checks import CHECKS
from apps.runs.probe.cost import estimated
from apps.runs.probe.scope import Scope, checked, chosen, trials
from apps.runs.refusals import Refused
from apps.upstreams.models import Upstream
from apps.wire.formats import FORMATS


class Command(BaseCommand):
    help = "Probes the models of an upstream and prints a matrix of what they can. Each question is an ordinary run."

    def add_arguments(self, parser) -> None:
        parser.add_argument("upstream", help="the upstream's name or id")
        parser.add_argument("--models", default="", metavar="A,B", help="these models alone; all that chat without it")
        parser.add_argument(
            "--formats",
            default="",
            metavar="A,B",
            help=f"everything in these formats; a model's own, and a plain answer in the others: {', '.join(FORMATS)}",
        )
        parser.add_argument("--checks", default="", metavar="A,B", help=f"these checks alone: {', '.join(CHECKS)}")
        parser.add_argument("--max-cost", default="", metavar="USD", help="never spend more; the estimate without it")
        parser.add_argument("--user", default="", help="an administrator's email; the first one without it")
        parser.add_argument("--yes", action="store_true", help="do not ask before spending")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, **options) -> None:
        person, upstream = _administrator(options["user"]), _upstream(options["upstream"])
        ceiling = _ceiling(options["max_cost"])
        try:
            scope = _scope(upstream, options)
            found = trials(scope)
            if not found:
                raise CommandError("These checks do not fit these formats: there is nothing to ask.")
            estimate = estimated(found, {model.id: model for model in scope.models})
            self._ask(told.question(scope, estimate, ceiling), options["yes"])
            probe = record.create(upstream=upstream, user=person, found=found, estimate=estimate, ceiling=ceiling)
        except Refused as error:
            raise CommandError(str(error)) from error
        status = _run(probe)
        self._show(upstream, scope, options["json"])
        probe.refresh_from_db()
        if status != Probe.Status.COMPLETED:
            raise CommandError(told.ending(probe))
        self.stderr.write(told.ending(probe))

    def _ask(self, sentences: str, yes: bool) -> None:
        self.stderr.write(sentences)
        if yes:
            return
        try:
            answer = input("Go on? [y/N] ")
        except EOFError:
            raise CommandError("Nobody is there to say yes: --yes goes on without being asked.") from None
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was asked and nothing was spent.")

    def _show(self, upstream: Upstream, scope: Scope, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told.findings(upstream, scope.models), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(told.table(upstream, scope.models))


def _run(probe: Probe) -> str:
    async def whole() -> str:
        async with attached() as hub:
            return await work.run(hub, probe)

    try:
        return asyncio.run(whole())
    except KeyboardInterrupt:
        return Probe.Status.INTERRUPTED


def _administrator(email: str):
    people = get_user_model().objects.filter(is_active=True, is_superuser=True).order_by("pk")
    if person := (people.filter(email=email.lower()) if email else people).first():
        return person
    nobody = f"No administrator has the address {email}."
    raise CommandError(nobody if email else "Make an administrator first: manage.py createsuperuser.")


def _upstream(text: str) -> Upstream:
    known = list(Upstream.objects.all())
    for upstream in known:
        if text.lower() in (upstream.name.lower(), str(upstream.id)):
            return upstream
    if not known:
        raise CommandError("There is no upstream yet. Add one: manage.py upstream add URL")
    raise CommandError(f"No upstream called {text}. There are: {', '.join(upstream.name for upstream in known)}.")


def _scope(upstream: Upstream, options: dict) -> Scope:
    formats, checks = checked(_names(options["formats"]), _names(options["checks"]))
    return Scope(models=chosen(upstream, _names(options["models"])), formats=formats, checks=checks)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _ceiling(text: str) -> Decimal | None:
    try:
        ceiling = Decimal(text.lstrip("$")) if text else None
    except InvalidOperation:
        ceiling = Decimal(-1)
    if ceiling is not None and not (ceiling.is_finite() and ceiling >= 0):
        raise CommandError(f"--max-cost takes US dollars, such as 0.50, and not {text}.")
    return ceiling
