"""The main job over the sample wire, twice, by day, killed, and by two at once."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psycopg2
import pytest

from pipeline import run
from pipeline.model import Batch, Origin
from tests.conftest import ROOT, Database
from tests.integration.conftest import BATCH

DAYS = [Batch(f"2026-03-0{n}") for n in range(2, 7)]


def test_the_main_job(polled: Database) -> None:
    reports = {r.stage: r.counts for r in run.code_batch(BATCH)}
    assert reports["clean"]["items"] == 43 and reports["clean"]["items_refused"] == 2
    load = reports["load"]
    assert (load["candidates"], load["new"], load["revision"], load["copy"]) == (43, 37, 2, 4)
    assert polled.rows("select copy_kind, count(*) from warehouse.story_copies group by 1 order by 1") == [("exact", 2), ("reworded", 1), ("trimmed", 1)]
    assert polled.value("select count(*) from warehouse.story_current where headline ~ '^(CORRECTED|URGENT|FOCUS|BREAKING)'") == 0
    assert polled.value("select count(*) from warehouse.story_current where body ~* '(==|Related coverage|newsletter|views|Kyodo\\))'") == 0
    assert polled.value("select bool_and(is_quote_exact) from warehouse.event_mentions") is True
    assert polled.rows("select distinct state from ops.run") == [("success",)]


def test_gold_events(coded: Database) -> None:
    with (ROOT / "samples" / "gold.tsv").open(newline="") as file:
        gold = list(csv.DictReader(file, delimiter="\t"))
    found = {
        (kind, " ".join(sorted(actors)), " ".join(sorted(recipients)), str(on), about)  # type: ignore[call-overload]
        for kind, actors, recipients, on, about in coded.rows("select event_type, actors, recipients, event_on, object_key from warehouse.events_current")
    }
    missing = [g for g in gold if (g["event_type"], g["actors"] or "", g["recipients"] or "", g["event_on"], g["object_key"]) not in found]
    assert not missing
    assert len(gold) >= 35


def test_a_correction_changes_the_event_and_keeps_its_history(coded: Database) -> None:
    versions = coded.rows(
        "select v.version, v.change_kind, q.value::int, v.known_to = 'infinity' from core.event_version v, unnest(v.quantities) q"
        " where v.event_type = 'AID_PLEDGED' and v.recipients @> array['TUR'] order by 1"
    )
    assert versions == [(1, "new", 2_000_000, False), (2, "correction", 3_000_000, True)]
    story = coded.rows(
        "select revision, signal, known_to = 'infinity' from warehouse.story_revisions where headline like 'Japan pledges relief%%' order by 1".replace(
            "%%", "%"
        )
    )
    assert story == [(1, "new", False), (2, "correction", True)]


def test_copies_add_mentions_and_no_events(coded: Database) -> None:
    assert (
        coded.value("select count(*) from core.event_version v join core.story s using (story_id) where s.copy_of is not null and v.known_to = 'infinity'") == 0
    )
    assert coded.value("select count(distinct story_id) from warehouse.event_mentions where is_copy") == 4
    reworded = coded.rows("select quote from warehouse.event_mentions m join warehouse.story_copies c on c.copy_id = m.story_id where copy_kind = 'reworded'")
    assert any("severe concern" in str(quote) for (quote,) in reworded)


def test_every_passage_is_kept_once(coded: Database) -> None:
    """The words that a version was coded from stand in it, all others beside; none in both."""
    first = coded.rows("select quote is not null, count(*) from core.event_version where version = 1 group by 1")
    assert first == [(True, coded.value("select count(distinct event_id) from core.event_version"))]
    passages = coded.value(
        "select count(*) from (select distinct event_id, story_id, revision, start_char, end_char from core.mention where quote is not null) x"
    )
    assert passages == coded.value("select count(*) from core.mention where quote is not null")
    assert (
        passages
        > coded.value("select count(*) from core.event_version")
        > coded.value("select count(*) from core.event_mention where pattern_id <> 'copy'")
        > 0
    )  # type: ignore[operator]


def test_every_event_leads_back_to_bytes(coded: Database) -> None:
    lost = coded.value(
        "select count(*) from core.event_version v join core.story_revision r using (story_id, revision) join raw.item i using (item_id)"
        " left join raw.document d on d.document_id = coalesce(i.page_document_id, i.feed_document_id)"
        " left join raw.document_bytes b on b.document_id = d.document_id and length(b.bytes) = d.byte_count where b.bytes is null"
    )
    assert lost == 0
    assert (
        coded.value(
            "select count(*) from raw.document where sha256 <> (select encode(sha256(bytes), 'hex') from raw.document_bytes b where b.document_id = document.document_id)"
        )
        == 0
    )


def test_running_it_again_changes_nothing(coded: Database) -> None:
    before = coded.contents()
    for slugs in run.plan(BATCH, is_forced=True):
        counts = run.fetch(BATCH, slugs, is_forced=True).counts
        assert counts["feed_not_modified"] == counts["feeds"]
    again = {r.stage: r.counts for r in run.code_batch(BATCH)}
    assert again["load"]["rows_new"] == 0
    assert (again["load"]["new"], again["load"]["copy"], again["load"]["revision"]) == (37, 4, 2)  # what each item was found to be
    assert coded.contents() == before


def test_a_backfill_by_day_leaves_the_same_rows(coded: Database) -> None:
    before = coded.contents()
    items = 0
    for day in DAYS:
        reports = {r.stage: r.counts for r in run.code_batch(day)}
        items += reports["clean"]["items"]
        assert reports["load"]["rows_new"] == 0
    assert items == 43
    assert coded.contents() == before


def test_days_first_gives_the_same_events(polled: Database) -> None:
    for day in DAYS:
        run.code_batch(day)
    by_day = polled.rows("select event_id, status, object_key from warehouse.events_current order by 1")
    run.code_batch(BATCH)
    assert polled.rows("select event_id, status, object_key from warehouse.events_current order by 1") == by_day
    assert polled.value("select count(*) from core.story where copy_of is not null") == 4


def test_a_feed_that_is_not_due_is_left_alone(coded: Database) -> None:
    assert run.plan(BATCH) == []
    assert run.find_stranded(Batch("2026-03-09T09:00")) == []


def test_items_whose_run_was_lost_are_found(polled: Database) -> None:
    assert run.find_stranded(Batch("2026-03-09T09:00")) == [BATCH.key]


@pytest.mark.parametrize("stage", ["clean", "dedupe", "validate_stories", "extract", "validate_events", "load"])
def test_each_stage_may_be_cleared_and_run_again(coded: Database, stage: str) -> None:
    before = coded.contents()
    getattr(run, stage)(BATCH)
    for later in ("dedupe", "validate_stories", "extract", "validate_events", "load"):
        getattr(run, later)(BATCH)
    assert coded.contents() == before


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited a minute for: {what}"
        time.sleep(0.02)


def test_killed_in_the_middle_of_load(polled: Database) -> None:
    """A lock on the last table that load writes holds it in mid-transaction; there it is killed."""
    for stage in (run.clean, run.dedupe, run.validate_stories, run.extract, run.validate_events):
        stage(BATCH)
    blocker = psycopg2.connect(polled.admin)
    with blocker.cursor() as cursor:
        cursor.execute("lock table core.event_mention in access exclusive mode")
    code = f"from pipeline import run; from pipeline.model import Batch; run.load(Batch({BATCH.key!r}))"
    loader = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'relation' and application_name = 'communique'"
    _wait_for(lambda: polled.value(waiting) == 1, "load to reach the locked table")
    os.kill(loader.pid, signal.SIGKILL)
    loader.wait()
    blocker.rollback()
    blocker.close()
    _wait_for(
        lambda: polled.value("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'communique'") == 0,
        "its session to end",
    )
    assert polled.value("select count(*) from core.story") == 0  # all or nothing
    assert polled.rows("select state from ops.run where stage = 'load'") == [("running",)]
    run.load(BATCH)
    assert polled.value("select count(*) from core.story") == 41
    killed = polled.rows("select distinct event_id from core.event_version order by 1")
    run.code_batch(BATCH)
    assert polled.rows("select distinct event_id from core.event_version order by 1") == killed


def test_two_at_once_over_the_same_batch(polled: Database) -> None:
    code = "import sys; from pipeline import run; from pipeline.model import Batch, Origin; run.code_batch(Batch(sys.argv[1]), Origin('cli', sys.argv[2]))"
    both = [subprocess.Popen([sys.executable, "-c", code, BATCH.key, name], cwd=ROOT) for name in ("one", "two")]
    assert [p.wait(120) for p in both] == [0, 0]
    assert polled.value("select count(*) from core.story") == 41
    assert polled.value("select count(*) from core.story_revision") == 43
    before = polled.contents()
    run.code_batch(BATCH, Origin("cli", "three"))
    assert polled.contents() == before
