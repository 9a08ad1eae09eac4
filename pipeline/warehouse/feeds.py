"""Feeds, fetch log, documents and items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from pipeline.canonical import sha256_of
from pipeline.model import Batch, Entry, Feed, Fetched, Item, PollState
from pipeline.warehouse.copying import copy_rows
from pipeline.warehouse.sql import Cursor, one, rows, run

_ITEM_COLUMNS = (
    "feed_slug", "guid", "item_sha256", "url", "title", "content", "byline", "published_raw", "published_at",
    "feed_document_id", "page_state", "page_attempts", "batch_key", "first_seen_at", "run_id",
)  # fmt: skip


def save_feeds(cursor: Cursor, feeds: Iterable[Feed]) -> None:
    """Brings ops.feed to what the files say; feeds without a file are retired, not deleted."""
    slugs = []
    for feed in feeds:
        run(cursor, "save_feed", **vars(feed))
        slugs.append(feed.slug)
    run(cursor, "retire_feeds", slugs=slugs)


def find_due_feeds(cursor: Cursor, now: dt.datetime, is_forced: bool) -> list[str]:
    """Slugs of feeds that may be polled now, and of those with pages still to fetch."""
    due = [slug for (slug,) in rows(cursor, "find_due_feeds", now=now, is_forced=is_forced)]
    pending = [slug for (slug,) in rows(cursor, "find_feeds_with_pending_pages", now=now)]
    return list(dict.fromkeys([*due, *pending]))


def is_due(cursor: Cursor, slug: str, now: dt.datetime) -> bool:
    """Whether a feed may be polled now."""
    return (slug,) in rows(cursor, "find_due_feeds", now=now, is_forced=False)


def load_poll_state(cursor: Cursor, slug: str) -> PollState:
    """What is remembered of the last poll."""
    return PollState(*one(cursor, "find_poll_state", slug=slug))


def save_poll(cursor: Cursor, feed: Feed, found: Fetched, failures: int, not_before: dt.datetime, new_count: int) -> None:
    """Remembers a poll: validators, failures in a row, and when to come again."""
    run(
        cursor,
        "save_poll_state",
        slug=feed.slug,
        failure_count=failures,
        not_before_at=not_before,
        requested_at=found.requested_at,
        outcome=found.outcome,
        is_good=found.outcome in ("ok", "not_modified"),
        is_ok=found.outcome == "ok",
        etag=found.headers.get("etag"),
        last_modified=found.headers.get("last-modified"),
        new_count=new_count,
    )


def save_fetched(cursor: Cursor, feed_slug: str, kind: str, found: Fetched, run_id: int) -> int | None:
    """Logs a request, keeps its bytes once, and gives the document's id where there are bytes."""
    document_id = None
    if found.body is not None:
        sha256 = sha256_of(found.body)
        saved = rows(
            cursor,
            "save_document",
            feed_slug=feed_slug,
            kind=kind,
            url=found.url,
            final_url=found.final_url or found.url,
            http_status=found.http_status,
            content_type=found.headers.get("content-type"),
            headers=dict(found.headers),
            sha256=sha256,
            byte_count=len(found.body),
            is_truncated=found.is_truncated,
            fetched_at=found.requested_at,
            run_id=run_id,
        )
        if saved:
            run(cursor, "make_month_partition", moment=found.requested_at)
            run(cursor, "save_document_bytes", fetched_at=found.requested_at, document_id=saved[0][0], bytes=found.body)
        document_id = (saved or rows(cursor, "find_document", url=found.url, sha256=sha256))[0][0]
    run(
        cursor,
        "save_fetch",
        feed_slug=feed_slug,
        kind=kind,
        url=found.url,
        final_url=found.final_url,
        http_status=found.http_status,
        outcome=found.outcome,
        detail=found.detail,
        moved_to=found.moved_to,
        byte_count=len(found.body or b""),
        duration_ms=found.duration_ms,
        document_id=document_id,
        requested_at=found.requested_at,
        run_id=run_id,
    )
    return document_id


def load_document(cursor: Cursor, document_id: int) -> tuple[str, str, str | None, bytes, dt.datetime]:
    """Feed slug, final address, content type, bytes and fetch time of a document."""
    slug, url, content_type, body, fetched_at = one(cursor, "load_document", document_id=document_id)
    return slug, url, content_type, bytes(body), fetched_at


def save_items(cursor: Cursor, feed: Feed, entries: Sequence[Entry], document_id: int, batch: Batch, now: dt.datetime, run_id: int) -> int:
    """Stores entries that are new or changed, and counts them. An entry without a link is complete at once."""
    run(cursor, "stage_items")
    copy_rows(
        cursor,
        "staged_item",
        _ITEM_COLUMNS,
        (
            (
                feed.slug, e.guid, e.sha256, e.url, e.title, e.content, e.byline, e.published_raw, e.published_at, document_id,
                "pending" if e.url else "none", 0, None if e.url else batch.key, now, run_id,
            )
            for e in entries
        ),
    )  # fmt: skip
    run(cursor, "save_items")
    return cursor.rowcount


def find_pending_pages(cursor: Cursor, slug: str, now: dt.datetime) -> list[tuple[int, str, int]]:
    """(item id, address, attempts so far) of the pages of a feed that may be fetched now."""
    return [(item_id, url, attempts) for item_id, url, attempts in rows(cursor, "find_pending_items", slug=slug, now=now)]


def save_page(cursor: Cursor, item_id: int, document_id: int | None, state: str, outcome: str, not_before: dt.datetime | None, batch: Batch) -> None:
    """Records what became of an item's page: fetched, failed for good, or still pending."""
    run(cursor, "save_page", item_id=item_id, document_id=document_id, state=state, outcome=outcome, not_before_at=not_before, batch_key=batch.key)


def find_stranded_batches(cursor: Cursor, batch: Batch) -> list[str]:
    """Keys of earlier batches with items of which nothing has been recorded."""
    return [key for (key,) in rows(cursor, "find_stranded_batches", batch_key=batch.key)]


def find_item_days(cursor: Cursor, since: dt.date) -> list[dt.date]:
    """Days (UTC) from `since` on that have items to clean, in order."""
    return [day for (day,) in rows(cursor, "find_item_days", since=since)]


def load_items(cursor: Cursor, batch: Batch) -> list[Item]:
    """Items of a batch with their pages: those completed in a quarter-hour, or those published on a day (UTC)."""
    first = dt.datetime.combine(batch.day, dt.time(), dt.UTC) if batch.day else None
    last = first + dt.timedelta(days=1) if first else None
    items = []
    for row in rows(cursor, "load_items", batch_key=batch.key, first=first, last=last):
        (item_id, slug, guid, url, title, content, byline, published_raw, published_at, feed_document, page_document, page_outcome,
         final_url, content_type, body, *feed) = row  # fmt: skip
        items.append(
            Item(
                item_id=item_id,
                feed=Feed(slug, *feed),
                entry=Entry(guid, url, title, content, byline, published_raw, published_at),
                page=bytes(body) if body is not None else None,
                page_url=final_url,
                page_content_type=content_type,
                page_outcome=page_outcome,
                page_document_id=page_document,
                feed_document_id=feed_document,
            )
        )
    return items
