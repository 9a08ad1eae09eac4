"""How fast each part is, here. Nothing is asserted of time: `make bench` prints, people compare on one machine."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import resource
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.clean import clean_page
from pipeline.coder.code import code_text
from pipeline.coder.marked import read_marked
from pipeline.coder.relation import relate
from pipeline.coder.text import Text
from pipeline.dedupe import decide_batch, in_order, sketch
from pipeline.extract import extract_events
from pipeline.model import Candidate, Story
from tests.conftest import ROOT
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


def test_fingerprints_and_decisions() -> None:
    made = generated_stories(3_000)
    measured("dedupe: fingerprints", "stories", len(made), lambda: [sketch(s.body) for s in made])
    candidates = in_order([Candidate(n, 0, "bench", f"bench|{n}", s) for n, s in enumerate(made[:300])])
    sketches = [sketch(c.story.body) for c in candidates]
    measured("dedupe: decisions within one batch of 300, nothing held", "stories", 300, lambda: decide_batch(candidates, sketches, [[]] * 300, {}))


def generated_stories(count: int) -> list[Story]:
    """Stories of the sample wire, each with names of its own."""
    bodies = sample_bodies()
    return [
        Story(
            f"Story {n} of the bench", f"Report {n} came from town {n % 977} at {n}.\n\n" + bodies[n % len(bodies)].replace("Monday", f"day {n}").replace("Japan", f"Place{n}"),
            "en", "kyodo", "bench", f"https://bench.example/{n}", published_at=NOW, date_basis="feed",
        )
        for n in range(count)
    ]  # fmt: skip
