"""Statements of the way to the first token, written once: Django spends most of a query's time on writing its SQL anew.

A statement is made like any queryset, with a `Slot` for each value that differs from call to call.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql import DeleteQuery, UpdateQuery


class Slot(Expression):
    """The place of a value that comes with the call, under this name; the field tells how the database wants it."""

    def __init__(self, name: str, field: Field):
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def prepared(self, values: Mapping[str, Any]) -> Any:
        value = values[self.name]
        return self.output_field.get_db_prep_save(getattr(value, "pk", value), connection)


class _Slots(Expression):
    """The places of the values of an `__in`."""

    def __init__(self, slots: list[Slot]):
        super().__init__(output_field=slots[0].output_field)
        self.slots = slots

    def as_sql(self, compiler, connection):
        return f"({', '.join(['%s'] * len(self.slots))})", self.slots


class _Statement:
    """Compiled at its first use. All threads share it: a compiled statement knows the kind of database, no connection's
    state."""

    def __init__(self, make: Callable[[], Any]):
        self._make = make

    @cached_property
    def _compiled(self) -> Any:
        raise NotImplementedError


def _execute(sql: str, slots, values: Mapping[str, Any]):
    cursor = connection.cursor()
    cursor.execute(sql, [slot.prepared(values) if isinstance(slot, Slot) else slot for slot in slots])
    return cursor


class Select(_Statement):
    """`Select(lambda: queryset)(name=value, …)` gives the queryset's rows as a list."""

    def __call__(self, **values: Any) -> list:
        queryset, sql, slots, read = self._compiled
        with _execute(sql, slots, values) as cursor:
            read.rows = [cursor.fetchall()]
        return list(queryset._iterable_class(queryset))

    def first(self, **values: Any) -> Any:
        """The first row, or None; the statement itself bounds how many there are."""
        return next(iter(self(**values)), None)

    @cached_property
    def _compiled(self) -> tuple[QuerySet, str, tuple, threading.local]:
        queryset, read = self._make(), threading.local()
        compiler = queryset.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
        sql, slots = compiler.as_sql()
        compiler.execute_sql = lambda *args, **kwargs: read.rows
        queryset.query.get_compiler = lambda *args, **kwargs: compiler
        return queryset, sql, slots, read


class SelectIn:
    """`SelectIn(field, lambda slots: queryset)(values)` gives the rows for any of the values, as with `__in=slots`.

    Written for 1, 4, 16 … 1,024 values; the last one fills the places that are left.
    """

    MOST = 1024

    def __init__(self, field: Field, make: Callable[[Expression], QuerySet]):
        self._field, self._make = field, make
        self._sizes: dict[int, Select] = {}

    def __call__(self, values: Iterable[Any]) -> list:
        wanted = list(values)
        starts = range(0, len(wanted), self.MOST)
        return [row for start in starts for row in self._rows(wanted[start : start + self.MOST])]

    def _rows(self, values: list) -> list:
        size = 1
        while size < len(values):
            size *= 4
        values += values[-1:] * (size - len(values))
        return self._of(size)(**{f"v{place}": value for place, value in enumerate(values)})

    def _of(self, size: int) -> Select:
        if size not in self._sizes:
            slots = _Slots([Slot(f"v{place}", self._field) for place in range(size)])
            self._sizes[size] = Select(lambda: self._make(slots))
        return self._sizes[size]


class Update(_Statement):
    """`Update(lambda: (queryset, {field: slot or value}))(name=value, …)` gives how many rows it changed."""

    def __call__(self, **values: Any) -> int:
        sql, slots = self._compiled
        with _execute(sql, slots, values) as cursor:
            return cursor.rowcount

    @cached_property
    def _compiled(self) -> tuple[str, tuple]:
        queryset, fields = self._make()
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(fields)
        return query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()


class Delete(Update):
    """`Delete(lambda: queryset)(name=value, …)`: rows that nothing refers to; gives how many there were."""

    @cached_property
    def _compiled(self) -> tuple[str, tuple]:
        query = self._make().query.chain(DeleteQuery)
        return query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()


def insert(*rows: models.Model, as_is: bool = False) -> None:
    """Writes new rows of one model in one statement. They bring their own ids, unless nobody will ask for them.

    `as_is` keeps times that a field would set to now: rows that come from elsewhere have their own.
    """
    model = type(rows[0])
    sql, fields = _insertion(model, connection.vendor)
    values = [[field.get_db_prep_save(_value(field, row, as_is), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(sql, values[0])
        else:
            cursor.executemany(sql, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _value(field: Field, row: models.Model, as_is: bool) -> Any:
    return field.value_from_object(row) if as_is else field.pre_save(row, True)


@cache
def _insertion(model: type[models.Model], vendor: str) -> tuple[str, list[Field]]:
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields  # noqa: S608
