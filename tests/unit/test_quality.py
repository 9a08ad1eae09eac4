"""The suites: what each expectation catches."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pipeline.coder.code import Text, code_text
from pipeline.coder.evaluate import load_gold
from pipeline.model import Event, Story
from pipeline.quality import check_events, check_stories
from tests.conftest import ROOT

NOW = dt.datetime(2026, 3, 6, tzinfo=dt.UTC)
BODY = "Japan condemned North Korea on Monday for firing two missiles, the Japanese government said."
GOOD = Story("Japan condemns launch", BODY, "en", "kyodo", "kyodo", "https://a.example/1", published_at=NOW, date_basis="feed")


def event() -> Event:
    return next(e for e in code_text(Text(BODY, dt.date(2026, 3, 3), home="JPN")) if e.event_type == "CONDEMN")


def failing_story(**changes: object) -> set[str]:
    results = check_stories([("1#0", GOOD), ("2#0", dataclasses.replace(GOOD, **changes))], NOW)  # type: ignore[arg-type]
    assert all(0 not in r.failed for r in results)
    return {r.expectation for r in results if 1 in r.failed}


def failing_event(**changes: object) -> set[str]:
    results = check_events([(BODY, event()), (BODY, dataclasses.replace(event(), **changes))])  # type: ignore[arg-type]
    assert all(0 not in r.failed for r in results)
    return {r.expectation for r in results if 1 in r.failed}


def test_suites_are_large_enough_and_pass_what_is_good() -> None:
    stories, events = check_stories([("1#0", GOOD)], NOW), check_events([(BODY, event())])
    assert len(stories) >= 12 and len(events) >= 12
    assert not [r for r in (*stories, *events) if r.failed]
    assert check_stories([], NOW) == [] and check_events([]) == []


@pytest.mark.parametrize(
    ("changes", "expectation"),
    [
        ({"headline": ""}, "expect_column_values_to_not_be_null(headline)"), ({"headline": "Hi"}, "expect_column_value_lengths_to_be_between(headline)"),
        ({"headline": "A <b>bold</b> claim"}, "expect_column_values_to_not_match_regex(headline)"), ({"body": BODY + "<p>x</p>"}, "expect_column_values_to_not_match_regex(body)"),
        ({"body": "Too short to be a story at all, this."}, "expect_column_value_lengths_to_be_between(body)"), ({"published_at": None}, "expect_column_values_to_not_be_null(published_at)"),
        ({"published_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC)}, "expect_column_values_to_be_between(published_at)"), ({"language": "english"}, "expect_column_values_to_match_regex(language)"),
        ({"url": "javascript:x"}, "expect_column_values_to_match_regex(url)"), ({"date_basis": "guess"}, "expect_column_values_to_be_in_set(date_basis)"),
        ({"outlet": "Kyodo News"}, "expect_column_values_to_match_regex(outlet)"), ({"body": BODY + " " + "x" * 500}, "expect_column_values_to_be_between(longest_word)"),
    ],
)  # fmt: skip
def test_a_story_that_fails(changes: dict[str, object], expectation: str) -> None:
    assert expectation in failing_story(**changes)


@pytest.mark.parametrize(
    ("changes", "expectation"),
    [
        ({"event_type": "PARTY"}, "expect_column_values_to_be_in_set(event_type)"), ({"recipients": ()}, "expect_column_values_to_be_in_set(lacks_recipient)"),
        ({"actors": ()}, "expect_column_values_to_be_between(actor_count)"), ({"confidence": 1.5}, "expect_column_values_to_be_between(confidence)"),
        ({"date_start": dt.date(1066, 1, 1)}, "expect_column_values_to_be_between(event_year)"), ({"goldstein": 99.0}, "expect_column_values_to_be_between(goldstein)"),
        ({"evidence": ()}, "expect_column_values_to_be_between(quote_length)"), ({"event_id": "1"}, "expect_column_values_to_match_regex(event_id)"),
        ({"event_type": "CALL", "recipients": ()}, "expect_column_values_to_be_in_set(lacks_partner)"), ({"status": "maybe"}, "expect_column_values_to_be_in_set(status)"),
    ],
)  # fmt: skip
def test_an_event_that_fails(changes: dict[str, object], expectation: str) -> None:
    assert expectation in failing_event(**changes)


def test_all_that_the_coder_finds_passes() -> None:
    """Exchanges of fire without a recipient, coups at home, a NATO summit: what the coder may tell, the suite may not refuse."""
    found = [(story.text.body, e) for story in load_gold(ROOT / "samples" / "gold" / "develop.jsonl") for e in code_text(story.text)]
    assert any(not e.recipients and e.event_type == "ARMED_CLASH" for _, e in found)
    assert any(e.event_type == "COUP" and e.actors[0].key == e.recipients[0].key for _, e in found)
    assert any(e.event_type == "MULTILATERAL_MEETING" and len(e.actors) == 1 for _, e in found)
    refused = {i: r.expectation for r in check_events(found) for i in r.failed}
    assert [(e.event_type, e.evidence[0].quote, refused[i]) for i, (_, e) in enumerate(found) if i in refused] == []


def test_evidence_that_is_not_in_the_text() -> None:
    moved = dataclasses.replace(event().evidence[0], start=0, end=5)
    assert "expect_column_values_to_be_in_set(wrong_quote_count)" in failing_event(evidence=(moved,))


def test_a_country_that_does_not_exist_and_an_actor_on_both_sides() -> None:
    actor = event().actors[0]
    assert "expect_column_values_to_be_in_set(unknown_country_count)" in failing_event(actors=(dataclasses.replace(actor, country="QQQ"),))
    assert "expect_column_values_to_be_in_set(both_sides_count)" in failing_event(recipients=(actor,))
