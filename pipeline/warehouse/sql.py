"""Connections, the statements of sql/statements, and COPY."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg2
import psycopg2.extensions

from pipeline.model import to_json
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
    cursor.execute(statements()[name], {k: _adapt(v) for k, v in parameters.items()})


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


def copy_rows(cursor: Cursor, table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]) -> int:
    """COPYs rows into a table, and counts them. `table` and `columns` are ours, never input."""
    buffer = io.StringIO()
    count = 0
    for row in values:
        buffer.write(",".join(map(_field, row)) + "\n")
        count += 1
    buffer.seek(0)
    cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin with (format csv, null '')", buffer)
    return count


def load_json(value: Any) -> Any:
    """JSON from the database, which psycopg2 has parsed already or not."""
    return json.loads(value) if isinstance(value, str) else value


def _field(value: Any) -> str:
    """A CSV field. NULL is an empty field without quotes, which Python's csv module can write only from 3.12 on."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    text = value if isinstance(value, str) else to_json(value)
    return '"' + text.replace("\x00", "").replace('"', '""') + '"'


def _adapt(value: Any) -> Any:
    if isinstance(value, Mapping):
        return to_json(value)
    if isinstance(value, bytes):
        return psycopg2.Binary(value)
    return value
