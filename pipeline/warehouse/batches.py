"""Runs, candidates between the stages, quarantine and quality results."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.canonical import to_json
from pipeline.model import Batch, Candidate, Origin, QualityResult, Refusal
from pipeline.warehouse.copying import copy_rows
from pipeline.warehouse.sql import Cursor, load_json, one, rows, run
from pipeline.warehouse.stored import decision_from_json, event_from_json, story_from_json


def start_run(cursor: Cursor, stage: str, batch: Batch, origin: Origin, feed_slug: str | None = None) -> int:
    """Records that a stage begins; gives the run's id."""
    return int(
        one(
            cursor,
            "start_run",
            stage=stage,
            batch_key=batch.key,
            feed_slug=feed_slug,
            dag_id=origin.dag_id,
            dag_run_id=origin.dag_run_id,
            try_number=origin.try_number,
            process_id=os.getpid(),
        )[0]
    )


def end_run(cursor: Cursor, run_id: int, counts: Mapping[str, int]) -> None:
    """Records what a stage did."""
    run(cursor, "end_run", run_id=run_id, counts=dict(counts))


def fail_run(cursor: Cursor, run_id: int, error: str) -> None:
    """Records that a stage failed, and of what."""
    run(cursor, "fail_run", run_id=run_id, error=error[:2000])


def save_candidates(cursor: Cursor, batch: Batch, origin: Origin, candidates: Iterable[Candidate]) -> None:
    """Replaces the candidates of a batch in this run: a stage that is run again starts anew."""
    run(cursor, "clear_candidates", batch_key=batch.key, dag_run_id=origin.dag_run_id)
    run(cursor, "stage_candidates")
    copy_rows(
        cursor,
        "staged_candidate",
        ("batch_key", "dag_run_id", "item_id", "position", "story_key", "story"),
        ((batch.key, origin.dag_run_id, c.item_id, c.position, c.story_key, to_json(c.story)) for c in candidates),
    )
    run(cursor, "save_candidates")


def load_candidates(cursor: Cursor, batch: Batch, origin: Origin, *states: str) -> list[Candidate]:
    """Candidates of a batch in this run that stand at one of these states, in item order."""
    return [
        Candidate(
            item_id=item_id,
            position=position,
            feed_slug=slug,
            story_key=key,
            story=story_from_json(load_json(story)),
            decision=decision_from_json(load_json(decision)) if decision else None,
            events=tuple(event_from_json(e) for e in load_json(events)) if events is not None else None,
        )
        for item_id, position, slug, key, story, decision, events in rows(
            cursor, "load_candidates", batch_key=batch.key, dag_run_id=origin.dag_run_id, states=list(states)
        )
    ]


def advance(cursor: Cursor, batch: Batch, origin: Origin, candidates: Iterable[Candidate], state: str) -> None:
    """Moves candidates to a state, with their decision and events where they have them."""
    run(cursor, "stage_candidates")
    copy_rows(
        cursor,
        "staged_candidate",
        ("batch_key", "dag_run_id", "item_id", "position", "story_key", "state", "story", "decision", "events"),
        (
            (
                batch.key, origin.dag_run_id, c.item_id, c.position, c.story_key, state, "{}",
                to_json(c.decision) if c.decision else None, to_json(c.events) if c.events is not None else None,
            )
            for c in candidates
        ),
    )  # fmt: skip
    run(cursor, "advance_candidates")
    cursor.execute("drop table staged_candidate")


def save_refusals(cursor: Cursor, batch: Batch, refusals: Sequence[Refusal], run_id: int) -> None:
    """Puts refusals into quarantine; one that is there already counts another attempt."""
    for refusal in refusals:
        run(cursor, "save_refusal", **{**vars(refusal), "batch_key": batch.key, "run_id": run_id})


def release_items(cursor: Cursor, batch: Batch, origin: Origin, item_ids: Sequence[int], run_id: int) -> int:
    """Releases from quarantine what these items were refused for before the batch's latest pass."""
    run(cursor, "release_items", batch_key=batch.key, dag_run_id=origin.dag_run_id, item_ids=list(item_ids), run_id=run_id)
    return int(cursor.rowcount)


def release_held(cursor: Cursor, stage: str, batch: Batch, run_id: int) -> int:
    """Releases the load of a batch that was held, now that it passed."""
    run(cursor, "release_held", stage=stage, batch_key=batch.key, run_id=run_id)
    return int(cursor.rowcount)


def release_document(cursor: Cursor, document_id: int, run_id: int) -> None:
    """Releases a feed body that could be read at last."""
    run(cursor, "release_document", document_id=document_id, run_id=run_id)


def find_quarantine(
    cursor: Cursor,
    reason: str | None = None,
    feed: str | None = None,
    quarantine_id: int | None = None,
    status: str | None = "open",
    day: dt.date | None = None,
) -> list[dict[str, Any]]:
    """Rows of quarantine, newest first. `day` (UTC) is that of the first refusal."""
    found = rows(cursor, "find_quarantine", reason=reason, feed=feed, id=quarantine_id, status=status, day=day)
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found]


def load_quarantined(cursor: Cursor, quarantine_id: int) -> tuple[Any, str | None, str | None, bytes | None]:
    """Payload, address, content type and bytes of what was refused."""
    payload, url, content_type, body = one(cursor, "load_quarantined", id=quarantine_id)
    return load_json(payload), url, content_type, bytes(body) if body is not None else None


def save_quality(cursor: Cursor, results: Iterable[QualityResult], run_id: int) -> None:
    """Keeps what each expectation found."""
    for result in results:
        run(
            cursor,
            "save_quality",
            run_id=run_id,
            suite=result.suite,
            expectation=result.expectation,
            is_success=not result.failed,
            row_count=result.row_count,
            unexpected_count=len(result.failed),
        )


def summarise(cursor: Cursor) -> dict[str, int]:
    """What the warehouse holds, by name."""
    found = one(cursor, "summarise")
    return {column.name: int(value) for column, value in zip(cursor.description or (), found, strict=True)}
