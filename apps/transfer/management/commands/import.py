"""`manage.py import`: an export of this product or of another into a person's history."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.transfer.importing import Import
from apps.transfer.models import Line, Transfer
from apps.transfer.reading.source import LABELS
from apps.transfer.refusals import NotRead
from apps.work.leases import worker_name

from .export import person_of


class Command(BaseCommand):
    help = "Imports a file: an export of Playground, ChatGPT, Claude, Open WebUI or LibreChat, JSON or ZIP."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--user", required=True, help="the person's email")
        parser.add_argument("file", help="the file, as it was got")

    def handle(self, *, user: str, file: str, **options) -> None:
        transfer = Transfer.objects.create(
            owner=person_of(user), kind=Transfer.Kind.IMPORT, name=Path(file).name[-200:], worker=worker_name()
        )
        try:
            with Path(file).open("rb") as opened:
                bringing = Import(transfer, opened, self._beat(transfer))
                bringing.run()
        except (OSError, NotRead) as error:
            Transfer.finish_once(transfer.pk, Transfer.Status.FAILED, error=str(error))
            raise CommandError(str(error)) from error
        Transfer.finish_once(transfer.pk, Transfer.Status.DONE)
        self._tell(transfer, LABELS[bringing.source.name])

    def _beat(self, transfer: Transfer):
        def beat(**fields) -> None:
            Transfer.objects.filter(pk=transfer.pk).update(heartbeat_at=timezone.now(), **fields)

        return beat

    def _tell(self, transfer: Transfer, source: str) -> None:
        outcomes = list(transfer.lines.values_list("outcome", flat=True))
        counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in Line.Outcome.values)
        self.stdout.write(f"{source}: {counts}.")
        for line in transfer.lines.filter(outcome=Line.Outcome.FAILED):
            self.stdout.write(f"{line.number} {line.title}: {line.why}")
