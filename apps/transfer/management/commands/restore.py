"""`manage.py restore`: an instance as its backup has it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from apps.transfer.backup.manifest import Unusable, opened, verify
from apps.transfer.backup.read import loses_keys, restore

KEYS = "Keys of upstreams can only be read with the SECRET_KEY that was set when the backup was made."


class Command(BaseCommand):
    help = "Restores what `manage.py backup` wrote. Stop the server first, and start it afterwards."
    requires_migrations_checks = False
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument("--check", action="store_true", help="only read all of it and say whether it is whole")
        parser.add_argument("--replace", action="store_true", help="in place of all that is in this instance")

    def handle(self, *, file: Path, **options):
        try:
            with file.open("rb") as source:
                self._restore(source, **options)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error
        except Unusable as error:
            raise CommandError(str(error)) from error

    def _restore(self, source, *, check: bool, replace: bool, **options):
        archive, manifest = opened(source)
        told = f"{manifest.rows:,} rows and {len(manifest.media):,} files of {manifest.made_at:.16}"
        if check:
            verify(archive, manifest)
            self.stdout.write(f"The backup is whole: {told}.")
            return
        needs_old_key = loses_keys(manifest)
        restore(archive, manifest, replace=replace)
        self.stdout.write(f"Restored: {told}.")
        if needs_old_key:
            self.stdout.write(KEYS)
