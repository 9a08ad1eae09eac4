"""Dedupe among a million stories: how long one decision takes, what memory it needs, how large the index is."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

import psycopg2

from pipeline.clean import VERSION
from pipeline.dedupe import FEWEST_SHARED, decide, sketch, text_sha256
from pipeline.model import Batch, Decision, Origin
from pipeline.warehouse import batches, stories
from pipeline.warehouse.sql import Cursor, transaction
from samples.duplicates import develop
from tests.conftest import Database

STORIES = 1_000_000
POSTINGS = 30
"""A story of 150 words has about as many: sampled runs of five and three words, and its names and numbers."""


def fill(database: Database) -> None:
    """A million stories of twenty words, each with thirty hashes, of which one in fifty is shared by hundreds of stories."""
    connection = psycopg2.connect(database.admin)
    with connection, connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'")
        cursor.execute("alter table core.story_sketch drop constraint story_sketch_pkey")
        cursor.execute(
            "insert into core.story (story_key, outlet, wire_slug, first_published_at, first_seen_at)"
            " select 'bench|' || n, 'outlet-' || n %% 50, 'kyodo', now() - n * interval '1 minute', now() from generate_series(1, %s) n",
            (STORIES,),
        )
        cursor.execute(
            "insert into core.story_revision (story_id, revision, signal, headline, published_at, date_basis, language, body, body_sha256, text_sha256, item_id,"
            " cleaner_version, known_from) select story_id, 1, 'new', 'Report ' || story_id, first_published_at, 'given', 'en',"
            " 'Delegates of the town of number ' || story_id || ' met again and agreed on the wording of clause ' || story_id % 97 || ' of the draft.',"
            " lpad(story_id::text, 64, '0'), lpad(story_id::text, 64, '0'), story_id, '1', now() from core.story where story_key like 'bench|%'"
        )
        cursor.execute(
            "insert into core.story_sketch select case when k = 1 and s.story_id %% 2 = 0 then s.story_id %% 3000 else hashint8extended(s.story_id * 64 + k, 7) end, s.story_id"
            " from core.story s, generate_series(1, %s) k where story_key like 'bench|%%' order by 1, 2",
            (POSTINGS,),
        )
        cursor.execute("alter table core.story_sketch add primary key (hash, story_id)")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("analyze core.story; analyze core.story_revision; analyze core.story_sketch")
    connection.close()


def test_a_new_story_among_a_million(database: Database) -> None:
    started = time.perf_counter()
    fill(database)
    print(f"\n  filled in {time.perf_counter() - started:.0f} s")
    labelled = [one for one in develop() if "template" not in one.group]
    originals = [one.candidate for one in labelled if one.kind == "original"]
    others = [one.candidate for one in labelled if one.kind != "original"]
    with transaction(database.admin) as cursor:
        cursor.execute("set local session_replication_role = replica")
        run_id = batches.start_run(cursor, "load", Batch("2026-03-09"), Origin())
        sketches = {c.story.body_sha256: sketch(c.story.body) for c in originals}
        texts = {c.story.body_sha256: text_sha256(c.story.body) for c in originals}
        now = originals[0].story.published_at
        assert now is not None
        stories.load_stories(cursor, [(c, Decision("new", "bench")) for c in originals], sketches, texts, sketch, now, VERSION, run_id)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers: dict[str, int] = {}

    def decide_one(cursor: Cursor) -> Callable[[int], None]:
        def work(number: int) -> None:
            candidate = others[number]
            postings = sketch(candidate.story.body)
            (known,) = stories.find_known(cursor, [candidate.story_key], [text_sha256(candidate.story.body)], [postings], FEWEST_SHARED)
            relation = decide(candidate.story, candidate.story_key, known).relation
            answers[relation] = answers.get(relation, 0) + 1

        return work

    times = []
    with transaction(database.loader) as cursor:
        work = decide_one(cursor)
        work(0)
        for number in range(1, len(others)):
            started = time.perf_counter()
            work(number)
            times.append(1000 * (time.perf_counter() - started))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    cuts = statistics.quantiles(times, n=20)
    print(
        f"  one decision: median {statistics.median(times):.1f} ms, 95 % under {cuts[-1]:.1f} ms, the longest {max(times):.1f} ms ({len(times)} stories: {answers})"
    )
    print(f"  memory of this process grew by {grown / 1024:.0f} MB over them")
    for table in ("core.story_sketch", "core.story", "core.story_revision"):
        size, indexes = database.rows(f"select pg_table_size('{table}') / 1e6, pg_indexes_size('{table}') / 1e6")[0]
        print(f"  {table}: {float(str(size)):,.0f} MB and {float(str(indexes)):,.0f} MB of indexes")
    # An item of a digest repeats its story.
    assert answers.get("new", 0) + answers.get("report", 0) < 0.1 * len(others)
