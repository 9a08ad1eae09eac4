"""The load of events: versions, parties, mentions. Nothing is overwritten; what no longer holds is ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.coder.explain import Explained, Told
from pipeline.model import Event, Evidence
from pipeline.warehouse.sql import Cursor, copy_rows, rows, run

_VERSION_COLUMNS = (
    "event_id", "version", "known_from", "known_to", "change_kind", "change_note", "story_id", "revision", "event_type", "plover_type",
    "plover_mode", "cameo_code", "quad_plover", "quad_cameo", "goldstein", "plover_score", "status", "is_background", "object_key",
    "event_on", "event_end_on", "date_precision", "date_basis", "place_name", "place_country_code", "is_veiled", "confidence",
    "content_sha256", "coder_version", "run_id", "parent_event_id", "place_latitude", "place_longitude",
)  # fmt: skip
_MENTION_COLUMNS = (
    "event_id", "story_id", "revision", "start_char", "end_char", "quote", "sentence_start", "sentence_end", "pattern_id", "coder_version", "run_id",
)  # fmt: skip


@dataclass(frozen=True)
class Coding:
    """What a revision of a story was coded to, and since when we know it."""

    story_id: int
    revision: int
    moment: dt.datetime
    events: tuple[Event, ...]


@dataclass
class _Held:
    """An event as the load sees it: its open version and what defines it."""

    event_id: str
    version: int
    story_id: int
    content_sha256: str
    is_retracted: bool
    event_type: str
    object_key: str
    event_on: dt.date | None
    actors: frozenset[str]


@dataclass
class _Ledger:
    """What is held while revisions are coded one after another."""

    held: dict[str, _Held]
    elsewhere: set[str]
    """Events that an original story reports beside the one that made them."""
    by_story: dict[int, set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.held.values():
            self.by_story.setdefault(one.story_id, set()).add(one.event_id)


@dataclass
class _Work:
    """Rows gathered for one COPY each."""

    recoder: str | None = None
    """Coder version, where stories are only coded anew."""
    new_events: dict[str, tuple[int, dt.datetime]] = field(default_factory=dict)
    versions: list[list[Any]] = field(default_factory=list)
    parties: list[tuple[Any, ...]] = field(default_factory=list)
    quantities: list[tuple[Any, ...]] = field(default_factory=list)
    contexts: list[tuple[Any, ...]] = field(default_factory=list)
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    closed: dict[str, dt.datetime] = field(default_factory=dict)
    retractions: list[tuple[str, dt.datetime, int, int, str]] = field(default_factory=list)


def move_events(cursor: Cursor, moves: Mapping[int, int]) -> frozenset[str]:
    """Gives the events of stories (by id) to the stories whose copies they turned out to be; names the events."""
    return frozenset(event_id for (event_id,) in rows(cursor, "move_events", story_ids=list(moves), target_ids=list(moves.values()))) if moves else frozenset()


def find_mentioned(cursor: Cursor, story_ids: Iterable[int]) -> set[tuple[str, int, int]]:
    """Which events (by id) revisions of these stories mention: (event, story, revision)."""
    return {(e, s, r) for e, s, r in rows(cursor, "find_mentioned", story_ids=list(story_ids))}


def load_events(
    cursor: Cursor,
    codings: Sequence[Coding],
    coder_version: str,
    description: str,
    run_id: int,
    moved: frozenset[str] = frozenset(),
    is_recode: bool = False,
) -> dict[str, int]:
    """Writes the events of revisions, in order; counts new, changed, same and retracted.

    Events that are `moved` get a new version, told by the story that they moved to. With `is_recode` the
    stories say nothing new, our coder does: versions and their notes say so.

    An event that an earlier revision of the story held is found again by identity, else as the one event
    of the same type with the same actors or object, and gets a new version. What the new revision no
    longer holds is retracted, unless another original story reports it. An event that another story made
    keeps that story's versions and gets a mention.
    """
    counts = {"events_new": 0, "events_changed": 0, "events_same": 0, "events_retracted": 0, "mentions": 0, "links": 0}
    if not codings:
        return counts  # most quarter-hours bring nothing, and should not wait for anybody's lock
    run(cursor, "save_coder_version", coder_version=coder_version, description=description)
    ids = [e.event_id for coding in codings for e in coding.events]
    held = {
        row[0]: _Held(row[0], row[1], row[2], row[3], row[4] == "retraction", row[5], row[6], row[7], frozenset(row[8] or ()))
        for row in rows(cursor, "find_story_events", story_ids=[c.story_id for c in codings], event_ids=ids)
    }
    ledger = _Ledger(held, {event_id for (event_id,) in rows(cursor, "find_reported_elsewhere", event_ids=list(held))})
    work = _Work(recoder=coder_version if is_recode else None)
    for coding in codings:
        _code(coding, ledger, work, counts, run_id, moved)
    _write(cursor, work, run_id)
    counts["mentions"] = len(work.mentions)
    run(cursor, "link_events", run_id=run_id)
    counts["links"] = int(cursor.rowcount)
    return counts


def refresh_dyad_days(cursor: Cursor, run_id: int) -> None:
    """Counts the pairs of the days anew that a run touched."""
    days = [day for (day,) in rows(cursor, "find_touched_days", run_id=run_id)]
    run(cursor, "clear_dyad_days", days=days)
    run(cursor, "count_dyad_days", days=days)


def save_copy_mentions(cursor: Cursor, found: Iterable[tuple[str, int, int, Evidence]], coder_version: str, run_id: int) -> int:
    """Adds (event id, copy's story id, revision, evidence) as mentions; counts them."""
    return _write_mentions(cursor, [_mention(event_id, story_id, revision, e, coder_version, run_id) for event_id, story_id, revision, e in found])


def find_explained(cursor: Cursor, event_id: str) -> Explained | None:
    """What is held of an event now, for `communique explain`; None where there is no such event."""
    found = rows(cursor, "explain_event", event_id=event_id)
    if not found:
        return None
    event_type, status, first, last, basis, confidence, version, published, actors, recipients, implied = found[0]
    told = [
        Told(sentence, start, end, pattern_id, f"{headline} ({url or outlet})")
        for sentence, start, end, pattern_id, headline, url, outlet in rows(cursor, "explain_mentions", event_id=event_id)
    ]
    date = f"{first}{f' to {last}' if last else ''} by {basis}" if first else "no date"
    sides = [tuple((name, text) for name, text in side or ()) for side in (actors, recipients, implied)]
    return Explained(event_id, event_type, status, date, confidence, version, sides[0], sides[1], sides[2], published.date(), tuple(told))


def load_evidence(cursor: Cursor, story_ids: Iterable[int]) -> dict[int, list[tuple[str, Evidence]]]:
    """Evidence in the current revision of each story: (event id, evidence) by story."""
    found: dict[int, list[tuple[str, Evidence]]] = {}
    for event_id, story_id, start, end, quote, sentence_start, sentence in rows(cursor, "load_mentions", story_ids=list(story_ids)):
        found.setdefault(story_id, []).append((event_id, Evidence(sentence, sentence_start, start, end, quote, "copy")))
    return found


def _code(coding: Coding, ledger: _Ledger, work: _Work, counts: dict[str, int], run_id: int, moved: frozenset[str]) -> None:
    held = ledger.held
    before = {i: held[i] for i in sorted(ledger.by_story.get(coding.story_id, ())) if not held[i].is_retracted}
    kept: set[str] = set()
    matched: dict[str, _Held | None] = {}
    for event in coding.events:
        matched[event.event_id] = held.get(event.event_id) or _lineage(event, before, kept, {e.event_id for e in coding.events})
        old = matched[event.event_id]
        kept.add(old.event_id if old else event.event_id)
    # An event may be known under an earlier identity, and its parts must name that.
    known_as = {event_id: old.event_id if old else event_id for event_id, old in matched.items()}
    for event in coding.events:
        old = held.get(event.event_id) or matched[event.event_id]
        event_id = known_as[event.event_id]
        parent_id = known_as.get(event.parent_id or "")
        work.mentions.extend(_mention(event_id, coding.story_id, coding.revision, e, event.coder_version, run_id) for e in event.evidence)
        if old is None:
            work.new_events[event_id] = (coding.story_id, coding.moment)
            note = f"coder {work.recoder} finds it" if work.recoder else None
            _add_version(work, event, event_id, parent_id, 1, "new", note, coding, run_id)
            held[event_id] = _held(event, event_id, 1, coding.story_id)
            ledger.by_story.setdefault(coding.story_id, set()).add(event_id)
            counts["events_new"] += 1
        elif old.story_id != coding.story_id and not old.is_retracted:
            counts["events_same"] += 1  # another story's event: this one reports it too
            ledger.elsewhere.add(event_id)
        elif old.content_sha256 == event.content_sha256 and not old.is_retracted and event_id not in moved:
            counts["events_same"] += 1
        else:
            _close(work, event_id, coding.moment)
            note = _why(coding, old, event_id in moved, work.recoder)
            kind = "recode" if work.recoder and not old.is_retracted else "correction"
            _add_version(work, event, event_id, parent_id, old.version + 1, kind, note, coding, run_id)
            held[event_id] = _held(event, event_id, old.version + 1, old.story_id)
            counts["events_changed"] += 1
    for event_id, old in before.items():
        if event_id not in kept and event_id not in ledger.elsewhere:
            _close(work, event_id, coding.moment)
            note = f"coder {work.recoder} no longer finds it" if work.recoder else f"revision {coding.revision} of the story no longer reports it"
            work.retractions.append((event_id, coding.moment, coding.story_id, coding.revision, note))
            held[event_id] = _Held(**{**vars(old), "version": old.version + 1, "is_retracted": True})
            counts["events_retracted"] += 1


def _why(coding: Coding, old: _Held, is_moved: bool, recoder: str | None) -> str:
    """What a further version is for."""
    if recoder:
        return f"coder {recoder} {'finds it again' if old.is_retracted else 'says otherwise'}"
    if old.is_retracted:
        return "reported again after it was withdrawn"
    return "the original of its story came after the copy" if is_moved else f"revision {coding.revision} of the story says otherwise"


def _lineage(event: Event, before: dict[str, _Held], kept: set[str], coded: set[str]) -> _Held | None:
    """The event of an earlier revision that this one corrects: of its type, and alone in having its actors or object."""
    actors = frozenset(p.key for p in event.actors)
    free = [h for h in before.values() if h.event_id not in kept and h.event_id not in coded and h.event_type == event.event_type]
    for alike in (
        [h for h in free if h.actors == actors and h.object_key == event.object_key],
        [h for h in free if h.actors == actors and h.event_on == event.date_start],
        [h for h in free if h.object_key == event.object_key and h.event_on == event.date_start],
    ):
        if len(alike) == 1:
            return alike[0]
    return None


def _held(event: Event, event_id: str, version: int, story_id: int) -> _Held:
    return _Held(
        event_id, version, story_id, event.content_sha256, False, event.event_type, event.object_key, event.date_start,
        frozenset(p.key for p in event.actors),
    )  # fmt: skip


def _close(work: _Work, event_id: str, moment: dt.datetime) -> None:
    """Ends the open version: the row gathered in this load, else the one in the table."""
    for row in reversed(work.versions):
        if row[0] == event_id and row[3] == "infinity":
            row[3] = moment
            return
    work.closed[event_id] = moment


def _add_version(
    work: _Work, event: Event, event_id: str, parent_id: str | None, version: int, kind: str, note: str | None, coding: Coding, run_id: int
) -> None:
    work.versions.append([
        event_id, version, coding.moment, "infinity", kind, note, coding.story_id, coding.revision, event.event_type, event.plover_type,
        event.plover_mode, event.cameo_code, event.quad_plover, event.quad_cameo, event.goldstein, event.plover_score, event.status,
        event.is_background, event.object_key, event.date_start, event.date_end, event.date_precision, event.date_basis,
        event.place.name if event.place else None, event.place.country if event.place else None, bool(event.implied), event.confidence,
        event.content_sha256, event.coder_version, run_id, parent_id,
        event.place.latitude if event.place else None, event.place.longitude if event.place else None,
    ])  # fmt: skip
    sides = [("actor", p) for p in event.actors] + [("recipient", p) for p in event.recipients] + [("implied", p) for p in event.implied]
    work.parties.extend((event_id, version, position, side, p.country, p.name, p.text, p.role, p.sector) for position, (side, p) in enumerate(sides))
    work.quantities.extend(
        (event_id, version, position, q.measure, q.value, q.unit, q.kind, q.is_approximate, q.text) for position, q in enumerate(event.quantities)
    )
    work.contexts.extend((event_id, version, context) for context in dict.fromkeys(event.contexts))


def _write(cursor: Cursor, work: _Work, run_id: int) -> None:
    run(
        cursor,
        "insert_events",
        event_ids=list(work.new_events),
        story_ids=[s for s, _ in work.new_events.values()],
        moments=[m for _, m in work.new_events.values()],
    )
    run(cursor, "close_versions", event_ids=list(work.closed), moments=list(work.closed.values()))
    copy_rows(cursor, "core.event_version", _VERSION_COLUMNS, work.versions)
    copy_rows(cursor, "core.event_party", ("event_id", "version", "position", "side", "country_code", "name", "text", "role", "sector"), work.parties)
    copy_rows(
        cursor,
        "core.event_quantity",
        ("event_id", "version", "position", "measure", "value", "unit", "kind", "is_approximate", "text"),
        work.quantities,
    )
    copy_rows(cursor, "core.event_context", ("event_id", "version", "context"), work.contexts)
    if work.retractions:
        ids, moments, stories, revisions, notes = zip(*work.retractions, strict=True)
        run(
            cursor,
            "retract_versions",
            event_ids=list(ids),
            moments=list(moments),
            story_ids=list(stories),
            revisions=list(revisions),
            notes=list(notes),
            run_id=run_id,
        )
    _write_mentions(cursor, work.mentions)


def _write_mentions(cursor: Cursor, mentions: Sequence[tuple[Any, ...]]) -> int:
    if not mentions:
        return 0
    run(cursor, "stage_mentions")
    copy_rows(cursor, "staged_mention", _MENTION_COLUMNS, mentions)
    run(cursor, "save_mentions")
    count = int(cursor.rowcount)
    cursor.execute("drop table staged_mention")
    return count


def _mention(event_id: str, story_id: int, revision: int, e: Evidence, coder_version: str, run_id: int) -> tuple[Any, ...]:
    return (
        event_id, story_id, revision, e.start, e.end, e.quote, e.sentence_start, e.sentence_start + len(e.sentence), e.pattern_id, coder_version, run_id,
    )  # fmt: skip
