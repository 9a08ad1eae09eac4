"""What is known of stories, and their load."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pipeline.canonical import to_json
from pipeline.model import Adopted, Candidate, Dateline, Decision, Known, Story
from pipeline.warehouse.copying import copy_packed, copy_rows, pack_numbers
from pipeline.warehouse.sql import Cursor, load_json, one, rows, run, without_collecting

_REVISION_COLUMNS = (
    "story_id", "revision", "signal", "headline", "dateline_place", "dateline_on", "byline", "standfirst", "section", "published_at", "date_basis", "modified_at",
    "language", "genre", "body", "captions", "related", "removed", "body_sha256", "text_sha256", "item_id", "position", "cleaner_version",
    "attribution", "is_truncated", "changes", "known_from", "known_to", "run_id",
)  # fmt: skip

_ITEM_COLUMNS = ("item_id", "position", "body_sha256", "story_id", "revision", "relation", "reason", "score")
_POSTING_COLUMNS = ("hash", "story_id")


@dataclass(frozen=True)
class Loaded:
    """Where a candidate ended: its story, and the revision that it made or repeats."""

    candidate: Candidate
    decision: Decision
    story_id: int
    revision: int
    known_from: dt.datetime
    is_new_row: bool


def lock_loading(cursor: Cursor) -> None:
    """Waits until no other load runs; held to the end of the transaction."""
    run(cursor, "lock_loading")


def find_recorded(cursor: Cursor, item_ids: Iterable[int]) -> dict[tuple[int, int], tuple[str, Decision]]:
    """Earlier decisions by (item, position), with the hash of the text that they were made on."""
    return {
        (item_id, position): (sha256, Decision(relation, reason, key, score, kind, is_recorded=True))
        for item_id, position, sha256, relation, reason, score, kind, key in rows(cursor, "find_recorded", item_ids=list(item_ids))
    }


def find_known(cursor: Cursor, keys: Sequence[str], texts: Sequence[str], sketches: Sequence[Sequence[int]], fewest: int) -> list[list[Known]]:
    """For each candidate, in order, the held stories that it must be compared with."""
    numbers = [n for n, sketch in enumerate(sketches) for _ in sketch]
    hashes = [h for sketch in sketches for h in sketch]
    matches = rows(
        cursor,
        "find_matches",
        numbers=list(range(len(keys))),
        keys=list(keys),
        texts=list(texts),
        posting_numbers=numbers,
        hashes=hashes,
        fewest=fewest,
    )
    originals = dict(rows(cursor, "find_originals", story_ids=list({story_id for _, story_id in matches})))
    matches = sorted({*matches, *((n, originals[story_id]) for n, story_id in matches if story_id in originals)})
    known = {
        story_id: Known(
            keys=frozenset([key, *(aliases or ())]),
            story_key=key,
            outlet=outlet,
            wire=wire,
            headline=headline,
            body=body,
            published_at=published_at,
            past_sha256=frozenset(past),
            copy_of_key=copy_of_key,
            signal=signal,
        )
        for story_id, key, outlet, wire, headline, body, published_at, copy_of_key, signal, past, aliases in rows(
            cursor, "load_known", story_ids=list({story_id for _, story_id in matches})
        )
    }
    found: list[list[Known]] = [[] for _ in keys]
    for n, story_id in sorted(matches):
        found[n].append(known[story_id])
    return found


@without_collecting()
def load_stories(
    cursor: Cursor,
    decided: Sequence[tuple[Candidate, Decision]],
    sketches: Mapping[str, Sequence[int]],
    texts: Mapping[str, str],
    sketch: Callable[[str], Sequence[int]],
    now: dt.datetime,
    cleaner_version: str,
    run_id: int,
) -> list[Loaded]:
    """Writes stories, revisions, sketches and what each item was found to be.

    `decided` is in the order of decision: a later one may revise an earlier one of the same batch, and
    two revisions of one story in one load are a microsecond apart. `sketches` and `texts` are by body hash;
    `sketch` makes that of a text which is superseded, to find its rows.
    """
    fresh = [(c, d) for c, d in decided if not d.is_recorded]
    keys = {d.target_key or c.story_key for c, d in decided} | {c.story_key for c, _ in decided}
    heads = {key: (story_id, revision) for key, story_id, revision in rows(cursor, "find_story_ids", keys=list(keys))}
    _insert_stories(cursor, fresh, heads, now)
    loaded: list[Loaded] = []
    ends: dict[tuple[int, int], dt.datetime] = {}
    for number, (candidate, decision) in enumerate(fresh):
        key = candidate.story_key if decision.relation in ("new", "report", "copy") else decision.target_key or candidate.story_key
        story_id, revision = heads[key]
        is_new_row = decision.relation != "repeat"
        moment = now + dt.timedelta(microseconds=number)
        if is_new_row:
            ends[story_id, revision] = moment
            revision += 1
            heads[key] = (story_id, revision)
        loaded.append(Loaded(candidate, decision, story_id, revision, moment, is_new_row))
    new = {(x.story_id, x.revision): x for x in loaded if x.is_new_row}
    closed = {story_id: moment for (story_id, revision), moment in ends.items() if revision and (story_id, revision) not in new}
    superseded = rows(cursor, "close_revisions", story_ids=list(closed), moments=list(closed.values()))
    with ThreadPoolExecutor(1) as aside:  # the server is at work on the revisions longer than we are
        packed = aside.submit(pack_numbers, _postings({x.story_id: sketches[x.candidate.story.body_sha256] for x in new.values()}))
        copy_rows(
            cursor,
            "core.story_revision",
            _REVISION_COLUMNS,
            (_revision_row(x, ends.get(which), texts[x.candidate.story.body_sha256], cleaner_version, run_id) for which, x in new.items()),
        )
        _clear_sketches(cursor, {story_id: sketch(body) for story_id, body in superseded})
        copy_packed(cursor, "core.story_sketch", _POSTING_COLUMNS, packed.result())
    aliases = {one.candidate.story_key: one.story_id for one in loaded if one.candidate.story_key not in heads}
    run(cursor, "save_aliases", keys=list(aliases), story_ids=list(aliases.values()))
    _write_items(cursor, loaded)
    return loaded


def _write_items(cursor: Cursor, loaded: Sequence[Loaded]) -> None:
    """Writes what each item was found to be: those not decided on before go straight in, the others over what was decided."""
    decided = set(rows(cursor, "find_story_items", item_ids=[x.candidate.item_id for x in loaded]))
    made = {
        (x.candidate.item_id, x.candidate.position): (
            x.candidate.item_id, x.candidate.position, x.candidate.story.body_sha256, x.story_id, x.revision,
            x.decision.relation, x.decision.reason, x.decision.score,
        )
        for x in loaded
    }  # fmt: skip
    copy_rows(cursor, "core.story_item", _ITEM_COLUMNS, (row for which, row in made.items() if which not in decided))
    if again := [row for which, row in made.items() if which in decided]:
        run(cursor, "stage_story_items")
        copy_rows(cursor, "staged_story_item", _ITEM_COLUMNS, again)
        run(cursor, "save_story_items")


def _clear_sketches(cursor: Cursor, old: Mapping[int, Sequence[int]]) -> None:
    """Takes away sketches, by story id. There is no index by story: thirty entries a story would cost more than making the old sketch again."""
    gone = _postings(old)
    run(cursor, "clear_sketches", hashes=gone["hash"].tolist(), story_ids=gone["story_id"].tolist())


def _postings(sketches: Mapping[int, Sequence[int]]) -> dict[str, array[int]]:
    """Sketches by story id, as columns."""
    story_ids = array("q")
    for story_id, hashes in sketches.items():
        story_ids.extend(array("q", (story_id,)) * len(hashes))
    return dict(zip(_POSTING_COLUMNS, (array("q", chain.from_iterable(sketches.values())), story_ids), strict=True))


def adopt(cursor: Cursor, adoptions: Sequence[tuple[Adopted, str]], now: dt.datetime, run_id: int) -> dict[int, int]:
    """Makes held stories, and their copies, copies of the stories of these keys; gives original → new original, by story id."""
    if not adoptions:
        return {}
    found = rows(
        cursor,
        "adopt_stories",
        keys=[a.story_key for a, _ in adoptions],
        targets=[target for _, target in adoptions],
        kinds=[a.copy_kind for a, _ in adoptions],
        scores=[a.score for a, _ in adoptions],
        reasons=[a.reason for a, _ in adoptions],
        now=now,
        run_id=run_id,
    )
    return dict(found)


def find_originals_of_day(cursor: Cursor, day: dt.date, languages: Iterable[str]) -> list[str]:
    """Keys of the originals first published on a day (UTC), withdrawn ones left out."""
    return [key for (key,) in rows(cursor, "find_originals_of_day", day=day, languages=list(languages))]


def load_current(cursor: Cursor, keys: Iterable[str]) -> dict[str, tuple[int, int, Story]]:
    """Stories as they stand, by key: story id, revision, and what coding needs of the story."""
    return {
        key: (
            story_id,
            revision,
            Story(
                headline, body, language, wire, outlet, url, Dateline(place, on) if place else None, published_at=published_at, date_basis=basis,
                genre=genre, signal=signal, captions=tuple(load_json(captions)),
            ),
        )
        for key, story_id, revision, headline, body, language, wire, outlet, url, place, on, published_at, basis, genre, signal, captions in rows(
            cursor, "load_current", keys=list(keys)
        )
    }  # fmt: skip


def find_story_ids(cursor: Cursor, keys: Iterable[str]) -> dict[str, int]:
    """Story ids by key."""
    return {key: story_id for key, story_id, _ in rows(cursor, "find_story_ids", keys=list(keys))}


def find_copies(cursor: Cursor, keys: Iterable[str]) -> list[tuple[int, str, int, str]]:
    """(copy's story id, original's key, revision, body) of the copies of these originals."""
    return [(a, b, c, d) for a, b, c, d in rows(cursor, "find_copies", keys=list(keys))]


def _insert_stories(cursor: Cursor, fresh: Sequence[tuple[Candidate, Decision]], heads: dict[str, tuple[int, int]], now: dt.datetime) -> None:
    """Writes the stories that are not held yet, and adds them to `heads`."""
    new = {c.story_key: (c.story, d) for c, d in fresh if d.relation in ("new", "report", "copy") and c.story_key not in heads}
    if not new:
        return
    first, seen = one(cursor, "take_story_ids", count=len(new))[0], now.isoformat()
    heads.update((key, (first + n, 0)) for n, key in enumerate(new))
    copy_rows(
        cursor,
        "core.story",
        ("story_id", "story_key", "outlet", "wire_slug", "url", "copy_of", "copy_kind", "copy_score", "copy_reason", "happening_of", "happening_reason",
         "first_published_at", "first_seen_at"),
        (
            (
                heads[key][0], key, story.outlet, story.wire, story.url,
                *((heads[d.target_key or ""][0], d.copy_kind, d.score, d.reason) if d.relation == "copy" else (None,) * 4),
                *((heads[d.target_key or ""][0], d.reason) if d.relation == "report" else (None, None)),
                story.published_at, seen,
            )
            for key, (story, d) in new.items()
        ),
    )  # fmt: skip


def _revision_row(x: Loaded, known_to: dt.datetime | None, text_sha256: str, cleaner_version: str, run_id: int) -> tuple[Any, ...]:
    """All of _REVISION_COLUMNS."""
    candidate, story = x.candidate, x.candidate.story
    signal = "update" if x.decision.relation == "revision" and story.signal == "new" else story.signal
    return (
        x.story_id, x.revision, signal, story.headline, story.dateline.place if story.dateline else None, story.dateline.on if story.dateline else None,
        story.byline, story.standfirst, story.section, story.published_at, story.date_basis, story.modified_at, story.language, story.genre, story.body,
        to_json(story.captions), to_json(story.related), to_json(story.removed), story.body_sha256, text_sha256, candidate.item_id, candidate.position, cleaner_version,
        story.attribution, story.is_truncated, x.decision.changes, x.known_from, known_to or "infinity", run_id,
    )  # fmt: skip
