"""What is part of what: statements and promises of a meeting, a meeting of a visit."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Event

MEETINGS = frozenset({"SUMMIT_TALKS", "MINISTERIAL_TALKS", "WORKING_TALKS", "MULTILATERAL_MEETING", "THIRD_PLACE_MEETING", "CALL"})
_STATEMENT = re.compile(r"\b(?:statement|communiqu[eé]|declaration)\b", re.IGNORECASE)
_MEANT = frozenset({"JOINT_STATEMENT", "TREATY_SIGNED", "AGREE_COOPERATE", "TALKS_AGREED", "AID_PLEDGED", "SHARED_POSITION", "PRAISE", "SUPPORT_ENDORSE",
                    "CONCERN_EXPRESSED", "OPPOSE", "CONDEMN", "URGE", "DEMAND", "CALL_FOR_SETTLEMENT", "INVITATION", "WARNING", "REJECTION", "APOLOGY",
                    "RELATIONS_RAISED", "STATEMENT"})  # fmt: skip
"""What is said, signed and promised when people meet."""


def link_parents(events: Sequence[Event]) -> list[Event]:
    """The events of one story, each with the one that it is part of, if the story tells of that one."""
    return [replace(event, parent_id=_parent(event, events)) for event in events]


def _parent(event: Event, events: Sequence[Event]) -> str | None:
    if event.is_background or event.date_start is None:
        return None
    if event.event_type in MEETINGS:
        return next((e.event_id for e in events if e.event_type == "VISIT" and _keys(event) == _keys(e) and _covers(e, event.date_start)), None)
    if event.event_type not in _MEANT:
        return None
    if event.event_type != "JOINT_STATEMENT" and any(_STATEMENT.search(e.sentence) for e in event.evidence):
        stated = next((e for e in events if e.event_type == "JOINT_STATEMENT" and _actors(event) == _actors(e) and e.date_start == event.date_start), None)
        if stated is not None and stated.event_id != event.event_id:
            return stated.event_id
    # The smallest meeting on that day with everybody who speaks; what is said to one who was not there is said there too.
    held = [
        e for e in events if e.event_type in MEETINGS and e.date_start == event.date_start and _actors(event) <= _actors(e) and e.event_id != event.event_id
    ]
    return min(held, key=lambda e: len(e.actors)).event_id if held else None


def _actors(event: Event) -> set[str]:
    return {p.key for p in event.actors}


def _keys(event: Event) -> set[str]:
    return {p.key for p in (*event.actors, *event.recipients)}


def _covers(visit: Event, day: dt.date) -> bool:
    return visit.date_start is not None and visit.date_start <= day <= (visit.date_end or visit.date_start)
