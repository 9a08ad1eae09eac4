"""From items to events that are ready to be loaded. Each stage can be run again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline import clean as cleaning
from pipeline import dedupe as matching
from pipeline import extract as coding
from pipeline import quality
from pipeline.errors import CleanError
from pipeline.model import Batch, Candidate, Decision, Event, Item, Origin, QualityResult, Refusal, Report, Story
from pipeline.run.stage import COMMAND, check, now, stage
from pipeline.settings import load_settings
from pipeline.warehouse import batches, feeds, stories
from pipeline.warehouse.sql import Cursor, transaction
from pipeline.warehouse.versions import content_sha256


def clean(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Items of the batch → candidates. An item without a story in it is refused; a digest gives several."""
    settings = load_settings()
    with stage(settings, "clean", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            items = feeds.load_items(cursor, batch)
        candidates: list[Candidate] = []
        for item in items:
            try:
                found = cleaning.clean_item(item, now())
            except CleanError as error:
                run.refusals.append(_refused_item(item, error.reason_code, error.detail))
                continue
            except Exception as error:  # a fault of ours with one page must not hold up the others
                run.refusals.append(_refused_item(item, "cleaner_failed", f"{item.feed.slug}: cleaning failed with {type(error).__name__}: {error}"))
                continue
            run.counts["items_cleaned"] += 1
            first = 1 if len(found) > 1 else 0
            for position, story in enumerate(found, start=first):
                key = matching.story_key(story, item.entry.guid, position)
                candidates.append(Candidate(item.item_id, position, item.feed.slug, key, story))
        run.counts.update(items=len(items), candidates=len(candidates), items_refused=len(run.refusals))
        check(run, "items", "items_cleaned", "items_refused")
        with transaction(settings.require_dsn()) as cursor:
            batches.save_candidates(cursor, batch, origin, candidates)
    return Report("clean", batch.key, dict(run.counts))


def dedupe(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Candidates → decided: new, another report, revision, copy or repeat. `load` decides again, since others may load in between."""
    settings = load_settings()
    with stage(settings, "dedupe", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            decided = decide(cursor, batches.load_candidates(cursor, batch, origin, "clean")).decided
            run.counts["candidates"] = len(decided)
            run.counts.update(d.relation for _, d in decided)
            batches.advance(cursor, batch, origin, (dataclasses.replace(c, decision=d) for c, d in decided), "decided")
        check(run, "candidates", "new", "report", "revision", "copy", "repeat")
    return Report("dedupe", batch.key, dict(run.counts))


def validate_stories(batch: Batch, origin: Origin = COMMAND) -> Report:
    """The suite of stories: candidates that fail an expectation are refused, with the expectation's name."""
    settings = load_settings()
    with stage(settings, "validate_stories", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            candidates = batches.load_candidates(cursor, batch, origin, "decided")
        results = quality.check_stories([(f"{c.item_id}#{c.position}", c.story) for c in candidates], now())
        reasons = _reasons(results)
        refused = [c for n, c in enumerate(candidates) if n in reasons]
        for number, expectations in reasons.items():
            one = candidates[number]
            what = f"the story {one.story_key}"
            run.refusals += [_unmet("validate_stories", one, e, what, one.story_key, one.story.body_sha256, one.story) for e in expectations]
        passed = [c for n, c in enumerate(candidates) if n not in reasons]
        run.counts.update(candidates=len(candidates), passed=len(passed), refused=len(refused))
        check(run, "candidates", "passed", "refused")
        with transaction(settings.require_dsn()) as cursor:
            batches.save_quality(cursor, results, run.run_id)
            batches.advance(cursor, batch, origin, refused, "refused")
            batches.advance(cursor, batch, origin, passed, "valid")
    return Report("validate_stories", batch.key, dict(run.counts))


def extract(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Stories that are new or revised → events. Copies and repeats are not coded again: they add mentions."""
    settings = load_settings()
    with stage(settings, "extract", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            candidates = batches.load_candidates(cursor, batch, origin, "valid")
        coded: list[Candidate] = []
        failed: list[Candidate] = []
        for candidate in candidates:
            try:
                found = None if is_uncoded(candidate.decision) else tuple(coding.extract_events(candidate.story))
            except Exception as error:  # a fault of ours with one story must not hold up the others
                failed.append(candidate)
                what = f"the story {candidate.story_key} could not be coded ({type(error).__name__}: {error})"
                run.refusals.append(_unmet("extract", candidate, "coder_failed", what, candidate.story_key, candidate.story.body_sha256, candidate.story))
                continue
            coded.append(dataclasses.replace(candidate, events=found))
        run.counts.update(
            candidates=len(candidates),
            coded=sum(c.events is not None for c in coded),
            uncoded=sum(c.events is None for c in coded),
            failed=len(failed),
            events=sum(len(c.events or ()) for c in coded),
        )
        check(run, "candidates", "coded", "uncoded", "failed")
        with transaction(settings.require_dsn()) as cursor:
            batches.advance(cursor, batch, origin, failed, "refused")
            batches.advance(cursor, batch, origin, coded, "coded")
    return Report("extract", batch.key, dict(run.counts))


def validate_events(batch: Batch, origin: Origin = COMMAND) -> Report:
    """The suite of events: an event that fails an expectation is refused; the others of its story go on."""
    settings = load_settings()
    with stage(settings, "validate_events", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            candidates = batches.load_candidates(cursor, batch, origin, "coded")
        flat = [(c, e) for c in candidates for e in c.events or ()]
        results = quality.check_events([(c.story.body, e) for c, e in flat])
        reasons = _reasons(results)
        for number, expectations in reasons.items():
            one, event = flat[number]
            what = f"{event.event_type} of {one.story_key}"
            run.refusals += [_unmet("validate_events", one, e, what, f"{one.story_key}:{event.event_id}", content_sha256(event), event) for e in expectations]
        bad = {(c.item_id, c.position, e.event_id) for n, (c, e) in enumerate(flat) if n in reasons}
        ready = [
            c if c.events is None else dataclasses.replace(c, events=tuple(e for e in c.events if (c.item_id, c.position, e.event_id) not in bad))
            for c in candidates
        ]
        run.counts.update(events=len(flat), passed=sum(len(c.events or ()) for c in ready), refused=len(reasons))
        check(run, "events", "passed", "refused")
        with transaction(settings.require_dsn()) as cursor:
            batches.save_quality(cursor, results, run.run_id)
            batches.advance(cursor, batch, origin, ready, "ready")
    return Report("validate_events", batch.key, dict(run.counts))


class Decided(NamedTuple):
    """Candidates with what they are, in the order of decision, and what that was decided on, by body hash."""

    decided: list[tuple[Candidate, Decision]]
    sketches: dict[str, Sequence[int]]
    texts: dict[str, str]


def decide(cursor: Cursor, candidates: Sequence[Candidate]) -> Decided:
    """Decides each candidate against what is held and what came before it in the batch."""
    ordered = matching.in_order(candidates)
    sketches = [matching.sketch(c.story.body) for c in ordered]
    texts = [matching.text_sha256(c.story.body) for c in ordered]
    held = stories.find_known(cursor, [c.story_key for c in ordered], texts, sketches, matching.FEWEST_SHARED)
    recorded = stories.find_recorded(cursor, [c.item_id for c in ordered])
    hashes = [c.story.body_sha256 for c in ordered]
    decided = matching.decide_batch(ordered, sketches, held, recorded)
    return Decided(decided, dict(zip(hashes, sketches, strict=True)), dict(zip(hashes, texts, strict=True)))


def is_uncoded(decision: Decision | None) -> bool:
    """Whether a story so decided is not coded itself: a copy, a repeat, or what was loaded before."""
    return decision is not None and (decision.relation in ("copy", "repeat") or decision.is_recorded or decision.original_key is not None)


def _refused_item(item: Item, reason_code: str, detail: str) -> Refusal:
    """An item that cleaning refused, with a pointer to its page's bytes, else to the feed's."""
    return Refusal(
        "clean",
        reason_code,
        detail[:2000],
        item_key=f"{item.feed.slug}:{item.entry.guid}",
        feed_slug=item.feed.slug,
        item_id=item.item_id,
        document_id=item.page_document_id or item.feed_document_id,
        content_sha256=item.entry.sha256,
    )


def _unmet(stage: str, candidate: Candidate, reason_code: str, what: str, key: str, sha256: str, payload: Story | Event) -> Refusal:
    """A story or event that a stage refused, itself as the payload."""
    detail = f"{candidate.feed_slug}: {what} does not meet {reason_code}" if reason_code.startswith("expect") else f"{candidate.feed_slug}: {what}"
    return Refusal(
        stage,
        reason_code,
        detail[:2000],
        item_key=f"{candidate.feed_slug}:{key}",
        feed_slug=candidate.feed_slug,
        item_id=candidate.item_id,
        content_sha256=sha256,
        payload=dataclasses.asdict(payload),
    )


def _reasons(results: Sequence[QualityResult]) -> Mapping[int, list[str]]:
    """Expectations that each row failed, by its position."""
    reasons: dict[int, list[str]] = {}
    for result in results:
        for number in result.failed:
            reasons.setdefault(number, []).append(result.expectation)
    return reasons
