"""Two loaders over overlapping batches at the same moment, a thousand times: the same rows as one after the other, and no deadlock."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from pipeline import run
from pipeline.model import Batch, Origin
from tests.bench.test_kills import held
from tests.conftest import Database
from tests.integration.conftest import BATCH, sample_feeds, sample_port

__all__ = ["sample_feeds", "sample_port"]

TRIES = 1_000
DAY = Batch("2026-03-03")
"""Items of that day are in the batch as well."""
FEEDS = ("sample-kyodo",)


def test_a_thousand_tries(database: Database, sample_feeds: None) -> None:
    for slugs in run.plan(BATCH, only=FEEDS):
        run.fetch(BATCH, slugs)
    # A few stories: what is tried is the meeting of two loads, and not their length.
    database.rows("delete from raw.item where item_id not in (select item_id from raw.item where published_at::date = '2026-03-03' order by 1 limit 3)"
        " and item_id not in (select min(item_id) from raw.item where published_at::date <> '2026-03-03')")  # fmt: skip
    first, second = Origin("cli", "first"), Origin("cli", "second")
    run.code_batch(BATCH, first)
    run.code_batch(DAY, second)
    tables = ", ".join(str(t) for (t,) in database.rows("select schemaname || '.' || tablename from pg_tables where schemaname = 'core'"))
    database.rows(f"truncate {tables} cascade")
    for batch, origin in ((BATCH, first), (DAY, second)):
        run.load(batch, origin)
    wanted = held(database)
    assert len(wanted[0]) >= 3 and len(wanted[1]) >= 5
    barrier = Barrier(2)

    def load(batch: Batch, origin: Origin) -> None:
        barrier.wait()
        run.load(batch, origin)

    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        for number in range(TRIES):
            database.rows(f"truncate {tables} cascade")
            for done in [pool.submit(load, BATCH, first), pool.submit(load, DAY, second)]:
                done.result(60)
            assert held(database) == wanted, f"try {number}"
    took = time.perf_counter() - started
    failed = database.value("select count(*) from ops.run where state = 'failed'")
    print(f"\n  {TRIES:,} times two loads at once in {took:.0f} s: the same rows each time, {failed} failed")
    assert failed == 0
