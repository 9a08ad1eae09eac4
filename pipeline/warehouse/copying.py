"""Rows as COPY takes them: its text format for all kinds of values, its binary format for many numbers."""

from __future__ import annotations

import datetime as dt
import re
import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from itertools import islice
from typing import Any

import pyarrow as pa

from pipeline.canonical import to_json
from pipeline.warehouse.sql import Cursor, quoted

_ESCAPED = str.maketrans({"\x00": None, "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"})
_NEEDS_QUOTES = re.compile(r'[(),"\\]').search
NULL = "\\N"
"""How COPY's text format says that there is no value."""


def copy_rows(cursor: Cursor, table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]) -> int:
    """COPYs rows into a table as they are made, and counts them. `table` and `columns` are ours, never input.

    Sequences of strings become text[]; dictionaries and dataclasses become JSON. A row may be a string: `fields` that are ready.
    """
    lines = _Lines(values)
    cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin", lines)
    return lines.count


def pack_numbers(columns: Mapping[str, array[int]]) -> bytes:
    """Rows of bigint columns of one length as COPY's binary format: half a million numbers a second would be spent on digits otherwise.

    They are sorted by the columns in order, as an index on them likes it: the server takes them twice as fast.
    """
    numbers = [pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(values)]) for values in columns.values()]
    ordered = pa.Table.from_arrays(numbers, names=list(columns)).sort_by([(name, "ascending") for name in columns]).combine_chunks()
    row = len(columns).to_bytes(2, "big") + ((8).to_bytes(4, "big") + bytes(8)) * len(columns)
    made = bytearray(row * ordered.num_rows)
    for number, column in enumerate(ordered.columns if made else ()):
        values = array("q", column.chunk(0).buffers()[1].to_pybytes())
        if sys.byteorder == "little":
            values.byteswap()
        digits, start = values.tobytes(), 2 + 12 * number + 4
        for place in range(8):  # a column's bytes, one place after another, into every row at once
            made[start + place :: len(row)] = digits[place::8]
    return b"PGCOPY\n\xff\r\n\x00" + bytes(8) + made + b"\xff\xff"


def copy_packed(cursor: Cursor, table: str, columns: Sequence[str], packed: bytes) -> None:
    """COPYs what `pack_numbers` made into a table. `table` and `columns` are ours, never input."""
    cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin (format binary)", BytesIO(packed))


def fields(*values: Any) -> str:
    """Values as they stand side by side in a row of COPY's text format."""
    return "\t".join([_FIELDS.get(type(v), _json)(v) for v in values])


class _Lines:
    """Rows as COPY's text format, made while the server takes in those before: both work at once."""

    def __init__(self, values: Iterable[Sequence[Any]]) -> None:
        self._values = iter(values)
        self.count = 0

    def read(self, _size: int = -1, /) -> bytes:
        made = list(islice(self._values, 100))
        self.count += len(made)
        return "".join([(row if type(row) is str else fields(*row)) + "\n" for row in made]).encode()

    readline = read  # psycopg2 asks that there be one, and calls read alone


def composite(*values: str | float | None) -> str:
    """The fields of a composite type, as an array's element holds them."""
    return "(" + ",".join(["" if v is None else _part(v) if type(v) is str else repr(v) for v in values]) + ")"


def _part(value: str) -> str:
    value = value.replace("\x00", "")  # what is left of it may be empty, and then wants quotes
    if value and not _NEEDS_QUOTES(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '""') + '"'


def text(value: str) -> str:
    """A string as it stands in a row."""
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPED)


def element(value: str) -> str:
    """An element of an array, as it stands in a row; `array_of` puts elements together."""
    return text(quoted(value))


def array_of(elements: Iterable[str]) -> str:
    """An array of elements that are ready."""
    return "{" + ",".join(elements) + "}"


def _array(values: Sequence[str]) -> str:
    return array_of([element(one) for one in values])


def _json(value: Any) -> str:
    return text(to_json(value))


_FIELDS: dict[type, Callable[[Any], str]] = {
    str: text, type(None): lambda _: NULL, bool: lambda value: "t" if value else "f", int: repr, float: repr, tuple: _array, list: _array,
    dt.datetime: dt.datetime.isoformat, dt.date: dt.date.isoformat,
}  # fmt: skip
"""How a value stands in COPY's text format, by its type."""
