"""`manage.py ask`: one turn through the very runner of the page, for operators and scripts."""

import asyncio
import sys

import msgspec
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from apps.conversations import edit
from apps.runs import start
from apps.runs.hub import attached
from apps.runs.parameters import PREFIX, posted
from apps.upstreams import queries as upstreams
from apps.wire import formats
from apps.wire.events import Event, PartDelta, PartStarted
from apps.wire.parameters import ParameterError
from apps.work.database import writing
from apps.work.ids import new_id


class Command(BaseCommand):
    help = "Asks a model once and prints the answer as it streams. The conversation is kept in the person's history."

    def add_arguments(self, parser):
        parser.add_argument("prompt", help="the prompt; - reads it from standard input")
        parser.add_argument("--model", default="", help="a model's name; the default model without it")
        parser.add_argument("--upstream", default="", help="the upstream's name, where several have the model")
        parser.add_argument("--format", default="openai_chat", help="the wire format")
        parser.add_argument("--system", default="", help="the system prompt")
        parser.add_argument("--param", action="append", default=[], metavar="k=v", help="a parameter of the format")
        parser.add_argument("--user", default="", help="the email of the person; the first administrator without it")
        parser.add_argument("--json", action="store_true", help="print the events as JSON lines")

    def handle(self, **options):
        person = _person(options["user"])
        plan = _plan(person, options)
        ending = asyncio.run(self._answer(plan, options["json"]))
        if ending.status != "completed" or ending.truncated:
            raise CommandError(_reason(ending))

    async def _answer(self, plan, as_json: bool):
        show = self._as_json if as_json else self._as_text
        async with attached() as hub:
            progress, task = hub.begin(plan)
            progress.observers.append(show)
            ending = await task
            await sync_to_async(self._end_line)(as_json)
        return ending

    def _as_json(self, event: Event) -> None:
        self._write(msgspec.json.encode(event).decode() + "\n")

    def _as_text(self, event: Event) -> None:
        if isinstance(event, PartDelta):
            self._write(event.text)
        elif isinstance(event, PartStarted):
            self._write(getattr(event.part, "text", ""))

    def _write(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def _end_line(self, as_json: bool) -> None:
        if not as_json:
            self.stdout.write("")


def _person(email: str):
    people = get_user_model().objects.filter(is_active=True)
    found = people.filter(email=email.lower()) if email else people.filter(is_superuser=True).order_by("pk")
    if person := found.first():
        return person
    raise CommandError(
        f"Nobody has the address {email}." if email else "Make an administrator first: manage.py createsuperuser."
    )


def _plan(person, options):
    if options["format"] not in formats.FORMATS:
        raise CommandError(f"The format {options['format']} is not known: {', '.join(formats.FORMATS)}.")
    prompt = sys.stdin.read() if options["prompt"] == "-" else options["prompt"]
    if not prompt.strip():
        raise CommandError("The prompt is empty.")
    try:
        model = upstreams.find(person, options["model"], options["upstream"])
        parameters = _parameters(options["format"], options["param"])
    except (LookupError, ParameterError) as error:
        raise CommandError(str(error)) from error
    with writing():
        conversation = edit.create(
            owner=person,
            model=model,
            format=options["format"],
            system_prompt=options["system"],
            parameters=parameters,
            first_text=prompt,
        )
        plan = start.send(conversation=conversation, turn_id=new_id(), text=prompt, model=model)
        return msgspec.structs.replace(plan, wants_title=False)


def _parameters(format: str, given: list[str]) -> dict:
    pairs = (pair.partition("=") for pair in given)
    return posted(format, {f"{PREFIX}{name}": value for name, _, value in pairs})


def _reason(ending) -> str:
    if ending.truncated:
        return "The stream ended without its closing mark: the answer may be cut."
    error = ending.error or {}
    reason = [
        error.get("title") or f"The run was {ending.status}.",
        error.get("upstream_says"),
        error.get("request_id"),
    ]
    return " ".join(str(part) for part in reason if part)
