"""What every stage shares: its row in ops.run, its counts, what it refuses, and the clock."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.errors import CountsError, EndsTooMuchError
from pipeline.model import Batch, Origin, Refusal
from pipeline.settings import Settings
from pipeline.warehouse import batches
from pipeline.warehouse.sql import Cursor, transaction

COMMAND = Origin()
"""Whoever calls a stage without saying who: the command line, and tests."""


@dataclass
class Stage:
    """A stage under way: its counts and refusals are written when it ends."""

    name: str
    batch: Batch
    run_id: int
    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)


def clock(cursor: Cursor) -> dt.datetime:
    """The database's time at this moment, not at the transaction's begin."""
    cursor.execute("select clock_timestamp()")
    return cursor.fetchone()[0]  # type: ignore[index, no-any-return]  # a select without from gives one row


def now() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC)


@contextmanager
def stage(settings: Settings, name: str, batch: Batch, origin: Origin, feed_slug: str | None = None) -> Iterator[Stage]:
    """Records a run from its start; writes counts and refusals at its end, or why it failed."""
    dsn = settings.require_dsn()
    with transaction(dsn) as cursor:
        run = Stage(name, batch, batches.start_run(cursor, name, batch, origin, feed_slug))
    try:
        yield run
    except BaseException as error:
        with transaction(dsn) as cursor:
            batches.fail_run(cursor, run.run_id, f"{type(error).__name__}: {error}")
        raise
    with transaction(dsn) as cursor:
        batches.save_refusals(cursor, batch, run.refusals, run.run_id)
        run.counts["quarantined"] = len(run.refusals)
        batches.end_run(cursor, run.run_id, run.counts)


@contextmanager
def held_for_a_person(run: Stage) -> Iterator[None]:
    """Around a transaction: where it would end too many events it is rolled back, and quarantine says what waits for approval."""
    try:
        yield
    except EndsTooMuchError as error:
        run.counts.clear()
        run.counts.update(held=1, would_end=sum(ended for _, ended, _ in error.days))
        run.refusals.append(Refusal(run.name, "ends_too_much", f"{run.batch.key}: {error}; it waits for approval"[:2000], item_key=run.batch.key))


def check(run: Stage, total: str, *parts: str) -> None:
    """What went in must have come out; anything else is a bug and stops the stage."""
    if run.counts[total] != sum(run.counts[p] for p in parts):
        raise CountsError(f"{total} = {run.counts[total]}, but " + " + ".join(f"{p} {run.counts[p]}" for p in parts))
