"""Restoring a backup: into an instance where nobody is yet, or in place of what is there."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from .manifest import MEDIA, SECRET, Manifest, Unusable, entry_of, verify

BATCH = 500


def restore(archive: ZipFile, manifest: Manifest, *, replace: bool) -> None:
    """Raises Unusable before anything is touched. Stop the server first: what it wrote meanwhile would be lost."""
    verify(archive, manifest)
    executor = MigrationExecutor(connection)
    _check_migrations(executor, manifest)
    if not replace and _is_used():
        raise Unusable("There are people in this instance already. Restore into a new one, or say --replace.")
    _drop_tables()
    _load(archive, manifest)
    call_command("migrate", verbosity=0)
    for entry in manifest.media:
        _keep_file(archive, entry)
    if SECRET in manifest.files:
        _keep_secret(archive.read(SECRET))


def loses_keys(manifest: Manifest) -> bool:
    """Whether the upstreams' keys can only be read if the SECRET_KEY of the environment is the one that was."""
    return SECRET not in manifest.files or not _secret_is_ours()


def _check_migrations(executor: MigrationExecutor, manifest: Manifest) -> None:
    known = executor.loader.graph.nodes
    if unknown := [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]:
        raise Unusable(f"The backup is of a newer version: this one does not know {', '.join(unknown[:3])}.")


def _is_used() -> bool:
    from apps.accounts.models import User

    with connection.cursor() as cursor:
        there = User._meta.db_table in connection.introspection.table_names(cursor)
    return there and User.objects.exists()


def _drop_tables() -> None:
    """All of them: the tables of a backup are those of its own version."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        if connection.vendor == "postgresql":
            for name in names:
                cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'")
        virtual = [name for (name,) in cursor.fetchall()]
        cursor.execute("PRAGMA foreign_keys = OFF")
        for name in [*virtual, *names]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)}")
        cursor.execute("PRAGMA foreign_keys = ON")


def _load(archive: ZipFile, manifest: Manifest) -> None:
    executor = MigrationExecutor(connection)
    applied = {tuple(migration) for migration in manifest.migrations}
    newest = [node for node in applied if not _goes_on(executor, node, applied)]
    executor.migrate(newest)
    known = executor.loader.project_state(newest).apps
    tables = {model._meta.label_lower: model for model in known.get_models(include_auto_created=True)}
    with transaction.atomic():
        _empty(tables.values())
        for label, table in manifest.tables.items():
            with archive.open(entry_of(label)) as lines:
                _load_rows(tables[label], table.fields, lines)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables.values())):
            cursor.execute(statement)


def _goes_on(executor: MigrationExecutor, node: tuple[str, str], applied: set) -> bool:
    children = executor.loader.graph.node_map[node].children
    return any(child.key in applied and child.key[0] == node[0] for child in children)


def _empty(tables: Iterator[type[models.Model]]) -> None:
    """Migrations may have put rows into the tables that they made."""
    for model in tables:
        if model._meta.managed:
            model._base_manager.all()._raw_delete(connection.alias)


def _load_rows(model: type[models.Model], names: Sequence[str], lines: Iterator[bytes]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    wanted = [fields[name] for name in names]
    while some := list(islice(lines, BATCH)):
        rows = [model(**_values(wanted, msgspec.json.decode(line))) for line in some]
        # `raw` keeps what fields would set by themselves, such as the time of making.
        model._base_manager._insert(rows, fields=wanted, using=connection.alias, raw=True)


def _values(fields: Sequence[models.Field], row: Sequence[Any]) -> dict[str, Any]:
    return {field.attname: _value(field, value) for field, value in zip(fields, row, strict=True)}


def _value(field: models.Field, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)


def _keep_file(archive: ZipFile, entry: str) -> None:
    name = entry.removeprefix(MEDIA)
    default_storage.delete(name)
    with archive.open(entry) as source:
        default_storage.save(name, File(source))


def _secret_is_ours() -> bool:
    """Whether the key is a file of the data folder, and not named by the environment."""
    path = settings.DATA_DIR / SECRET
    return path.exists() and path.read_text() == settings.SECRET_KEY


def _keep_secret(secret: bytes) -> None:
    if _secret_is_ours():
        Path(settings.DATA_DIR / SECRET).write_bytes(secret)
