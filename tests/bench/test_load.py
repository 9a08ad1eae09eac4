"""How fast batches of 10,000 stories and 10,000 events are loaded into the real tables, again, and with their references checked row by row."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
import statistics
from itertools import islice

import psycopg2

from pipeline.canonical import sha256_of
from pipeline.clean import VERSION
from pipeline.dedupe import sketch, text_sha256
from pipeline.extract import coder_version, extract_events
from pipeline.model import Batch, Candidate, Decision, Entry, Event, Feed, Fetched, Origin, Story
from pipeline.warehouse import batches, events, feeds, stories
from pipeline.warehouse.ledger import Coding, Ledger
from pipeline.warehouse.sql import transaction
from tests.bench.test_bench import NOW, generated_stories, measured
from tests.conftest import ROOT, Database

COUNT = 10_000
BATCHES = 3
A_STORY = 4
"""Events a story: what a dense diplomatic report of the sample wire has."""
WIRES = ("kyodo", "yonhap", "xinhua")
ROW_BY_ROW = """
    drop trigger references_hold on core.event_version; alter table core.event_version enable trigger all;
    drop trigger references_hold on core.event_mention; alter table core.event_mention enable trigger all;
    drop trigger references_hold on core.coding; alter table core.coding enable trigger all"""


def coded_events() -> list[Event]:
    """What the coder finds in the development texts, as varied as news is: hardly two have the same parties in the same words."""
    lines = (ROOT / "samples" / "gold" / "develop.jsonl").read_text("utf-8").splitlines()
    return [e for line in lines for e in extract_events(Story("h", json.loads(line)["body"], "en", "kyodo", "kyodo", published_at=NOW))]


def checkpoint(database: Database) -> None:
    """What a server does every five minutes: its log goes on in files that it has, where one that was just made must make them first."""
    connection = psycopg2.connect(database.admin)
    connection.autocommit = True
    connection.cursor().execute("checkpoint")
    connection.close()


def test_load(database: Database) -> None:
    feed = Feed("bench", "Bench", "https://bench.example/rss", "rss", "bench", "kyodo", "en", "JPN", "UTC", 15, 5)
    made = [dataclasses.replace(s, wire=WIRES[n % len(WIRES)]) for n, s in enumerate(generated_stories(BATCHES * COUNT))]
    batch = Batch("2026-03-09")
    with transaction(database.loader) as cursor:
        feeds.save_feeds(cursor, [feed])
        run_id = batches.start_run(cursor, "load", batch, Origin())
        document = feeds.save_fetched(cursor, "bench", "feed", Fetched(feed.url, "ok", "", NOW, 1, feed.url, 200, {}, b"x"), run_id)
        assert document
        entries = [Entry(str(n), None, s.headline, s.body, None, None, NOW) for n, s in enumerate(made)]
        measured("load: items", "items", len(made), lambda: feeds.save_items(cursor, feed, entries, document, batch, NOW, run_id))
        cursor.execute("select item_id from raw.item order by guid::int")
        ids = [i for (i,) in cursor.fetchall()]
    sketches = {s.body_sha256: sketch(s.body) for s in made}
    texts = {s.body_sha256: text_sha256(s.body) for s in made}
    candidates = (Candidate(i, 0, "bench", f"bench|{i}", s) for i, s in zip(ids, made, strict=True))
    loaded: list[stories.Loaded] = []
    for number in range(BATCHES):
        checkpoint(database)
        decided = [(c, Decision("new", "bench")) for c in islice(candidates, COUNT)]
        with transaction(database.loader) as cursor:
            measured(
                f"load: stories with revision and sketch, batch {number + 1}", "stories", COUNT,
                lambda decided=decided, cursor=cursor: loaded.extend(stories.load_stories(cursor, decided, sketches, texts, sketch, NOW, VERSION, run_id)),  # type: ignore[misc]
            )  # fmt: skip

    told = coded_events()
    rng = random.Random(3)
    untold = iter(loaded)

    def codings() -> list[Coding]:
        """10,000 events of 2,500 stories that have none yet, over a month; of hashed identity, as theirs is."""
        return [
            Coding(x.story_id, x.revision, x.known_from, tuple(
                dataclasses.replace(e, event_id="ev-" + sha256_of(f"{x.story_id}:{n}".encode())[:20], date_start=NOW.date() - dt.timedelta(days=rng.randint(0, 30)),
                    date_end=None, parent_id=None)
                for n, e in enumerate(rng.sample(told, A_STORY))))
            for x in islice(untold, COUNT // A_STORY)
        ]  # fmt: skip

    def load(what: str, work: list[Coding], run_id: int) -> tuple[float, Ledger]:
        done: list[Ledger] = []
        with transaction(database.loader) as cursor:
            rate = measured(what, "events", COUNT, lambda: done.append(events.load_events(cursor, work, coder_version(), "bench", run_id)))
        return rate, done[0]

    def conclude(what: str, ledger: Ledger, run_id: int) -> None:
        links: list[int] = []
        with transaction(database.loader) as cursor:
            measured(what, "events", COUNT, lambda: links.append(events.draw_conclusions(cursor, ledger, run_id)))
        print(f"  {links[0]:,} links, {len(ledger.days)} days")

    rates = []
    for number in range(BATCHES):
        checkpoint(database)
        with transaction(database.loader) as cursor:
            own = batches.start_run(cursor, "load", batch, Origin())
        work = codings()
        rate, ledger = load(f"load: events with parties, amounts and mentions, batch {number + 1}", work, own)
        rates.append(rate)
        conclude("  after it: links to what other agencies tell, and the pairs of the days counted anew", ledger, own)
    held = database.contents()
    again, _ = load("load: the last of them again", work, own)
    assert database.contents() == held
    print(f"  the second load of a batch changes no row and runs at {again / rates[-1]:.2f} times the speed of the first")
    database.rows(ROW_BY_ROW)
    by_row, _ = load("load: other events, their references checked row by row", codings(), own)
    print(f"  checked by statement, events load {statistics.median(rates) / by_row:.2f} times as fast as checked row by row")
    assert database.orphans() == []
