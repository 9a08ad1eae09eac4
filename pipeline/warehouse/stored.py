"""Stories, decisions and events as they are kept between the stages: the way back from JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pipeline.model import Adopted, Dateline, Decision, Event, Evidence, Party, Place, Quantity, Removed, Story


def decision_from_json(data: Mapping[str, Any]) -> Decision:
    """A decision as `to_json` wrote it."""
    return Decision(**{**data, "adopts": tuple(Adopted(**one) for one in data.get("adopts", ()))})


def story_from_json(data: Mapping[str, Any]) -> Story:
    """The inverse of `to_json` for a story."""
    dateline = data["dateline"]
    return Story(
        **{
            **data,
            "dateline": Dateline(dateline["place"], _date(dateline["on"]), dateline["wire"]) if dateline else None,
            "published_at": _moment(data["published_at"]),
            "modified_at": _moment(data["modified_at"]),
            "captions": tuple(data["captions"]),
            "related": tuple(data["related"]),
            "removed": tuple(Removed(**r) for r in data["removed"]),
        }
    )


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The inverse of `to_json` for an event."""
    return Event(
        **{
            **data,
            "actors": tuple(Party(**p) for p in data["actors"]),
            "recipients": tuple(Party(**p) for p in data["recipients"]),
            "implied": tuple(Party(**p) for p in data["implied"]),
            "date_start": _date(data["date_start"]),
            "date_end": _date(data["date_end"]),
            "place": Place(**data["place"]) if data["place"] else None,
            "quantities": tuple(Quantity(**q) for q in data["quantities"]),
            "contexts": tuple(data["contexts"]),
            "evidence": tuple(Evidence(**e) for e in data["evidence"]),
        }
    )


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
