"""A warehouse of an earlier schema keeps all that it holds."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest

from pipeline.local import postgres
from pipeline.local.state import State
from pipeline.settings import SQL
from pipeline.warehouse.migrate import make_database, migrate
from tests.conftest import Database

HELD = """
    insert into ops.feed (feed_slug, name, url, kind, outlet, wire_slug, language, time_zone, poll_minutes, expected_items_per_day)
        values ('k', 'k', 'https://k.example', 'rss', 'kyodo', 'kyodo', 'en', 'UTC', 15, 5);
    insert into ops.coder_version (coder_version, description) values ('abc', 'a coder');
    insert into ops.run (stage, batch_key, dag_id, dag_run_id, process_id) values ('load', '2026-03-02', 'cli', 'cli', 1);
    insert into raw.document (feed_slug, kind, url, final_url, http_status, headers, sha256, byte_count, fetched_at)
        values ('k', 'feed', 'u', 'u', 200, '{}', repeat('a', 64), 1, now());
    insert into raw.item (feed_slug, guid, item_sha256, title, feed_document_id, first_seen_at) values ('k', '1', repeat('a', 64), 't', 1, now());
    insert into core.story (story_key, outlet, wire_slug, first_published_at, first_seen_at) values ('k|1', 'kyodo', 'kyodo', now(), now());
    insert into core.story_revision (story_id, revision, signal, headline, published_at, date_basis, language, body, body_sha256, text_sha256, item_id, cleaner_version, known_from)
        values (1, 1, 'new', 'Japan pledges aid', now(), 'feed', 'en', 'Japan pledged aid to Turkey, ASEAN said.', repeat('b', 64), repeat('c', 64), 1, '1', '2026-03-02T00:00Z');
    insert into core.story_sketch values (7, 1);
    insert into ref.event_type (event_type, group_slug, meaning, plover_map, cameo_map, is_symmetric, needs_recipient) values ('AID_PLEDGED', 'commit', 'm', 'exact', 'exact', false, true),
            ('ARMED_CLASH', 'force', 'm', 'exact', 'exact', false, true);
    insert into core.event values ('ev-1', 1, '2026-03-02T00:00Z'), ('ev-2', 1, '2026-03-02T00:00Z');
    insert into core.event_version (event_id, version, known_from, known_to, change_kind, story_id, revision, event_type, status, is_background, object_key, event_on,
            date_precision, date_basis, is_veiled, confidence, content_sha256, coder_version, run_id)
        values ('ev-1', 1, '2026-03-02T00:00Z', '2026-03-03T00:00Z', 'new', 1, 1, 'AID_PLEDGED', 'planned', false, 'aid', '2026-03-02', 'day', 'text', false, 0.9, repeat('d', 64), 'abc', 1),
            ('ev-1', 2, '2026-03-03T00:00Z', 'infinity', 'correction', 1, 1, 'AID_PLEDGED', 'pledged', false, 'aid', '2026-03-02', 'day', 'text', false, 0.9, repeat('e', 64), 'abc', 1),
            ('ev-2', 1, '2026-03-03T00:00Z', 'infinity', 'new', 1, 1, 'ARMED_CLASH', 'done', false, 'force', '2026-03-01', 'day', 'text', false, 0.9, repeat('f', 64), 'abc', 1);
    insert into core.event_party values ('ev-1', 2, 0, 'actor', 'JPN', 'Japan', 'Tokyo, "the giver"', 'head_of_government', 'GOV'),
        ('ev-1', 2, 1, 'recipient', 'TUR', 'Turkey', 'Turkey', null, 'GOV'), ('ev-1', 2, 2, 'recipient', null, 'ASEAN', 'ASEAN (all)', null, 'IGO'),
        ('ev-1', 1, 0, 'actor', 'JPN', 'Japan', 'Japan', null, null),
        ('ev-2', 1, 0, 'actor', 'THA', 'Thailand', 'Thailand', null, 'MIL'), ('ev-2', 1, 1, 'actor', 'KHM', 'Cambodia', 'Cambodia', null, 'MIL');
    insert into core.event_quantity values ('ev-1', 2, 0, 'money', 3000000, 'USD', 'increment', true, 'about $3 million');
    insert into core.event_context values ('ev-1', 2, 'economic'), ('ev-1', 2, 'aid');
    insert into core.event_mention (event_id, story_id, revision, start_char, end_char, quote, sentence_start, sentence_end, pattern_id, coder_version, run_id)
        values ('ev-1', 1, 1, 0, 17, 'Japan pledged aid', 0, 40, 'p', 'abc', 1), ('ev-2', 1, 1, 0, 17, 'Japan pledged aid', 0, 40, 'p', 'abc', 1);
    insert into core.dyad_day (source, target, event_on, class, is_implied, event_count, source_count) values ('JPN', 'TUR', '2026-03-02', 'AGREE', false, 1, 1)
"""


@pytest.fixture
def earlier(cluster: State) -> Iterator[Database]:
    """A warehouse as the fourth migration left it, with an event in it."""
    maintenance = psycopg2.connect(postgres.dsn(cluster, postgres.ADMIN, "postgres"))
    maintenance.autocommit = True
    maintenance.cursor().execute("create database earlier")
    own = Database(*(postgres.dsn(cluster, role, "earlier") for role in (postgres.ADMIN, postgres.LOADER, postgres.ANALYST)))
    own.rows("create table public.schema_migrations (version varchar not null primary key)")
    for path in sorted((SQL / "migrations").glob("00[1-4]_*.sql")):
        own.rows(path.read_text("utf-8").split("-- migrate:down")[0])
        own.rows("insert into public.schema_migrations values (%s)", path.name.split("_")[0])
    own.rows(HELD)
    yield own
    maintenance.cursor().execute("drop database earlier with (force)")
    maintenance.close()


def test_what_was_held_is_held(earlier: Database) -> None:
    migrate(earlier.admin, {})
    assert earlier.rows("select actors, recipients, implied, actor_names, recipient_names, contexts, status, evidence from warehouse.events_current where event_id = 'ev-1'") == [
        (["JPN"], ["TUR", "ASEAN"], [], ["Japan"], ["Turkey", "ASEAN"], ["aid", "economic"], "pledged", "Japan pledged aid"),
    ]  # fmt: skip
    assert earlier.rows("select position::int, side, country_code, name, text, role, sector from warehouse.event_parties where event_id = 'ev-1' order by 1") == [
        (1, "actor", "JPN", "Japan", 'Tokyo, "the giver"', "head_of_government", "GOV"), (2, "recipient", "TUR", "Turkey", "Turkey", None, "GOV"),
        (3, "recipient", None, "ASEAN", "ASEAN (all)", None, "IGO"),
    ]  # fmt: skip
    assert earlier.rows("select value::int, unit, kind, is_approximate, amount from warehouse.aid") == [
        (3_000_000, "USD", "increment", True, "about $3 million")
    ]
    assert earlier.rows("select actors, status from warehouse.events_as_of('2026-03-02T12:00Z')") == [(["JPN"], "planned")]
    assert earlier.rows("select coder_version, story_count, shown_story_count from warehouse.coder_versions") == [("abc", 1, 1)]
    assert earlier.rows("select lead_tsv @@ 'pledg'::tsquery from warehouse.story_current") == [(True,)]
    assert earlier.value("select count(*) from core.story_sketch") == 1
    with pytest.raises(psycopg2.Error, match="append-only"):
        earlier.rows("update core.event_version set actors = '{}'")


def test_days_of_mutual_acts_are_counted_anew(earlier: Database) -> None:
    """Before the seventh migration an exchange of fire gave no pair, and the day no row; the other days stay as they are."""
    migrate(earlier.admin, {})
    assert earlier.rows("select source, target, event_on::text, event_count, source_count from warehouse.dyad_day order by 1") == [
        ("JPN", "TUR", "2026-03-02", 1, 1), ("KHM", "THA", "2026-03-01", 1, 1), ("THA", "KHM", "2026-03-01", 1, 1),
    ]  # fmt: skip
    assert earlier.value("select count(*) from core.dyad_day_due") == 0


def test_a_new_database_sorts_by_code_point(cluster: State) -> None:
    """Whatever the language of the server is."""
    maintenance = psycopg2.connect(postgres.dsn(cluster, postgres.ADMIN, "postgres"))
    maintenance.autocommit = True
    cursor = maintenance.cursor()
    for _ in range(2):  # the second time there is nothing to make
        make_database(postgres.dsn(cluster, postgres.ADMIN, "postgres"), "sorted", postgres.ADMIN, None)
    cursor.execute("select datcollate from pg_database where datname = 'sorted'")
    assert cursor.fetchall() == [("C",)]
    cursor.execute("drop database sorted")
    maintenance.close()
