"""When a feed may be polled next."""

from __future__ import annotations

import datetime as dt

from pipeline.model import Feed, Fetched

_GOOD = ("ok", "not_modified")
LONGEST = dt.timedelta(days=1)
GONE = dt.timedelta(days=30)
"""A feed that is gone (410) is probed monthly, not deleted: some come back."""


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
