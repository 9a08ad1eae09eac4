"""What users read, written to files; and its dictionary, made from the comments in the schema."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg2 import sql as identifiers

from pipeline.canonical import to_json
from pipeline.errors import CommuniqueError
from pipeline.warehouse.sql import Cursor, rows, transaction

Format = Literal["parquet", "csv", "jsonl"]
BATCH = 10_000
_CLOCKS = ("known_from", "event_on", "from_on", "published_at", "first_published_at", "started_at", "last_at", "Event Date", "SQLDATE")
"""Columns that --since is about, the first that a view has."""
_TYPES = {
    "int2": pa.int16(), "int4": pa.int32(), "int8": pa.int64(), "float4": pa.float32(), "float8": pa.float64(), "numeric": pa.float64(), "bool": pa.bool_(),
    "date": pa.date32(), "timestamptz": pa.timestamp("us", tz="UTC"), "_text": pa.list_(pa.string()), "_int8": pa.list_(pa.int64()),
}  # fmt: skip
"""Postgres type → Arrow type; any other becomes text."""


def export_view(dsn: str, view: str, kind: Format, target: Path, since: dt.datetime | None = None) -> int:
    """Writes a view of `warehouse` to a file, in one snapshot and in batches; counts the rows.

    Raises CommuniqueError for a view that is not there, or that has no clock for `since`.
    """
    connection = psycopg2.connect(dsn, application_name="communique export")
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection, connection.cursor() as cursor, connection.cursor(name="export") as stream:
            # An export of everything may take longer than the minute that an analyst's question has.
            cursor.execute("set local statement_timeout = 0; set local timezone to 'UTC'")
            columns = rows(cursor, "find_view_columns", view=view)
            if not columns:
                known = ", ".join(name for (name,) in rows(cursor, "find_views"))
                raise CommuniqueError(f"there is no view {view}; there are: {known}")
            stream.execute(_query(view, [name for name, _ in columns], since))
            return _WRITERS[kind](target, columns, _batches(stream))
    finally:
        connection.close()


def _query(view: str, names: Sequence[str], since: dt.datetime | None) -> identifiers.Composed:
    query = identifiers.SQL("select {} from warehouse.{}").format(identifiers.SQL(", ").join(map(identifiers.Identifier, names)), identifiers.Identifier(view))
    if since is None:
        return query
    clock = next((c for c in _CLOCKS if c in names), None)
    if clock is None:
        raise CommuniqueError(f"{view} has no column that says since when: export it whole")
    moment = since.strftime("%Y%m%d") if clock == "SQLDATE" else since
    return query + identifiers.SQL(" where {} >= {}").format(identifiers.Identifier(clock), identifiers.Literal(moment))


def dictionary_page(dsn: str) -> str:
    """The data dictionary as Markdown: every view with its columns, types and comments."""
    lines = [
        "# The warehouse: what its views hold",
        "",
        "Made from the comments in the schema by `communique db dictionary`; do not edit.",
    ]
    with transaction(dsn) as cursor:
        for view, comment, columns in rows(cursor, "describe_views"):
            lines += ["", f"## warehouse.{view}", "", f"{comment}.", "", "| column | type | is |", "| --- | --- | --- |"]
            lines += [f"| `{name}` | {kind} | {(text or '').replace('|', chr(92) + '|')} |" for name, kind, text in columns]
    return "\n".join(lines) + "\n"


def _batches(stream: Cursor) -> Iterator[list[tuple[Any, ...]]]:
    while batch := stream.fetchmany(BATCH):
        yield batch


def _write_parquet(target: Path, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Any, ...]]]) -> int:
    schema = pa.schema([(name, _TYPES.get(kind, pa.string())) for name, kind in columns])
    count = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in batches:
            arrays = [pa.array([_arrow(row[n], kind) for row in batch], type=schema.field(n).type) for n, (_, kind) in enumerate(columns)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count


def _write_csv(target: Path, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Any, ...]]]) -> int:
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in columns])
        for batch in batches:
            writer.writerows([[_text(value) for value in row] for row in batch])
            count += len(batch)
    return count


def _write_jsonl(target: Path, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Any, ...]]]) -> int:
    names = [name for name, _ in columns]
    count = 0
    with target.open("w", encoding="utf-8") as file:
        for batch in batches:
            file.writelines(to_json({n: float(v) if isinstance(v, Decimal) else v for n, v in zip(names, row, strict=True)}) + "\n" for row in batch)
            count += len(batch)
    return count


_WRITERS = {"parquet": _write_parquet, "csv": _write_csv, "jsonl": _write_jsonl}


def _arrow(value: Any, kind: str) -> Any:
    if value is None or kind in ("date", "timestamptz", "bool", "_text", "_int8") or kind.startswith("int"):
        return value
    return float(value) if kind in ("numeric", "float4", "float8") else _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)
