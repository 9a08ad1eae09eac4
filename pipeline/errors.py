"""The exception tree.

CommuniqueError
├── SettingError        a setting is missing or wrong: names the setting and what to do
├── FeedFileError       a feed's TOML is wrong: names the file and the key
├── DataFileError       a file that a user gives (gold events, marked sentences, actors) is wrong: names the line
├── CountsError         a stage lost or doubled something: a bug, never swallowed
└── RefusedError        one input cannot pass a stage; it goes to quarantine, the others go on
    ├── ParseError      a feed body or wire file that cannot be read as what it claims to be
    ├── CleanError      a page or text without a story in it
    └── FetchError      a request that may not be made or did not end well
"""

from __future__ import annotations


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
