"""The load of events: versions, parties, mentions. Nothing is overwritten; what no longer holds is ended."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.coder.explain import Explained, Told
from pipeline.errors import EndsTooMuchError
from pipeline.model import Event, Evidence
from pipeline.warehouse.sql import Cursor, copy_rows, rows, run
from pipeline.warehouse.versions import KNOWN_TO, MENTION_COLUMNS, VERSION_COLUMNS, Version, mention_row


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
    content: str | Event
    """Hash of what it says, or the event of this load whose hash may never be asked for."""
    is_retracted: bool
    event_type: str
    object_key: str
    event_on: dt.date | None
    actors: frozenset[str]

    def says(self, event: Event) -> bool:
        """Whether this is what the event says."""
        return (self.content if isinstance(self.content, str) else self.content.content_sha256) == event.content_sha256


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


COUNTED = ("events_new", "events_changed", "events_same", "events_retracted", "mentions")
FEWEST_ENDED = 25
"""A load that ends fewer events of a day than this is never held: on a quiet day one correction may end half of what there is."""


@dataclass
class _Work:
    """Rows gathered for one COPY each."""

    run_id: int
    recoder: str | None
    """Coder version, where stories are only coded anew."""
    moved: frozenset[str]
    """Events that came to their story from another that turned out to be its copy."""
    new_events: dict[str, tuple[int, dt.datetime]] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    open_rows: dict[str, list[Any]] = field(default_factory=dict)
    """Heads of `versions`, and `retractions`: the open one of each event."""
    mentions: list[tuple[Any, ...]] = field(default_factory=list)
    closed: dict[str, dt.datetime] = field(default_factory=dict)
    retractions: list[list[Any]] = field(default_factory=list)
    """Event, version, known from and to, story, revision, note: the rest of such a version repeats what was held."""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))


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
    most_ended: float | None = None,
) -> dict[str, int]:
    """Writes the events of revisions, in order; counts new, changed, same and retracted.

    Events that are `moved` get a new version, told by the story that they moved to. With `is_recode` the
    stories say nothing new, our coder does: versions and their notes say so. Raises EndsTooMuchError, and
    writes nothing, where more than the share `most_ended` of a day's events would end; None lets it pass.

    An event that an earlier revision of the story held is found again by identity, else as the one event
    of the same type with the same actors or object, and gets a new version. What the new revision no
    longer holds is retracted, unless another original story reports it. An event that another story made
    keeps that story's versions and gets a mention.
    """
    if not codings:
        return dict.fromkeys(COUNTED, 0)  # most quarter-hours bring nothing, and should not wait for anybody's lock
    run(cursor, "save_coder_version", coder_version=coder_version, description=description)
    ids = [e.event_id for coding in codings for e in coding.events]
    held = {
        row[0]: _Held(row[0], row[1], row[2], row[3], row[4] == "retraction", row[5], row[6], row[7], frozenset(row[8]))
        for row in rows(cursor, "find_story_events", story_ids=[c.story_id for c in codings], event_ids=ids)
    }
    ledger = _Ledger(held, {event_id for (event_id,) in rows(cursor, "find_reported_elsewhere", event_ids=list(held))})
    work = _Work(run_id, coder_version if is_recode else None, moved)
    for coding in codings:
        _code(coding, ledger, work)
    if most_ended is not None:
        _weigh(cursor, work, most_ended)
    run(
        cursor,
        "save_codings",
        story_ids=[c.story_id for c in codings],
        revisions=[c.revision for c in codings],
        moments=[c.moment for c in codings],
        coder_version=coder_version,
        run_id=run_id,
    )
    _write(cursor, work)
    work.counts["mentions"] = len(work.mentions)
    return work.counts


def link_events(cursor: Cursor, run_id: int) -> int:
    """Links events that a run wrote to those by which other agencies tell the same happening; counts the new links."""
    run(cursor, "link_events", run_id=run_id)
    return int(cursor.rowcount)


def refresh_dyad_days(cursor: Cursor, run_id: int) -> None:
    """Counts the pairs of the days anew that a run touched."""
    run(cursor, "refresh_dyad_days", run_id=run_id)


def save_copy_mentions(cursor: Cursor, found: Iterable[tuple[str, int, int, Evidence]], coder_version: str, run_id: int) -> int:
    """Adds (event id, copy's story id, revision, evidence) as mentions; counts them."""
    return _write_mentions(cursor, [mention_row(event_id, story_id, revision, e, coder_version, run_id) for event_id, story_id, revision, e in found])


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


def _code(coding: Coding, ledger: _Ledger, work: _Work) -> None:
    held = ledger.held
    before = {i: held[i] for i in sorted(ledger.by_story.get(coding.story_id, ())) if not held[i].is_retracted}
    # An event may be known under an earlier identity, and its parts must name that.
    known_as = _match(coding.events, held, before)
    for event in coding.events:
        event_id = known_as[event.event_id]
        old = held.get(event_id)
        work.mentions.extend(mention_row(event_id, coding.story_id, coding.revision, e, event.coder_version, work.run_id) for e in event.evidence)
        if old is None:
            work.new_events[event_id] = (coding.story_id, coding.moment)
            note = f"coder {work.recoder} finds it" if work.recoder else None
            _add_version(work, event, event_id, known_as.get(event.parent_id or ""), 1, "new", note, coding)
            held[event_id] = _held(event, event_id, 1, coding.story_id)
            ledger.by_story.setdefault(coding.story_id, set()).add(event_id)
            work.counts["events_new"] += 1
        elif old.story_id != coding.story_id and not old.is_retracted:
            work.counts["events_same"] += 1  # another story's event: this one reports it too
            ledger.elsewhere.add(event_id)
        elif old.says(event) and not old.is_retracted and event_id not in work.moved:
            work.counts["events_same"] += 1
        else:
            _close(work, event_id, coding.moment)
            note = _why(coding, old, event_id in work.moved, work.recoder)
            kind = "recode" if work.recoder and not old.is_retracted else "correction"
            _add_version(work, event, event_id, known_as.get(event.parent_id or ""), old.version + 1, kind, note, coding)
            held[event_id] = _held(event, event_id, old.version + 1, old.story_id)
            work.counts["events_changed"] += 1
    kept = set(known_as.values())
    for event_id, old in before.items():
        if event_id not in kept and event_id not in ledger.elsewhere:
            _close(work, event_id, coding.moment)
            note = f"coder {work.recoder} no longer finds it" if work.recoder else f"revision {coding.revision} of the story no longer reports it"
            work.open_rows[event_id] = [event_id, old.version + 1, coding.moment, "infinity", coding.story_id, coding.revision, note]
            work.retractions.append(work.open_rows[event_id])
            held[event_id] = dataclasses.replace(old, version=old.version + 1, is_retracted=True)
            work.counts["events_retracted"] += 1


def _match(found: Sequence[Event], held: Mapping[str, _Held], before: Mapping[str, _Held]) -> dict[str, str]:
    """Under which identity each event is known: its own, or that of an event of an earlier revision that it corrects."""
    coded = {e.event_id for e in found}
    known_as: dict[str, str] = {}
    for event in found:
        old = None if event.event_id in held or not before else _lineage(event, before, set(known_as.values()) | coded)
        known_as[event.event_id] = old.event_id if old else event.event_id
    return known_as


def _weigh(cursor: Cursor, work: _Work, most_ended: float) -> None:
    """Raises EndsTooMuchError where the load would end more than this share of a day's events."""
    ended = [row[0] for row in work.retractions if row[KNOWN_TO] == "infinity"]
    found = rows(cursor, "weigh_days", event_ids=ended, fewest=FEWEST_ENDED, most=most_ended) if len(ended) >= FEWEST_ENDED else []
    if found:
        raise EndsTooMuchError([(day, ended, held) for day, ended, held in found])


def _why(coding: Coding, old: _Held, is_moved: bool, recoder: str | None) -> str:
    """What a further version is for."""
    if recoder:
        return f"coder {recoder} {'finds it again' if old.is_retracted else 'says otherwise'}"
    if old.is_retracted:
        return "reported again after it was withdrawn"
    return "the original of its story came after the copy" if is_moved else f"revision {coding.revision} of the story says otherwise"


def _lineage(event: Event, before: Mapping[str, _Held], taken: set[str]) -> _Held | None:
    """The event of an earlier revision that this one corrects: of its type, and alone in having its actors or object."""
    actors = frozenset(p.key for p in event.actors)
    free = [h for h in before.values() if h.event_id not in taken and h.event_type == event.event_type]
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
        event_id, version, story_id, event, False, event.event_type, event.object_key, event.date_start,
        frozenset(p.key for p in event.actors),
    )  # fmt: skip


def _close(work: _Work, event_id: str, moment: dt.datetime) -> None:
    """Ends the open version: the row gathered in this load, else the one in the table."""
    row = work.open_rows.pop(event_id, None)
    if row is None:
        work.closed[event_id] = moment
    else:
        row[KNOWN_TO] = moment


def _add_version(work: _Work, event: Event, event_id: str, parent_id: str | None, version: int, kind: str, note: str | None, coding: Coding) -> None:
    made = Version([event_id, version, coding.moment, "infinity", kind, note, coding.story_id, coding.revision], event, parent_id, work.run_id)
    work.versions.append(made)
    work.open_rows[event_id] = made.head


def _write(cursor: Cursor, work: _Work) -> None:
    copy_rows(cursor, "core.event", ("event_id", "story_id", "first_known_at"), ((e, s, m) for e, (s, m) in work.new_events.items()))
    run(cursor, "close_versions", event_ids=list(work.closed), moments=list(work.closed.values()))
    copy_rows(cursor, "core.event_version", VERSION_COLUMNS, (version.row() for version in work.versions))
    if work.retractions:
        run(cursor, "stage_retractions")
        copy_rows(cursor, "staged_retraction", ("event_id", "version", "known_from", "known_to", "story_id", "revision", "change_note"), work.retractions)
        run(cursor, "save_retractions", run_id=work.run_id)
        cursor.execute("drop table staged_retraction")
    _write_mentions(cursor, work.mentions)


def _write_mentions(cursor: Cursor, mentions: Sequence[tuple[Any, ...]]) -> int:
    """Writes mentions and counts the new ones: those of events that their revision is not known to tell go straight in."""
    if not mentions:
        return 0
    made = {row[:5]: row for row in reversed(mentions)}  # of the same words of a load, the first
    held = find_mentioned(cursor, {story_id for _, story_id, *_ in made})
    count = copy_rows(cursor, "core.event_mention", MENTION_COLUMNS, sorted(row for which, row in made.items() if which[:3] not in held))
    if again := [row for which, row in made.items() if which[:3] in held]:
        run(cursor, "stage_mentions")
        copy_rows(cursor, "staged_mention", MENTION_COLUMNS, again)
        run(cursor, "save_mentions")
        count += int(cursor.rowcount)
        cursor.execute("drop table staged_mention")
    return count
