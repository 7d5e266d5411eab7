"""ZIP exports. The same content gives the same file: no entry has a time of its own."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from apps.conversations.models import Conversation
from apps.media.jobs.models import Job
from apps.media.models import Asset

from .. import schema
from . import assets
from .contents import Contents
from .jobs import job_record
from .markdown import markdown
from .records import record_of

EPOCH = (1980, 1, 1, 0, 0, 0)


class Writer:
    """Entries of a ZIP file, each written piece by piece."""

    def __init__(self, out: BinaryIO):
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add(self, path: str, pieces: Iterable[bytes], *, packed: bool = True) -> str:
        """Gives the SHA-256 of what was written."""
        info = zipfile.ZipInfo(path, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self.zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()

    def close(self) -> None:
        self.zip.close()


def archive(out: BinaryIO, contents: Contents, beat: Callable[[int], None]) -> None:
    """Files, then each conversation as JSON and as Markdown, jobs, and a manifest that names all with their SHA-256."""
    writer, places, told = Writer(out), dict[str, str](), list[schema.Asset]()
    for asset in contents.files():
        path = assets.path_in_archive(asset.pk, asset.media_type, asset.name)
        writer.add(path, assets.pieces(asset), packed=asset.kind == Asset.Kind.TEXT)
        record = assets.record_of(asset)
        record.path = path
        told.append(record)
        places[str(asset.pk)] = f"../{path}"
        beat(0)
    manifest: dict[str, Any] = {"format": schema.FORMAT, "version": schema.VERSION, "order": contents.order()}
    manifest["assets"] = told
    manifest["conversations"] = [
        _conversation(writer, talk, places) for talk in counted(contents.conversations(), beat)
    ]
    manifest["jobs"] = [_job(writer, job) for job in counted(contents.jobs(), beat)]
    manifest["library"] = contents.library()
    writer.add("manifest.json", [schema.encode(manifest)])
    writer.close()


def _conversation(writer: Writer, talk: Conversation, places: dict[str, str]) -> dict[str, str]:
    path = f"conversations/{talk.pk}.json"
    sha256 = writer.add(path, [schema.encode(record_of(talk))])
    writer.add(f"conversations/{talk.pk}.md", encoded(markdown(talk, places)))
    return {"path": path, "sha256": sha256}


def _job(writer: Writer, job: Job) -> dict[str, str]:
    path = f"jobs/{job.pk}.json"
    return {"path": path, "sha256": writer.add(path, [schema.encode(job_record(job))])}


def counted(records: Iterable[Any], beat: Callable[[int], None]) -> Iterator[Any]:
    """The same records; each is counted once it was dealt with."""
    for record in records:
        yield record
        beat(1)


def encoded(texts: Iterable[str]) -> Iterator[bytes]:
    return (text.encode("utf-8", "replace") for text in texts)
