"""`manage.py backup`: the whole instance in one file, while it runs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from apps.transfer.backup.write import write


class Command(BaseCommand):
    help = "Writes database and files into one file, while the server runs. The file holds every secret: keep it safe."

    def add_arguments(self, parser):
        name = f"playground-{timezone.now():%Y-%m-%d-%H%M%S}.zip"
        parser.add_argument("file", nargs="?", type=Path, default=Path(name), help="where to; %(default)s without it")

    def handle(self, *, file: Path, **options):
        if file.exists():
            raise CommandError(f"{file} is there already. Name another file.")
        try:
            manifest = write(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror or error}.") from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}. Run manage.py migrate first.") from error
        size = filesizeformat(file.stat().st_size)
        self.stdout.write(f"{file}: {manifest.rows:,} rows and {len(manifest.media):,} files, {size}.")
