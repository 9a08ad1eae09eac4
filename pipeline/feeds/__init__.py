"""Feeds as data: one TOML file a feed. Floor 2.

A file's name is the feed's slug. Required keys: name, url, kind (rss, atom, json), outlet, wire,
language (ISO 639-1), country (ISO 3166-1 alpha-3, or "" for an organisation), time_zone (IANA),
poll_minutes, expected_items_per_day.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipeline.errors import FeedFileError
from pipeline.model import Feed

_KEYS: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "url": str,
    "kind": str,
    "outlet": str,
    "wire": str,
    "language": str,
    "country": str,
    "time_zone": str,
    "poll_minutes": int,
    "expected_items_per_day": (int, float),
}


def load_feeds(folders: Iterable[Path]) -> dict[str, Feed]:
    """All feeds of the folders by slug. Raises FeedFileError, naming file and key, for the first wrong file."""
    feeds: dict[str, Feed] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            feed = load_feed(path)
            if feed.slug in feeds:
                raise FeedFileError(f"{path}: another folder already has a feed {feed.slug}")
            feeds[feed.slug] = feed
    return feeds


def load_feed(path: Path) -> Feed:
    """One feed. Raises FeedFileError for a missing, unknown or impossible key."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FeedFileError(f"{path}: not TOML: {error}") from error
    for key in _KEYS.keys() - data.keys():
        raise FeedFileError(f"{path}: key {key} is missing")
    for key, value in data.items():
        if key not in _KEYS:
            raise FeedFileError(f"{path}: unknown key {key}")
        if not isinstance(value, _KEYS[key]) or isinstance(value, bool):
            raise FeedFileError(f"{path}: key {key} is {value!r}, which has the wrong type")
    checks = {
        "slug": bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem)),
        "url": urlsplit(data["url"]).scheme in ("http", "https"),
        "kind": data["kind"] in ("rss", "atom", "json"),
        "language": bool(re.fullmatch(r"[a-z]{2}", data["language"])),
        "country": bool(re.fullmatch(r"([A-Z]{3})?", data["country"])),
        "poll_minutes": data["poll_minutes"] > 0,
        "expected_items_per_day": data["expected_items_per_day"] >= 0,
    }
    for key, is_good in checks.items():
        if not is_good:
            raise FeedFileError(f"{path}: {key} cannot be {data.get(key, path.stem)!r}")
    try:
        ZoneInfo(data["time_zone"])
    except (KeyError, ValueError, OSError) as error:  # what zoneinfo raises for an unknown, an impossible and a dangerous key
        raise FeedFileError(f"{path}: time_zone {data['time_zone']!r} is not an IANA zone") from error
    return Feed(slug=path.stem, **data)
