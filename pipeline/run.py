"""READ FIRST. One function a stage: batch in, report out. Nothing else composes stages. Floor 5.

    plan → fetch → ┊ clean → dedupe → validate_stories → extract → validate_events → load

Left of the line cannot be repeated: a feed shows only now. Right of it everything is in Postgres, keyed
by batch, and each stage can be run again: it reads what the stage before it left, decides without
looking at anything else, and writes in one transaction. Every run is a row of ops.run with its counts;
what a stage refuses goes to ops.quarantine and the others go on.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipeline import clean as cleaning
from pipeline import dedupe as matching
from pipeline import extract as coding
from pipeline import quality
from pipeline.errors import CleanError, CountsError, ParseError
from pipeline.feeds import load_feeds
from pipeline.fetch.backoff import next_page_try, next_poll
from pipeline.fetch.http import Client
from pipeline.fetch.parse import parse_feed
from pipeline.model import Batch, Candidate, Decision, Event, Feed, Fetched, Item, Origin, QualityResult, Refusal, Report, Story, sha256_of
from pipeline.settings import Settings, load_settings
from pipeline.warehouse import batches, events, feeds, stories
from pipeline.warehouse.sql import Cursor, transaction

COMMAND = Origin()
"""Whoever calls a stage without saying who: the command line, and tests."""


_CODER = f"communique rules, cleaner {cleaning.VERSION}"
"""What ops.coder_version says of the coder."""


@dataclass
class _Run:
    """A stage under way: its counts and refusals are written when it ends."""

    run_id: int
    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)


# ---------------------------------------------------------------- left of the line: what cannot be repeated


def plan(batch: Batch, is_forced: bool = False, only: Sequence[str] = ()) -> list[list[str]]:
    """Slugs of the feeds to poll, grouped by host so that one task is polite to one host.

    `is_forced` polls feeds that are not yet due; `only` keeps to these slugs. Raises FeedFileError for a wrong feed file.
    """
    settings = load_settings()
    known = load_feeds(settings.feeds_dirs)
    with transaction(settings.require_dsn()) as cursor:
        feeds.save_feeds(cursor, known.values())
        due = [slug for slug in feeds.find_due_feeds(cursor, _now(), is_forced) if slug in known and (not only or slug in only)]
    hosts: dict[str, list[str]] = {}
    for slug in due:
        hosts.setdefault(urlsplit(known[slug].url).hostname or "", []).append(slug)
    return [hosts[host] for host in sorted(hosts)]


def fetch(batch: Batch, slugs: Sequence[str], origin: Origin = COMMAND, is_forced: bool = False) -> Report:
    """Polls feeds of one host and fetches the pages of their items. A feed that fails does not stop the others.

    Raises the first unexpected error after all feeds had their turn; what servers do is never an error.
    """
    settings = load_settings()
    known = load_feeds(settings.feeds_dirs)
    client = Client(settings.user_agent, settings.allowed_hosts, settings.host_delay_s)
    total: Counter[str] = Counter(feeds=0)
    failure: Exception | None = None
    for slug in slugs:
        if slug not in known:
            total["feeds_gone"] += 1  # its file was removed after the plan
            continue
        try:
            with _stage(settings, "fetch", batch, origin, slug) as run:
                _fetch_feed(settings, client, known[slug], batch, run, is_forced)
            total.update(run.counts)
        except Exception as error:  # the other feeds have their turn first
            failure = failure or error
            total["feeds_failed"] += 1
    if failure is not None:
        raise failure
    return Report("fetch", batch.key, dict(total))


def find_stranded(batch: Batch) -> list[str]:
    """Keys of earlier batches whose items nobody has coded: their asset event was lost or their run died."""
    with transaction(load_settings().require_dsn()) as cursor:
        return feeds.find_stranded_batches(cursor, batch)


def _fetch_feed(settings: Settings, client: Client, feed: Feed, batch: Batch, run: _Run, is_forced: bool) -> None:
    dsn = settings.require_dsn()
    with transaction(dsn) as cursor:
        state = feeds.load_poll_state(cursor, feed.slug)
        is_due = is_forced or feeds.is_due(cursor, feed.slug, _now())
    run.counts["feeds"] = 1
    if is_due:
        found = client.fetch(feed.url, state)
        run.counts[f"feed_{found.outcome}"] = 1
        failures, not_before = next_poll(feed, found, state.failure_count)
        # The bytes are kept before anything looks at them.
        with transaction(dsn) as cursor:
            document_id = feeds.save_fetched(cursor, feed.slug, "feed", found, run.run_id)
        new_count = 0
        if document_id is not None:
            new_count = _store_entries(dsn, feed, found.body or b"", found, document_id, batch, run)
        with transaction(dsn) as cursor:
            feeds.save_poll(cursor, feed, found, failures, not_before, new_count)
    with transaction(dsn) as cursor:
        pending = feeds.find_pending_pages(cursor, feed.slug, _now())
    for item_id, url, attempts in pending:
        page = client.fetch(url)
        state_after, again_at = next_page_try(page, attempts)
        with transaction(dsn) as cursor:
            page_id = feeds.save_fetched(cursor, feed.slug, "page", page, run.run_id)
            feeds.save_page(cursor, item_id, page_id if page.outcome == "ok" else None, state_after, page.outcome, again_at, batch)
        run.counts["pages_fetched" if page.outcome == "ok" else "pages_failed"] += 1


def _store_entries(dsn: str, feed: Feed, body: bytes, found: Fetched, document_id: int, batch: Batch, run: _Run) -> int:
    """Parses a kept feed body and stores its new entries; a body that is no feed goes to quarantine."""
    url, content_type = found.final_url or feed.url, found.headers.get("content-type")
    refusal: tuple[str, str] | None = None
    count = 0
    if found.outcome == "too_large":
        refusal = ("too_large", f"{feed.slug}: {found.detail}")
    else:
        try:
            parsed = parse_feed(feed, body, url, content_type, found.requested_at)
            run.counts["entries"] += len(parsed.entries)
            if parsed.is_partial:
                run.counts["feeds_partial"] += 1
            with transaction(dsn) as cursor:
                count = feeds.save_items(cursor, feed, parsed.entries, document_id, batch, found.requested_at, run.run_id)
                batches.release_document(cursor, document_id, run.run_id)
        except ParseError as error:
            refusal = (error.reason_code, error.detail)
    if refusal:
        run.refusals.append(Refusal("parse", *refusal, item_key=feed.slug, feed_slug=feed.slug, document_id=document_id, content_sha256=sha256_of(body)))
    run.counts["items_new"] += count
    return count


# ---------------------------------------------------------------- right of the line: what can be repeated


def code_batch(batch: Batch, origin: Origin = COMMAND) -> list[Report]:
    """All stages from clean to load, for the command line; Airflow runs them as tasks of their own."""
    return [stage(batch, origin) for stage in (clean, dedupe, validate_stories, extract, validate_events, load)]


def clean(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Items of the batch → candidates. An item without a story in it is refused; a digest gives several."""
    settings = load_settings()
    with _stage(settings, "clean", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            items = feeds.load_items(cursor, batch)
        candidates: list[Candidate] = []
        for item in items:
            try:
                found = cleaning.clean_item(item, _now())
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
        _check(run, "items", "items_cleaned", "items_refused")
        with transaction(settings.require_dsn()) as cursor:
            batches.save_candidates(cursor, batch, origin, candidates)
    return Report("clean", batch.key, dict(run.counts))


def dedupe(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Candidates → decided: new, another report, revision, copy or repeat. `load` decides again, since others may load in between."""
    settings = load_settings()
    with _stage(settings, "dedupe", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            decided = _decide(cursor, batches.load_candidates(cursor, batch, origin, "clean"))
            run.counts["candidates"] = len(decided)
            run.counts.update(d.relation for _, d in decided)
            batches.advance(cursor, batch, origin, (dataclasses.replace(c, decision=d) for c, d in decided), "decided")
        _check(run, "candidates", "new", "report", "revision", "copy", "repeat")
    return Report("dedupe", batch.key, dict(run.counts))


def validate_stories(batch: Batch, origin: Origin = COMMAND) -> Report:
    """The suite of stories: candidates that fail an expectation are refused, with the expectation's name."""
    settings = load_settings()
    with _stage(settings, "validate_stories", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            candidates = batches.load_candidates(cursor, batch, origin, "decided")
        results = quality.check_stories([(f"{c.item_id}#{c.position}", c.story) for c in candidates], _now())
        reasons = _reasons(results)
        refused = [c for n, c in enumerate(candidates) if n in reasons]
        for number, expectations in reasons.items():
            one = candidates[number]
            what = f"the story {one.story_key}"
            run.refusals += [_unmet("validate_stories", one, e, what, one.story_key, one.story.body_sha256, one.story) for e in expectations]
        passed = [c for n, c in enumerate(candidates) if n not in reasons]
        run.counts.update(candidates=len(candidates), passed=len(passed), refused=len(refused))
        _check(run, "candidates", "passed", "refused")
        with transaction(settings.require_dsn()) as cursor:
            batches.save_quality(cursor, results, run.run_id)
            batches.advance(cursor, batch, origin, refused, "refused")
            batches.advance(cursor, batch, origin, passed, "valid")
    return Report("validate_stories", batch.key, dict(run.counts))


def extract(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Stories that are new or revised → events. Copies and repeats are not coded again: they add mentions."""
    settings = load_settings()
    with _stage(settings, "extract", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            candidates = batches.load_candidates(cursor, batch, origin, "valid")
        coded: list[Candidate] = []
        failed: list[Candidate] = []
        for candidate in candidates:
            try:
                found = None if _is_uncoded(candidate.decision) else tuple(coding.extract_events(candidate.story))
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
        _check(run, "candidates", "coded", "uncoded", "failed")
        with transaction(settings.require_dsn()) as cursor:
            batches.advance(cursor, batch, origin, failed, "refused")
            batches.advance(cursor, batch, origin, coded, "coded")
    return Report("extract", batch.key, dict(run.counts))


def validate_events(batch: Batch, origin: Origin = COMMAND) -> Report:
    """The suite of events: an event that fails an expectation is refused; the others of its story go on."""
    settings = load_settings()
    with _stage(settings, "validate_events", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            candidates = batches.load_candidates(cursor, batch, origin, "coded")
        flat = [(c, e) for c in candidates for e in c.events or ()]
        results = quality.check_events([(c.story.body, e) for c, e in flat])
        reasons = _reasons(results)
        for number, expectations in reasons.items():
            one, event = flat[number]
            what = f"{event.event_type} of {one.story_key}"
            run.refusals += [_unmet("validate_events", one, e, what, f"{one.story_key}:{event.event_id}", event.content_sha256, event) for e in expectations]
        bad = {(c.item_id, c.position, e.event_id) for n, (c, e) in enumerate(flat) if n in reasons}
        ready = [
            c if c.events is None else dataclasses.replace(c, events=tuple(e for e in c.events if (c.item_id, c.position, e.event_id) not in bad))
            for c in candidates
        ]
        run.counts.update(events=len(flat), passed=sum(len(c.events or ()) for c in ready), refused=len(reasons))
        _check(run, "events", "passed", "refused")
        with transaction(settings.require_dsn()) as cursor:
            batches.save_quality(cursor, results, run.run_id)
            batches.advance(cursor, batch, origin, ready, "ready")
    return Report("validate_events", batch.key, dict(run.counts))


def load(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Everything of the batch into the warehouse, in one transaction, under the one lock of loading."""
    settings = load_settings()
    with _stage(settings, "load", batch, origin) as run, transaction(settings.require_dsn()) as cursor:
        stories.lock_loading(cursor)
        now = _clock(cursor)
        candidates = batches.load_candidates(cursor, batch, origin, "ready", "loaded")
        decided = _decide(cursor, candidates)
        sketches = {c.story.body_sha256: matching.sketch(c.story.body) for c, _ in decided}
        texts = {c.story.body_sha256: matching.text_sha256(c.story.body) for c, _ in decided}
        loaded = stories.load_stories(cursor, decided, sketches, texts, now, cleaning.VERSION, run.run_id)
        adoptions = [(a, x.decision.original_key or x.decision.target_key or x.candidate.story_key) for x in loaded for a in x.decision.adopts]
        moves = stories.adopt(cursor, adoptions, now, run.run_id)
        moved = events.move_events(cursor, moves)
        codings = [
            events.Coding(x.story_id, x.revision, x.known_from, x.candidate.events if x.candidate.events is not None else tuple(coding.extract_events(x.candidate.story)))
            for x in loaded
            if x.is_new_row and not _is_uncoded(x.decision)
        ]  # fmt: skip
        # A copy may show that two stories are one: the original that is held is then coded anew, with the events of both.
        led = stories.load_current(cursor, {target for _, target in adoptions}) if moves else {}
        coded = {c.story_id for c in codings}
        end = now + dt.timedelta(microseconds=len(loaded))
        codings += [events.Coding(i, r, end, tuple(coding.extract_events(s))) for i, r, s in led.values() if i in moves.values() and i not in coded]
        version = coding.coder_version()
        run.counts.update(events.load_events(cursor, codings, version, _CODER, run.run_id, moved))
        run.counts["copy_mentions"] = _mention_in_copies(cursor, {_original_of(x) for x in loaded if x.is_new_row}, version, run.run_id)
        if codings or run.counts["copy_mentions"]:
            events.refresh_dyad_days(cursor, run.run_id)
        run.counts["candidates"] = len(decided)
        run.counts.update(d.relation for _, d in decided)
        run.counts["adopted"] = len(adoptions)
        run.counts["rows_new"] = sum(x.is_new_row for x in loaded)
        _check(run, "candidates", "new", "report", "revision", "copy", "repeat")
        batches.advance(cursor, batch, origin, (dataclasses.replace(c, decision=d) for c, d in decided), "loaded")
        run.counts["released"] = batches.release_items(cursor, batch, origin, [c.item_id for c, _ in decided], run.run_id)
    return Report("load", batch.key, dict(run.counts))


def _decide(cursor: Cursor, candidates: Sequence[Candidate]) -> list[tuple[Candidate, Decision]]:
    """Decides each candidate against what is held and what came before it in the batch."""
    ordered = matching.in_order(candidates)
    sketches = [matching.sketch(c.story.body) for c in ordered]
    texts = [matching.text_sha256(c.story.body) for c in ordered]
    held = stories.find_known(cursor, [c.story_key for c in ordered], texts, sketches, matching.FEWEST_SHARED)
    recorded = stories.find_recorded(cursor, [c.item_id for c in ordered])
    return matching.decide_batch(ordered, sketches, held, recorded)


def _mention_in_copies(cursor: Cursor, originals: set[str], version: str, run_id: int) -> int:
    """Mentions of events in the copies of these stories, by their keys."""
    if not originals:
        return 0
    copies = stories.find_copies(cursor, originals)
    ids = stories.find_story_ids(cursor, {key for _, key, _, _ in copies})
    evidence = events.load_evidence(cursor, ids.values())
    known = events.find_mentioned(cursor, {copy_id for copy_id, *_ in copies})
    found = [
        (event_id, copy_id, revision, again)
        for copy_id, key, revision, body in copies
        for event_id, one in evidence.get(ids[key], ())
        if (event_id, copy_id, revision) not in known and (again := coding.find_again(one, body)) is not None
    ]
    return events.save_copy_mentions(cursor, found, version, run_id)


def _original_of(one: stories.Loaded) -> str:
    """Key of the original that a loaded story is, revises or copies."""
    decision = one.decision
    return decision.original_key or (decision.target_key if decision.relation in ("copy", "revision") else None) or one.candidate.story_key


def _is_uncoded(decision: Decision | None) -> bool:
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


# ---------------------------------------------------------------- again, under another coder


def recode(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Stories of a day (first published, UTC) under the present coder: what it says otherwise gets a new version, the old one is kept.

    `warehouse.coding_changes` shows the difference. Run under one coder twice, it changes nothing the second time.
    """
    settings = load_settings()
    with _stage(settings, "recode", batch, origin) as run, transaction(settings.require_dsn()) as cursor:
        stories.lock_loading(cursor)
        now = _clock(cursor)
        keys = stories.find_originals_of_day(cursor, dt.date.fromisoformat(batch.key), coding.CODED_LANGUAGES)
        current = stories.load_current(cursor, keys).values()
        codings = [
            events.Coding(story_id, revision, now + dt.timedelta(microseconds=n), tuple(coding.extract_events(story)))
            for n, (story_id, revision, story) in enumerate(current)
        ]
        version = coding.coder_version()
        run.counts["stories"] = len(codings)
        run.counts.update(events.load_events(cursor, codings, version, _CODER, run.run_id, is_recode=True))
        run.counts["copy_mentions"] = _mention_in_copies(cursor, set(keys), version, run.run_id)
        events.refresh_dyad_days(cursor, run.run_id)
    return Report("recode", batch.key, dict(run.counts))


# ---------------------------------------------------------------- replay


def replay_open(reason: str | None, feed: str | None, day: dt.date | None, origin: Origin = COMMAND) -> Report:
    """Replays what waits in quarantine by reason code, feed and day of the first refusal (UTC), each where it is given."""
    with transaction(load_settings().require_dsn()) as cursor:
        ids = [row["quarantine_id"] for row in batches.find_quarantine(cursor, reason, feed, day=day)]
    return replay_rows(ids, origin)


def replay_rows(quarantine_ids: Sequence[int], origin: Origin = COMMAND) -> Report:
    """Replays these rows of quarantine, and tells how many left it."""
    replay(quarantine_ids, origin)
    with transaction(load_settings().require_dsn()) as cursor:
        left = sum(bool(batches.find_quarantine(cursor, quarantine_id=one)) for one in quarantine_ids)
    return Report("replay", "quarantine", {"replayed": len(quarantine_ids), "released": len(quarantine_ids) - left, "still_refused": left})


def replay(quarantine_ids: Sequence[int], origin: Origin = COMMAND) -> list[Report]:
    """Puts what these rows of quarantine point to through its stage again; what passes is released.

    Feed bodies are parsed again from their kept bytes; items go through all stages of the batch that they belong to.
    """
    settings = load_settings()
    dsn = settings.require_dsn()
    known = load_feeds(settings.feeds_dirs)
    with transaction(dsn) as cursor:
        rows = [row for one in quarantine_ids for row in batches.find_quarantine(cursor, quarantine_id=one, status=None)]
    keys: list[str] = []
    for row in rows:
        batch = Batch(row["batch_key"])
        if row["stage"] == "parse" and row["document_id"] is not None and row["feed_slug"] in known:
            with _stage(settings, "fetch", batch, origin, row["feed_slug"]) as run:
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
                _store_entries(dsn, known[slug], body, found, row["document_id"], batch, run)
        keys.append(batch.key)
    return [report for key in dict.fromkeys(keys) for report in code_batch(Batch(key), origin)]


# ---------------------------------------------------------------- what every stage shares


def _clock(cursor: Cursor) -> dt.datetime:
    """The database's time at this moment, not at the transaction's begin."""
    cursor.execute("select clock_timestamp()")
    return cursor.fetchone()[0]  # type: ignore[index, no-any-return]  # a select without from gives one row


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def _stage(settings: Settings, name: str, batch: Batch, origin: Origin, feed_slug: str | None = None) -> Iterator[_Run]:
    """Records a run from its start; writes counts and refusals at its end, or why it failed."""
    dsn = settings.require_dsn()
    with transaction(dsn) as cursor:
        run = _Run(batches.start_run(cursor, name, batch, origin, feed_slug))
    try:
        yield run
    except BaseException as error:
        with transaction(dsn) as cursor:
            batches.fail_run(cursor, run.run_id, f"{type(error).__name__}: {error}")
        raise
    with transaction(dsn) as cursor:
        batches.save_refusals(cursor, batch, run.refusals, run.run_id)
        run.counts["quarantined"] = len(run.refusals)
        batches.end_run(cursor, run.run_id, run.counts)


def _check(run: _Run, total: str, *parts: str) -> None:
    """What went in must have come out; anything else is a bug and stops the stage."""
    if run.counts[total] != sum(run.counts[p] for p in parts):
        raise CountsError(f"{total} = {run.counts[total]}, but " + " + ".join(f"{p} {run.counts[p]}" for p in parts))
