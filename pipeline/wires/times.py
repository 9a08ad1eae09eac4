"""Times as agencies and feeds write them, read strictly. Floor 3.

feedparser and dateutil read `JST` and `KST` as UTC and guess at what they do not know; here a
time is read exactly or not at all. A time without zone takes the zone of its feed.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
"""Nothing on a wire that we read is older; 1970 is a zero, not a date."""
LATEST_AHEAD = dt.timedelta(days=1)
"""How far ahead of our clock a wire's clock may be."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
            ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip

# Hours east of UTC. Only abbreviations with one meaning on the wires that we read: no IST, no bare CST.
_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "ICT": 7, "WIB": 7, "MSK": 3,
    "TRT": 3, "EET": 2, "EEST": 3, "CET": 1, "CEST": 2, "WET": 0, "WEST": 1, "BST": 1, "EST": -5, "EDT": -4,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip

_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(Z|[A-Z]{2,4}|[+-]\d\d:?\d\d|[+-]\d\d)?")
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?[\s-]+(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?)?"
    r"\s*(Z|[A-Z]{2,4}|[+-]\d\d:?\d\d)?"
)
_KANJI = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\s*(?:(\d{1,2})[時:](\d\d)分?)?")
_SLASH = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:\s+(\d{1,2}):(\d\d)(?::(\d\d))?)?\s*([A-Z]{2,4})?")
_ENGLISH = re.compile(
    r"(?:[A-Za-z]{3,9},\s+)?([A-Z][a-z]{2,8})\.?\s+(\d{1,2}),\s+(\d{4})(?:,?\s+(?:at\s+)?(\d{1,2}):(\d\d)\s*([AaPp]\.?[Mm]\.?)?)?\s*([A-Z]{2,4})?"
)


def parse_time(text: str, zone: str, now: dt.datetime) -> dt.datetime | None:
    """The moment in UTC that `text` names, or None where it is not certain or cannot be.

    `zone` is the IANA zone for a time without one. Before 1990, or over a day after `now`, is None.
    """
    moment = read_time(text, zone)
    if moment is None or not EARLIEST <= moment <= now + LATEST_AHEAD:
        return None
    return moment


def read_time(text: str, zone: str) -> dt.datetime | None:
    """Like `parse_time`, without the check against the clock."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
        return _moment(year, int(month), day, hour, minute, second, offset, zone)
    if match := _RFC822.fullmatch(text):
        day, name, year, hour, minute, second, offset = match.groups()
        return _moment(year, MONTHS.get(name.casefold(), 0), day, hour, minute, second, offset, zone)
    if match := _KANJI.fullmatch(text):
        year, month, day, hour, minute = match.groups()
        return _moment(year, int(month), day, hour, minute, None, None, zone)
    if match := _SLASH.fullmatch(text):
        year, month, day, hour, minute, second, offset = match.groups()
        return _moment(year, int(month), day, hour, minute, second, offset, zone)
    if match := _ENGLISH.fullmatch(text):
        name, day, year, hour, minute, half, offset = match.groups()
        if half and hour:
            hour = str(int(hour) % 12 + (12 if half[0] in "pP" else 0))
        return _moment(year, MONTHS.get(name.casefold(), 0), day, hour, minute, None, offset, zone)
    return None


def _moment(year: str, month: int, day: str, hour: str | None, minute: str | None, second: str | None, offset: str | None, zone: str) -> dt.datetime | None:
    tzinfo: dt.tzinfo
    if offset is None:
        tzinfo = ZoneInfo(zone)
    elif offset[0] in "+-":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        sign = -1 if offset[0] == "-" else 1
        tzinfo = dt.timezone(sign * dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    elif offset in _ZONES:
        tzinfo = dt.timezone(dt.timedelta(hours=_ZONES[offset]))
    else:
        return None
    try:
        return dt.datetime(int(year), month, int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=tzinfo).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
