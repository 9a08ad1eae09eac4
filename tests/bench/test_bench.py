"""How fast each part is, here. Nothing is asserted of time: `make bench` prints, people compare on one machine."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.clean import VERSION, clean_page
from pipeline.coder.code import code_text
from pipeline.coder.marked import read_marked
from pipeline.coder.relation import relate
from pipeline.coder.text import Text
from pipeline.dedupe import decide_batch, in_order, sketch, text_sha256
from pipeline.extract import coder_version, extract_events
from pipeline.model import Batch, Candidate, Decision, Entry, Feed, Fetched, Origin, Story
from pipeline.warehouse import batches, events, feeds, stories
from pipeline.warehouse.sql import transaction
from tests.conftest import ROOT, Database
from tests.noise import noise

NOW = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)


def measured(what: str, unit: str, count: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    rate = count / (time.perf_counter() - started)
    print(f"\n  {what}: {rate:,.1f} {unit}/s ({count:,} {unit})")
    return rate


def sample_bodies() -> list[str]:
    import tomllib

    found = []
    for path in sorted((ROOT / "samples" / "wire").glob("2026*.toml")):
        found += [s["body"].strip() for s in tomllib.loads(path.read_text())["story"] if s.get("kind", "story") == "story"]
    return found


def test_clean(shared: Path) -> None:
    pages = [gzip.decompress(p.read_bytes()) for p in sorted((shared / "data" / "article-extraction-benchmark" / "html").glob("*.gz"))]

    def work() -> None:
        for page in pages:
            clean_page(page, None, "UTC", "en", NOW)

    measured("clean: pages of the public extraction benchmark, one core", "pages", len(pages), work)


def stories_of_400_words(words: list[str]) -> list[Story]:
    return [Story("h", " ".join(words[n : n + 400]), "en", "kyodo", "kyodo", published_at=NOW) for n in range(0, len(words) - 400, 400)]


def measure_coder(what: str, made: list[Story]) -> None:
    """The first quarter is coded before the clock starts: a worker that runs has loaded its models and met the common words."""
    warm = len(made) // 4
    for story in made[:warm]:
        extract_events(story)
    measured(f"coder: stories of 400 words of {what}, one process", "stories", len(made) - warm, lambda: [extract_events(s) for s in made[warm:]])


def test_coder() -> None:
    bodies = sample_bodies() + [json.loads(line)["body"] for line in (ROOT / "samples" / "gold" / "develop.jsonl").read_text("utf-8").splitlines()]
    measure_coder("diplomatic news, where nearly every sentence tells an act", stories_of_400_words(" ".join(bodies).split()))
    print(f"  coder: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most in this process, the tests' own libraries included")


def test_coder_on_general_news(shared: Path) -> None:
    truth = json.loads((shared / "data" / "article-extraction-benchmark" / "ground-truth.json").read_text("utf-8"))
    measure_coder("general news", stories_of_400_words(" ".join(page["articleBody"] for page in truth.values()).split()))


def test_relation() -> None:
    rows = read_marked(ROOT / "training" / "examples.tsv")
    relate([rows[0]["marked_sentence"]])
    measured("relation model, one core", "sentences", len(rows), lambda: relate([r["marked_sentence"] for r in rows]))


def test_fuzz() -> None:
    def work() -> None:
        for text in noise(100_000):
            for event in code_text(Text(text, NOW.date(), home="JPN")):
                assert all(text[e.start : e.end] == e.quote for e in event.evidence)

    measured("coder: inputs of noise", "inputs", 100_000, work)


def _story(number: int, body: str) -> Story:
    return Story(f"Story {number} of the bench", body, "en", "kyodo", "bench", f"https://bench.example/{number}", published_at=NOW, date_basis="feed")


def test_dedupe_and_load(database: Database) -> None:
    bodies = sample_bodies()
    count = 3_000
    made = [
        _story(n, f"Report {n} came from town {n % 977} at {n}.\n\n" + bodies[n % len(bodies)].replace("Monday", f"day {n}").replace("Japan", f"Place{n}"))
        for n in range(count)
    ]
    base = extract_events(Story("h", "\n\n".join(bodies), "en", "kyodo", "kyodo", published_at=NOW))
    feed = Feed("bench", "Bench", "https://bench.example/rss", "rss", "bench", "kyodo", "en", "JPN", "UTC", 15, 5)
    with transaction(database.loader) as cursor:
        feeds.save_feeds(cursor, [feed])
        run_id = batches.start_run(cursor, "load", Batch("2026-03-09"), Origin())
        document = feeds.save_fetched(cursor, "bench", "feed", Fetched(feed.url, "ok", "", NOW, 1, feed.url, 200, {}, b"x"), run_id)
        assert document
        entries = [Entry(str(n), None, s.headline, s.body, None, None, NOW) for n, s in enumerate(made)]
        measured("raw: items", "items", count, lambda: feeds.save_items(cursor, feed, entries, document, Batch("2026-03-09"), NOW, run_id))
        cursor.execute("select item_id from raw.item order by guid::int")
        ids = [i for (i,) in cursor.fetchall()]
    candidates = [Candidate(i, 0, "bench", f"bench|{i}", s) for i, s in zip(ids, made, strict=True)]
    sketches = [sketch(c.story.body) for c in in_order(candidates)]
    measured("dedupe: fingerprints", "stories", count, lambda: [sketch(s.body) for s in made])
    measured(
        "dedupe: decisions within one batch of 300, nothing held",
        "stories",
        300,
        lambda: decide_batch(in_order(candidates[:300]), sketches[:300], [[]] * 300, {}),
    )
    decided = [(c, Decision("new", "bench")) for c in candidates]
    shas = {c.story.body_sha256: sketch(c.story.body) for c in candidates}
    texts = {c.story.body_sha256: text_sha256(c.story.body) for c in candidates}
    loaded: list[stories.Loaded] = []
    with transaction(database.loader) as cursor:
        measured(
            "load: stories with revision and sketch",
            "stories",
            count,
            lambda: loaded.extend(stories.load_stories(cursor, decided, shas, texts, sketch, NOW, VERSION, run_id)),
        )
    with transaction(database.loader) as cursor:
        codings = [
            events.Coding(
                x.story_id, x.revision, x.known_from, tuple(dataclasses.replace(e, event_id=f"ev-{x.story_id:06d}{n:014d}") for n, e in enumerate(base[:4]))
            )
            for x in loaded
        ]
        total = sum(len(c.events) for c in codings)
        first = measured(
            "load: events with parties, contexts and mentions", "events", total, lambda: events.load_events(cursor, codings, coder_version(), "bench", run_id)
        )
    with transaction(database.loader) as cursor:
        again = measured("load: the same events again", "events", total, lambda: events.load_events(cursor, codings, coder_version(), "bench", run_id))
    print(f"\n  the second load of a batch runs at {again / first:.2f} times the speed of the first")
    assert database.value("select count(*) from core.event_version") == total
