"""What a load changes among the events that are held, decided without a warehouse."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.coder.code import Text, code_text
from pipeline.model import Event
from pipeline.warehouse.ledger import Coding, Held, Ledger, Said
from pipeline.warehouse.versions import content_sha256

DAY = dt.date(2026, 3, 3)
FIRST, SECOND = dt.datetime(2026, 3, 3, 8, tzinfo=dt.UTC), dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
(AID,) = (e for e in code_text(Text("Japan pledged 3 million dollars in aid to Turkey on Monday.", DAY)) if e.event_type == "AID_PLEDGED")
(PROTEST,) = (e for e in code_text(Text("Chile condemned Peru on Monday.", DAY)) if e.event_type == "CONDEMN")


def held(event: Event, story_id: int = 1, version: int = 1, is_retracted: bool = False) -> dict[str, Held]:
    said = Said(content_sha256(event), event.event_type, event.object_key, event.date_start, [p.country or p.name for p in event.actors])
    return {event.event_id: Held(event.event_id, version, story_id, said, is_retracted)}


def enter(ledger: Ledger, *codings: Coding) -> list[str]:
    """The new events, by id."""
    return [v.event_id for v in ledger.enter(codings)]


def counted(ledger: Ledger) -> dict[str, int]:
    return {name.removeprefix("events_"): count for name, count in ledger.counts.items() if count and name.startswith("events_")}


def test_what_is_new_is_told_at_once() -> None:
    ledger = Ledger({}, set())
    assert enter(ledger, Coding(1, 1, FIRST, (AID, PROTEST))) == [AID.event_id, PROTEST.event_id]
    assert [(v.event_id, v.number, v.change_kind, v.known_from, v.known_to) for v in ledger.versions] == [
        (AID.event_id, 1, "new", FIRST, None), (PROTEST.event_id, 1, "new", FIRST, None),
    ]  # fmt: skip
    assert counted(ledger) == {"new": 2}
    assert ledger.counts["mentions"] == 2 and ledger.told == []  # the words stand in the versions
    assert ledger.days == {AID.date_start, PROTEST.date_start}


def test_the_same_again_changes_nothing() -> None:
    ledger = Ledger(held(AID), set(), mentioned=frozenset({(AID.event_id, 1, 1)}))
    assert enter(ledger, Coding(1, 1, SECOND, (AID,))) == []
    assert (ledger.versions, ledger.retractions, ledger.closed, ledger.days, counted(ledger)) == ([], [], {}, set(), {"same": 1})
    assert [words for *_, words in ledger.told] == [AID.evidence]


def test_a_correction_keeps_the_identity_and_the_parts_name_it() -> None:
    otherwise = replace(AID, event_id="ev-other", object_key="another thing")
    part = replace(PROTEST, parent_id="ev-other")
    ledger = Ledger(held(AID), set())
    assert enter(ledger, Coding(1, 2, SECOND, (otherwise, part))) == [PROTEST.event_id]
    assert [(v.event_id, v.number, v.change_kind, v.change_note, v.parent_id) for v in ledger.versions] == [
        (AID.event_id, 2, "correction", "revision 2 of the story says otherwise", None), (PROTEST.event_id, 1, "new", None, AID.event_id),
    ]  # fmt: skip
    assert ledger.closed == {AID.event_id: SECOND}


def test_whose_name_is_written_otherwise_is_the_same() -> None:
    """Names of bodies are compared in any case."""
    (party,) = AID.actors
    body = replace(AID, actors=(replace(party, country=None, name="Unicef"),))
    ledger = Ledger(held(body), set())
    louder = replace(body, event_id="ev-other", actors=(replace(party, country=None, name="UNICEF"),), status="done")
    assert enter(ledger, Coding(1, 2, SECOND, (louder,))) == []
    assert [v.event_id for v in ledger.versions] == [AID.event_id]


def test_what_is_no_longer_told_is_withdrawn_unless_another_tells_it() -> None:
    ledger = Ledger(held(AID), set())
    enter(ledger, Coding(1, 2, SECOND, ()))
    assert [(r.event_id, r.number, r.change_note) for r in ledger.retractions] == [(AID.event_id, 2, "revision 2 of the story no longer reports it")]
    assert ledger.ended() == [AID.event_id] and ledger.days == {AID.date_start}
    told_elsewhere = Ledger(held(AID), {AID.event_id})
    enter(told_elsewhere, Coding(1, 2, SECOND, ()))
    assert told_elsewhere.retractions == []


def test_another_storys_event_is_only_told_again() -> None:
    ledger = Ledger(held(AID, story_id=7), set())
    assert enter(ledger, Coding(1, 1, SECOND, (replace(AID, status="done"),))) == []
    assert (ledger.versions, counted(ledger), ledger.elsewhere) == ([], {"same": 1}, {AID.event_id})
    assert ledger.days == {AID.date_start}  # one more source


def test_two_revisions_in_one_load() -> None:
    ledger = Ledger({}, set())
    assert enter(ledger, Coding(1, 1, FIRST, (AID,)), Coding(1, 2, SECOND, ())) == [AID.event_id]
    ((made,), (gone,)) = ledger.versions, ledger.retractions
    assert (made.known_to, gone.number, gone.known_from, gone.known_to) == (SECOND, 2, SECOND, None)
    assert ledger.closed == {}  # nothing in the table is open
    enter(ledger, Coding(1, 3, SECOND + dt.timedelta(hours=1), (AID,)))
    assert (gone.known_to, ledger.versions[-1].number, ledger.versions[-1].change_note) == (
        ledger.versions[-1].known_from,
        3,
        "reported again after it was withdrawn",
    )
    assert ledger.ended() == []


def test_a_first_version_is_given_when_nothing_can_end_it_any_more() -> None:
    """What a later revision of the same load ends is ended when it is given."""
    ledger = Ledger({}, set())
    given = ledger.enter((Coding(1, 1, FIRST, (AID,)), Coding(2, 1, FIRST, (PROTEST,)), Coding(1, 2, SECOND, ())))
    assert [(v.event_id, v.known_to) for v in given] == [(PROTEST.event_id, None), (AID.event_id, SECOND)]


def test_who_tells_again_what_was_withdrawn_has_it_from_then_on() -> None:
    ledger = Ledger(held(AID, story_id=7, is_retracted=True), set())
    assert enter(ledger, Coding(1, 1, FIRST, (AID,)), Coding(7, 9, SECOND, ()), Coding(1, 2, SECOND, ())) == []
    assert [(v.number, v.story_id, v.change_note) for v in ledger.versions] == [(2, 1, "reported again after it was withdrawn")]
    assert [(r.number, r.story_id) for r in ledger.retractions] == [(3, 1)]  # by the second story's revision, not by the first one's


def test_a_new_coder_and_a_story_that_turns_out_to_be_a_copy_say_why() -> None:
    recoded = Ledger(held(AID), set(), recoder="abc")
    enter(recoded, Coding(1, 1, SECOND, (replace(AID, status="done"), PROTEST)))
    assert [(v.change_kind, v.change_note) for v in recoded.versions] == [("recode", "coder abc says otherwise"), ("new", "coder abc finds it")]
    moved = Ledger(held(AID), set(), moved=frozenset({AID.event_id}))
    enter(moved, Coding(1, 1, SECOND, (AID,)))
    assert [(v.number, v.change_note) for v in moved.versions] == [(2, "the original of its story came after the copy")]
    again = Ledger(held(AID), set(), recoder="abc", moved=frozenset({AID.event_id}))
    enter(again, Coding(1, 1, SECOND, (AID,)))
    assert [(v.change_kind, v.change_note) for v in again.versions] == [("correction", "the original of its story came after the copy")]
