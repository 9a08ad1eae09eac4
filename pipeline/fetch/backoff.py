"""When a feed may be polled next."""

from __future__ import annotations

import datetime as dt

from pipeline.model import Feed, Fetched

_GOOD = ("ok", "not_modified")
LONGEST = dt.timedelta(days=1)
MOST_PAGE_ATTEMPTS = 4
"""A page that fails for a passing reason is asked for in later polls, this often in all."""
GONE = dt.timedelta(days=30)
"""A feed that is gone (410) is probed monthly, not deleted: some come back."""


_PASSING = frozenset({"timeout", "dropped", "dns_failure", "server_error", "throttled"})


def next_page_try(found: Fetched, attempts_before: int) -> tuple[str, dt.datetime | None]:
    """State of an item's page after this request (fetched, pending or failed), and the moment before which it is left alone."""
    if found.outcome == "ok":
        return "fetched", None
    if found.outcome not in _PASSING or attempts_before + 1 >= MOST_PAGE_ATTEMPTS:
        return "failed", None
    wait = max(dt.timedelta(minutes=10) * 2**attempts_before, dt.timedelta(seconds=found.retry_after_s or 0))
    return "pending", found.requested_at + wait


def next_poll(feed: Feed, found: Fetched, failures_before: int) -> tuple[int, dt.datetime]:
    """Failures in a row after this poll, and the moment before which the feed is left alone.

    The interval doubles with every failure up to a day; a Retry-After that asks for more is kept to.
    """
    interval = dt.timedelta(minutes=feed.poll_minutes)
    if found.outcome in _GOOD:
        return 0, found.requested_at + interval
    failures = failures_before + 1
    if found.outcome == "gone":
        return failures, found.requested_at + GONE
    wait = min(interval * 2 ** min(failures, 10), LONGEST)
    return failures, found.requested_at + max(wait, dt.timedelta(seconds=found.retry_after_s or 0))
