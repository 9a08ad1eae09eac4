"""What was done, done again: under another coder, or after a mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline import extract as coding
from pipeline.feeds import load_feeds
from pipeline.model import Batch, Fetched, Origin, Report
from pipeline.run.load import CODER, mention_in_copies
from pipeline.run.poll import store_entries
from pipeline.run.stage import COMMAND, clock, held_for_a_person, stage
from pipeline.run.whole import code_batch
from pipeline.settings import load_settings
from pipeline.warehouse import batches, events, feeds, stories
from pipeline.warehouse.ledger import Coding
from pipeline.warehouse.sql import transaction


def recode(batch: Batch, origin: Origin = COMMAND, is_approved: bool = False) -> Report:
    """Stories of a day (first published, UTC) under the present coder: what it says otherwise gets a new version, the old one is kept.

    `warehouse.coding_changes` shows the difference. Run under one coder twice, it changes nothing the second time.
    A day of which it would end too many events is held, as in `load`. `warehouse.use_coder` switches back.
    """
    settings = load_settings()
    with stage(settings, "recode", batch, origin) as run, held_for_a_person(run), transaction(settings.require_dsn()) as cursor:
        stories.lock_loading(cursor)
        now = clock(cursor)
        keys = stories.find_originals_of_day(cursor, dt.date.fromisoformat(batch.key), coding.CODED_LANGUAGES)
        current = stories.load_current(cursor, keys).values()
        codings = [
            Coding(story_id, revision, now + dt.timedelta(microseconds=n), tuple(coding.extract_events(story)))
            for n, (story_id, revision, story) in enumerate(current)
        ]
        version = coding.coder_version()
        run.counts["stories"] = len(codings)
        most_ended = None if is_approved else settings.most_ended
        ledger = events.load_events(cursor, codings, version, CODER, run.run_id, is_recode=True, most_ended=most_ended)
        run.counts.update(ledger.counts)
        run.counts["copy_mentions"] = mention_in_copies(cursor, set(keys), version, run.run_id)
        run.counts["links"] = events.draw_conclusions(cursor, ledger, run.run_id)
        run.counts["released"] = batches.release_held(cursor, "recode", batch, run.run_id)
    return Report("recode", batch.key, dict(run.counts))


def code_since(day: dt.date, origin: Origin = COMMAND) -> list[Report]:
    """Codes stored items of this day (UTC) and all after it again, a batch a day; days without items are passed over."""
    with transaction(load_settings().require_dsn()) as cursor:
        days = feeds.find_item_days(cursor, day)
    return [report for one in days for report in code_batch(Batch(one.isoformat()), origin)]


def replay_open(reason: str | None, feed: str | None, day: dt.date | None, origin: Origin = COMMAND, is_approved: bool = False) -> Report:
    """Replays what waits in quarantine by reason code, feed and day of the first refusal (UTC), each where it is given."""
    with transaction(load_settings().require_dsn()) as cursor:
        ids = [row["quarantine_id"] for row in batches.find_quarantine(cursor, reason, feed, day=day)]
    return replay_rows(ids, origin, is_approved)


def replay_rows(quarantine_ids: Sequence[int], origin: Origin = COMMAND, is_approved: bool = False) -> Report:
    """Replays these rows of quarantine, and tells how many left it."""
    replay(quarantine_ids, origin, is_approved)
    with transaction(load_settings().require_dsn()) as cursor:
        left = sum(bool(batches.find_quarantine(cursor, quarantine_id=one)) for one in quarantine_ids)
    return Report("replay", "quarantine", {"replayed": len(quarantine_ids), "released": len(quarantine_ids) - left, "still_refused": left})


def replay(quarantine_ids: Sequence[int], origin: Origin = COMMAND, is_approved: bool = False) -> list[Report]:
    """Puts what these rows of quarantine point to through its stage again; what passes is released.

    Feed bodies are parsed again from their kept bytes; items go through all stages of the batch that they belong to.
    What was held since it would end many events passes only with `is_approved`.
    """
    settings = load_settings()
    dsn = settings.require_dsn()
    known = load_feeds(settings.feeds_dirs)
    with transaction(dsn) as cursor:
        rows = [row for one in quarantine_ids for row in batches.find_quarantine(cursor, quarantine_id=one, status=None)]
    keys: list[str] = []
    reports: list[Report] = []
    for row in rows:
        batch = Batch(row["batch_key"])
        if row["stage"] == "recode":
            reports.append(recode(batch, origin, is_approved))
            continue
        if row["stage"] == "parse" and row["document_id"] is not None and row["feed_slug"] in known:
            with stage(settings, "fetch", batch, origin, row["feed_slug"]) as run:
                with transaction(dsn) as cursor:
                    slug, url, content_type, body, fetched_at = feeds.load_document(cursor, row["document_id"])
                found = Fetched(
                    url,
                    row["reason_code"] if row["reason_code"] == "too_large" else "ok",
                    row["detail"],
                    fetched_at,
                    0,
                    url,
                    200,
                    {"content-type": content_type or ""},
                    body,
                )
                store_entries(dsn, known[slug], body, found, row["document_id"], batch, run)
        keys.append(batch.key)
    return reports + [report for key in dict.fromkeys(keys) for report in code_batch(Batch(key), origin, is_approved)]
