"""`manage.py ask`: one turn through the very runner of the page, for operators and scripts."""

import asyncio
import sys
from pathlib import Path

import msgspec
from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandError

from apps.accounts import acting
from apps.conversations import edit
from apps.runs import carrying, start
from apps.runs.finish import SPENT
from apps.runs.hub import attached
from apps.runs.parameters import PREFIX, posted, read_extra
from apps.runs.refusals import Refused
from apps.runs.tools import library
from apps.runs.tools.choice import wanted
from apps.runs.tools.pairs import unanswered
from apps.upstreams import queries as upstreams
from apps.wire import formats
from apps.wire.events import Event, PartDelta, PartStarted
from apps.wire.messages import Part, ToolCall, ToolResult
from apps.wire.parameters import ParameterError
from apps.work.database import writing
from apps.work.ids import new_id


class Command(BaseCommand):
    help = "Asks a model once and prints the answer as it streams. The conversation is kept in the person's history."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._prose: set[int] = set()

    def add_arguments(self, parser):
        parser.add_argument("prompt", help="the prompt; - reads it from standard input")
        parser.add_argument("--model", default="", help="a model's name; the default model without it")
        parser.add_argument("--upstream", default="", help="the upstream's name, where several have the model")
        parser.add_argument("--format", default="", help="the wire format; the model's own without it")
        parser.add_argument("--system", default="", help="the system prompt")
        parser.add_argument("--param", action="append", default=[], metavar="k=v", help="a parameter of the format")
        parser.add_argument("--extra", default="", metavar="JSON", help="a JSON object to merge into the request, last")
        parser.add_argument("--web-search", action="store_true", help="let the model search the web")
        parser.add_argument(
            "--tool", action="append", default=[], metavar="NAME", help="a tool of the person's library"
        )
        parser.add_argument("--schema", default="", metavar="FILE", help="a file with the answer's JSON schema")
        parser.add_argument("--user", default="", help="the email of the person; the first administrator without it")
        parser.add_argument("--json", action="store_true", help="print the events as JSON lines")

    def handle(self, **options):
        person = acting.person(options["user"])
        plan = _plan(person, options)
        for sentence in carrying.sentences(plan.left_out, plan.format, plan.model_label):
            self.stderr.write(sentence)
        ending, waiting = asyncio.run(self._answer(plan, options["json"]))
        if ending.status != "completed" or ending.truncated:
            raise CommandError(_reason(ending))
        if why := _unfinished(ending, waiting):
            raise CommandError(why)

    async def _answer(self, plan, as_json: bool):
        show = self._as_json if as_json else self._as_text
        async with attached() as hub:
            progress, task = hub.begin(plan)
            progress.observers.append(show)
            ending = await task
            await sync_to_async(self._end_line)(as_json)
            parts = progress.parts
        return ending, [parts[place] for place in unanswered(parts)]

    def _as_json(self, event: Event) -> None:
        self._write(msgspec.json.encode(event).decode() + "\n")

    def _as_text(self, event: Event) -> None:
        """Prose as it comes; tools are told beside it, so that a pipe gets the answer alone."""
        if isinstance(event, PartDelta) and event.index in self._prose:
            self._write(event.text)
        elif isinstance(event, PartStarted):
            self._begin(event.index, event.part)

    def _begin(self, index: int, part: Part) -> None:
        self._prose.discard(index)
        if isinstance(part, ToolCall):
            self.stderr.write(f"calls {part.name}")
        elif isinstance(part, ToolResult):
            self.stderr.write(f"{part.name} {'failed' if part.is_error else 'gave'}: {part.content[:200]}")
        else:
            self._prose.add(index)
            self._write(getattr(part, "text", ""))

    def _write(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def _end_line(self, as_json: bool) -> None:
        if not as_json:
            self.stdout.write("")


def _plan(person, options):
    if options["format"] and options["format"] not in formats.FORMATS:
        raise CommandError(f"The format {options['format']} is not known: {', '.join(formats.FORMATS)}.")
    prompt = sys.stdin.read() if options["prompt"] == "-" else options["prompt"]
    if not prompt.strip():
        raise CommandError("The prompt is empty.")
    try:
        model = upstreams.find(person, options["model"], options["upstream"])
        format = _format(model, options["format"])
        parameters = _parameters(format, options["param"])
        read_extra(options["extra"])
        tools = [library.find(person, name) for name in options["tool"]]
        schema = _schema(options["schema"])
    except (LookupError, ParameterError, Refused) as error:
        raise CommandError(str(error)) from error
    with writing():
        conversation = edit.create(
            owner=person,
            model=model,
            format=format,
            format_chosen=bool(options["format"]),
            system_prompt=options["system"],
            parameters=parameters,
            extra=options["extra"],
            web_search=options["web_search"],
            tools=tools,
            response_schema=schema,
            first_text=prompt,
        )
        try:
            plan = start.send(conversation=conversation, turn_id=new_id(), text=prompt, model=model)
        except Refused as error:
            raise CommandError(str(error)) from error
        return msgspec.structs.replace(plan, wants_title=False)


def _format(model, wanted: str) -> str:
    if wanted and wanted not in model.formats:
        raise CommandError(f"{model} is not offered in {wanted}, only in {', '.join(model.formats)}.")
    return wanted or model.default_format


def _schema(path: str) -> dict | None:
    if not path:
        return None
    try:
        text = Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error
    return wanted(text, strict=True)


def _parameters(format: str, given: list[str]) -> dict:
    pairs = (pair.partition("=") for pair in given)
    return posted(format, {f"{PREFIX}{name}": value for name, _, value in pairs})


def _unfinished(ending, waiting) -> str:
    """Why an answer that came to its end is not what was asked for; '' if it is."""
    if ending.finish_reason == SPENT:
        return "The model called tools for as many rounds as it may. Open the chat to let it go on."
    if waiting:
        names = ", ".join(sorted({call.name for call in waiting}))
        return f"The model waits for what you say to its calls: {names}. Open the chat to answer them."
    if ending.violations:
        told = "; ".join(f"{path}: {sentence}" for path, sentence in ending.violations)
        return f"The answer does not follow its schema. {told}"
    return ""


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
