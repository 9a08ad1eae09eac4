"""The daily report on quality, and what the suites looked at."""

from __future__ import annotations

import datetime as dt

from pipeline.model import Event, Story
from pipeline.warehouse.sql import Cursor, load_json, rows, run
from pipeline.warehouse.stored import event_from_json, story_from_json


def report_quality(cursor: Cursor, day: dt.date, run_id: int) -> int:
    """Measures a day (UTC) anew, and counts the measures."""
    run(cursor, "clear_quality_report", day=day)
    run(cursor, "save_quality_report", day=day, run_id=run_id)
    return int(cursor.rowcount)


def find_alerts(cursor: Cursor, day: dt.date) -> list[str]:
    """What of a day's report is out of bounds, a sentence each."""
    return [sentence for (sentence,) in rows(cursor, "find_alerts", day=day)]


def find_checked(cursor: Cursor, day: dt.date) -> tuple[list[tuple[str, Story]], list[tuple[str, Event]]]:
    """(key, story) and (body, event) of all that went through the suites on a day (UTC), what was refused included; kept for 14 days."""
    stories: list[tuple[str, Story]] = []
    events: list[tuple[str, Event]] = []
    for item_id, position, story, coded in rows(cursor, "find_checked", day=day):
        one = story_from_json(load_json(story))
        stories.append((f"{item_id}#{position}", one))
        events += [(one.body, event_from_json(event)) for event in load_json(coded)]
    return stories, events
