"""What is no conversation, for people: the files of the library and the jobs of the studios, on one page."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.media.jobs.models import Job
from apps.media.models import Asset
from apps.work.figures import dollars

from . import assets
from .archive import counted
from .contents import Contents
from .markdown import one_line
from .page import SPLIT, head

Beat = Callable[[int], None]


def place_of(asset: Asset) -> str:
    """Where the archive has it, beside the page."""
    return assets.path_in_archive(asset.pk, asset.media_type, asset.name).replace("assets/", "files/", 1)


def page(contents: Contents, beat: Beat) -> Iterator[str]:
    """The page piece by piece. It opens by itself: small pictures are in it, files lie beside it."""
    title = _("Files and jobs")
    parts = render_to_string("transfer/listing.html", {**head(), "title": title, "split": SPLIT, "now": timezone.now()})
    before, between, after = parts.split(SPLIT)
    yield before
    for asset in contents.files():
        about = {"asset": asset, "place": place_of(asset), "picture": _thumbnail(asset)}
        yield render_to_string("transfer/_listed_file.html", about)
    yield between
    for job in counted(contents.jobs(), beat):
        yield render_to_string("transfer/_listed_job.html", _told(job))
    yield after


def markdown(contents: Contents, beat: Beat) -> Iterator[str]:
    yield f"# {_('Files and jobs')}\n\n## {_('Files')}\n\n"
    for asset in contents.files():
        facts = f"{asset.get_kind_display()} · {filesizeformat(asset.size)} · {asset.created_at:%Y-%m-%d %H:%M} UTC"
        yield f"- {_link(asset)} · {facts}\n"
    yield f"\n## {_('Jobs')}\n\n"
    for job in counted(contents.jobs(), beat):
        told = _told(job)
        facts = (f"{job.created_at:%Y-%m-%d %H:%M} UTC", one_line(job.model_name), told["outcome"], told["cost"])
        yield f"### {' · '.join(filter(None, facts))}\n\n"
        yield "".join(f"> {line}".rstrip() + "\n" for line in job.prompt.strip().split("\n")) + "\n"
        yield "".join(f"- {_link(asset)}\n" for asset in told["made"])
        yield f"\n{one_line(told['error'])}\n\n" if told["error"] else "\n"


def _link(asset: Asset) -> str:
    name = one_line(asset.name).replace("[", "(").replace("]", ")")
    return f"[{name}]({place_of(asset)})"


def _told(job: Job) -> Mapping[str, Any]:
    outputs = job.outputs.select_related("asset")
    made: Sequence[Asset] = [each.asset for each in outputs if each.asset]
    return {
        "job": job,
        "outcome": str(Job.Status(job.status).label),
        "cost": "" if job.cost is None else dollars(job.cost),
        "error": str(job.error.get("title") or ""),
        "made": made,
        "files": [(asset.name, place_of(asset)) for asset in made],
    }


def _thumbnail(asset: Asset) -> str:
    """A small picture of it as an address; '' where there is none."""
    if not asset.has_thumbnail:
        return ""
    try:
        with default_storage.open(asset.thumbnail_path) as file:
            return f"data:image/webp;base64,{base64.b64encode(file.read()).decode('ascii')}"
    except FileNotFoundError:
        return ""
