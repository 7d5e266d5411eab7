"""Writing a backup while the product runs: the rows are those of one moment, and nobody waits for it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from .manifest import FORMAT, LEFT_OUT, MEDIA, NAME, SECRET, VERSION, Manifest, Table, copy, entry_of

CHUNK = 2000


def write(path: Path) -> Manifest:
    """The whole instance in that file, which only its owner may read: it holds every secret.

    It is complete under its name or not there. Raises OSError.
    """
    part = path.with_name(f"{path.name}.part")
    part.touch(mode=0o600)
    try:
        with ZipFile(part, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            manifest = _write(archive)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(archive: ZipFile) -> Manifest:
    manifest = Manifest(FORMAT, VERSION, timezone.now().isoformat(), connection.vendor, [], {}, {})
    with one_moment():
        manifest.migrations = sorted(MigrationRecorder(connection).applied_migrations())
        for model in kept_models():
            _write_rows(archive, manifest, model)
    for name in sorted(_files_below("")):
        _write_file(archive, manifest, name)
    secret = settings.DATA_DIR / SECRET
    if secret.exists() and secret.read_text() == settings.SECRET_KEY:
        with secret.open("rb") as source, archive.open(SECRET, "w") as entry:
            manifest.files[SECRET] = copy(source, entry)
    archive.writestr(NAME, msgspec.json.encode(manifest))
    return manifest


@contextmanager
def one_moment() -> Iterator[None]:
    """Every read sees the same state. No lock is held: others write meanwhile."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Django's own transactions are for writers, one at a time; a reader of SQLite's log disturbs none.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def kept_models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and model._meta.label_lower not in LEFT_OUT]


def _write_rows(archive: ZipFile, manifest: Manifest, model: type[models.Model]) -> None:
    label = model._meta.label_lower
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK)
    table, digest = Table(names, 0), hashlib.sha256()
    with archive.open(entry_of(label), "w", force_zip64=True) as file:
        for row in rows:
            line = msgspec.json.encode(row) + b"\n"
            digest.update(line)
            file.write(line)
            table.count += 1
    manifest.tables[label] = table
    manifest.files[entry_of(label)] = digest.hexdigest()


def _files_below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever kept
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _files_below(f"{folder}{name}/")


def _write_file(archive: ZipFile, manifest: Manifest, name: str) -> None:
    """Pictures, sounds and films are small already. What was deleted since it was listed is not wanted any more."""
    try:
        source = default_storage.open(name)
    except FileNotFoundError:
        return
    with source, archive.open(ZipInfo(f"{MEDIA}{name}"), "w", force_zip64=True) as entry:
        manifest.files[f"{MEDIA}{name}"] = copy(source, entry)
