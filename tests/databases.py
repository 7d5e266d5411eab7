"""Throw-away databases of a PostgreSQL server, addressed by DATABASE_URL."""

import os
import secrets
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def postgresql_url() -> str | None:
    """DATABASE_URL if the suite runs on PostgreSQL now."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else None


def _with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _execute(url: str, statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    with psycopg.connect(_with_name(url, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(**identifiers))


def make_database(url: str, template: str = "") -> str:
    """The address of a new database on the same server, empty or a copy of the one at the address `template`."""
    return copy_database(template or _with_name(url, "template1"), f"playground_{secrets.token_hex(6)}")


def copy_database(original: str, name: str) -> str:
    """The address of a copy of that name, on the same server."""
    _execute(original, "CREATE DATABASE {name} TEMPLATE {original}", name=name, original=_name(original))
    return _with_name(original, name)


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def drop_database(url: str) -> None:
    _execute(url, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=_name(url))
