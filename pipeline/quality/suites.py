"""The suites: what is expected of each story and event, and the rows that are looked at."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from pipeline.canonical import count_words, longest_word
from pipeline.coder.tables import OF_ONE_COUNTRY, countries, event_types
from pipeline.model import Event, Story
from pipeline.wires.times import EARLIEST, LATEST_AHEAD

_STATUSES = ["done", "ongoing", "pledged", "planned", "stance", "cancelled", "denied", "hypothetical"]
_PRECISIONS = ["day", "week", "month", "year", "before", "unknown"]


def story_rows(stories: Sequence[tuple[str, Story]]) -> list[dict[str, Any]]:
    """What the suite of stories looks at, of (story key, story) pairs."""
    return [
        {
            "story_key": key,
            "headline": story.headline or None,
            "body": story.body,
            "word_count": count_words(story.body),
            "language": story.language,
            "published_at": story.published_at.timestamp() if story.published_at else None,
            "date_basis": story.date_basis if story.published_at else None,
            "signal": story.signal,
            "outlet": story.outlet,
            "wire": story.wire,
            "url": story.url,
            "longest_word": longest_word(story.body),
            "body_sha256": story.body_sha256,
        }
        for key, story in stories
    ]


def event_rows(events: Sequence[tuple[str, Event]]) -> list[dict[str, Any]]:
    """What the suite of events looks at, of (body, event) pairs."""
    return [
        {
            "event_id": event.event_id,
            "event_type": event.event_type,
            "status": event.status,
            "actor_count": len(event.actors),
            "lacks_recipient": int(_lacks_recipient(event)),
            "lacks_partner": int(_lacks_partner(event)),
            "unknown_country_count": sum(p.country is not None and p.country not in countries() for p in (*event.actors, *event.recipients, *event.implied)),
            "both_sides_count": 0 if event.event_type in OF_ONE_COUNTRY else len({p.key for p in event.actors} & {p.key for p in event.recipients}),
            "event_year": event.date_start.year if event.date_start else None,
            "span_days": (event.date_end - event.date_start).days if event.date_start and event.date_end else None,
            "date_precision": event.date_precision,
            "confidence": event.confidence,
            "goldstein": event.goldstein,
            "cameo_code": event.cameo_code,
            "quad_plover": event.quad_plover,
            "object_key": event.object_key,
            "quote_length": max(len(e.quote) for e in event.evidence) if event.evidence else 0,
            "wrong_quote_count": sum(body[e.start : e.end] != e.quote for e in event.evidence),
        }
        for body, event in events
    ]


def story_expectations(now: dt.datetime) -> list[Any]:
    """The suite of stories."""
    e = gx().expectations
    return [
        e.ExpectColumnValuesToBeUnique(column="story_key"),
        e.ExpectColumnValuesToNotBeNull(column="headline"),
        e.ExpectColumnValueLengthsToBeBetween(column="headline", min_value=5, max_value=400),
        e.ExpectColumnValuesToNotMatchRegex(column="headline", regex=r"<[a-zA-Z/]|&[a-z]+;|[\x00-\x1f]"),
        e.ExpectColumnValueLengthsToBeBetween(column="body", min_value=60, max_value=200_000),
        e.ExpectColumnValuesToNotMatchRegex(column="body", regex=r"</?(?:p|div|br|span|a|script|img)\b|[\x00-\x08\x0b-\x1f]"),
        e.ExpectColumnValuesToBeBetween(column="word_count", min_value=12, max_value=30_000),
        e.ExpectColumnValuesToBeBetween(column="longest_word", max_value=400),
        e.ExpectColumnValuesToMatchRegex(column="language", regex=r"^[a-z]{2}$"),
        e.ExpectColumnValuesToNotBeNull(column="published_at"),
        e.ExpectColumnValuesToBeBetween(column="published_at", min_value=EARLIEST.timestamp(), max_value=(now + LATEST_AHEAD).timestamp()),
        e.ExpectColumnValuesToBeInSet(column="date_basis", value_set=["feed", "json-ld", "meta", "time", "text", "given"]),
        e.ExpectColumnValuesToBeInSet(column="signal", value_set=["new", "update", "correction", "kill", "reclean"]),
        e.ExpectColumnValuesToMatchRegex(column="outlet", regex=r"^[a-z0-9-]+$"),
        e.ExpectColumnValuesToMatchRegex(column="wire", regex=r"^[a-z0-9-]+$"),
        e.ExpectColumnValuesToMatchRegex(column="url", regex=r"^https?://"),
        e.ExpectColumnValuesToMatchRegex(column="body_sha256", regex=r"^[0-9a-f]{64}$"),
    ]


def event_expectations() -> list[Any]:
    """The suite of events."""
    e = gx().expectations
    return [
        e.ExpectColumnValuesToMatchRegex(column="event_id", regex=r"^ev-[0-9a-f]{20}$"),
        e.ExpectColumnValuesToBeInSet(column="event_type", value_set=sorted(event_types())),
        e.ExpectColumnValuesToBeInSet(column="status", value_set=_STATUSES),
        e.ExpectColumnValuesToBeBetween(column="actor_count", min_value=1, max_value=40),
        e.ExpectColumnValuesToBeInSet(column="lacks_recipient", value_set=[0]),
        e.ExpectColumnValuesToBeInSet(column="lacks_partner", value_set=[0]),
        e.ExpectColumnValuesToBeInSet(column="unknown_country_count", value_set=[0]),
        e.ExpectColumnValuesToBeInSet(column="both_sides_count", value_set=[0]),
        e.ExpectColumnValuesToBeBetween(column="event_year", min_value=1900, max_value=2100),
        e.ExpectColumnValuesToBeBetween(column="span_days", min_value=0, max_value=366),
        e.ExpectColumnValuesToBeInSet(column="date_precision", value_set=_PRECISIONS),
        e.ExpectColumnValuesToBeBetween(column="confidence", min_value=0, max_value=1),
        e.ExpectColumnValuesToBeBetween(column="goldstein", min_value=-10, max_value=10),
        e.ExpectColumnValuesToMatchRegex(column="cameo_code", regex=r"^\d{2,4}$"),
        e.ExpectColumnValuesToBeInSet(column="quad_plover", value_set=[1, 2, 3, 4]),
        e.ExpectColumnValuesToMatchRegex(column="object_key", regex=r"^[a-z0-9_]+$"),
        e.ExpectColumnValuesToBeBetween(column="quote_length", min_value=1, max_value=240),
        e.ExpectColumnValuesToBeInSet(column="wrong_quote_count", value_set=[0]),
    ]


@cache
def gx() -> Any:
    """The library great_expectations, quiet: its own logger writes hundreds of lines at import, and analytics would call out."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations

    return great_expectations


def frame_of(rows: list[dict[str, Any]]) -> Any:
    """Rows as a data frame of objects, with None for what is missing."""
    import pandas as pd

    return pd.DataFrame(rows).astype(object).where(lambda f: f.notna(), None)


def _lacks_recipient(event: Event) -> bool:
    """Whether it is done to nobody, of a type that needs somebody; what several actors do to each other has no recipient."""
    meaning = event_types().get(event.event_type)
    return bool(meaning and meaning.needs_recipient) and not event.recipients and len(event.actors) < 2


def _lacks_partner(event: Event) -> bool:
    """Whether somebody meets nobody. A body meets in itself (`a NATO summit`); a treaty or a truce may be told of one party alone."""
    meaning = event_types().get(event.event_type)
    is_meeting = bool(meaning and meaning.is_symmetric and meaning.group == "meet")
    return is_meeting and len(event.actors) + len(event.recipients) < 2 and not any(p.sector == "IGO" for p in event.actors)
