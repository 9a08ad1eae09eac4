"""Agencies' marks: each rule against its own examples; datelines; times."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.wires import Rule, load_wires, signed_by
from pipeline.wires.datelines import parse_dateline

RULES = {rule.rule_id: rule for wire in load_wires().values() for rule in wire.rules}
ON = dt.date(2026, 3, 2)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_matches_its_example_and_not_its_trap(rule: Rule) -> None:
    assert rule.pattern.search(rule.example)
    if rule.counterexample:
        assert not rule.pattern.search(rule.counterexample)


@pytest.mark.parametrize(
    ("text", "place", "on", "wire", "rest"),
    [
        ("TOKYO - Japan said", "Tokyo", None, None, "Japan said"),
        ("TOKYO, March 2 Kyodo - Japan said", "Tokyo", ON, "kyodo", "Japan said"),
        ("TOKYO, March 2 -- (Kyodo) _ Japan said", "Tokyo", ON, "kyodo", "Japan said"),
        ("TOKYO, March 2, Kyodo - Japan said", "Tokyo", ON, "kyodo", "Japan said"),
        ("TOKYO — Kyodo — Japan said", "Tokyo", None, "kyodo", "Japan said"),
        ("BERLIN/WASHINGTON – The two", "Berlin/Washington", None, None, "The two"),
        ("HANOI, Vietnam - Two ships", "Hanoi", None, None, "Two ships"),
        ("SEOUL, March 2 (Yonhap) -- South", "Seoul", ON, "yonhap", "South"),
        ("Tokyo, Nov. 17 (Jiji Press)--Japan", "Tokyo", dt.date(2025, 11, 17), "jiji", "Japan"),
        ("MOSCOW, March 2. /TASS/. Russia", "Moscow", ON, "tass", "Russia"),
        ("LONDON (AP) — Ministers", "London", None, "ap", "Ministers"),
        ("WASHINGTON, D.C. - The", "Washington", None, None, "The"),
        ("PHNOM PENH - Thai", "Phnom Penh", None, None, "Thai"),
    ],
)
def test_datelines(text: str, place: str, on: dt.date | None, wire: str | None, rest: str) -> None:
    found = parse_dateline(text, ON)
    assert found is not None
    dateline, length = found
    assert (dateline.place, dateline.on, dateline.wire, text[length:]) == (place, on, wire, rest)


@pytest.mark.parametrize("text", ["U.S. - China talks resume", "NATO - Russia council", "Japan said on Monday", "TOKYO, Monday", "", "A - B"])
def test_what_is_no_dateline(text: str) -> None:
    assert parse_dateline(text, ON) is None


def test_a_reprint_names_its_agency() -> None:
    assert signed_by("MANILA (Kyodo) -- South Korea delivered", "harbor-post") == "kyodo"
    assert signed_by("The city council voted", "harbor-post") == "harbor-post"
