"""One event a happening: what makes two tellings the same event, and what the one event keeps of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.canonical import sha256_of
from pipeline.coder.parents import MEETINGS
from pipeline.model import Event


def with_id(event: Event) -> Event:
    """Identity: type, parties, date and object; status and evidence may change without making another event."""
    defining = [
        event.event_type,
        sorted(p.key for p in event.actors),
        sorted(p.key for p in event.recipients),
        event.date_start,
        event.object_key,
    ]
    return replace(event, event_id="ev-" + sha256_of(defining)[:20])


def merge(events: Sequence[Event]) -> list[Event]:
    """One event a happening: the same identity, and talks or statements that are told again with fewer particulars."""
    kept: list[Event] = []
    for event in events:
        index = next((i for i, other in enumerate(kept) if _is_same(other, event)), None)
        if index is None:
            kept.append(event)
            continue
        first = kept[index]
        evidence = tuple({(e.start, e.end): e for e in (*first.evidence, *event.evidence)}.values())
        richer = max(first, event, key=lambda e: (len(e.actors), sum(1 for p in e.actors if p.role), e.confidence))
        merged = replace(
            richer,
            status="done" if {first.status, event.status} <= {"done", "pledged"} and first.status != event.status else richer.status,
            evidence=evidence,
            implied=first.implied or event.implied,
            place=first.place or event.place,
            quantities=first.quantities or event.quantities,
            contexts=tuple(dict.fromkeys((*first.contexts, *event.contexts))),
            confidence=max(first.confidence, event.confidence),
            raw_score=max(first.raw_score, event.raw_score),
            is_background=first.is_background and event.is_background,
            object_key=first.object_key,
        )
        kept[index] = with_id(merged)
    return kept


def _is_same(one: Event, two: Event) -> bool:
    if one.event_id == two.event_id:
        return True
    if one.event_type != two.event_type or one.date_start != two.date_start or one.is_background != two.is_background:
        return False
    mine, theirs = {p.key for p in one.actors}, {p.key for p in two.actors}
    if one.event_type == "JOINT_STATEMENT" and (mine <= theirs or theirs <= mine):
        return True
    actors = mine == theirs
    # One meeting, one joint statement, one visit a day between the same parties, whatever words tell it again.
    return (
        actors
        and (one.event_type in MEETINGS or one.event_type in ("JOINT_STATEMENT", "VISIT", "VISIT_ANNOUNCED"))
        and ({p.key for p in one.recipients} == {p.key for p in two.recipients})
    )
