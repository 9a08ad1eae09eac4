"""The daily report and the data docs, over the coded sample wire."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from pipeline import quality, run
from pipeline.model import Batch, Origin
from tests.conftest import Database
from tests.integration.conftest import BATCH


def today() -> Batch:
    return Batch(dt.datetime.now(dt.UTC).date().isoformat())


def report(database: Database) -> dict[tuple[str, str], float]:
    return {(str(m), str(s)): float(str(v)) for m, s, v in database.rows("select measure, subject, value from warehouse.quality_report")}


def test_the_report_says_what_the_tables_hold(coded: Database) -> None:
    counts = run.watch(today()).counts
    found = report(coded)
    assert counts == {"measures": len(found), "alerts": 0, "quarantined": 0}
    stories, copies = coded.rows("select count(*), count(copy_of) from core.story")[0]
    items, refused = coded.rows("select count(*), count(*) filter (where item_id in (select item_id from ops.quarantine)) from raw.item")[0]
    events, undated = coded.rows("select count(*), count(*) filter (where event_on is null) from warehouse.events_current")[0]
    whole = {measure: value for (measure, subject), value in found.items() if subject == ""}
    assert whole["copy_share"] == pytest.approx(copies / stories) and whole["refused_item_share"] == pytest.approx(refused / items)  # type: ignore[operator]
    assert whole["undated_event_share"] == pytest.approx(undated / events) and whole["failed_page_share"] == 0  # type: ignore[operator]
    assert (whole["event_twice_count"], whole["held_load_count"]) == (0, 0) and 0 <= whole["load_age_hours"] < 1
    assert sum(value for (measure, _), value in found.items() if measure == "class_share") == pytest.approx(1)
    per_feed = dict(coded.rows("select feed_slug, count(*) from raw.item group by 1"))  # type: ignore[arg-type]
    assert {feed: value for (measure, feed), value in found.items() if measure == "feed_items"} == per_feed
    assert "class_drift" not in whole  # nothing to compare with yet
    again = run.watch(today()).counts
    assert again == counts and set(report(coded)) == set(found)
    assert run.find_alerts(today()) == []
    assert run.watch(Batch("2020-01-01")).counts["measures"] == 2  # a day on which nothing came can be reported too


@pytest.mark.parametrize(("classes", "is_alert"), [("true", False), ("plover_type = 'CONSULT'", True)])
def test_a_shift_of_the_class_mix_is_an_alert(coded: Database, classes: str, is_alert: bool) -> None:
    """Ten days ago there were ten times the events of today, or of one class of them."""
    coded.rows(
        "create temporary table past as select v.*, k from core.event_version v, generate_series(1, 10) k where known_to = 'infinity' and not is_background"
        f" and {classes}; update past set event_id = event_id || '-' || k, version = 1, known_from = now() - interval '10 days';"
        "alter table past drop column k; insert into core.event_version select * from past"
    )
    run.watch(today())
    ((value, high, found),) = coded.rows("select value, high, is_alert from warehouse.quality_report where measure = 'class_drift'")
    assert found is is_alert and float(str(high)) >= 0.25 and (float(str(value)) > 1 if is_alert else float(str(value)) < 0.05)
    sentences = run.find_alerts(today())
    assert len(sentences) == int(is_alert) and all(one.startswith("class_drift is ") and ", over " in one for one in sentences)


def test_what_goes_wrong_is_an_alert(coded: Database) -> None:
    coded.rows(
        "update raw.item set first_seen_at = now() - interval '40 days' where feed_slug = (select feed_slug from raw.item group by 1 order by count(*), 1 limit 1)"
    )
    coded.rows("update ops.run set finished_at = now() - interval '5 hours' where stage = 'load'")
    coded.rows(
        "insert into ops.quarantine (stage, reason_code, detail, item_key, item_id, batch_key) select 'clean', 'no_story', '', item_id, item_id, '2026-03-09' from raw.item"
    )
    run.watch(today())
    quiet = coded.value("select subject from warehouse.quality_report where measure = 'feed_silence_hours' order by value desc limit 1")
    assert {one.split(" is ")[0] for one in run.find_alerts(today())} == {f"feed_silence_hours of {quiet}", "load_age_hours", "refused_item_share"}


def test_data_docs_of_a_day(coded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DOCS", str(tmp_path / "docs"))
    stories, events = coded.rows("select count(*), sum(jsonb_array_length(events)) from ops.candidate")[0]
    for again in range(2):  # a second time replaces the first
        if again:
            run.code_batch(BATCH, Origin("cli", "again"))  # everything is known by now, and coded no more
        counts = run.build_docs(today()).counts
        assert counts["stories"] == stories and counts["events"] == events and stories
        site = tmp_path / "docs" / quality.SITE
        days = {path.parent.parent.name for path in (site / "validations").rglob("*.html")}
        assert days == {today().key} and len(list((site / "validations").rglob("*.html"))) == 2
    index = (site / quality.INDEX).read_text("utf-8")
    linked = re.findall(r'<td>([\d-]+)</td><td><a href="([^"]+)">(\w+)</a></td><td>(\d+) of (\d+)', index)
    assert [(day, suite, met == of) for day, _, suite, met, of in linked] == [(today().key, "stories", True), (today().key, "events", True)]
    assert all((site / page).is_file() for _, page, *_ in linked)
    # What was refused is in them too: the suite of stories is seen to fail.
    coded.rows(
        "update ops.candidate set story = jsonb_set(story, '{headline}', '\"Hi\"') where events is not null and item_id = (select min(item_id) from ops.candidate where events is not null)"
    )
    assert run.build_docs(today()).counts["stories_expectations_failed"] == 1
    assert "stories" not in run.build_docs(Batch("2020-01-01")).counts
