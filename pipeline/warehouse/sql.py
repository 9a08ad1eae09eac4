"""Connections, and the statements of sql/statements."""

from __future__ import annotations

import datetime as dt
import gc
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg2
import psycopg2.extensions

from pipeline.canonical import to_json
from pipeline.settings import SQL

Cursor = psycopg2.extensions.cursor

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@contextmanager
def transaction(dsn: str) -> Iterator[Cursor]:
    """A cursor in one transaction: committed at the end, rolled back on an error."""
    connection = psycopg2.connect(dsn, application_name="communique", connect_timeout=10)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("set local timezone to 'UTC'")
            yield cursor
    finally:
        connection.close()


def can_connect(dsn: str) -> bool:
    """Whether a server answers there and lets us in."""
    try:
        psycopg2.connect(dsn, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def without_collecting() -> Iterator[None]:
    """Python's collector of cycles waits: a load makes rows by the ten thousand and no cycles, and it would walk through the whole batch each time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@cache
def statements() -> dict[str, str]:
    """Every named statement. Raises ValueError for a name that stands twice."""
    found: dict[str, str] = {}
    for path in sorted((SQL / "statements").glob("*.sql")):
        parts = _NAME.split(path.read_text("utf-8"))
        for name, statement in zip(parts[1::2], parts[2::2], strict=True):
            if name in found:
                raise ValueError(f"{path}: a statement named {name} exists already")
            found[name] = statement.strip().rstrip(";")
    return found


def run(cursor: Cursor, name: str, /, **parameters: Any) -> None:
    """Runs a named statement. Dictionaries and dataclasses become JSON."""
    cursor.execute(statements()[name], {k: adapt(v) for k, v in parameters.items()})


def rows(cursor: Cursor, name: str, /, **parameters: Any) -> list[tuple[Any, ...]]:
    """Runs a named statement and gives its rows."""
    run(cursor, name, **parameters)
    return list(cursor.fetchall())


def one(cursor: Cursor, name: str, /, **parameters: Any) -> tuple[Any, ...]:
    """Runs a named statement and gives its one row. Raises LookupError where there is none."""
    found = rows(cursor, name, **parameters)
    if len(found) != 1:
        raise LookupError(f"{name} gave {len(found)} rows, not one")
    return found[0]


def load_json(value: Any) -> Any:
    """JSON from the database, which psycopg2 has parsed already or not."""
    return json.loads(value) if isinstance(value, str) else value


def adapt(value: Any) -> Any:
    """A parameter as psycopg2 takes it: dictionaries as JSON, lists as arrays."""
    if isinstance(value, Mapping):
        return to_json(value)
    if isinstance(value, list):  # as one word: ten thousand constants side by side take the server's parser ten times as long
        return "{" + ",".join([_MEMBERS[type(one)](one) for one in value]) + "}"
    if isinstance(value, bytes):
        return psycopg2.Binary(value)
    return value


def quoted(value: str) -> str:
    """A string as a member of an array."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_MEMBERS: dict[type, Callable[[Any], str]] = {
    str: quoted, int: repr, float: repr, type(None): lambda _: "NULL", dt.datetime: lambda value: f'"{value.isoformat()}"', dt.date: dt.date.isoformat,
}  # fmt: skip
"""How a member of a list stands in an array, by its type."""
