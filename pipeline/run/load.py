"""Load: all of a batch into the warehouse, in one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt

from pipeline import clean as cleaning
from pipeline import dedupe as matching
from pipeline import extract as coding
from pipeline.model import Batch, Origin, Report
from pipeline.run.code import decide, is_uncoded
from pipeline.run.stage import COMMAND, Stage, check, clock, held_for_a_person, stage
from pipeline.settings import load_settings
from pipeline.warehouse import batches, events, stories
from pipeline.warehouse.ledger import Coding
from pipeline.warehouse.sql import Cursor, transaction

CODER = f"communique rules, cleaner {cleaning.VERSION}"
"""What ops.coder_version says of the coder."""


def load(batch: Batch, origin: Origin = COMMAND, is_approved: bool = False) -> Report:
    """Everything of the batch into the warehouse, in one transaction, under the one lock of loading.

    A load that would end more than the set share of a day's events (COMMUNIQUE_MOST_ENDED) is held: it
    writes nothing but a row of quarantine, counts `held`, and is run again with `is_approved` once a person agrees.
    """
    settings = load_settings()
    with stage(settings, "load", batch, origin) as run, held_for_a_person(run), transaction(settings.require_dsn()) as cursor:
        _load(cursor, run, batch, origin, None if is_approved else settings.most_ended)
    return Report("load", batch.key, dict(run.counts))


def _load(cursor: Cursor, run: Stage, batch: Batch, origin: Origin, most_ended: float | None) -> None:
    stories.lock_loading(cursor)
    now = clock(cursor)
    decided, sketches, texts = decide(cursor, batches.load_candidates(cursor, batch, origin, "ready", "loaded"))
    loaded = stories.load_stories(cursor, decided, sketches, texts, matching.sketch, now, cleaning.VERSION, run.run_id)
    adoptions = [(a, x.decision.original_key or x.decision.target_key or x.candidate.story_key) for x in loaded for a in x.decision.adopts]
    moves = stories.adopt(cursor, adoptions, now, run.run_id)
    codings = [
        Coding(x.story_id, x.revision, x.known_from, x.candidate.events if x.candidate.events is not None else tuple(coding.extract_events(x.candidate.story)))
        for x in loaded
        if x.is_new_row and not is_uncoded(x.decision)
    ]  # fmt: skip
    # A copy may show that two stories are one: the original that is held is then coded anew, with the events of both.
    led = stories.load_current(cursor, {target for _, target in adoptions}) if moves else {}
    coded = {c.story_id for c in codings}
    end = now + dt.timedelta(microseconds=len(loaded))
    codings += [Coding(i, r, end, tuple(coding.extract_events(s))) for i, r, s in led.values() if i in moves.values() and i not in coded]
    version = coding.coder_version()
    ledger = events.load_events(cursor, codings, version, CODER, run.run_id, most_ended=most_ended)
    run.counts.update(ledger.counts)
    run.counts["copy_mentions"] = mention_in_copies(cursor, {_original_of(x) for x in loaded if x.is_new_row}, version, run.run_id)
    run.counts["links"] = events.draw_conclusions(cursor, ledger, run.run_id)
    run.counts["candidates"] = len(decided)
    run.counts.update(d.relation for _, d in decided)
    run.counts["adopted"] = len(adoptions)
    run.counts["rows_new"] = sum(x.is_new_row for x in loaded)
    check(run, "candidates", "new", "report", "revision", "copy", "repeat")
    batches.advance(cursor, batch, origin, (dataclasses.replace(c, decision=d, events=None) for c, d in decided), "loaded")  # its events stand there already
    run.counts["released"] = batches.release_held(cursor, "load", batch, run.run_id) + batches.release_items(
        cursor, batch, origin, [c.item_id for c, _ in decided], run.run_id
    )


def mention_in_copies(cursor: Cursor, originals: set[str], version: str, run_id: int) -> int:
    """Mentions of events in the copies of these stories, by their keys."""
    if not originals:
        return 0
    copies = stories.find_copies(cursor, originals)
    ids = stories.find_story_ids(cursor, {key for _, key, _, _ in copies})
    evidence = events.load_evidence(cursor, ids.values())
    known = events.find_mentioned(cursor, {copy_id for copy_id, *_ in copies})
    told = {words[:3] for words in known}
    found = [
        (event_id, copy_id, revision, again)
        for copy_id, key, revision, body in copies
        for event_id, one in evidence.get(ids[key], ())
        if (event_id, copy_id, revision) not in told and (again := coding.find_again(one, body)) is not None
    ]
    return events.save_copy_mentions(cursor, found, known, version, run_id)


def _original_of(one: stories.Loaded) -> str:
    """Key of the original that a loaded story is, revises or copies."""
    decision = one.decision
    return decision.original_key or (decision.target_key if decision.relation in ("copy", "revision") else None) or one.candidate.story_key
