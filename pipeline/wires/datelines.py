"""Datelines: `TOKYO, March 2 Kyodo - `, `BERLIN/WASHINGTON — `, `Tokyo, Nov. 17 (Jiji Press)--`. Floor 3."""

from __future__ import annotations

import datetime as dt
import re

from pipeline.model import Dateline
from pipeline.wires import signatures
from pipeline.wires.times import MONTHS

_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ'’-]{2,}(?: (?:[A-ZÀ-Þ][A-ZÀ-Þ'’-]+|D\.C\.)){0,3}"
_TITLE = r"[A-ZÀ-Þ][a-zß-ÿ'’-]+(?: [A-ZÀ-Þ][a-zß-ÿ'’-]+){0,2}"
_COUNTRY = rf"(?:, (?!{_MONTH}(?!\w))(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ.]+)(?: [A-ZÀ-Þ][a-z]+){{0,2}})?"
_DASH = r"(?:--|-|–|—|_)"

# Capitals, then optionally country, date and signature, then a dash.
_SHOUTED = re.compile(
    rf"^\s*(?P<place>{_CAPITALS}(?:/{_CAPITALS})*)(?P<country>{_COUNTRY})(?:,? (?P<month>{_MONTH}) (?P<day>\d{{1,2}}))?"
    rf",?\s*(?:{_DASH}\s*)?[(/]?(?P<wire>[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)?[)/]?[.,]?\s*{_DASH}\s*(?=\S)"
)
# Title case is a dateline only with a signature in brackets.
_SIGNED = re.compile(
    rf"^\s*(?P<place>{_TITLE}(?:/{_TITLE})*)(?:, (?P<month>{_MONTH}) (?P<day>\d{{1,2}}))?,?\s*"
    rf"[(/](?P<wire>[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)[)/][.,]?\s*{_DASH}\s*(?=\S)"
)
# TASS ends with a full stop instead of a dash.
_SLASHED = re.compile(rf"^\s*(?P<place>{_CAPITALS})(?:, (?P<month>{_MONTH}) (?P<day>\d{{1,2}}))?\.\s*/(?P<wire>[A-Z]+)/\.\s*(?=\S)")
_NOT_PLACES = frozenset({"UPDATE", "URGENT", "FOCUS", "FEATURE", "LEAD", "CORRECTED", "NATO", "ASEAN", "NOTE", "EDS", "BREAKING"})


def parse_dateline(text: str, published_on: dt.date | None) -> tuple[Dateline, int] | None:
    """The dateline that `text` begins with, and its length in characters; None where there is none.

    A date takes the year in which it falls nearest to `published_on`. `U.S. - China talks` has none.
    """
    for pattern in (_SLASHED, _SHOUTED, _SIGNED):
        match = pattern.match(text)
        if match is None:
            continue
        wire = match["wire"]
        slug = signatures().get(wire.casefold()) if wire else None
        if (wire and slug is None and pattern is not _SLASHED) or match["place"].split("/")[0] in _NOT_PLACES:
            continue
        place = "/".join(_name(one) for one in match["place"].split("/"))
        return Dateline(place, _on(match["month"], match["day"], published_on), slug), match.end()
    return None


def _name(place: str) -> str:
    return place if not place.isupper() else "-".join(part.title() for part in place.split("-")).replace("’S", "’s").replace("'S", "'s")


def _on(month: str | None, day: str | None, published_on: dt.date | None) -> dt.date | None:
    if not month or not day or published_on is None:
        return None
    number = MONTHS[month.rstrip(".").casefold()]
    choices = []
    for year in (published_on.year - 1, published_on.year, published_on.year + 1):
        try:
            choices.append(dt.date(year, number, int(day)))
        except ValueError:
            continue  # 29 February in other years
    return min(choices, key=lambda one: abs((one - published_on).days)) if choices else None
