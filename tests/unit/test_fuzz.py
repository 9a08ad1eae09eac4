"""No input makes the coder crash, hang, or point at words that are not there. `make bench` does it 100,000 times."""

from __future__ import annotations

import datetime as dt
import random

from pipeline.coder.code import code_text
from pipeline.coder.relation import relate
from pipeline.coder.tables import event_types, read_table
from pipeline.coder.text import Text
from pipeline.model import Event
from tests.noise import noise

ON = dt.date(2026, 3, 3)


def code(text: str) -> list[Event]:
    events = code_text(Text(text, ON, home="JPN"))
    for event in events:
        assert event.event_type in event_types() and event.actors and 0 <= event.confidence <= 1
        assert all(text[e.start : e.end] == e.quote and e.sentence in text for e in event.evidence)
    return events


def test_noise() -> None:
    assert sum(len(code(text)) for text in noise(2_000)) > 50  # some of it must get as far as an event


def test_monsters() -> None:
    assert code("Japan and Chile met " * 50_000) == []  # one sentence of a megabyte
    assert code("x" * 1_000_000) == []
    code("Japan met Chile. " * 20_000)
    code("\n\n".join(["“" * 1000, ")" * 1000, "." * 1000, "\u0301" * 1000, "\u202e" * 1000]))


def test_ten_thousand_actors() -> None:
    rng = random.Random(1)
    names = [n for row in read_table("countries") for n in row["names"].split("|") if n]
    assert len(code(" ".join(f"{rng.choice(names)} condemned {rng.choice(names)} on Monday." for _ in range(5_000)))) > 3_000
    assert code(", ".join(rng.choice(names) for _ in range(10_000)) + " met on Monday.") == []


def test_the_relation_model_takes_any_text() -> None:
    scores = relate([f"<s>{text}</s> met <t>Japan</t>" for text in noise(200)] + ["<s>A</s> " + "and " * 10_000 + "<t>B</t>", ""])
    assert scores.shape == (202, 15) and bool((abs(scores.sum(axis=1) - 1) < 1e-6).all())
