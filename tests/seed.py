"""Fills the data folder of a server of tests: `python -m tests.seed [people [HOW_MANY]]`, settings by environment.

A new folder is migrated and gets its static files; one that has them gets people only.

Prints the people as JSON, each with a session that is already open, so that no test has to fill in the sign-in form.
"""

import json
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

PASSWORD = "correct-horse-battery-staple"
MEMBERS = 400


def open_session(user) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "playground.sign_in.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def make_people(members: int) -> list[dict]:
    """An administrator and many members, all with the one password, hashed once because hashing is slow by design."""
    from django.contrib.auth.hashers import make_password

    from apps.accounts.models import Instance, User

    Instance.objects.create(pk=1)
    hashed = make_password(PASSWORD)
    names = ["administrator", *(f"member{number}" for number in range(members))]
    people = [User(email=f"{name}@example.org", name=name, password=hashed) for name in names]
    people[0].is_superuser = True
    User.objects.bulk_create(people)
    return [
        {"email": person.email, "password": PASSWORD, "session": open_session(person), "id": person.pk}
        for person in User.objects.order_by("pk")
    ]


def main() -> None:
    django.setup()
    if not (settings.DATA_DIR / "static").exists():
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    wanted = sys.argv[1:]
    with transaction.atomic():
        print(json.dumps(make_people(int(wanted[1]) if wanted[1:] else MEMBERS) if wanted else []))


if __name__ == "__main__":
    main()
