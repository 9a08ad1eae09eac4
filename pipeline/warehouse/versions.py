"""Events as the rows that are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.model import Event, Evidence
from pipeline.warehouse.sql import composite

VERSION_COLUMNS = (
    "event_id", "version", "known_from", "known_to", "change_kind", "change_note", "story_id", "revision",
    "event_type", "plover_type", "plover_mode", "cameo_code", "quad_plover", "quad_cameo", "goldstein", "plover_score", "status", "is_background",
    "object_key", "event_on", "event_end_on", "date_precision", "date_basis", "place_name", "place_country_code", "place_latitude", "place_longitude",
    "is_veiled", "confidence", "content_sha256", "coder_version", "actors", "recipients", "implied", "actor_names", "recipient_names", "contexts",
    "parties", "quantities", "parent_event_id", "run_id",
)  # fmt: skip
KNOWN_TO = VERSION_COLUMNS.index("known_to")
MENTION_COLUMNS = (
    "event_id", "story_id", "revision", "start_char", "end_char", "quote", "sentence_start", "sentence_end", "pattern_id", "coder_version", "run_id",
)  # fmt: skip


@dataclass
class Version:
    """A version of an event to be written. The head may still change while a load goes on; the row is made when it is sent."""

    head: list[Any]
    """The first eight of VERSION_COLUMNS."""
    event: Event
    parent_id: str | None
    run_id: int

    def row(self) -> list[Any]:
        """All of VERSION_COLUMNS."""
        e = self.event
        place = (e.place.name, e.place.country, e.place.latitude, e.place.longitude) if e.place else (None, None, None, None)
        sides = (("actor", e.actors), ("recipient", e.recipients), ("implied", e.implied))
        return [
            *self.head,
            e.event_type, e.plover_type, e.plover_mode, e.cameo_code, e.quad_plover, e.quad_cameo, e.goldstein, e.plover_score, e.status, e.is_background,
            e.object_key, e.date_start, e.date_end, e.date_precision, e.date_basis, *place,
            bool(e.implied), e.confidence, e.content_sha256, e.coder_version,
            *([p.country or p.name for p in parties] for _, parties in sides), [p.name for p in e.actors], [p.name for p in e.recipients], sorted(set(e.contexts)),
            [composite(side, p.country, p.name, p.text, p.role, p.sector) for side, parties in sides for p in parties],
            [composite(q.measure, q.value, q.unit, q.kind, "t" if q.is_approximate else "f", q.text) for q in e.quantities],
            self.parent_id, self.run_id,
        ]  # fmt: skip


def mention_row(event_id: str, story_id: int, revision: int, e: Evidence, coder_version: str, run_id: int) -> tuple[Any, ...]:
    """All of MENTION_COLUMNS."""
    return (
        event_id, story_id, revision, e.start, e.end, e.quote, e.sentence_start, e.sentence_start + len(e.sentence), e.pattern_id, coder_version, run_id,
    )  # fmt: skip
