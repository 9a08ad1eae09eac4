"""tests/golden/<feed>/<case>: an input, the story and the events that it must become, and why it is there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.canonical import to_json
from pipeline.clean import clean_copy, clean_text
from pipeline.extract import extract_events

CASES = sorted((Path(__file__).parent.parent / "golden").glob("*/*/"))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.parent.name}/{c.name}")
def test_case(case: Path) -> None:
    assert len((case / "WHY.md").read_text()) > 50
    wanted = json.loads((case / "events.json").read_text("utf-8"))
    published = dt.datetime.fromisoformat(wanted["published_at"])
    raw = clean_text((case / "input.txt").read_text("utf-8")).with_time(published, "given")
    (story,) = clean_copy(raw, case.parent.name, case.parent.name, None)
    found = json.loads(to_json(story))
    expected = json.loads((case / "story.json").read_text("utf-8"))
    assert {k: found[k] for k in expected} == expected
    for _ in range(2):  # twice: reading a story must leave nothing behind
        events = [
            {
                "event_type": e.event_type,
                "actors": sorted(p.key for p in e.actors),
                "recipients": sorted(p.key for p in e.recipients),
                "date_start": e.date_start.isoformat() if e.date_start else None,
                **({"implied": [p.key for p in e.implied]} if e.implied else {}),
            }
            for e in extract_events(dataclasses.replace(story))
        ]
        assert sorted(map(to_json, events)) == sorted(map(to_json, wanted["events"]))
