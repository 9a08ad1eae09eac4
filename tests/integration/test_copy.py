"""Whatever text comes is in the table as it came, less NUL, which Postgres has no place for."""

from __future__ import annotations

import datetime as dt
from array import array

import psycopg2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.warehouse.sql import composite, copy_packed, copy_rows, pack_numbers
from tests.conftest import Database

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "NULL", "\\N", "\\.", "a\tb\nc\rd", '{"x","y"}', '(a,"b")', "\\", '"', ",", " ", "\0", "a\0b", "\\u0000", "\\\0", "\\\\u0000\0"]
)
ROW = st.tuples(
    TEXT | st.none(), st.lists(TEXT, max_size=3), st.lists(st.tuples(TEXT, TEXT | st.none()), max_size=2), st.integers(-(2**31), 2**31 - 1), st.floats(allow_nan=False),
    st.booleans(), st.dates(dt.date(1, 1, 1)), st.datetimes(dt.datetime(1900, 1, 1), timezones=st.just(dt.UTC)), st.dictionaries(TEXT, TEXT, max_size=2),
)  # fmt: skip


def test_copy_keeps_every_character(database: Database) -> None:
    connection = psycopg2.connect(database.admin)
    cursor = connection.cursor()
    cursor.execute(
        "set timezone to 'UTC'; create temporary table kept (n int, t text, a text[], p core.party[], i int, f float8, b bool, d date, m timestamptz, j jsonb)"
    )

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ROW, min_size=1, max_size=4))
    def check(rows: list[tuple[object, ...]]) -> None:
        cursor.execute("truncate kept")
        sent = [
            (n, t, a, [composite("actor", None, name, text, None, "GOV") for name, text in p], i, f, b, d, m, j)  # type: ignore[attr-defined]
            for n, (t, a, p, i, f, b, d, m, j) in enumerate(rows)
        ]
        assert copy_rows(cursor, "kept", ("n", "t", "a", "p", "i", "f", "b", "d", "m", "j"), sent) == len(rows)
        cursor.execute(
            "select t, a, (select jsonb_agg(jsonb_build_array(x.name, x.text, x.role, x.sector)) from unnest(p) x), i, f, b, d, m, j from kept order by n"
        )
        for (t, a, p, *rest, j), got in zip(rows, cursor.fetchall(), strict=True):
            clean = [None if one is None else one.replace("\0", "") for one in (t, *a)]  # type: ignore[misc, union-attr]
            assert [got[0], *got[1]] == clean
            assert (got[2] or []) == [[name.replace("\0", ""), text and text.replace("\0", ""), None, "GOV"] for name, text in p]  # type: ignore[attr-defined]
            assert list(got[3:8]) == rest
            if len({k.replace("\0", "") for k in j}) == len(j):  # type: ignore[attr-defined]
                assert got[8] == {k.replace("\0", ""): v.replace("\0", "") for k, v in j.items()}  # type: ignore[attr-defined]

    check()
    connection.close()


def test_numbers_go_in_sorted_and_whole(database: Database) -> None:
    connection = psycopg2.connect(database.admin)
    cursor = connection.cursor()
    cursor.execute("create temporary table numbers (place int generated always as identity, hash bigint, story_id bigint)")
    big = st.integers(-(2**63), 2**63 - 1)

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.tuples(big, big), max_size=40))
    def check(pairs: list[tuple[int, int]]) -> None:
        cursor.execute("truncate numbers")
        columns = {"hash": array("q", [h for h, _ in pairs]), "story_id": array("q", [s for _, s in pairs])}
        copy_packed(cursor, "numbers", list(columns), pack_numbers(columns))
        cursor.execute("select hash, story_id from numbers order by place")
        assert cursor.fetchall() == sorted(pairs)

    check()
    connection.close()
