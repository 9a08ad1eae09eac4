"""Amounts in text: money, doses, troops, tons, ships, people."""

from __future__ import annotations

import re

from pipeline.model import Quantity

_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_WORDS = {w: float(n) for n, w in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
_UNITS = {
    "dose": ("vaccine_dose", "dose"), "yen": ("money", "JPY"), "dollar": ("money", "USD"), "euro": ("money", "EUR"),
    "pound": ("money", "GBP"), "yuan": ("money", "CNY"), "won": ("money", "KRW"), "troop": ("troop", "person"),
    "soldier": ("troop", "person"), "ton": ("mass", "tonne"), "tonne": ("mass", "tonne"), "vessel": ("ship", "ship"),
    "ship": ("ship", "ship"), "frigate": ("ship", "ship"), "boat": ("ship", "ship"), "missile": ("missile", "missile"),
    "diplomat": ("person", "person"), "engineer": ("person", "person"), "people": ("person", "person"),
    "refugee": ("person", "person"), "percent": ("share", "percent"),
}  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<lead>(?:an? )?(?:additional |extra |another |further )?)(?P<about>(?:about|around|approximately|some|nearly|almost|more than|over|up to) )?"
    r"(?P<sign>US\$|A\$|\$|€|£|¥)?(?P<number>\d[\d,]*(?:\.\d+)?|" + "|".join(_WORDS) + r")\b"
    r"(?: (?P<scale>thousand|million|billion|trillion))?(?:[ -](?:\w+ ){0,2}?(?P<unit>" + "|".join(_UNITS) + r")s?\b)?",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\b(?:total|cumulative|overall|in all|altogether|bringing)\b[^.]{0,40}$", re.IGNORECASE)
_SIGNS = {"$": "USD", "us$": "USD", "a$": "AUD", "€": "EUR", "£": "GBP", "¥": "JPY"}


def find_quantities(text: str) -> list[Quantity]:
    """Amounts with a known unit, in order. A running total is told from an increment by the words before it."""
    found = []
    for match in _AMOUNT.finditer(text):
        sign, unit = match["sign"], match["unit"]
        if sign:
            measure, name = "money", _SIGNS[sign.lower()]
        elif unit:
            measure, name = _UNITS[unit.lower()]
        else:
            continue
        number = match["number"].lower()
        value = _WORDS.get(number) or float(number.replace(",", ""))
        about = (match["about"] or "").strip().lower()
        found.append(
            Quantity(
                measure=measure,
                value=round(value * _SCALE.get((match["scale"] or "").lower(), 1), 6),
                unit=name,
                kind="cumulative" if _TOTAL.search(text[: match.start()]) else "ceiling" if about == "up to" else "increment",
                is_approximate=bool(about) and about != "up to",
                text=match.group(0).strip(),
            )
        )
    return found
