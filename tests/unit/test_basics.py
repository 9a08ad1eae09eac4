"""Nouns, settings, feed files, back-off."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.canonical import sha256_of, to_json
from pipeline.coder.code import Text, code_text
from pipeline.errors import FeedFileError, SettingError
from pipeline.feeds import load_feed, load_feeds
from pipeline.fetch.backoff import GONE, LONGEST, next_poll
from pipeline.model import Batch, Dateline, Event, Feed, Fetched, Party, Place, Quantity, Removed, Story
from pipeline.settings import PROJECT, load_settings
from pipeline.warehouse.sql import load_json
from pipeline.warehouse.stored import event_from_json, story_from_json
from pipeline.warehouse.versions import content_sha256

NOW = dt.datetime(2026, 3, 2, 8, 22, 5, tzinfo=dt.UTC)
FEED = Feed("sample", "Sample", "https://wire.example/rss", "rss", "sample", "kyodo", "en", "JPN", "Asia/Tokyo", 15, 5)


def test_batches() -> None:
    assert Batch.live(NOW).key == "2026-03-02T08:15" and Batch.live(NOW).day is None
    assert Batch.live(NOW.astimezone(dt.timezone(dt.timedelta(hours=9)))) == Batch.live(NOW)
    assert Batch("2026-03-02").day == dt.date(2026, 3, 2)
    for key in ("yesterday", "2026-03-02T08:16", "2026-3-2", "None", ""):
        with pytest.raises(ValueError, match="neither a quarter-hour"):
            Batch(key)


def test_stories_and_events_survive_json() -> None:
    story = Story(
        "H", "B", "en", "kyodo", "kyodo", None, Dateline("Tokyo", dt.date(2026, 3, 2), "kyodo"), published_at=NOW, captions=("c",), removed=(Removed("r", "t"),)
    )
    assert story_from_json(load_json(to_json(story))) == story
    text = "Japan pledged to provide 2 million doses of vaccine to Vietnam on Monday."
    for event in code_text(Text(text, dt.date(2026, 3, 3), home="JPN")):
        assert event_from_json(load_json(to_json(event))) == event


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.none(), max_size=5))
def test_hashes_do_not_depend_on_order(data: dict[str, object]) -> None:
    assert sha256_of(data) == sha256_of(dict(reversed(data.items())))


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"COMMUNIQUE_FEEDS_DIRS": "/nowhere/at/all"}, "COMMUNIQUE_FEEDS_DIRS"), ({"COMMUNIQUE_ALLOWED_HOSTS": "localhost"}, "COMMUNIQUE_ALLOWED_HOSTS"),
        ({"COMMUNIQUE_HOST_DELAY_S": "soon"}, "COMMUNIQUE_HOST_DELAY_S"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(environment: dict[str, str], name: str) -> None:
    with pytest.raises(SettingError, match=name):
        load_settings(environment)


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingError, match="COMMUNIQUE_DSN is not set"):
        load_settings({}).require_dsn()


def test_every_feed_file_is_good() -> None:
    feeds = load_feeds([PROJECT / "pipeline" / "feeds"])
    assert len(feeds) >= 15
    assert feeds["kyodo-english"].url == "https://english.kyodonews.net/list/feed/rss4kyodonews-fzone"
    assert len({f.url for f in feeds.values()}) == len(feeds)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("language = 5", "language"), ('kind = "html"', "kind"), ('time_zone = "Mars/Olympus"', "time_zone"), ('url = "ftp://x"', "url"), ("poll_minutes = 0", "poll_minutes"),
        ('colour = "red"', "colour"), ("name = [", "TOML"), ('language = "english"', "language"), ('time_zone = "../../etc/passwd"', "time_zone"),
    ],
)  # fmt: skip
def test_a_wrong_feed_file_is_named_with_its_key(tmp_path: Path, change: str, word: str) -> None:
    good = (PROJECT / "pipeline" / "feeds" / "kyodo-english.toml").read_text()
    key = change.partition(" ")[0]
    lines = [line for line in good.splitlines() if not line.startswith(f"{key} ")]
    path = tmp_path / "bad.toml"
    path.write_text("\n".join([*lines, change]))
    with pytest.raises(FeedFileError, match=f"bad.toml.*{word}"):
        load_feed(path)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('name = "x"')
    with pytest.raises(FeedFileError, match="is missing"):
        load_feed(path)


def found(outcome: str, retry_after_s: int | None = None) -> Fetched:
    return Fetched("https://wire.example/rss", outcome, "", NOW, 1, retry_after_s=retry_after_s)


def test_back_off() -> None:
    assert next_poll(FEED, found("ok"), 7) == (0, NOW + dt.timedelta(minutes=15))
    assert next_poll(FEED, found("not_modified"), 7) == (0, NOW + dt.timedelta(minutes=15))
    assert next_poll(FEED, found("server_error"), 0) == (1, NOW + dt.timedelta(minutes=30))
    assert next_poll(FEED, found("timeout"), 3) == (4, NOW + dt.timedelta(minutes=240))
    assert next_poll(FEED, found("dropped"), 30) == (31, NOW + LONGEST)
    assert next_poll(FEED, found("gone"), 0) == (1, NOW + GONE)
    assert next_poll(FEED, found("throttled", 7_200), 0) == (1, NOW + dt.timedelta(hours=2))


def test_whatever_an_event_says_is_in_its_hash() -> None:
    (event,) = [e for e in code_text(Text("Japan pledged 3 million dollars in aid to Turkey on Monday.", dt.date(2026, 3, 3))) if e.quantities]
    changed: dict[str, object] = {
        "actors": event.recipients, "recipients": event.actors, "implied": event.actors, "quantities": (), "contexts": (*event.contexts, "more"), "evidence": (),
        "place": Place("Ankara", "TUR"), "date_start": dt.date(2020, 1, 1), "date_end": dt.date(2030, 1, 1), "is_background": not event.is_background,
    }  # fmt: skip
    unsaid = set()
    for field in dataclasses.fields(event):
        old = getattr(event, field.name)
        other = changed.get(field.name, 7 if isinstance(old, int | float) or old is None else f"{old} otherwise")
        if content_sha256(dataclasses.replace(event, **{field.name: other})) == content_sha256(event):
            unsaid.add(field.name)
    assert unsaid == {"event_id", "parent_id", "raw_score", "evidence", "coder_version", "confidence"}


def test_the_hash_of_what_is_held_stays_comparable() -> None:
    """Another hash of the same words would give every event that is held a new version."""
    event = Event(
        "ev-1", "AID_PLEDGED", "AID", None, "0331", 1, 1, 5.2, 3.0, "pledged", False, "aid:money", (Party("Tokyo", "Japan", "JPN", "head_of_government", "GOV"),),
        (Party("Turkey", "Turkey", "TUR", None, None),), (), dt.date(2026, 3, 2), None, "day", "text", Place("Ankara", "TUR", 39.9, 32.9),
        (Quantity("money", 3e6, "USD", "increment", True, "about $3 million"),), ("economic", "aid"), (), 0.8, "abc",
    )  # fmt: skip
    assert content_sha256(event) == "6fbdf76a434b41c34ebf54707b31f0b4ee3275879013eb4bec5629db1788a5b5"
