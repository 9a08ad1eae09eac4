"""Feed bytes → entries, or a reason why not."""

from __future__ import annotations

import datetime as dt
import json
import time

import pytest

from pipeline.errors import ParseError
from pipeline.fetch.parse import decode, parse_feed
from pipeline.model import Feed, ParsedFeed

NOW = dt.datetime(2026, 3, 6, tzinfo=dt.UTC)
FEED = Feed("sample", "Sample", "https://wire.example/rss", "rss", "sample", "kyodo", "en", "JPN", "Asia/Tokyo", 15, 5)
JSON_FEED = Feed("sample", "Sample", "https://wire.example/feed.json", "json", "sample", "kyodo", "en", "JPN", "Asia/Tokyo", 15, 5)


def parse(body: bytes | str, feed: Feed = FEED, content_type: str | None = None) -> ParsedFeed:
    return parse_feed(feed, body.encode() if isinstance(body, str) else body, feed.url, content_type, NOW)


def rss(items: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{declaration}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def item(date: str = "Mon, 02 Mar 2026 10:00:00 +0900", title: str = "Japan, Chile meet", link: str = "/a/1", guid: str = "g1") -> str:
    return f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid><pubDate>{date}</pubDate><description>Lead.</description></item>"


def reason(body: bytes | str, feed: Feed = FEED) -> str:
    with pytest.raises(ParseError) as error:
        parse(body, feed)
    assert feed.slug in error.value.detail
    return error.value.reason_code


def test_an_entry() -> None:
    (entry,) = parse(rss(item())).entries
    assert (entry.guid, entry.url, entry.title) == ("g1", "https://wire.example/a/1", "Japan, Chile meet")
    assert entry.published_at == dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def test_atom_and_json_feed() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><title>T</title><link href="https://a.example/1"/><published>2026-03-02T10:00:00Z</published></entry></feed>'
    assert parse(atom).entries[0].url == "https://a.example/1"
    data = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [{"id": "1", "url": "https://a.example/1", "title": "T", "date_published": "2026-03-02T10:00:00Z"}],
        }
    )
    assert parse(data, JSON_FEED).entries[0].published_at == dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty_feed"), ("   \n", "empty_feed"), (rss(""), "empty_feed"), ("<!DOCTYPE html><html><body>Please enable JavaScript</body></html>", "not_a_feed"),
        ("just words", "not_a_feed"), (b"\x00\x01\x02\xff\xfe binary", "not_a_feed"), ("<rss><channel><item><title>x", "empty_feed"),
    ],
)  # fmt: skip
def test_what_is_no_feed(body: str | bytes, code: str) -> None:
    if code == "empty_feed" and isinstance(body, str) and body.startswith("<rss><channel><item>"):
        assert parse(body).is_partial  # one broken item: kept, and marked as partial
        return
    assert reason(body) == code


@pytest.mark.parametrize("feed_body", ['{"items": 5}', "[]", "not json", '{"items": [3]}'])
def test_what_is_no_json_feed(feed_body: str) -> None:
    assert reason(feed_body, JSON_FEED) == "not_a_feed"


def test_entity_bomb() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + rss(item(title="&b;"), "")
    assert reason(bomb) == "entity_declared"


def test_external_entity_is_not_read() -> None:
    assert reason('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + rss(item(title="&a;"), "")) == "entity_declared"


def test_fifty_thousand_attributes_end_in_bounded_time() -> None:
    tag = "<x " + " ".join(f'a{n}="{n}"' for n in range(50_000)) + "/>"
    started = time.monotonic()
    assert reason(rss(item() + tag)) == "parser_overrun"
    assert time.monotonic() - started < 40


def test_wrong_declared_encoding() -> None:
    assert parse(rss(item(title="東京"), '<?xml version="1.0" encoding="iso-8859-1"?>')).entries[0].title == "東京"
    assert parse(rss(item(title="“Élysée”"), '<?xml version="1.0" encoding="utf-8"?>').encode("cp1252")).entries[0].title == "“Élysée”"
    assert decode("日本の首相がベトナムの首相と会談した。".encode("shift_jis"), "text/xml; charset=shift_jis") == "日本の首相がベトナムの首相と会談した。"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 02 Mar 2026 10:00:00 JST", dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)), ("Mon, 02 Mar 2026 10:00:00 KST", dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)),
        ("2026/03/02 10:00", dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)), ("2026年3月2日", dt.datetime(2026, 3, 1, 15, tzinfo=dt.UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None), ("Thu, 01 Jan 2099 00:00:00 GMT", None), ("yesterday", None), ("1795465222", None), ("", None),
    ],
)  # fmt: skip
def test_dates(date: str, expected: dt.datetime | None) -> None:
    assert parse(rss(item(date=date))).entries[0].published_at == expected


def test_no_dates_at_all() -> None:
    assert parse(rss("<item><title>A</title><link>https://a.example/1</link></item>")).entries[0].published_at is None


def test_titles_lose_markup_and_control_characters() -> None:
    assert parse(rss(item(title="A &amp;amp; B &lt;b&gt;bold&lt;/b&gt;\x00\x07"))).entries[0].title == "A & B bold"


def test_links_that_are_no_links_are_left_out() -> None:
    assert parse(rss(item(link="javascript:alert(1)"))).entries[0].url is None
    assert parse(rss(item(link="file:///etc/passwd"))).entries[0].url is None
