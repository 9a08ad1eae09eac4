"""Connections, the statements of sql/statements, and COPY."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import Any

import psycopg2
import psycopg2.extensions

from pipeline.model import to_json
from pipeline.settings import SQL

Cursor = psycopg2.extensions.cursor

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_NEEDS_ESCAPE = re.compile(r"[\x00\t\n\r\\]").search
_ESCAPED = str.maketrans({"\x00": None, "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"})
_NEEDS_QUOTES = re.compile(r'[(),"\\]').search


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
    """COPYs rows into a table as they are made, and counts them. `table` and `columns` are ours, never input.

    Sequences of strings become text[]; dictionaries and dataclasses become JSON.
    """
    lines = _Lines(values)
    cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin", lines)
    return lines.count


class _Lines:
    """Rows as COPY's text format, made while the server takes in those before: both work at once."""

    def __init__(self, values: Iterable[Sequence[Any]]) -> None:
        self._values = iter(values)
        self.count = 0

    def read(self, _size: int = -1, /) -> bytes:
        made = list(islice(self._values, 100))
        self.count += len(made)
        return "".join(["\t".join(map(_field, row)) + "\n" for row in made]).encode()

    readline = read  # psycopg2 asks that there be one, and calls read alone


def composite(*values: str | float | None) -> str:
    """The fields of a composite type, as an array's element holds them."""
    return "(" + ",".join([_part(v) for v in values]) + ")"


def _part(value: str | float | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return _field(value)
    if value and not _NEEDS_QUOTES(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '""') + '"'


def load_json(value: Any) -> Any:
    """JSON from the database, which psycopg2 has parsed already or not."""
    return json.loads(value) if isinstance(value, str) else value


def _field(value: Any) -> str:
    """A field of COPY's text format."""
    if type(value) is str:
        return value.translate(_ESCAPED) if _NEEDS_ESCAPE(value) else value
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        quoted = ['"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in value]
        return _field("{" + ",".join(quoted) + "}")
    return _field(to_json(value))


def _adapt(value: Any) -> Any:
    if isinstance(value, Mapping):
        return to_json(value)
    if isinstance(value, bytes):
        return psycopg2.Binary(value)
    return value
