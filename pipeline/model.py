"""The nouns of the project, as frozen dataclasses. Floor 1: imports nothing of ours but the form in which they are hashed.

Times are timezone-aware datetimes in UTC unless a docstring says otherwise. Character offsets count
Python string indexes into `Story.body`, end exclusive.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pipeline.canonical import sha256_of

Signal = Literal["new", "update", "correction", "kill", "reclean"]
Relation = Literal["new", "report", "revision", "copy", "repeat"]
Status = Literal["done", "ongoing", "pledged", "planned", "stance", "cancelled", "denied", "hypothetical"]
Precision = Literal["day", "week", "month", "year", "before", "unknown"]

BATCH_ASSET = "communique_items"
"""Name of the Airflow asset that says: the items of this batch are stored."""

_QUARTER_HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:(00|15|30|45)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Batch:
    """One partition of work, named by its key: `2026-03-02T08:15` (live) or `2026-03-02` (a day of archive)."""

    key: str

    def __post_init__(self) -> None:
        """Raises ValueError for a key that is neither a quarter-hour nor a day."""
        if not (_QUARTER_HOUR.fullmatch(self.key) or _DAY.fullmatch(self.key)):
            raise ValueError(f"batch key {self.key!r} is neither a quarter-hour (2026-03-02T08:15) nor a day (2026-03-02)")

    @property
    def day(self) -> dt.date | None:
        """The archive day in UTC, or None for a live batch."""
        return dt.date.fromisoformat(self.key) if _DAY.fullmatch(self.key) else None

    @staticmethod
    def live(moment: dt.datetime) -> Batch:
        """The quarter-hour that `moment` falls in."""
        utc = moment.astimezone(dt.UTC)
        return Batch(utc.replace(minute=utc.minute // 15 * 15).strftime("%Y-%m-%dT%H:%M"))


@dataclass(frozen=True)
class Origin:
    """Who asked for a stage to be run: an Airflow task, or the command line."""

    dag_id: str = "cli"
    dag_run_id: str = "cli"
    try_number: int = 1


@dataclass(frozen=True)
class Report:
    """What a stage did, small enough for XCom: counts by name, never text."""

    stage: str
    batch_key: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Feed:
    """A subscribed URL, as its TOML file states it."""

    slug: str
    name: str
    url: str
    kind: Literal["rss", "atom", "json"]
    outlet: str
    wire: str
    language: str
    country: str
    time_zone: str
    poll_minutes: int
    expected_items_per_day: float


@dataclass(frozen=True)
class PollState:
    """What is remembered of a feed between polls."""

    etag: str | None = None
    last_modified: str | None = None
    poll_count: int = 0
    failure_count: int = 0


@dataclass(frozen=True)
class Fetched:
    """The end of one request. `outcome` is `ok`, `not_modified`, or a reason code; `body` only with bytes kept."""

    url: str
    outcome: str
    detail: str
    requested_at: dt.datetime
    duration_ms: int
    final_url: str | None = None
    http_status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    is_truncated: bool = False
    moved_to: str | None = None
    retry_after_s: int | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of a feed, as parsed. `published_at` is None where no time can be believed."""

    guid: str
    url: str | None
    title: str
    content: str
    byline: str | None
    published_raw: str | None
    published_at: dt.datetime | None

    @property
    def sha256(self) -> str:
        """Hash of what the entry says; a changed entry is a new item."""
        return sha256_of([self.guid, self.url, self.title, self.content, self.published_raw])


@dataclass(frozen=True)
class ParsedFeed:
    """Entries in feed order; `is_partial` when the body broke off or was repaired."""

    entries: tuple[Entry, ...]
    is_partial: bool
    note: str


@dataclass(frozen=True)
class Item:
    """An entry as stored, with what cleaning needs beside it."""

    item_id: int
    feed: Feed
    entry: Entry
    page: bytes | None
    page_url: str | None
    page_content_type: str | None
    page_outcome: str | None
    page_document_id: int | None
    feed_document_id: int


@dataclass(frozen=True)
class Removed:
    """Text that cleaning took out of a story, and the rule that did."""

    rule: str
    text: str


@dataclass(frozen=True)
class Dateline:
    """`TOKYO, March 2 Kyodo`: place, date and wire; the year comes from the published time."""

    place: str
    on: dt.date | None = None
    wire: str | None = None


@dataclass(frozen=True)
class Story:
    """One cleaned report. `body` holds paragraphs parted by blank lines; captions and related coverage are apart."""

    headline: str
    body: str
    language: str
    wire: str
    outlet: str
    url: str | None = None
    dateline: Dateline | None = None
    byline: str | None = None
    standfirst: str | None = None
    section: str | None = None
    published_at: dt.datetime | None = None
    date_basis: str = "none"
    modified_at: dt.datetime | None = None
    genre: str | None = None
    attribution: str | None = None
    """Who a headline says it by: `sources`, `Tass`."""
    is_truncated: bool = False
    """Whether the text breaks off, as previews do."""
    signal: Signal = "new"
    captions: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()

    @cached_property
    def body_sha256(self) -> str:
        """Hash of what readers see: headline, dateline place and body; a kill says something else with the same words."""
        return sha256_of([self.headline, self.body, self.dateline.place if self.dateline else None, self.signal == "kill"])


@dataclass(frozen=True)
class Known:
    """What dedupe must know of a story that is held, or that came earlier in the same batch."""

    keys: frozenset[str]
    """Its own story key and its aliases."""
    story_key: str
    outlet: str
    wire: str
    headline: str
    body: str
    published_at: dt.datetime
    past_sha256: frozenset[str]
    """`Story.body_sha256` of every revision so far, the current one included."""
    copy_of_key: str | None = None
    signal: Signal = "new"
    """Of its current revision."""


CopyKind = Literal["exact", "trimmed", "reworded"]


@dataclass(frozen=True)
class Adopted:
    """A held story that turns out to be a copy, and its copies with it, of one that came after it."""

    story_key: str
    copy_kind: CopyKind
    score: float
    reason: str


@dataclass(frozen=True)
class Decision:
    """What a story is, and why. `target_key` names the story that it revises, repeats or copies, or whose happening it reports too."""

    relation: Relation
    reason: str
    target_key: str | None = None
    score: float | None = None
    copy_kind: CopyKind | None = None
    adopts: tuple[Adopted, ...] = ()
    """Stories that become copies of this one, or of the one that it copies."""
    original_key: str | None = None
    """Story key of the original, where the target of a revision is itself a copy: such a revision is not coded."""
    changes: str | None = None
    """What a revision changed, word for word."""
    is_recorded: bool = False
    """Whether the same item with the same text was decided, and loaded, before: nothing is left to do."""


@dataclass(frozen=True)
class Candidate:
    """A story on its way through the stages of a batch."""

    item_id: int
    position: int
    feed_slug: str
    story_key: str
    story: Story
    decision: Decision | None = None
    events: tuple[Event, ...] | None = None


@dataclass(frozen=True)
class Party:
    """A country, body or person on one side of an event. `country` is ISO 3166-1 alpha-3."""

    text: str
    name: str
    country: str | None
    role: str | None
    sector: str | None

    @property
    def key(self) -> str:
        """What makes two parties the same within one event: the country where there is one."""
        return self.country or self.name.casefold()


@dataclass(frozen=True)
class Quantity:
    """An amount. `kind` tells an increment from a running total."""

    measure: str
    value: float
    unit: str
    kind: Literal["increment", "cumulative", "target", "ceiling"]
    is_approximate: bool
    text: str


@dataclass(frozen=True)
class Evidence:
    """The words that prove an event. `start` and `end` are offsets into the body; `sentence` is the whole sentence."""

    sentence: str
    sentence_start: int
    start: int
    end: int
    quote: str
    pattern_id: str


@dataclass(frozen=True)
class Place:
    """Where an event happened, as the text says; never where its topic is. Degrees north and east where a gazetteer knows it."""

    name: str
    country: str | None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Event:
    """Who did what to whom. A reciprocal event has several actors and no recipient."""

    event_id: str
    event_type: str
    plover_type: str | None
    plover_mode: str | None
    cameo_code: str | None
    quad_plover: int | None
    quad_cameo: int | None
    goldstein: float | None
    plover_score: float | None
    status: Status
    is_background: bool
    object_key: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    implied: tuple[Party, ...]
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: Precision
    date_basis: str
    place: Place | None
    quantities: tuple[Quantity, ...]
    contexts: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    coder_version: str
    raw_score: float = 0.0
    """The coder's own score before it was fitted to how often it is right."""
    parent_id: str | None = None
    """Event of the same story that this one is part of: a statement of a meeting, a meeting of a visit."""


@dataclass(frozen=True)
class Refusal:
    """Something that a stage refused, on its way to quarantine."""

    stage: str
    reason_code: str
    detail: str
    item_key: str
    feed_slug: str | None = None
    item_id: int | None = None
    document_id: int | None = None
    content_sha256: str = ""
    payload: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class QualityResult:
    """One expectation over one batch; `failed` holds the positions of the rows that did not meet it."""

    suite: str
    expectation: str
    row_count: int
    failed: tuple[int, ...]
