"""One coder after another: the past coded anew, switching back and forth, and loads that wait for a person."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from unittest import mock

import psycopg2
import pytest

from pipeline import extract, run
from pipeline.errors import SettingError
from pipeline.extract import extract_events
from pipeline.model import Batch, Event, Story
from pipeline.settings import load_settings
from pipeline.warehouse import events
from tests.conftest import Database
from tests.integration.test_roles import BODY, FIRST, SECOND, THIRD

DAY = Batch("2026-03-02")


def _an_earlier_coder(story: Story) -> list[Event]:
    """One that misses summonses, takes pledges for plans, and sees thanks where there are none."""
    found = [e for e in extract_events(story) if e.event_type != "ENVOY_SUMMONED"]
    earlier = [
        dataclasses.replace(e, status="planned", coder_version="earlier") if e.event_type == "AID_PLEDGED" else dataclasses.replace(e, coder_version="earlier")
        for e in found
    ]
    thanks = dataclasses.replace(
        earlier[0], event_id="ev-00000000000000000001", event_type="PRAISE", plover_type="SUPPORT", plover_mode=None, coder_version="earlier"
    )
    return [*earlier, thanks]


def test_a_new_coder_codes_the_past_anew_and_shows_the_difference(
    publish: Callable[..., dict[str, int]], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(extract, "extract_events", _an_earlier_coder)
        earlier.setattr(extract, "coder_version", lambda: "earlier")
        publish(FIRST, "kyodo", "/k/1", BODY)
        publish(SECOND, "harbor", "/h/1", BODY, hour=12)
    then = database.value("select clock_timestamp()")
    held = database.rows("select event_id, event_type, status from warehouse.events_current order by 1")
    counts = run.recode(DAY).counts
    assert (counts["stories"], counts["events_new"], counts["events_changed"], counts["events_retracted"]) == (1, 1, 1, 1)
    changes = database.rows(
        "select change_kind, old_event_type, event_type, old_status, status, split_part(change_note, ' ', 1) from warehouse.coding_changes order by 1"
    )
    assert changes == [
        ("new", None, "ENVOY_SUMMONED", None, "done", "coder"),
        ("recode", "AID_PLEDGED", "AID_PLEDGED", "planned", "pledged", "coder"),
        ("retraction", "PRAISE", "PRAISE", "done", "done", "coder"),
    ]
    assert database.rows("select event_id, event_type, status from warehouse.events_as_of(%s) order by 1", then) == held
    assert (
        database.value(
            "select count(*) from warehouse.event_mentions where is_copy and event_id = (select event_id from warehouse.events_current where event_type = 'ENVOY_SUMMONED')"
        )
        == 1
    )
    assert database.value("select count(*) from warehouse.event_mentions group by event_id, story_id, start_char order by 1 desc limit 1") == 1
    before = database.contents()
    again = run.recode(DAY).counts
    assert (again["events_new"], again["events_changed"], again["events_retracted"]) == (0, 0, 0)
    assert database.contents() == before
    assert run.recode(Batch("2026-03-05")).counts["stories"] == 0


HELD = "select event_id, event_type, status, actors, recipients, event_on from warehouse.events_current order by 1"


@pytest.fixture
def two_coders(publish: Callable[..., dict[str, int]], database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A story coded by an earlier coder and then by the present one."""
    with monkeypatch.context() as earlier:
        earlier.setattr(extract, "extract_events", _an_earlier_coder)
        earlier.setattr(extract, "coder_version", lambda: "earlier")
        publish(FIRST, "kyodo", "/k/1", BODY)
    database.rows("create table before_recoding as " + HELD.replace("order by 1", ""))
    run.recode(DAY)
    return database


def test_switching_the_coder_is_one_statement_and_so_is_switching_back(two_coders: Database) -> None:
    database = two_coders
    earlier, present = database.rows("select * from before_recoding order by 1"), database.rows(HELD)
    assert earlier != present
    days = "select source, target, event_on, class, event_count from warehouse.dyad_day order by 1, 2, 3, 4"
    counted = database.rows(days)
    assert database.rows("select coder_version, story_count, shown_story_count from warehouse.coder_versions order by first_used_at") == [
        ("earlier", 1, 0), (extract.coder_version(), 1, 1),
    ]  # fmt: skip
    moments = [database.value("select clock_timestamp()")]
    for coder, wanted in (("earlier", earlier), (extract.coder_version(), present), ("earlier", earlier)):
        assert database.rows("select * from warehouse.use_coder(%s)", coder) == [(1, 3)]
        assert database.rows(HELD) == wanted
        assert (database.rows(days) == counted) == (wanted == present)
        moments.append(database.value("select clock_timestamp()"))
        assert database.value("select shown_story_count from warehouse.coder_versions where coder_version = %s", coder) == 1
    assert database.rows("select * from warehouse.use_coder('earlier')") == [(0, 0)]  # it is shown already
    as_of = "select event_id, event_type, status, actors, recipients, event_on from warehouse.events_as_of(%s) order by 1"
    assert [database.rows(as_of, m) for m in moments] == [present, earlier, present, earlier]
    # Every version that is shown leads to a coder and a run, and none was lost.
    assert database.value("select count(*) from warehouse.event_lineage") == database.value("select count(*) from core.event_version")
    assert database.value("select count(*) from core.event_version where change_note = 'coder earlier is used again'") == 6
    with pytest.raises(psycopg2.Error, match="no coder nobody was ever used"):
        database.rows("select * from warehouse.use_coder('nobody')")


def test_a_revision_that_came_later_is_not_switched(two_coders: Database, publish: Callable[..., dict[str, int]]) -> None:
    publish(SECOND, "kyodo", "/k/2", BODY.replace("12 million", "15 million"), "CORRECTED: Japan condemns Russia over flight")
    held = two_coders.rows(HELD)
    assert two_coders.rows("select * from warehouse.use_coder('earlier')") == [(0, 0)]
    assert two_coders.rows(HELD) == held


def test_neither_loader_nor_analyst_may_switch(two_coders: Database) -> None:
    for address in (two_coders.loader, two_coders.analyst):
        connection = psycopg2.connect(address)
        with connection.cursor() as cursor, pytest.raises(psycopg2.Error, match="permission denied"):
            cursor.execute("select * from warehouse.use_coder('earlier')")
        connection.close()


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Holds a load that would end two events of a day or more, where they are more than a fifth."""
    monkeypatch.setattr(events, "FEWEST_ENDED", 2)


def test_a_load_that_would_end_many_events_waits_for_a_person(strict: None, publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "kyodo", "/k/1", BODY)
    before = database.contents()
    counts = publish(SECOND, "kyodo", "/k/2", BODY.split("\n\n")[0], "KILL: Japan condemns Russia over flight")
    assert (counts["held"], counts["quarantined"]) == (1, 1) and counts["would_end"] >= 2 and "revision" not in counts
    after = database.contents()
    assert {t for t in after if t.startswith("core.") and after[t] != before[t]} == set()
    ((detail, key),) = database.rows("select detail, item_key from ops.quarantine where reason_code = 'ends_too_much' and stage = 'load' and status = 'open'")
    assert key == SECOND.key and "events of 2026-03-02; it waits for approval" in str(detail)
    assert run.find_stranded(THIRD) == []  # it waits, and is not handed on again
    assert run.code_batch(SECOND)[-1].counts["held"] == 1
    assert run.replay_open("ends_too_much", None, None).counts == {"replayed": 1, "released": 0, "still_refused": 1}
    assert database.value("select count(*) from warehouse.events_current") == counts["would_end"]
    assert run.replay_open("ends_too_much", None, None, is_approved=True).counts == {"replayed": 1, "released": 1, "still_refused": 0}
    assert database.value("select count(*) from warehouse.events_current") == 0


def test_a_recoding_that_would_end_many_events_waits_too(strict: None, publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "kyodo", "/k/1", BODY)
    held = database.rows(HELD)
    with mock.patch.object(extract, "extract_events", return_value=[]), mock.patch.object(extract, "coder_version", return_value="blind"):
        assert run.recode(DAY).counts["held"] == 1
        assert database.rows(HELD) == held
        assert run.replay_open("ends_too_much", None, None, is_approved=True).counts["released"] == 1
    assert database.rows(HELD) == []
    assert database.rows("select story_count, shown_story_count from warehouse.coder_versions where coder_version = 'blind'") == [(1, 1)]
    database.rows("select * from warehouse.use_coder(%s)", extract.coder_version())
    assert database.rows(HELD) == held


def test_a_small_correction_is_never_held(publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "kyodo", "/k/1", BODY)
    assert "held" not in publish(SECOND, "kyodo", "/k/2", BODY.split("\n\n")[0], "KILL: Japan condemns Russia over flight")


@pytest.mark.parametrize("share", ["much", "1.5", "-1"])
def test_the_share_is_a_share(share: str) -> None:
    with pytest.raises(SettingError, match="COMMUNIQUE_MOST_ENDED"):
        load_settings({"COMMUNIQUE_MOST_ENDED": share})
