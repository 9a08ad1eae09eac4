"""Five million events of a million stories, generated: the 25 questions, timelines of a pair, a pair as of a moment, and sizes."""

from __future__ import annotations

import os
import statistics
import time

import psycopg2

from pipeline.settings import SQL
from tests.conftest import Database

STORIES = int(os.environ.get("COMMUNIQUE_BENCH_STORIES", "1_000_000"))
EVENTS_A_STORY = 5
TIMES = 3
PIECES = 10

# Ten years of news, ending today as the sample wire has it. Countries act by a power law: the first takes part in an eighth of all events.
FILL = {
    "feeds and runs": """
        insert into ops.feed (feed_slug, name, url, kind, outlet, wire_slug, language, time_zone, poll_minutes, expected_items_per_day)
            values ('bench', 'Bench', 'https://bench.example/rss', 'rss', 'bench', 'kyodo', 'en', 'UTC', 15, 5);
        insert into ops.coder_version (coder_version, description) values ('bench', 'generated');
        insert into ops.run (stage, batch_key, dag_id, dag_run_id, process_id, state, counts)
            select stage, '2026-03-09', 'cli', 'cli', 1, 'success', '{"candidates": 1, "refused": 0}'
            from generate_series(1, %(pieces)s), unnest(array['fetch', 'validate_stories', 'validate_events', 'load']) stage;
        insert into raw.document (feed_slug, kind, url, final_url, http_status, headers, sha256, byte_count, fetched_at, run_id)
            select 'bench', 'page', 'https://bench.example/' || n, 'https://bench.example/' || n, 200, '{}', lpad(n::text, 64, '0'), 20000, now(), 1
            from generate_series(1, %(stories)s) n;
        insert into raw.item (feed_slug, guid, item_sha256, title, feed_document_id, page_document_id, first_seen_at, run_id)
            select 'bench', n, lpad(n::text, 64, '0'), 'Report ' || n, n, n, now(), 1 from generate_series(1, %(stories)s) n""",
    "stories": """
        insert into core.story (story_key, outlet, wire_slug, url, copy_of, copy_kind, copy_score, copy_reason, first_published_at, first_seen_at)
            select 'bench|' || n, 'outlet-' || n %% 40, (array['kyodo', 'ap', 'reuters', 'yonhap', 'xinhua', 'tass'])[n %% 6 + 1], 'https://bench.example/' || n,
                case when n %% 10 = 0 then n - 1 end, case when n %% 10 = 0 then 'reworded' end, case when n %% 10 = 0 then 0.9 end, case when n %% 10 = 0 then 'generated' end,
                published, published
            from generate_series(1, %(stories)s) n,
                lateral (select '2016-06-01'::timestamptz + n * (interval '3600 days' / %(stories)s) as published) p;
        insert into core.story_revision (story_id, revision, signal, headline, published_at, date_basis, language, body, body_sha256, text_sha256, item_id,
                cleaner_version, known_from, run_id)
            select story_id, 1, 'new', (array['Ministers meet on trade', 'Talks on missiles go on', 'Envoys agree on fisheries', 'Leaders sign a treaty'])[story_id %% 4 + 1]
                    || ', report ' || story_id, first_published_at, 'given', 'en',
                'Delegates of the town of number ' || story_id || ' met again. ' || repeat('They agreed on the wording of clause ' || story_id %% 97 || ' of the draft, said '
                    || md5(story_id::text) || '. ', 12),
                lpad(story_id::text, 64, '0'), lpad(story_id::text, 64, '0'), story_id, '1', first_published_at, 1
            from core.story;
        insert into core.story_item (item_id, position, body_sha256, story_id, revision, relation, reason)
            select story_id, 0, lpad(story_id::text, 64, '0'), story_id, 1, 'new', 'generated' from core.story;
        insert into core.coding (story_id, revision, coder_version, coded_at, run_id) select story_id, 1, 'bench', first_published_at, 1 from core.story""",
    "events": """
        create table public.country as select country_code::text as code, name, row_number() over (
            order by array_position(array['USA', 'CHN', 'RUS', 'JPN', 'KOR', 'PRK', 'GBR', 'FRA', 'IND', 'VNM'], country_code::text), md5(country_code)) - 1 as n from ref.country;
        create unique index on public.country (n);
        create table public.kind as select t.*, row_number() over (order by event_type) - 1 as n from ref.event_type t;
        create table public.made as
            select 'ev-' || substr(md5(s.story_id || ':' || k), 1, 20) as event_id, s.story_id, s.first_published_at as known_from,
                s.first_published_at::date - (k %% 3) as event_on,
                floor((select count(*) from public.kind) * random())::int as kind_n,
                floor((select count(*) from public.country) * random() ^ 2)::int as a, floor((select count(*) from public.country) * random() ^ 2)::int as b,
                random() as r, 4 + ((s.story_id * %(each)s + k) %% %(pieces)s) * 4 as run_id
            from core.story s, generate_series(1, %(each)s) k;
        insert into core.event_version (event_id, version, known_from, change_kind, story_id, revision, event_type, plover_type, plover_mode, cameo_code, quad_plover,
                quad_cameo, goldstein, plover_score, status, is_background, object_key, event_on, date_precision, date_basis, is_veiled, confidence, content_sha256,
                coder_version, run_id, actors, recipients, implied, actor_names, recipient_names, contexts, parties, quantities,
                start_char, end_char, quote, sentence_start, sentence_end, pattern_id)
            select m.event_id, 1, m.known_from, 'new', m.story_id, 1, t.event_type, t.plover_type, t.plover_mode, t.cameo_code, t.quad_plover, t.quad_cameo, t.goldstein,
                t.plover_score, case when m.r < 0.1 then 'planned' else 'done' end, m.r > 0.95,
                (array['security_cooperation', 'trade', 'fisheries', 'missile_programme', 'speech', 'bilateral_ties'])[1 + floor(6 * m.r)::int], m.event_on, 'day', 'text',
                m.r between 0.5 and 0.52, least(0.99, 0.5 + m.r / 2), lpad(m.story_id::text, 64, '0'), 'bench', m.run_id,
                case when t.is_symmetric then array[a.code, b.code] else array[a.code] end, case when t.is_symmetric then '{}' else array[b.code] end,
                case when m.r between 0.5 and 0.52 then array['CHN'] else '{}' end,
                case when t.is_symmetric then array[a.name, b.name] else array[a.name] end, case when t.is_symmetric then '{}' else array[b.name] end,
                array[(array['diplomatic', 'military', 'economic', 'aid', 'maritime', 'legal', 'territory'])[1 + floor(7 * m.r)::int]],
                array[('actor', a.code, a.name, 'the foreign minister of ' || a.name, 'foreign_minister', 'GOV')::core.party,
                    (case when t.is_symmetric then 'actor' else 'recipient' end, b.code, b.name, b.name, null, 'GOV')::core.party],
                case when t.event_type like 'AID%%' then array[('money', round(1e6 * m.r), 'USD', 'increment', false, 'some millions')::core.quantity] else '{}' end,
                0, 40, 'Delegates of the town met again and agreed', 0, 60, 'bench'
            from public.made m join public.kind t on t.n = m.kind_n join public.country a on a.n = m.a
            join public.country b on b.n = case when m.b = m.a then (m.b + 1) %% (select count(*) from public.country) else m.b end
            order by m.event_id;
        insert into core.event_mention (event_id, story_id, revision, start_char, end_char, quote, sentence_start, sentence_end, pattern_id, coder_version, run_id, recorded_at)
            select event_id, story_id + 1, 1, 0, 40, 'Delegates of the town met again and agreed', 0, 60, 'copy', 'bench', run_id, known_from from public.made
            where story_id %% 10 = 9
            order by 1;
        drop table public.made""",
}


def best(cursor: psycopg2.extensions.cursor, statement: str, parameters: object = None) -> tuple[float, float, int]:
    """Milliseconds of the first run and the median of those after it, and how many rows came."""
    times, count = [], 0
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        cursor.execute(statement, parameters)  # type: ignore[arg-type]
        count = len(cursor.fetchall())
        times.append(1000 * (time.perf_counter() - started))
    return times[0], statistics.median(times[1:]), count


def test_five_million_events(database: Database) -> None:
    connection = psycopg2.connect(database.admin)
    connection.autocommit = True
    values = {"stories": STORIES, "each": EVENTS_A_STORY, "pieces": PIECES}
    with connection.cursor() as cursor:
        cursor.execute("select version()")
        print(f"\n  {str(cursor.fetchone()).split(' on ')[0][2:]}")
        cursor.execute("set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'; set timezone to 'UTC'")
        for what, statements in FILL.items():
            started = time.perf_counter()
            for statement in statements.split(";\n"):
                cursor.execute(statement, values)
            print(f"  {what}: filled in {time.perf_counter() - started:.0f} s")
        started = time.perf_counter()
        cursor.execute("vacuum analyze")
        print(f"  vacuum and statistics: {time.perf_counter() - started:.0f} s")
        started = time.perf_counter()
        cursor.execute("select core.count_dyad_days(array(select distinct event_on from core.event_version))")
        print(f"  pairs of all days counted: {time.perf_counter() - started:.0f} s")
        cursor.execute("vacuum analyze core.dyad_day")
        cursor.execute("select count(*), count(distinct (source, target)) from core.dyad_day")
        print(f"  rows of dyad_day, and pairs: {cursor.fetchone()}")
        cursor.execute(
            "select relname, reltuples::bigint, pg_table_size(c.oid) / 1e6, pg_indexes_size(c.oid) / 1e6 from pg_class c"
            " where relkind = 'r' and relnamespace in ('core'::regnamespace, 'raw'::regnamespace) and pg_table_size(c.oid) > 1e6 order by 3 desc"
        )
        for name, count, size, indexes in cursor.fetchall():
            print(f"  {name}: {count:,} rows, {size:,.0f} MB, indexes {indexes:,.0f} MB")
    connection.close()

    analyst = psycopg2.connect(database.analyst)
    analyst.autocommit = True
    with analyst.cursor() as cursor:
        slow = []
        for path in sorted((SQL / "queries").glob("*.sql")):
            first, again, count = best(cursor, path.read_text("utf-8"))
            print(f"  {path.stem}: {again:,.0f} ms (the first time {first:,.0f}), {count:,} rows")
            slow += [path.stem] if again > 1000 else []
        for what, statement in {
            "timeline of a pair by day, a year": "select event_on, class, event_count, mean_goldstein from warehouse.dyad_day where source = %s and target = %s"
            " and event_on between '2025-01-01' and '2025-12-31' order by 1, 2",
            "timeline of a pair by month, ten years": "select date_trunc('month', event_on), sum(event_count), sum(mean_goldstein * event_count) / sum(event_count)"
            " from warehouse.dyad_day where source = %s and target = %s group by 1 order by 1",
            "timeline of a pair by day, ten years": "select event_on, class, event_count, mean_goldstein from warehouse.dyad_day where source = %s and target = %s order by 1, 2",
            "events of a pair now": "select event_on, event_type, status, object_key from warehouse.events_current where actors || recipients @> array[%s, %s]",
            "events of a pair as of five years ago, without the words": "select event_on, event_type, status, object_key from warehouse.events_as_of('2021-03-01')"
            " where actors || recipients @> array[%s, %s]",
            "events of a pair as of five years ago": "select * from warehouse.events_as_of('2021-03-01') where actors || recipients @> array[%s, %s]",
        }.items():
            cursor.execute("select source, target from warehouse.dyad_day group by 1, 2 order by sum(event_count) desc limit 1")
            first_pair = cursor.fetchone()
            for label, pair in (("the busiest pair", first_pair), ("Japan and Vietnam", ("JPN", "VNM"))):
                first, again, count = best(cursor, statement, pair)
                print(f"  {what}, {label}: {again:,.1f} ms (the first time {first:,.1f}), {count:,} rows")
    analyst.close()
    print(f"  over a second: {slow or 'none'}")
    assert database.value("select count(*) from core.event_version") == STORIES * EVENTS_A_STORY
