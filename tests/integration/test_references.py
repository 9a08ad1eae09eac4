"""Foreign keys hold, although the tables that loads fill check them once a statement and not row by row."""

from __future__ import annotations

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extras import Json

from pipeline.warehouse.migrate import migrate
from pipeline.warehouse.sql import transaction
from tests.conftest import Database

CHECKED_BY_STATEMENT = "select tgrelid::regclass::text from pg_trigger where tgname = 'references_hold' order by 1"
CHECKED_BY_ROW = (
    "select count(*) from pg_trigger where tgfoid = '\"RI_FKey_check_ins\"'::regproc and tgenabled = 'O'"
    " and tgrelid = any(array['core.story', 'core.story_revision', 'core.story_item', 'core.coding', 'core.event_version',"
    " 'core.event_mention', 'core.event_link']::regclass[])"
)
COLUMNS = """
    select c.conname, array_agg(a.attname order by k.n), array_agg(a.atttypid::regtype::text order by k.n)
    from pg_constraint c cross join lateral unnest(c.conkey) with ordinality k (own, n) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.own
    where c.contype = 'f' and c.conrelid = %s::regclass group by 1 order by 1"""
NOWHERE = {"bigint": -1, "integer": -1, "text": "nothing of the kind", "character": "nothing of the kind"}
# Another key of its own, so that only the reference is wrong.
FRESH: dict[str, dict[str, object]] = {
    "core.story": {"story_id": 999_999, "story_key": "fresh|1"},
    "core.story_revision": {"revision": 999, "known_to": "2030-01-01T00:00Z", "body_sha256": "f" * 64},
    "core.story_item": {"position": 99},
    "core.coding": {"coded_at": "2030-01-01T00:00Z"},
    "core.event_version": {"version": 999, "known_to": "2030-01-01T00:00Z"},
    "core.event_mention": {"start_char": 0, "sentence_start": 0},
    "core.event_link": {},
}  # fmt: skip
KIND = {"core.story": {"copy_of": {"copy_kind": "exact"}}}
"""What a row must say beside a column that it usually lacks."""


def insert_like(cursor: psycopg2.extensions.cursor, table: str, changes: dict[str, object]) -> None:
    """Inserts a held row again, changed."""
    cursor.execute(
        f"select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
    )
    ((columns,),) = cursor.fetchall()
    cursor.execute(
        f"insert into {table} ({columns}) overriding system value select {columns} from jsonb_populate_record(null::{table},"
        f" (select to_jsonb(x) from {table} x limit 1) || %s::jsonb)",
        [Json(changes)],
    )


def test_what_refers_to_nothing_is_refused(coded: Database) -> None:
    events = [str(e) for (e,) in coded.rows("select distinct event_id from core.event_version order by 1 limit 3")]
    tables = [str(t) for (t,) in coded.rows(CHECKED_BY_STATEMENT)]
    assert sorted(FRESH) == tables
    with transaction(coded.loader) as cursor:
        cursor.execute("insert into core.event_link (event_id, same_as, reason) values (%s, %s, 'a test')", (events[1], events[0]))
    tried = 0
    for table in tables:
        keys = coded.rows(COLUMNS, table)
        for name, columns, types in keys:
            assert isinstance(columns, list) and isinstance(types, list)
            for column, kind in zip(columns, types, strict=True):  # one wrong column of several is wrong
                if column == "first_version":
                    continue  # it is 1: a check sees to that
                if (table, column) == ("core.event_link", "same_as"):
                    changes: dict[str, object] = {column: "a", "event_id": events[1]}
                elif (table, column) == ("core.event_link", "event_id"):
                    changes = {column: "z", "same_as": events[0]}
                elif (table, name) == ("core.event_link", "event_link_run_id_fkey"):
                    changes = {"event_id": events[2], column: -1}
                else:
                    changes = FRESH[table] | KIND.get(table, {}).get(column, {}) | {column: NOWHERE[str(kind)]}
                connection = psycopg2.connect(coded.admin)
                try:
                    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.ForeignKeyViolation) as caught:
                        insert_like(cursor, table, changes)
                finally:
                    connection.close()
                assert caught.value.diag.constraint_name in {key for key, its, _ in keys if column in its}  # type: ignore[operator]
                tried += 1
    assert tried >= 23
    assert coded.orphans() == []


def test_what_is_well_is_taken_and_keeps_what_it_refers_to(coded: Database) -> None:
    connection = psycopg2.connect(coded.admin)
    with connection.cursor() as cursor:
        for table in ("core.story", "core.story_item", "core.coding", "core.event_version"):
            insert_like(cursor, table, FRESH[table])
    connection.rollback()
    connection.close()
    for statement in ("delete from core.story", "delete from ops.run", "delete from raw.item", "update core.coding set run_id = -1"):
        with pytest.raises(psycopg2.errors.ForeignKeyViolation):
            coded.rows(statement)


def test_an_event_has_one_open_version(coded: Database) -> None:
    """Checked where it is written, by an index or by a trigger, whatever the number of the open one is."""
    event_id = coded.value("select min(event_id) from core.event_version where version = 1 and known_to = 'infinity'")
    again = (
        "insert into core.event_version select r.* from core.event_version v,"
        " jsonb_populate_record(v, jsonb_build_object('version', %s, 'known_from', '2030-01-01', 'known_to', 'infinity')) r where v.version = 1 and v.event_id = %s"
    )
    for number in (1, 2, 3):
        with pytest.raises(psycopg2.errors.UniqueViolation):
            coded.rows(again, number, event_id)
    coded.rows("update core.event_version set known_to = '2029-01-01' where event_id = %s", event_id)
    coded.rows(again, 2, event_id)
    assert coded.rows("select version from core.event_version where event_id = %s and known_to = 'infinity'", event_id) == [(2,)]
    with pytest.raises(psycopg2.errors.UniqueViolation):
        coded.rows(again, 3, event_id)


def test_a_further_version_stands_upon_a_first_one(coded: Database) -> None:
    first = {"event_id": "ev-fresh", "version": 1, "known_from": "2030-01-01T00:00Z", "known_to": "infinity"}
    with transaction(coded.loader) as cursor:
        insert_like(cursor, "core.event_version", first)
    with transaction(coded.loader) as cursor, pytest.raises(psycopg2.errors.ForeignKeyViolation, match="event ev-new has no first version"):
        insert_like(cursor, "core.event_version", first | {"event_id": "ev-new", "version": 2})


def test_orphans_are_found(coded: Database) -> None:
    """The check that other tests rely on does find one."""
    coded.rows(
        "alter table core.coding disable trigger references_hold; insert into core.coding select story_id, 99, coder_version, coded_at, run_id from core.coding limit 1"
    )
    assert [found for found, _ in coded.orphans()] == ["core.coding"]


def test_migrating_again_takes_in_what_is_checked_by_row(coded: Database) -> None:
    """A key that is new, and all of them after a restore from a dump."""
    coded.rows("alter table core.coding enable trigger all; alter table core.coding add column retold_in bigint references core.story")
    assert coded.value(CHECKED_BY_ROW) == 4
    migrate(coded.admin, {})
    assert coded.value(CHECKED_BY_ROW) == 0
    with pytest.raises(psycopg2.errors.ForeignKeyViolation, match="retold_in"):
        coded.rows(
            "insert into core.coding (story_id, revision, coder_version, coded_at, run_id, retold_in) select story_id, revision, coder_version, now(), run_id, -1 from core.coding limit 1"
        )


def test_an_administrator_who_is_no_superuser_keeps_the_checks_by_row(database: Database) -> None:
    """A managed server lets nobody disable the row checks: then they stay, and nothing is checked twice."""
    assert database.value(CHECKED_BY_ROW) == 0
    tables = [str(t) for (t,) in database.rows(CHECKED_BY_STATEMENT)]
    connection = psycopg2.connect(database.admin)
    with connection.cursor() as cursor:
        cursor.execute("create role plain; grant all on schema core to plain; grant execute on function core.check_by_statement to plain")
        for table in tables:
            cursor.execute(f"drop trigger references_hold on {table}; alter table {table} enable trigger all; alter table {table} owner to plain")
        cursor.execute("set local role plain")
        for table in tables:
            cursor.execute("select core.check_by_statement(%s)", (table,))
        assert "row by row" in connection.notices[-1]
        cursor.execute(CHECKED_BY_STATEMENT)
        assert cursor.fetchall() == []
        cursor.execute(CHECKED_BY_ROW)
        ((by_row,),) = cursor.fetchall()
        assert by_row == 22
    connection.rollback()
    connection.close()
