"""How fast batches of 10,000 stories and 10,000 events are loaded into the real tables, again, and without their foreign keys."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

from pipeline.clean import VERSION
from pipeline.dedupe import sketch, text_sha256
from pipeline.extract import coder_version, extract_events
from pipeline.model import Batch, Candidate, Decision, Entry, Feed, Fetched, Origin, Story
from pipeline.warehouse import batches, events, feeds, stories
from pipeline.warehouse.ledger import Coding
from pipeline.warehouse.sql import transaction
from tests.bench.test_bench import NOW, generated_stories, measured, sample_bodies
from tests.conftest import Database

COUNT = 10_000
KEYS = "select conrelid::regclass::text, conname from pg_constraint where contype = 'f' and conrelid in ('core.event'::regclass, 'core.event_version'::regclass, 'core.event_mention'::regclass)"


def test_load(database: Database) -> None:
    feed = Feed("bench", "Bench", "https://bench.example/rss", "rss", "bench", "kyodo", "en", "JPN", "UTC", 15, 5)
    made = generated_stories(COUNT)
    batch = Batch("2026-03-09")
    with transaction(database.loader) as cursor:
        feeds.save_feeds(cursor, [feed])
        run_id = batches.start_run(cursor, "load", batch, Origin())
        document = feeds.save_fetched(cursor, "bench", "feed", Fetched(feed.url, "ok", "", NOW, 1, feed.url, 200, {}, b"x"), run_id)
        assert document
        entries = [Entry(str(n), None, s.headline, s.body, None, None, NOW) for n, s in enumerate(made)]
        measured("load: items", "items", COUNT, lambda: feeds.save_items(cursor, feed, entries, document, batch, NOW, run_id))
        cursor.execute("select item_id from raw.item order by guid::int")
        ids = [i for (i,) in cursor.fetchall()]
    decided = [(Candidate(i, 0, "bench", f"bench|{i}", s), Decision("new", "bench")) for i, s in zip(ids, made, strict=True)]
    sketches = {s.body_sha256: sketch(s.body) for s in made}
    texts = {s.body_sha256: text_sha256(s.body) for s in made}
    loaded: list[stories.Loaded] = []
    with transaction(database.loader) as cursor:
        measured(
            "load: stories with revision and sketch", "stories", COUNT,
            lambda: loaded.extend(stories.load_stories(cursor, decided, sketches, texts, sketch, NOW, VERSION, run_id)),
        )  # fmt: skip

    base = extract_events(Story("h", "\n\n".join(sample_bodies()), "en", "kyodo", "kyodo", published_at=NOW))
    rng = random.Random(3)

    def codings(piece: int) -> list[events.Coding]:
        """10,000 events of 2,500 stories, over a month."""
        chosen = loaded[piece * COUNT // 4 : (piece + 1) * COUNT // 4]
        return [
            Coding(x.story_id, x.revision, x.known_from, tuple(
                dataclasses.replace(e, event_id=f"ev-{x.story_id:06d}{n:014d}", date_start=NOW.date() - dt.timedelta(days=rng.randint(0, 30)), date_end=None)
                for n, e in enumerate(rng.sample(base, 4))))
            for x in chosen
        ]  # fmt: skip

    def load(what: str, work: list[events.Coding]) -> float:
        with transaction(database.loader) as cursor:
            return measured(what, "events", COUNT, lambda: events.load_events(cursor, work, coder_version(), "bench", run_id))

    work = codings(0)
    first = load("load: events, whole, with mentions and links", work)
    held = database.contents()
    again = load("load: the same events again", work)
    assert database.contents() == held
    print(f"  the second load of a batch changes no row and runs at {again / first:.2f} times the speed of the first")
    for table, name in database.rows(KEYS):
        database.rows(f"alter table {table} drop constraint {name} cascade")
    free = load("load: other events, with the foreign keys of the three tables dropped", codings(1))
    print(f"  foreign keys take {1 - first / free:.0%} of the time of a load of events")
