"""`manage.py make`: one job through the very workshop of the studios, for operators and scripts."""

import asyncio
import json
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from apps.accounts import acting
from apps.media.jobs import queries, submit
from apps.media.jobs.models import Job, JobOutput
from apps.media.jobs.refusals import NotMade
from apps.media.jobs.vectors import rows_of
from apps.media.jobs.workshop import attached
from apps.media.models import Asset
from apps.media.refusals import NotTaken
from apps.media.store import bytes_of, keep_upload
from apps.runs.parameters import read_extra
from apps.upstreams import media_dialects
from apps.upstreams import queries as upstreams
from apps.wire.exceptions import ParameterError
from apps.wire.media import dialects
from apps.wire.media.dialect import Dialect
from apps.wire.media.shapes import MediaRequest
from apps.wire.parameters import read as read_parameters
from apps.work.database import DatabaseThreads

WHAT = {
    "image": "images",
    "video": "video",
    "speech": "speech",
    "transcript": "transcription",
    "music": "music",
    "embedding": "embeddings",
    "rerank": "rerank",
}
BY_TEXTS = ("embeddings", "rerank")
LOOK_EVERY = 0.2


class Command(BaseCommand):
    help = "Makes one thing and writes its files. The job is kept in the person's studio."

    def add_arguments(self, parser) -> None:
        parser.add_argument("what", choices=WHAT, help="what is to be made")
        parser.add_argument("prompt", nargs="?", default="", help="the prompt, rerank's query; - reads standard input")
        parser.add_argument("--model", default="", help="a model's name; the first that makes this without it")
        parser.add_argument("--upstream", default="", help="the upstream's name, where several have the model")
        parser.add_argument("--dialect", default="", help="how it is asked; the model's own way without it")
        parser.add_argument("--task", default="", help="the kind of request, where there are several, as edit")
        parser.add_argument("--of", default="", help="the upstream's id of what is to be gone on from")
        parser.add_argument("--param", action="append", default=[], metavar="k=v", help="a parameter of the dialect")
        parser.add_argument("--extra", default="", metavar="JSON", help="a JSON object to merge into the request, last")
        parser.add_argument(
            "--input", action="append", default=[], metavar="role=file", help="a file that goes along, as image=cat.png"
        )
        parser.add_argument("--text", action="append", default=[], help="a text to embed, a document to rank")
        parser.add_argument("--texts", default="", metavar="FILE", help="a file of them, one a line")
        parser.add_argument("--out", default=".", metavar="FOLDER", help="where the files are written")
        parser.add_argument("--user", default="", help="the email of the person; the first administrator without it")
        parser.add_argument("--json", action="store_true", help="print what came of it as JSON")

    def handle(self, **options) -> None:
        person = acting.person(options["user"])
        out = _folder(options["out"])
        try:
            job = _job(person, options)
        except (LookupError, NotMade, NotTaken, ParameterError) as error:
            raise CommandError(str(error)) from error
        job = asyncio.run(_ended(person, job))
        written = [_written(out, output) for output in job.outputs.all() if output.asset]
        if options["json"]:
            self.stdout.write(json.dumps(_document(job, written), ensure_ascii=False))
        else:
            self._tell(job, written)
        if job.status != Job.Status.SUCCEEDED:
            raise CommandError(_reason(job))

    def _tell(self, job: Job, written: Iterable[Path]) -> None:
        """Files by their path; what is no file as the bench would say it."""
        for path in written:
            self.stdout.write(str(path))
        if text := job.result.get("text") or job.result.get("lyrics"):
            self.stdout.write(str(text))
        for vector in rows_of(job):
            self.stdout.write(json.dumps(vector))
        texts = job.values.get("texts", ())
        for score in job.result.get("scores", ()):
            self.stdout.write(f"{score['score']:.4f}\t{texts[score['index']]}")


def _folder(path: str) -> Path:
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{path} cannot be written to: {error}.") from error
    return folder


def _job(person, options) -> Job:
    """The job, written down. Raises LookupError, NotMade, NotTaken and ParameterError."""
    family = WHAT[options["what"]]
    model, dialect = _way(person, family, options)
    request = MediaRequest(
        model=model.name,
        prompt=_prompt(options["prompt"]),
        parameters=_parameters(dialect, model.name, options),
        texts=tuple(_texts(family, options)),
        task=options["task"],
        of=options["of"],
        extra=read_extra(options["extra"]),
    )
    inputs = [_input(person, given) for given in options["input"]]
    return submit.create(user=person, model=model, dialect=dialect.name, request=request, inputs=inputs)


def _way(person, family: str, options) -> tuple:
    usable = [model for model in upstreams.usable_models(person) if media_dialects.dialects_of(model, family)]
    if options["model"]:
        model = upstreams.find(person, options["model"], options["upstream"])
    else:
        model = next((model for model in usable if options["upstream"] in ("", model.upstream.name)), None)
    if model is None or model not in usable:
        names = ", ".join(model.name for model in usable) or "none"
        raise CommandError(f"{options['model'] or 'No model'} makes no {options['what']}. These do: {names}.")
    offered = media_dialects.dialects_of(model, family)
    if options["dialect"] not in ("", *offered):
        raise CommandError(f"{model} is not asked in {options['dialect']}, only in {', '.join(offered)}.")
    return model, dialects.get(options["dialect"] or offered[0])


def _parameters(dialect: Dialect, model: str, options) -> dict:
    pairs = [pair.partition("=") for pair in options["param"]]
    specs = dialect.parameters(model, options["task"])
    known = {spec.name for spec in specs}
    for name, _equals, _value in pairs:
        if name not in known:
            raise CommandError(f"{name} is not a parameter here. There are: {', '.join(sorted(known)) or 'none'}.")
    return read_parameters(specs, {name: value for name, _equals, value in pairs})


def _prompt(given: str) -> str:
    return sys.stdin.read() if given == "-" else given


def _texts(family: str, options) -> list[str]:
    if family not in BY_TEXTS:
        return []
    texts = list(options["text"])
    if options["texts"]:
        texts += [line for line in _read(options["texts"]).decode("utf-8", "replace").splitlines() if line.strip()]
    if family == "embeddings" and not texts:
        texts = [line for line in _prompt(options["prompt"]).splitlines() if line.strip()]
    if not texts:
        raise CommandError("There are no texts: give some with --text or --texts.")
    return texts


def _input(person, given: str) -> tuple:
    role, equals, path = given.partition("=")
    if not equals:
        raise CommandError(f"{given}: say what the file is for, as image={given}.")
    data = _read(path)
    return role, keep_upload(owner=person, file=BytesIO(data), size=len(data), name=Path(path).name)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error


async def _ended(person, job: Job) -> Job:
    """Works on this job alone; a server on the same database may be quicker."""
    threads = DatabaseThreads(1, "make")
    async with attached(1, only=job.pk):
        while True:
            job = await threads.run(queries.load_for, person, job.pk)
            if not job.is_open:
                await threads.end()
                return job
            await asyncio.sleep(LOOK_EVERY)


def _written(folder: Path, output: JobOutput) -> Path:
    asset: Asset = output.asset
    path = folder / f"{str(output.job_id)[-8:]}-{output.position + 1}-{asset.name}"
    path.write_bytes(bytes_of(asset))
    return path


def _document(job: Job, written: Iterable[Path]) -> dict:
    return {
        "id": str(job.pk),
        "status": job.status,
        "model": job.model_name,
        "dialect": job.dialect,
        "cost": str(job.cost) if job.cost is not None else None,
        "files": [str(path) for path in written],
        "result": job.result,
        "error": job.error,
    }


def _reason(job: Job) -> str:
    told = [job.error.get("title") or f"The job is {job.status}.", job.error.get("upstream_says")]
    return " ".join(str(part) for part in told if part)
