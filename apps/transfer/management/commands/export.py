"""`manage.py export`: conversations of a person into a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import User
from apps.transfer.writing.export import FORMATS, ZIP, chosen, write


class Command(BaseCommand):
    help = "Exports everything of a person into a file, or the conversations that are named by --id."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--user", required=True, help="the person's email")
        parser.add_argument("--format", choices=list(FORMATS), default=ZIP, help="%(default)s if it is not given")
        parser.add_argument("--id", action="append", help="a conversation; may be given more than once")
        parser.add_argument("--out", required=True, help="the file to write; HTML and Markdown of several are a ZIP")

    def handle(self, *, user: str, format: str, id: list[str] | None, out: str, **options) -> None:
        person = person_of(user)
        try:
            found = chosen(person, id)
            count, single = found.count(), bool(id) and len(id or ()) == 1
            about = {"user": person, "format": format, "found": found, "single": single, "whole": not id}
            with Path(out).open("wb") as file:
                write(**about, out=file, beat=lambda done: None)
        except ValueError as error:
            raise CommandError("An id is a UUID, as in the address of a conversation.") from error
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{count} conversations are in {out}.")


def person_of(email: str) -> User:
    try:
        return User.objects.get(email=email.lower())
    except User.DoesNotExist as error:
        raise CommandError(f"There is nobody with the email {email}.") from error
