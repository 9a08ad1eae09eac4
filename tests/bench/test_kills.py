"""Twenty random kills of the loader, of Postgres and of both in the middle of a load: afterwards nothing is lost or twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from pipeline import run
from pipeline.local import postgres, processes
from pipeline.local.state import State
from pipeline.model import Batch
from tests.conftest import ROOT, Database, open_folder
from tests.integration.conftest import sample_feeds, sample_port

__all__ = ["sample_feeds", "sample_port"]  # fixtures

BATCH = Batch("2026-03-09T08:15")
KILLS = 20
LONGEST_S = 0.6
"""A load of the sample wire takes about as long."""


@pytest.fixture(autouse=True)
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    with capsys.disabled():
        yield


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[State, Database]]:
    """A cluster of its own, since it is killed."""
    with open_folder() as home:
        state = State.open(home)
        postgres.start_postgres(state)
        database = Database(*(postgres.dsn(state, role) for role in (postgres.ADMIN, postgres.LOADER, postgres.ANALYST)))
        for name, address in (("", database.loader), ("ADMIN_", database.admin), ("ANALYST_", database.analyst)):
            monkeypatch.setenv(f"COMMUNIQUE_{name}DSN", address)
        monkeypatch.setenv("COMMUNIQUE_HOST_DELAY_S", "0")
        yield state, database
        postgres.stop_postgres(state)
        postgres.remove_postgres(state)


def held(database: Database) -> list[list[tuple[object, ...]]]:
    """What a load must leave, whatever numbers it gave."""
    return [
        database.rows("select story_key, copy_kind, (select count(*) from core.story_revision r where r.story_id = s.story_id) from core.story s order by 1"),
        database.rows("select event_id, version, event_type, status, event_on, content_sha256, known_to = 'infinity' from core.event_version order by 1, 2"),
        database.rows("select event_id, version, parties::text, quantities::text, contexts from core.event_version order by 1, 2"),
        database.rows(
            "select m.event_id, s.story_key, m.revision, m.start_char, m.end_char from core.mention m join core.story s using (story_id) where m.quote is not null order by 1, 2, 3, 4"
        ),
        database.rows("select source, target, event_on, class, is_implied, event_count, source_count from core.dyad_day order by 1, 2, 3, 4, 5"),
        database.rows("select item_id, position, relation from core.story_item order by 1, 2"),
    ]


def test_twenty_random_kills(own: tuple[State, Database], sample_feeds: None) -> None:
    state, database = own
    for slugs in run.plan(BATCH):
        run.fetch(BATCH, slugs)
    run.code_batch(BATCH)
    wanted = held(database)
    tables = ", ".join(str(t) for (t,) in database.rows("select schemaname || '.' || tablename from pg_tables where schemaname = 'core'"))
    rng = random.Random(7)
    outcomes: dict[str, int] = {}
    for number in range(KILLS):
        victim = ("loader", "postgres", "both")[number % 3]
        database.rows(f"truncate {tables} cascade")
        code = "from pipeline import run; from pipeline.model import Batch; run.load(Batch('2026-03-09T08:15'))"
        loader = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = database.value("select coalesce(max(run_id), 0) from ops.run")
        while loader.poll() is None and database.value("select coalesce(max(run_id), 0) from ops.run") == before:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, LONGEST_S))
        if victim in ("loader", "both") and loader.poll() is None:
            os.kill(loader.pid, signal.SIGKILL)
        if victim in ("postgres", "both"):
            processes.stop(state.home, "postgres", signal.SIGKILL)
            postgres.start_postgres(state)
        loader.wait(60)
        deadline = time.monotonic() + 30
        while (
            database.value("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'communique'")
            and time.monotonic() < deadline
        ):
            time.sleep(0.05)
        left = database.value("select count(*) from core.story")
        assert left in (0, len(wanted[0])), f"half a load after a kill of {victim}"
        outcomes[f"{victim}, {'rolled back' if left == 0 else 'committed'}"] = outcomes.get(f"{victim}, {'rolled back' if left == 0 else 'committed'}", 0) + 1
        run.load(BATCH)
        assert held(database) == wanted, f"after kill {number} of {victim}"
    print(f"\n  {KILLS} kills: {outcomes}; each time the next load left the same rows")
    assert database.orphans() == []
    assert database.rows("select conname from pg_constraint where connamespace = 'core'::regnamespace and not convalidated") == []
