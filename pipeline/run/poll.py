"""Plan and fetch: what cannot be repeated, since a feed shows only now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline.canonical import sha256_of
from pipeline.errors import ParseError
from pipeline.feeds import load_feeds
from pipeline.fetch.backoff import next_page_try, next_poll
from pipeline.fetch.http import Client
from pipeline.fetch.parse import parse_feed
from pipeline.model import Batch, Feed, Fetched, Origin, Refusal, Report
from pipeline.run.stage import COMMAND, Stage, now, stage
from pipeline.settings import Settings, load_settings
from pipeline.warehouse import batches, feeds
from pipeline.warehouse.sql import transaction


def plan(batch: Batch, is_forced: bool = False, only: Sequence[str] = ()) -> list[list[str]]:
    """Slugs of the feeds to poll, grouped by host so that one task is polite to one host.

    `is_forced` polls feeds that are not yet due; `only` keeps to these slugs. Raises FeedFileError for a wrong feed file.
    """
    settings = load_settings()
    known = load_feeds(settings.feeds_dirs)
    with transaction(settings.require_dsn()) as cursor:
        feeds.save_feeds(cursor, known.values())
        due = [slug for slug in feeds.find_due_feeds(cursor, now(), is_forced) if slug in known and (not only or slug in only)]
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
            with stage(settings, "fetch", batch, origin, slug) as run:
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


def _fetch_feed(settings: Settings, client: Client, feed: Feed, batch: Batch, run: Stage, is_forced: bool) -> None:
    dsn = settings.require_dsn()
    with transaction(dsn) as cursor:
        state = feeds.load_poll_state(cursor, feed.slug)
        is_due = is_forced or feeds.is_due(cursor, feed.slug, now())
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
            new_count = store_entries(dsn, feed, found.body or b"", found, document_id, batch, run)
        with transaction(dsn) as cursor:
            feeds.save_poll(cursor, feed, found, failures, not_before, new_count)
    with transaction(dsn) as cursor:
        pending = feeds.find_pending_pages(cursor, feed.slug, now())
    for item_id, url, attempts in pending:
        page = client.fetch(url)
        state_after, again_at = next_page_try(page, attempts)
        with transaction(dsn) as cursor:
            page_id = feeds.save_fetched(cursor, feed.slug, "page", page, run.run_id)
            feeds.save_page(cursor, item_id, page_id if page.outcome == "ok" else None, state_after, page.outcome, again_at, batch)
        run.counts["pages_fetched" if page.outcome == "ok" else "pages_failed"] += 1


def store_entries(dsn: str, feed: Feed, body: bytes, found: Fetched, document_id: int, batch: Batch, run: Stage) -> int:
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
