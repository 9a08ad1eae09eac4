"""How good the coder is: its events against a gold set, and its classes of a marked pair against labels.

A gold set is JSON lines, a story each; samples/gold/README.md says what a line holds.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.coder.code import code_text
from pipeline.coder.tables import event_types
from pipeline.coder.text import Text
from pipeline.errors import DataFileError
from pipeline.model import Event

Triple = tuple[str, str | None, str]
"""Actor, recipient (None where there is none), PLOVER class; of an event done together, a pair in order of the alphabet."""
Dated = tuple[Triple, str | None, str | None]
"""The same with PLOVER mode and ISO date."""


@dataclass(frozen=True)
class GoldEvent:
    """One event as a person coded it; see samples/gold/README.md."""

    event_type: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    date: str | None
    status: str
    is_background: bool
    evidence: str
    is_optional: bool


@dataclass(frozen=True)
class GoldStory:
    """A story of the gold set with its events."""

    story_id: str
    text: Text
    events: tuple[GoldEvent, ...]


@dataclass
class Tally:
    """Hits, misses and false alarms of one kind of thing."""

    hit: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 0 where nothing was found."""
        return self.hit / (self.hit + self.false) if self.hit + self.false else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 0 where nothing is there."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hit / (2 * self.hit + self.missed + self.false) if self.hit + self.missed + self.false else 0.0

    def count(self, wanted: set[Any], allowed: set[Any], found: set[Any]) -> None:
        """Adds what was `found` of what is `wanted`; what is only `allowed` counts for nothing."""
        self.hit += len(wanted & found)
        self.missed += len(wanted - found)
        self.false += len(found - wanted - allowed)


@dataclass
class CodeScore:
    """The coder over a gold set. `outcomes` holds (confidence, whether it is right) of every event that counts."""

    triples: Tally = field(default_factory=Tally)
    dated: Tally = field(default_factory=Tally)
    by_class: dict[str, Tally] = field(default_factory=dict)
    event_count: int = 0
    unsupported: list[tuple[str, Event]] = field(default_factory=list)
    missed: list[tuple[str, Triple, str]] = field(default_factory=list)
    false: list[tuple[str, Triple, str]] = field(default_factory=list)
    outcomes: list[tuple[float, bool, Event]] = field(default_factory=list)
    story_count: int = 0
    seconds: float = 0.0

    @property
    def unsupported_ratio(self) -> float:
        """Share of the events whose sentence holds no gold event of any of their parties."""
        return len(self.unsupported) / self.event_count if self.event_count else 0.0

    @property
    def macro_f1(self) -> float:
        """See `macro_f1`."""
        return macro_f1(self.by_class)


def macro_f1(tallies: Mapping[str, Tally]) -> float:
    """Mean F1 over the classes that the gold set has; 0 where it has none."""
    there = [t.f1 for t in tallies.values() if t.hit + t.missed]
    return sum(there) / len(there) if there else 0.0


def load_gold(path: Path) -> list[GoldStory]:
    """Stories of a JSON-lines file. Raises DataFileError, naming file and line, for a line that is not one."""
    stories = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            stories.append(_story(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise DataFileError(f"{path}:{number}: not a gold story: {type(error).__name__}: {error}") from error
    return stories


def _story(data: Mapping[str, Any]) -> GoldStory:
    events = []
    for e in data["events"]:
        if e["event_type"] not in event_types():
            raise ValueError(f"there is no event type {e['event_type']}")
        if e["evidence"] not in data["body"]:
            raise ValueError(f"the body does not hold the evidence {e['evidence']!r}")
        sides = tuple(e["actors"]), tuple(e["recipients"])
        events.append(GoldEvent(e["event_type"], *sides, e["date"], e["status"], e.get("is_background", False), e["evidence"], e.get("is_optional", False)))
    text = Text(data["body"], dt.date.fromisoformat(data["published_on"]), tuple(data.get("captions", ())), data.get("dateline_place"), data.get("home"))
    return GoldStory(data["story_id"], text, tuple(events))


def score_code(stories: Iterable[GoldStory]) -> CodeScore:
    """Codes every story and compares."""
    score = CodeScore()
    for story in stories:
        started = time.perf_counter()
        events = code_text(story.text)
        score.seconds += time.perf_counter() - started
        score.story_count += 1
        _compare(story, events, score)
    return score


def _compare(story: GoldStory, events: Sequence[Event], score: CodeScore) -> None:
    wanted: dict[Triple, list[GoldEvent]] = {}
    allowed: dict[Triple, list[GoldEvent]] = {}
    for gold in story.events:
        for triple in triples(gold.event_type, gold.actors, gold.recipients):
            (allowed if gold.is_optional else wanted).setdefault(triple, []).append(gold)
    found: dict[Triple, list[Event]] = {}
    for event in events:
        parties = tuple(p.country or p.name for p in event.actors), tuple(p.country or p.name for p in event.recipients)
        mine = triples(event.event_type, *parties)
        for triple in mine:
            found.setdefault(triple, []).append(event)
        score.event_count += 1
        if not _is_supported(story, event):
            score.unsupported.append((story.story_id, event))
        if any(t in wanted for t in mine) or not all(t in allowed for t in mine):
            score.outcomes.append((event.confidence, any(t in wanted or t in allowed for t in mine), event))
    score.triples.count(set(wanted), set(allowed), set(found))
    for triple in {*wanted, *found}:
        tally = score.by_class.setdefault(triple[2], Tally())
        tally.count({triple} & set(wanted), {triple} & set(allowed), {triple} & set(found))
    score.missed += [(story.story_id, t, wanted[t][0].evidence) for t in wanted if t not in found]
    score.false += [(story.story_id, t, found[t][0].evidence[0].quote) for t in found if t not in wanted and t not in allowed]
    _compare_dated(wanted, allowed, found, score.dated)


def _compare_dated(
    wanted: Mapping[Triple, list[GoldEvent]], allowed: Mapping[Triple, list[GoldEvent]], found: Mapping[Triple, list[Event]], tally: Tally
) -> None:
    """Counts triples with mode and date. Where the text gives no date, any date is right."""

    def key(triple: Triple, event_type: str, date: str | None) -> Dated:
        return triple, event_types()[event_type].plover_mode, date

    undated = {key(t, g.event_type, None)[:2] for golds in (wanted, allowed) for t, gs in golds.items() for g in gs if g.date is None}

    def stated(triple: Triple, event_type: str, date: str | None) -> Dated:
        whole = key(triple, event_type, date)
        return (*whole[:2], None) if whole[:2] in undated else whole

    tally.count(
        {stated(t, g.event_type, g.date) for t, gs in wanted.items() for g in gs},
        {stated(t, g.event_type, g.date) for t, gs in allowed.items() for g in gs},
        {stated(t, e.event_type, e.date_start.isoformat() if e.date_start else None) for t, es in found.items() for e in es},
    )


def triples(event_type: str, actors: Iterable[str], recipients: Iterable[str]) -> set[Triple]:
    """What an event says, cut into dyads: by direction, or for types that are done together by pair."""
    meaning = event_types()[event_type]
    name = meaning.plover_type or event_type
    mine, theirs = tuple(dict.fromkeys(actors)), tuple(dict.fromkeys(recipients))
    if meaning.is_symmetric or (len(mine) > 1 and not theirs):
        together = sorted({*mine, *theirs})
        if len(together) > 1:
            return {(a, b, name) for a, b in itertools.combinations(together, 2)}
    if theirs:
        return {(a, r, name) for a in mine for r in theirs}
    return {(a, None, name) for a in mine}


def _is_supported(story: GoldStory, event: Event) -> bool:
    """Whether a sentence of its evidence holds a gold event, of any type, of one of its parties."""
    mine = {p.country or p.name for p in (*event.actors, *event.recipients)}
    return any(gold.evidence in evidence.sentence and mine & {*gold.actors, *gold.recipients} for gold in story.events for evidence in event.evidence)


def calibration_error(outcomes: Sequence[tuple[float, bool, Event]], bins: int = 10) -> float:
    """Expected calibration error: the mean gap between confidence and share right, over bins of equal width, weighted by size."""
    gaps = 0.0
    for number in range(bins):
        inside = [(c, right) for c, right, _ in outcomes if min(int(c * bins), bins - 1) == number]
        if inside:
            gaps += abs(sum(c for c, _ in inside) - sum(right for _, right in inside))
    return gaps / len(outcomes) if outcomes else 0.0


def score_labels(gold: Sequence[str], given: Sequence[str]) -> dict[str, Tally]:
    """A tally a class that occurs in `gold`, for single labels."""
    pairs = Counter(zip(gold, given, strict=True))
    return {
        name: Tally(
            hit=pairs[name, name],
            missed=sum(n for (g, x), n in pairs.items() if g == name != x),
            false=sum(n for (g, x), n in pairs.items() if x == name != g),
        )
        for name in sorted(set(gold))
    }
