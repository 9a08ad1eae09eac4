"""Who reprints whom, when the original comes last: roles, events and mentions put right in the warehouse."""

from __future__ import annotations

from collections.abc import Callable

from pipeline import run
from pipeline.model import Batch
from tests.conftest import Database

FIRST, SECOND, THIRD = Batch("2026-03-09T08:15"), Batch("2026-03-09T08:30"), Batch("2026-03-09T08:45")
BODY = (
    "Japanese Foreign Minister Haruto Sakai condemned Russia on Monday over the delay of a relief flight to Ankara, and said Japan will provide 12 million "
    "dollars to Turkey after the earthquake in Malatya.\n\nThe Japanese government summoned Russian Ambassador Oleg Titov in Tokyo on Monday, the Foreign "
    "Ministry said, and asked why the aircraft was held in Novosibirsk for 30 hours.\n\nSakai told reporters that 80 Japanese doctors were on board."
)
CONFLICTING = BODY.replace("30 hours", "31 hours")


def counts(database: Database) -> list[tuple[object, ...]]:
    return database.rows(
        "select (select count(distinct event_id) from core.event_version), (select count(*) from core.event_version), (select count(*) from core.mention where quote is not null),"
        " (select count(*) from core.story), (select count(*) from core.story_role)"
    )


def test_an_original_that_comes_after_its_copies(publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "harbor", "/h/1", BODY, hour=12)
    copied = publish(SECOND, "gazette", "/g/1", BODY.split("\n\n")[0] + "\n\n" + BODY.split("\n\n")[1], "Tokyo fumes at Moscow", hour=13)
    assert copied["copy"] == 1
    before = database.rows("select event_id from warehouse.events_current order by 1")
    assert len(before) >= 3
    loaded = publish(THIRD, "kyodo", "/k/1", BODY, hour=10)
    assert (loaded["new"], loaded["adopted"], loaded.get("events_new", 0)) == (1, 1, 0)
    roles = database.rows("select copy_outlet, outlet, copy_kind, role_changed_at is not null from warehouse.story_copies order by 1")
    assert roles == [("gazette", "kyodo", "trimmed", True), ("harbor", "kyodo", "exact", True)]
    assert database.rows("select event_id from warehouse.events_current order by 1") == before  # nothing twice, nothing lost
    assert database.rows("select distinct s.outlet from warehouse.events_current v join warehouse.story_current s using (story_id)") == [("kyodo",)]
    told_by = "select distinct s.outlet from core.event_version v join core.story s using (story_id) where v.known_to = 'infinity'"
    assert database.rows(told_by) == [("kyodo",)]
    assert database.rows("select distinct outlet, is_copy from warehouse.event_mentions order by 1") == [("gazette", True), ("harbor", True), ("kyodo", False)]
    notes = database.rows("select distinct change_note from core.event_version where version = 2")
    assert notes == [("the original of its story came after the copy",)]
    assert database.rows("select copy_of_before is null from core.story_role r join core.story s using (story_id) where outlet = 'harbor'") == [(True,)]
    held = counts(database)
    for batch in (FIRST, SECOND, THIRD):
        run.code_batch(batch)
    assert counts(database) == held


def test_the_usual_order_gives_the_same_roles_and_events(publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "kyodo", "/k/1", BODY, hour=10)
    publish(SECOND, "harbor", "/h/1", BODY, hour=12)
    publish(THIRD, "gazette", "/g/1", BODY.split("\n\n")[0] + "\n\n" + BODY.split("\n\n")[1], "Tokyo fumes at Moscow", hour=13)
    roles = database.rows("select copy_outlet, outlet, copy_kind, role_changed_at is not null from warehouse.story_copies order by 1")
    assert roles == [("gazette", "kyodo", "trimmed", False), ("harbor", "kyodo", "exact", False)]
    assert database.value("select count(*) from core.event_version where version > 1") == 0


def test_what_a_revision_changed_can_be_read(publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "kyodo", "/k/1", BODY)
    publish(SECOND, "kyodo", "/k/2", CONFLICTING, "CORRECTED: Japan condemns Russia over flight")
    ((changes, reason),) = database.rows("select changes, reason from warehouse.story_revisions where revision = 2")
    assert "was held in Novosibirsk for [-30-] {+31+} hours." in str(changes)
    assert str(reason).startswith("marked as correction")


def test_another_agencys_own_report_is_linked_and_kept(publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "kyodo", "/k/1", BODY)
    own = (
        "MOSCOW, March 2 (Reuters) - A planeload of 80 Japanese doctors bound for Malatya sat in Novosibirsk for more than a day, and Tokyo is not amused. Haruto "
        "Sakai, the Japanese foreign minister, had harsh words for Russia, whose ambassador, Oleg Titov, was called in on Monday. Turkey is to get 12 million dollars."
    )
    loaded = publish(SECOND, "reuters", "/r/1", own, "Doctors stranded", hour=12, wire="reuters")
    assert loaded["report"] == 1
    ((outlet, other, reason),) = database.rows("select outlet, other_outlet, happening_reason from warehouse.story_happenings")
    assert (outlet, other) == ("reuters", "kyodo") and str(reason).startswith("another report of what kyodo|")
    assert database.value("select count(*) from warehouse.story_copies") == 0
