"""Dates in text, against the day of publication. Offsets count characters of the text given."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from pipeline.model import Precision

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = tuple(name.lower() for name in calendar.month_name[1:])
_MONTH_WORDS = frozenset((*_MONTHS, *(f"{m[:3]}." for m in _MONTHS), "sept."))
_MONTH = "(?P<month>" + "|".join(map(re.escape, sorted(_MONTH_WORDS, reverse=True))) + ")"
_NUMBERS = {w: n for n, w in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)} | {"a": 1, "an": 1}
_NUMBER = r"(?P<number>\d+|" + "|".join(_NUMBERS) + ")"

_TILL = r"(?: to | through | and |-|–)"
_DAY_SHIFTS = frozenset(
    {"day earlier", "days earlier", "day before", "days before", "day later", "days later", "previous day", "following day", "next day", "same day"}
)
_PATTERNS: list[tuple[str, frozenset[str], re.Pattern[str]]] = [
    ("explicit", _MONTH_WORDS, re.compile(rf"\b(?P<day>\d{{1,2}}){_TILL}(?P<until>\d{{1,2}}) {_MONTH}(?: (?P<year>\d{{4}}))?\b", re.IGNORECASE)),
    ("explicit", _MONTH_WORDS, re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}}){_TILL}(?P<until>\d{{1,2}})(?:, (?P<year>\d{{4}}))?\b(?!,?\d)", re.IGNORECASE)),
    ("explicit", _MONTH_WORDS, re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?\b(?!,?\d)", re.IGNORECASE)),
    ("explicit", _MONTH_WORDS, re.compile(rf"\b(?P<day>\d{{1,2}}) {_MONTH}(?: (?P<year>\d{{4}}))?\b", re.IGNORECASE)),
    ("month name", _MONTH_WORDS, re.compile(rf"\b(?:(?:in|since|until|from|of) )?{_MONTH},? (?P<lastyear>last year)\b", re.IGNORECASE)),
    ("weekday", frozenset(_DAYS), re.compile(rf"\b(?P<which>next |last |this |coming |(?:beginning|starting|effective|from) )?(?:on )?(?P<weekday>{'|'.join(_DAYS)})\b", re.IGNORECASE)),
    ("relative", _DAY_SHIFTS, re.compile(rf"\b(?P<dayshift>(?:{_NUMBER} )?(?:the )?(?:days?) (?:earlier|before|later)|the (?:previous|following|next|same) day)\b", re.IGNORECASE)),
    ("relative", frozenset({"ago"}), re.compile(rf"\b{_NUMBER} (?P<unit>days?|weeks?|months?|years?) ago\b", re.IGNORECASE)),
    ("relative", frozenset({"today", "tonight", "overnight", "yesterday", "tomorrow"}), re.compile(r"\b(?P<near>today|tonight|overnight(?! (?:into|on|between)\b)|yesterday|tomorrow)\b", re.IGNORECASE)),
    ("relative", frozenset({"week", "month", "year"}), re.compile(r"\b(?P<period>(?P<shift>last|next|this|earlier this|later this|earlier that|the previous|the following) (?P<unit>week|month|year))\b", re.IGNORECASE)),
    ("month name", _MONTH_WORDS, re.compile(rf"\b(?:in|since|until|from|last|next|early|late|mid-|by|of) ?{_MONTH}(?: (?P<year>\d{{4}}))?\b(?! \d)", re.IGNORECASE)),
    ("relative", frozenset({"weekend"}), re.compile(r"\b(?P<weekend>(?:at|over|during) the (?:past )?weekend|last weekend)\b", re.IGNORECASE)),
    ("year", frozenset({"19", "20"}), re.compile(r"\b(?:in|since|from) (?P<year>(?:19|20)\d\d)\b")),
    ("recent", frozenset({"recent"}), re.compile(r"\b(?P<recent>recent(?:ly)?)\b", re.IGNORECASE)),
]  # fmt: skip
"""(basis, letters of which a text must hold one to be worth trying, pattern). Most texts hold few of them, and no other pattern is tried."""
_HINTS = frozenset(hint for _, hints, _ in _PATTERNS for hint in hints)
_DURATION = re.compile(rf"\b{_NUMBER}-day\b", re.IGNORECASE)


@dataclass(frozen=True)
class Dated:
    """A date expression, where it stands, and the days it covers. `first` is None for `recent`."""

    start: int
    end: int
    first: dt.date | None
    last: dt.date | None
    precision: Precision
    basis: str


def find_dates(text: str, published_on: dt.date, main_on: dt.date) -> list[Dated]:
    """Date expressions in order. `a day earlier` counts from `main_on`; a weekday is the last one up to publication."""
    found: list[Dated] = []
    lower = text.lower()
    there = {hint for hint in _HINTS if hint in lower}
    for basis, hints, pattern in _PATTERNS:
        if hints.isdisjoint(there):
            continue
        for match in pattern.finditer(text):
            if any(d.start < match.end() and match.start() < d.end for d in found):
                continue
            days = _days(match.groupdict(), match.group(0).lower(), published_on, main_on)
            if days is not None:
                first, last, precision = days
                is_start = (match.groupdict().get("which") or "").strip().lower() in ("beginning", "starting", "effective")
                found.append(Dated(match.start(), match.end(), first, last, precision, "starting weekday" if is_start else basis))
    return sorted(found, key=lambda d: d.start)


def find_duration(text: str) -> int | None:
    """Days of a `four-day visit`."""
    match = _DURATION.search(text)
    return _count(match["number"]) if match else None


def count_of(word: str) -> int | None:
    """A number in figures or as a word up to twelve; None for any other word."""
    return _NUMBERS.get(word.lower()) or (int(word) if word.isdigit() and len(word) < 5 else None)


def toward_future(dated: Dated, published_on: dt.date) -> Dated:
    """The same expression read forward, for what is planned: a weekday is the next one, a month this year's or next's."""
    if dated.first is None or dated.first > published_on or dated.basis not in ("weekday", "month name", "explicit"):
        return dated
    if dated.basis == "weekday" and dated.first == published_on:
        return dated  # "will meet on Friday", on a Friday
    if dated.basis == "weekday":
        step = dt.timedelta(days=7)
        return Dated(dated.start, dated.end, dated.first + step, dated.last + step if dated.last else None, dated.precision, dated.basis)
    if (published_on - dated.first).days < 60 and dated.basis == "explicit":
        return dated
    first = _shift_year(dated.first)
    return Dated(dated.start, dated.end, first, _shift_year(dated.last) if dated.last else None, dated.precision, dated.basis)


def _shift_year(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1, day=min(day.day, calendar.monthrange(day.year + 1, day.month)[1]))


def _count(word: str | None) -> int:
    return _NUMBERS.get((word or "a").lower()) or int(word or 1)


def _days(part: dict[str, str | None], text: str, published_on: dt.date, main_on: dt.date) -> tuple[dt.date | None, dt.date | None, Precision] | None:
    if part.get("recent"):
        return None, None, "before"
    if weekday := part.get("weekday"):
        back = (published_on.weekday() - _DAYS.index(weekday.lower())) % 7
        day = published_on - dt.timedelta(days=back)
        which = (part.get("which") or "").strip().lower()
        if which in ("next", "coming") or (which in ("beginning", "starting", "effective") and back):
            day += dt.timedelta(days=7)
        elif which == "last" and back == 0:
            day -= dt.timedelta(days=7)
        return day, None, "day"
    if part.get("dayshift"):
        count = _count(part.get("number")) if part.get("number") else 1
        sign = 1 if any(w in text for w in ("later", "following", "next")) else 0 if "same" in text else -1
        return _safe(main_on, sign * count), None, "day"
    if part.get("weekend"):
        saturday = published_on - dt.timedelta(days=(published_on.weekday() + 2) % 7)
        return saturday, saturday + dt.timedelta(days=1), "day"
    if near := part.get("near"):
        return _safe(published_on, {"yesterday": -1, "tomorrow": 1}.get(near.lower(), 0)), None, "day"
    if part.get("period"):
        sign = {"last": -1, "the previous": -1, "next": 1, "the following": 1}.get((part.get("shift") or "").lower(), 0)
        return _period(published_on, part.get("unit") or "", sign)
    if part.get("unit"):
        return _ago(published_on, _count(part.get("number")), (part.get("unit") or "").rstrip("s"))
    if part.get("month"):
        return _month_or_day(part, published_on)
    if part.get("year"):
        year = int(part["year"] or 0)
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    return None


def _safe(day: dt.date, days: int) -> dt.date | None:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return None


def _period(published_on: dt.date, unit: str, sign: int) -> tuple[dt.date, dt.date, Precision]:
    if unit == "week":
        monday = published_on - dt.timedelta(days=published_on.weekday()) + dt.timedelta(days=7 * sign)
        return monday, monday + dt.timedelta(days=6), "week"
    if unit == "month":
        return _month_span(published_on.year + (published_on.month - 1 + sign) // 12, (published_on.month - 1 + sign) % 12 + 1)
    year = published_on.year + sign
    return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"


def _ago(published_on: dt.date, count: int, unit: str) -> tuple[dt.date | None, dt.date | None, Precision] | None:
    if count > 5_000:
        return None
    if unit == "day":
        return _safe(published_on, -count), None, "day"
    if unit == "week":
        return _period(published_on, "week", -count)
    if unit == "month":
        return _period(published_on, "month", -count)
    if count >= published_on.year:
        return None
    return _period(published_on, "year", -count)


def _month_span(year: int, month: int) -> tuple[dt.date, dt.date, Precision]:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), "month"


def _month_or_day(part: dict[str, str | None], published_on: dt.date) -> tuple[dt.date, dt.date | None, Precision] | None:
    short = (part["month"] or "").lower().rstrip(".")[:3]
    month = [m[:3] for m in _MONTHS].index(short) + 1
    stated = part.get("year")
    year = int(stated) if stated else None
    if not part.get("day"):
        if part.get("lastyear"):
            year = published_on.year - 1
        if year is None:
            year = published_on.year if month <= published_on.month else published_on.year - 1
        return _month_span(year, month)
    choices = []
    for candidate in [year] if year else [published_on.year - 1, published_on.year, published_on.year + 1]:
        try:
            choices.append(dt.date(candidate, month, int(part["day"] or 0)))
        except ValueError:
            continue  # 30 February, or 29 February in a common year
    # Without a year, a wire means the last such day, or one at most a quarter ahead.
    choices = [c for c in choices if year or (c - published_on).days <= 92]
    if not choices:
        return None
    first = max(choices)
    until = int(part.get("until") or 0)
    if until > first.day and until <= calendar.monthrange(first.year, first.month)[1]:
        return first, first.replace(day=until), "day"
    return first, None, "day"
