"""Events as the rows that are loaded, in COPY's text format: each of a load's ten thousand is made once, and what many share is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from pipeline.canonical import sha256_of
from pipeline.model import Event, Evidence, Party, Place, Quantity
from pipeline.warehouse.copying import NULL, array_of, composite, element, fields, text

VERSION_COLUMNS = (
    "event_id", "version", "known_from", "known_to", "change_kind", "change_note", "story_id", "revision",
    "event_type", "plover_type", "plover_mode", "cameo_code", "quad_plover", "quad_cameo", "goldstein", "plover_score", "status", "is_background",
    "object_key", "event_on", "event_end_on", "date_precision", "date_basis", "place_name", "place_country_code", "place_latitude", "place_longitude",
    "is_veiled", "confidence", "content_sha256", "coder_version", "actors", "recipients", "implied", "actor_names", "recipient_names", "contexts",
    "parties", "quantities", "start_char", "end_char", "quote", "sentence_start", "sentence_end", "pattern_id", "parent_event_id", "run_id",
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
    return _hash(e, *_parts(e))


Words = tuple[str, int, int, int, int]
"""Event, story, revision, and where the words stand that tell it: start, end."""


def version_rows(versions: Iterable[Version], known: set[Words], run_id: int) -> Iterator[str]:
    """All of VERSION_COLUMNS, a row a version, with the first words that it was coded from unless they are `known`; they are from then on."""
    moment, since = None, ""
    for v in versions:
        if v.known_from is not moment:  # one for all events of a coding, and the dearest to write
            moment, since = v.known_from, v.known_from.isoformat()
        e, told = v.event, _UNTOLD
        if e.evidence:
            first = e.evidence[0]
            words = (v.event_id, v.story_id, v.revision, first.start, first.end)
            if words not in known:
                known.add(words)
                told = _words(first)
        parts = of_class, standing, when, contexts, actors, recipients, implied = _parts(e)
        yield (
            f"{text(v.event_id)}\t{v.number}\t{since}\t{v.known_to.isoformat() if v.known_to else 'infinity'}\t{v.change_kind}\t"
            f"{text(v.change_note) if v.change_note else NULL}\t{v.story_id}\t{v.revision}\t{of_class.row}\t{standing.row}\t{when.row}\t"
            f"{_place(e.place) if e.place else _NOWHERE}\t{'t' if e.implied else 'f'}\t{e.confidence!r}\t{_hash(e, *parts)}\t{text(e.coder_version)}\t"
            f"{actors.codes}\t{recipients.codes}\t{implied.codes}\t{actors.names}\t{recipients.names}\t{contexts.row}\t"
            f"{array_of((*actors.wholes, *recipients.wholes, *implied.wholes))}\t{_quantities(e.quantities) if e.quantities else '{}'}\t{told}\t"
            f"{text(v.parent_id) if v.parent_id else NULL}\t{run_id}"
        )


Telling = tuple[str, int, int, Evidence, str]
"""Event, story, revision, its words, and who found them (coder version)."""


def mention_rows(tellings: Iterable[Telling], known: set[Words], run_id: int) -> Iterator[str]:
    """All of MENTION_COLUMNS, a row a telling whose words are not known yet; they are from then on."""
    for event_id, story_id, revision, e, coder_version in tellings:
        words = (event_id, story_id, revision, e.start, e.end)
        if words not in known:
            known.add(words)
            yield f"{text(event_id)}\t{story_id}\t{revision}\t{_words(e)}\t{text(coder_version)}\t{run_id}"


def _words(e: Evidence) -> str:
    return f"{e.start}\t{e.end}\t{text(e.quote)}\t{e.sentence_start}\t{e.sentence_start + len(e.sentence)}\t{text(e.pattern_id)}"


_UNTOLD = fields(*(None,) * 6)


class _Shared(NamedTuple):
    """What many events share, kept: as it stands in a row, and as a hash is made of it."""

    row: str
    shown: str


class _Side(NamedTuple):
    """The parties of one side: arrays of their codes and of their names, what they are among the elements of all parties, and as a hash is made of them."""

    codes: str
    names: str
    wholes: tuple[str, ...]
    shown: tuple[str, ...]


_Parts = tuple[_Shared, _Shared, _Shared, _Shared, _Side, _Side, _Side]
"""Of an event: class, standing, when, contexts; actors, recipients, implied."""


def _parts(e: Event) -> _Parts:
    return (
        _class(*_of_class(e)),
        _standing(e.status, e.is_background, e.object_key),
        _when(e.date_start, e.date_end, e.date_precision, e.date_basis),
        _contexts(e.contexts),
        _side("actor", e.actors),
        _side("recipient", e.recipients),
        _side("implied", e.implied),
    )


def _hash(e: Event, of_class: _Shared, standing: _Shared, when: _Shared, contexts: _Shared, actors: _Side, recipients: _Side, implied: _Side) -> str:
    # Of plain values as repr shows them: ten times as fast as JSON, and each event of each load is asked.
    shown = [*actors.shown, *recipients.shown, *implied.shown]
    if e.quantities or e.place:
        shown += [repr((*vars(one).values(),)) for one in (*e.quantities, e.place) if one]
    said = (
        f"[{of_class.shown}, {standing.shown}, {when.shown}, {contexts.shown}, [{', '.join(shown)}], ({len(e.actors)}, {len(e.recipients)}, {len(e.implied)})]"
    )
    return sha256_of(said.encode())


_of_class = attrgetter("event_type", "plover_type", "plover_mode", "cameo_code", "quad_plover", "quad_cameo", "goldstein", "plover_score")


@lru_cache(1_000, typed=True)
def _class(*values: str | float | None) -> _Shared:
    return _Shared(fields(*values), repr(values)[1:-1])


@lru_cache(10_000)
def _standing(status: str, is_background: bool, object_key: str) -> _Shared:
    return _Shared(fields(status, is_background, object_key), f"{status!r}, {is_background!r}, {object_key!r}")


@lru_cache(10_000)
def _when(start: dt.date | None, end: dt.date | None, precision: str, basis: str) -> _Shared:
    return _Shared(fields(start, end, precision, basis), f"{start!r}, {end!r}, {precision!r}, {basis!r}")


@lru_cache(1_000)
def _contexts(contexts: tuple[str, ...]) -> _Shared:
    return _Shared(array_of(map(element, sorted(set(contexts)))), repr(contexts))


@lru_cache(10_000)
def _side(side: str, parties: tuple[Party, ...]) -> _Side:
    return _Side(
        array_of([element(p.country or p.name) for p in parties]),
        array_of([element(p.name) for p in parties]),
        tuple(element(composite(side, p.country, p.name, p.text, p.role, p.sector)) for p in parties),
        tuple(repr((*vars(p).values(),)) for p in parties),
    )


@lru_cache(10_000)
def _place(place: Place) -> str:
    return fields(place.name, place.country, place.latitude, place.longitude)


_NOWHERE = fields(None, None, None, None)


def _quantities(quantities: tuple[Quantity, ...]) -> str:
    return fields([composite(q.measure, q.value, q.unit, q.kind, "t" if q.is_approximate else "f", q.text) for q in quantities])
