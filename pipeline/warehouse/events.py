"""The load of events: versions, parties, mentions; and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.coder.explain import Explained, Told
from pipeline.errors import EndsTooMuchError
from pipeline.model import Evidence
from pipeline.warehouse.copying import copy_rows
from pipeline.warehouse.ledger import Coding, Held, Ledger, Retraction, Said
from pipeline.warehouse.sql import Cursor, rows, run, without_collecting
from pipeline.warehouse.versions import MENTION_COLUMNS, VERSION_COLUMNS, Words, mention_rows, version_rows

FEWEST_ENDED = 25
"""A load that ends fewer events of a day than this is never held: on a quiet day one correction may end half of what there is."""
_CODING_COLUMNS = ("story_id", "revision", "coded_at", "coder_version", "run_id")
_RETRACTION_COLUMNS = ("event_id", "version", "known_from", "known_to", "story_id", "revision", "change_note")


def find_mentioned(cursor: Cursor, story_ids: Iterable[int]) -> set[Words]:
    """Words by which revisions of these stories are known to tell events."""
    return {(e, s, r, start, end) for e, s, r, start, end in rows(cursor, "find_mentioned", story_ids=list(story_ids))}


@without_collecting()
def load_events(
    cursor: Cursor,
    codings: Sequence[Coding],
    coder_version: str,
    description: str,
    run_id: int,
    is_recode: bool = False,
    most_ended: float | None = None,
) -> Ledger:
    """Writes the events of revisions, in order; gives what that changed, counted in `Ledger.counts`.

    What becomes of an event that was held is told in `Ledger.enter`. With `is_recode` the stories say nothing new,
    our coder does: versions and their notes say so. Raises EndsTooMuchError, to be rolled back, where more than the
    share `most_ended` of a day's events would end; None lets it pass.
    """
    if not codings:
        return Ledger({}, set())  # most quarter-hours bring nothing, and should not wait for anybody's lock
    run(cursor, "save_coder_version", coder_version=coder_version, description=description)
    held, moved = _find_held(cursor, codings)
    elsewhere = _find_elsewhere(cursor, codings, held)
    mentioned = find_mentioned(cursor, {c.story_id for c in codings})
    ledger = Ledger(held, elsewhere, frozenset(words[:3] for words in mentioned), coder_version if is_recode else None, moved)
    _write_codings(cursor, codings, coder_version, run_id)
    copy_rows(cursor, "core.event_version", VERSION_COLUMNS, version_rows(ledger.enter(codings), mentioned, run_id))
    if most_ended is not None:
        _weigh(cursor, ledger.ended(), most_ended, run_id)
    if ledger.closed:
        run(cursor, "close_versions", event_ids=list(ledger.closed), moments=list(ledger.closed.values()))
    further = [v for v in ledger.versions if v.number > 1]
    if further:
        copy_rows(cursor, "core.event_version", VERSION_COLUMNS, version_rows(further, mentioned, run_id))
    _write_retractions(cursor, ledger.retractions, run_id)
    tellings = ((event_id, c.story_id, c.revision, e, event.coder_version) for event_id, c, event, words in ledger.told for e in words)
    copy_rows(cursor, "core.event_mention", MENTION_COLUMNS, mention_rows(tellings, mentioned, run_id))
    return ledger


def draw_conclusions(cursor: Cursor, ledger: Ledger, run_id: int) -> int:
    """What follows from a load: the pairs of the days that it touched, and links to what other agencies tell of the same; counts the new links."""
    days = sorted(ledger.days)
    if not days:
        return 0
    run(cursor, "link_events", days=days, run_id=run_id)
    links = int(cursor.rowcount)
    run(cursor, "count_dyad_days", days=days)
    return links


def save_copy_mentions(cursor: Cursor, found: Iterable[tuple[str, int, int, Evidence]], known: set[Words], coder_version: str, run_id: int) -> int:
    """Adds (event id, copy's story id, revision, evidence) as mentions where their words are not `known`; counts the new ones."""
    return copy_rows(cursor, "core.event_mention", MENTION_COLUMNS, mention_rows(((*one, coder_version) for one in found), known, run_id))


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


def _find_held(cursor: Cursor, codings: Sequence[Coding]) -> tuple[dict[str, Held], frozenset[str]]:
    """What is held of these stories and of these events, by event; and which of them another story told that turned out to be a copy."""
    held: dict[str, Held] = {}
    moved: set[str] = set()

    def take(found: Iterable[tuple[Any, ...]]) -> None:
        for event_id, version, story_id, owner_id, sha256, kind, event_type, object_key, event_on, actors in found:
            held[event_id] = Held(event_id, version, owner_id, Said(sha256, event_type, object_key, event_on, actors), kind == "retraction")
            if story_id != owner_id:
                moved.add(event_id)

    take(rows(cursor, "find_story_events", story_ids=list(dict.fromkeys(c.story_id for c in codings))))
    others = list(dict.fromkeys(e.event_id for c in codings for e in c.events if e.event_id not in held))
    if others:
        take(rows(cursor, "find_events", event_ids=others))
    return held, frozenset(moved)


def _find_elsewhere(cursor: Cursor, codings: Sequence[Coding], held: Mapping[str, Held]) -> set[str]:
    """Of what a story may no longer tell, what another original reports."""
    told = {(c.story_id, c.revision): {e.event_id for e in c.events} for c in codings}
    mine: dict[int, list[str]] = {}
    for one in held.values():
        mine.setdefault(one.story_id, []).append(one.event_id)
    untold = [i for (story_id, _), ids in told.items() for i in mine.get(story_id, ()) if i not in ids]
    return {i for (i,) in rows(cursor, "find_reported_elsewhere", event_ids=untold, owner_ids=[held[i].story_id for i in untold])} if untold else set()


def _write_codings(cursor: Cursor, codings: Sequence[Coding], coder_version: str, run_id: int) -> None:
    """Says which coder coded these revisions, and when; not where the coder that is shown says it again."""
    shown = set(
        rows(cursor, "find_shown_codings", story_ids=[c.story_id for c in codings], revisions=[c.revision for c in codings], coder_version=coder_version)
    )
    new = [(c.story_id, c.revision, c.moment, coder_version, run_id) for c in codings if (c.story_id, c.revision) not in shown]
    if new:
        copy_rows(cursor, "core.coding", _CODING_COLUMNS, new)


def _weigh(cursor: Cursor, ended: list[str], most_ended: float, run_id: int) -> None:
    """Raises EndsTooMuchError where this would end more than a share of a day's events."""
    found = rows(cursor, "weigh_days", event_ids=ended, fewest=FEWEST_ENDED, most=most_ended, run_id=run_id) if len(ended) >= FEWEST_ENDED else []
    if found:
        raise EndsTooMuchError([(day, ended, held) for day, ended, held in found])


def _write_retractions(cursor: Cursor, retractions: Sequence[Retraction], run_id: int) -> None:
    if retractions:
        run(cursor, "stage_retractions")
        copy_rows(cursor, "staged_retraction", _RETRACTION_COLUMNS, map(_retraction_row, retractions))
        run(cursor, "save_retractions", run_id=run_id)
        cursor.execute("drop table staged_retraction")


def _retraction_row(r: Retraction) -> tuple[object, ...]:
    return (r.event_id, r.number, r.known_from, r.known_to or "infinity", r.story_id, r.revision, r.change_note)
