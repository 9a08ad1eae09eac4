"""What the coder needs of a story."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """What the coder needs of a story. `published_on` is the day in the wire's own time zone."""

    body: str
    published_on: dt.date
    captions: tuple[str, ...] = ()
    dateline_place: str | None = None
    home: str | None = None
    """Country of the dateline or the agency, ISO 3166-1 alpha-3."""
