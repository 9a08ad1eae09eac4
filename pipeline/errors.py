"""The exception tree.

CommuniqueError
├── SettingError        a setting is missing or wrong: names the setting and what to do
├── FeedFileError       a feed's TOML is wrong: names the file and the key
├── DataFileError       a file that a user gives (gold events, marked sentences, actors) is wrong: names the line
├── CountsError         a stage lost or doubled something: a bug, never swallowed
├── EndsTooMuchError    a load would end many events of a day: it waits for a person
└── RefusedError        one input cannot pass a stage; it goes to quarantine, the others go on
    ├── ParseError      a feed body or wire file that cannot be read as what it claims to be
    ├── CleanError      a page or text without a story in it
    └── FetchError      a request that may not be made or did not end well
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence


class CommuniqueError(Exception):
    """Root of all errors that this project raises on purpose."""


class SettingError(CommuniqueError):
    """A setting is missing or cannot be used."""


class FeedFileError(CommuniqueError):
    """A feed's TOML file is wrong."""


class DataFileError(CommuniqueError):
    """A file of gold events, marked sentences or actors is wrong."""


class CountsError(CommuniqueError):
    """What went into a stage is not what came out: something was lost or doubled."""


class EndsTooMuchError(CommuniqueError):
    """A load would end more than the set share of a day's events. `days` has (day or None, ended, held) of each such day."""

    def __init__(self, days: Sequence[tuple[dt.date | None, int, int]]) -> None:
        told = [f"{ended} of {held} events of {day or 'no day'}" for day, ended, held in days]
        super().__init__("the load would end " + ", ".join(told[:10]) + (f" and of {len(told) - 10} more days" if len(told) > 10 else ""))
        self.days = tuple(days)


class RefusedError(CommuniqueError):
    """One input cannot pass a stage.

    `reason_code` is one of the documented codes (README, "Reason codes"); `detail` is a sentence
    for a person.
    """

    def __init__(self, reason_code: str, detail: str) -> None:
        super().__init__(f"{reason_code}: {detail}")
        self.reason_code = reason_code
        self.detail = detail


class ParseError(RefusedError):
    """A feed body that cannot be read as a feed."""


class CleanError(RefusedError):
    """A page or text without a story in it."""


class FetchError(RefusedError):
    """A request that may not be made or did not end well."""
