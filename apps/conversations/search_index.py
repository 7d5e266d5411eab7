"""The trigram index over message texts. Search is right without it, only slower.

SQLite: an FTS5 table that holds no text of its own, kept by triggers. Two letters are looked up among its trigrams,
which begin with them; a space behind each text makes a trigram of its last two. PostgreSQL: GIN indexes of pg_trgm.
`install` runs after every migrate and changes nothing where all is there: SQLite drops the triggers when a later
migration rebuilds the table of parts, and an administrator may allow the extension long after the first migrate.
"""

import logging

from django.db import DatabaseError, connections, transaction

logger = logging.getLogger(__name__)

FTS = "conversations_search"
TRIGRAMS = f"{FTS}_trigrams"

_SQLITE_TABLES = {
    FTS: f"CREATE VIRTUAL TABLE {FTS} USING fts5(text, content='', tokenize='trigram', detail='full')",
    TRIGRAMS: f"CREATE VIRTUAL TABLE {TRIGRAMS} USING fts5vocab('{FTS}', 'instance')",
}
_SQLITE_FILL = f"INSERT INTO {FTS}(rowid, text) SELECT id, text || ' ' FROM conversations_part WHERE kind = 'text'"  # noqa: S608
_SQLITE_ADD = f"INSERT INTO {FTS}(rowid, text) VALUES (new.id, new.text || ' ');"  # noqa: S608
_SQLITE_DROP = f"INSERT INTO {FTS}({FTS}, rowid, text) VALUES ('delete', old.id, old.text || ' ');"  # noqa: S608
_WHEN = {
    f"{FTS}_insert": f"AFTER INSERT ON conversations_part WHEN new.kind = 'text' BEGIN {_SQLITE_ADD} END",
    f"{FTS}_delete": f"AFTER DELETE ON conversations_part WHEN old.kind = 'text' BEGIN {_SQLITE_DROP} END",
    f"{FTS}_out": f"BEFORE UPDATE ON conversations_part WHEN old.kind = 'text' BEGIN {_SQLITE_DROP} END",
    f"{FTS}_in": f"AFTER UPDATE ON conversations_part WHEN new.kind = 'text' BEGIN {_SQLITE_ADD} END",
}
TRIGGERS = {name: f"CREATE TRIGGER {name} {when}" for name, when in _WHEN.items()}
# Django's icontains compares UPPER(…) of both sides.
_POSTGRESQL_INDEXES = {
    "conversations_part_trgm": "conversations_part USING gin (upper(text) gin_trgm_ops) WHERE kind = 'text'",
    "conversations_title_trgm": "conversations_conversation USING gin (upper(title) gin_trgm_ops)",
}


def install(using: str = "default", **_signal) -> None:
    """Makes whatever is missing; where the database refuses, it says so in the log and goes on without."""
    connection = connections[using]
    work = {"sqlite": _install_sqlite, "postgresql": _install_postgresql}.get(connection.vendor)
    if work is None:
        return
    try:
        with transaction.atomic(using=using), connection.cursor() as cursor:
            work(cursor, "conversations_part" in connection.introspection.table_names(cursor))
    except DatabaseError as error:
        logger.warning("Search works without an index: %s", error)


def exists(connection) -> bool:
    """Whether texts can be looked up with MATCH: on SQLite, once the FTS5 table is there."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name IN (%s, %s)", [FTS, TRIGRAMS])
        return cursor.fetchone() == (len(_SQLITE_TABLES),)


def _install_sqlite(cursor, has_parts: bool) -> None:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE %s", [f"{FTS}%"])
    there = dict(cursor.fetchall())
    if not has_parts or any(there.get(name) != made for name, made in _SQLITE_TABLES.items()):
        _forget_sqlite(cursor)
        there = {}
    if not has_parts:
        return
    if not there:
        for made in (*_SQLITE_TABLES.values(), _SQLITE_FILL):
            cursor.execute(made)
    for name in TRIGGERS.keys() - there.keys():
        cursor.execute(TRIGGERS[name])


def _forget_sqlite(cursor) -> None:
    """What an earlier release made goes with its triggers, or they would write what is looked for otherwise."""
    for name in TRIGGERS:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    for name in (TRIGRAMS, FTS):
        cursor.execute(f"DROP TABLE IF EXISTS {name}")


def _install_postgresql(cursor, has_parts: bool) -> None:
    missing = [name for name in _POSTGRESQL_INDEXES if not _found(cursor, "SELECT to_regclass(%s)", name)]
    if not missing or not has_parts:
        return
    if not _found(cursor, "SELECT 1 FROM pg_extension WHERE extname = %s", "pg_trgm"):
        cursor.execute("CREATE EXTENSION pg_trgm")
    for name in missing:
        cursor.execute(f"CREATE INDEX {name} ON {_POSTGRESQL_INDEXES[name]}")


def _found(cursor, query: str, name: str) -> bool:
    cursor.execute(query, [name])
    row = cursor.fetchone()
    return row is not None and row[0] is not None
