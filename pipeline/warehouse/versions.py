"""Events as the rows that are loaded, in COPY's text format: each of a load's ten thousand is made once, and what many share is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from pipeline.canonical import sha256_of
from pipeline.model import Event, Evidence, Party, Place
from pipeline.warehouse.copying import NULL, array_of, composite, element, fields, text

VERSION_COLUMNS = (
    "event_id", "version", "known_from", "known_to", "change_kind", "change_note", "story_id", "revision",
    "event_type", "plover_type", "plover_mode", "cameo_code", "quad_plover", "quad_cameo", "goldstein", "plover_score", "status", "is_background",
    "object_key", "event_on", "event_end_on", "date_precision", "date_basis", "place_name", "place_country_code", "place_latitude", "place_longitude",
    "is_veiled", "confidence", "content_sha256", "coder_version", "actors", "recipients", "implied", "actor_names", "recipient_names", "contexts",
    "parties", "quantities", "parent_event_id", "run_id",
)  # fmt: skip
MENTION_COLUMNS = (
    "event_id", "story_id", "revision", "start_char", "end_char", "quote", "sentence_start", "sentence_end", "pattern_id", "coder_version", "run_id",
)  # fmt: skip


@dataclass(slots=True)
class Version:
    """A version of an event to be written."""

    event_id: str
    number: int
    known_from: dt.datetime
    change_kind: str
    change_note: str | None
    story_id: int
    revision: int
    event: Event
    parent_id: str | None
    known_to: dt.datetime | None = None
    """When a later revision of the same load ends it."""


def content_sha256(e: Event) -> str:
    """Hash of what an event says, without its evidence, confidence and coder: a new version is due only when this changes."""
    return _hash(e, _class(*_of_class(e)), _side("actor", e.actors), _side("recipient", e.recipients), _side("implied", e.implied))


def event_rows(new: Iterable[tuple[str, int, dt.datetime]]) -> Iterator[str]:
    """A row an event: its id, its story, since when it is known."""
    moment, since = None, ""
    for event_id, story_id, known_from in new:
        if known_from is not moment:  # one for all events of a coding, and the dearest to write
            moment, since = known_from, known_from.isoformat()
        yield f"{text(event_id)}\t{story_id}\t{since}"


def version_rows(versions: Iterable[Version], run_id: int) -> Iterator[str]:
    """All of VERSION_COLUMNS, a row a version."""
    moment, since, run = None, "", str(run_id)
    for v in versions:
        if v.known_from is not moment:
            moment, since = v.known_from, v.known_from.isoformat()
        e = v.event
        of_class, actors, recipients, implied = _class(*_of_class(e)), _side("actor", e.actors), _side("recipient", e.recipients), _side("implied", e.implied)
        yield "\t".join((
            text(v.event_id), str(v.number), since, v.known_to.isoformat() if v.known_to else "infinity", v.change_kind,
            text(v.change_note) if v.change_note else NULL, str(v.story_id), str(v.revision),
            of_class.row, e.status, "t" if e.is_background else "f",
            text(e.object_key), e.date_start.isoformat() if e.date_start else NULL, e.date_end.isoformat() if e.date_end else NULL, e.date_precision, text(e.date_basis),
            _place(e.place) if e.place else _NOWHERE,
            "t" if e.implied else "f", repr(e.confidence), _hash(e, of_class, actors, recipients, implied), text(e.coder_version),
            actors.codes, recipients.codes, implied.codes, actors.names, recipients.names, _contexts(e.contexts),
            array_of((*actors.wholes, *recipients.wholes, *implied.wholes)),
            fields([composite(q.measure, q.value, q.unit, q.kind, "t" if q.is_approximate else "f", q.text) for q in e.quantities]) if e.quantities else "{}",
            text(v.parent_id) if v.parent_id else NULL, run,
        ))  # fmt: skip


Words = tuple[str, int, int, int, int]
"""Event, story, revision, and where the words stand that tell it: start, end."""
Telling = tuple[str, int, int, Evidence, str]
"""Event, story, revision, its words, and who found them (coder version)."""


def mention_rows(tellings: Iterable[Telling], known: set[Words], run_id: int) -> Iterator[str]:
    """All of MENTION_COLUMNS, a row a telling whose words are not known yet; they are from then on."""
    for event_id, story_id, revision, e, coder_version in tellings:
        words = (event_id, story_id, revision, e.start, e.end)
        if words not in known:
            known.add(words)
            yield (
                f"{text(event_id)}\t{story_id}\t{revision}\t{e.start}\t{e.end}\t{text(e.quote)}\t{e.sentence_start}\t{e.sentence_start + len(e.sentence)}\t"
                f"{text(e.pattern_id)}\t{text(coder_version)}\t{run_id}"
            )


class _Side(NamedTuple):
    """The parties of one side: arrays of their codes and of their names, what they are among the elements of all parties, and as a hash is made of them."""

    codes: str
    names: str
    wholes: tuple[str, ...]
    shown: tuple[str, ...]


@lru_cache(10_000)
def _side(side: str, parties: tuple[Party, ...]) -> _Side:
    return _Side(
        array_of([element(p.country or p.name) for p in parties]),
        array_of([element(p.name) for p in parties]),
        tuple(element(composite(side, p.country, p.name, p.text, p.role, p.sector)) for p in parties),
        tuple(repr((*vars(p).values(),)) for p in parties),
    )


class _Class(NamedTuple):
    """What is the same for all events of a type and mode, as it stands in a row, and as a hash is made of it."""

    row: str
    shown: str


_of_class = attrgetter("event_type", "plover_type", "plover_mode", "cameo_code", "quad_plover", "quad_cameo", "goldstein", "plover_score")


@lru_cache(1_000, typed=True)
def _class(*values: str | float | None) -> _Class:
    return _Class(fields(*values), repr(values)[1:-1])


def _hash(e: Event, of_class: _Class, actors: _Side, recipients: _Side, implied: _Side) -> str:
    # Of plain values as repr shows them: ten times as fast as JSON, and each event of each load is asked.
    parts = [*actors.shown, *recipients.shown, *implied.shown]
    if e.quantities or e.place:
        parts += [repr((*vars(one).values(),)) for one in (*e.quantities, e.place) if one]
    said = (
        f"[{of_class.shown}, {e.status!r}, {e.is_background!r}, {e.object_key!r}, {e.date_start!r}, {e.date_end!r}, {e.date_precision!r}, "
        f"{e.date_basis!r}, {e.contexts!r}, [{', '.join(parts)}], ({len(e.actors)}, {len(e.recipients)}, {len(e.implied)})]"
    )
    return sha256_of(said.encode())


@lru_cache(10_000)
def _place(place: Place) -> str:
    return fields(place.name, place.country, place.latitude, place.longitude)


_NOWHERE = fields(None, None, None, None)


@lru_cache(1_000)
def _contexts(contexts: tuple[str, ...]) -> str:
    return array_of(map(element, sorted(set(contexts))))
