"""Bad feeds and pages through the real stages, beside a good feed that must come through."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from pipeline import clean, extract, run
from pipeline.fetch import http
from pipeline.fetch.parse import parse_feed
from pipeline.model import Batch
from tests.conftest import ROOT, Answer, Database, Web

BATCH = Batch("2026-03-09T08:15")
STORY = (
    "Japan condemned North Korea on Monday for firing two ballistic missiles toward the sea, the Japanese government said in a statement in Tokyo, "
    "and Prime Minister Ken Morita said that the launches were a threat to the whole region and to its people and its ships."
)


def page(text: str = STORY, time: str = "2026-03-02T10:00:00+09:00") -> Answer:
    return Answer(
        f'<html lang="en"><h1>Japan condemns launch</h1><time datetime="{time}"></time><article><p>{text}</p></article></html>'.encode(),
        headers={"Content-Type": "text/html"},
    )


def rss(*links: str, date: str = "Mon, 02 Mar 2026 10:00:00 +0900", extra: str = "") -> bytes:
    stamp = f"<pubDate>{date}</pubDate>" if date else ""
    items = "".join(f"<item><title>Japan condemns launch</title><link>{link}</link><guid>{n}</guid>{stamp}</item>" for n, link in enumerate(links))
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>t</title>{items}{extra}</channel></rss>".encode()


@pytest.fixture
def try_feed(web: Web, database: Database, feed_files: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Polls a bad feed beside a good one, codes, and checks that the good one came through and the bad one is not asked again."""
    monkeypatch.setattr(http.Limits, "__init__", _short_limits(http.Limits.__init__))

    def attempt(answer: Answer, **feed: object) -> None:
        web.routes["/good"] = Answer(rss(web.base + "/good/1"))
        web.routes["/good/1"] = page()
        web.routes["/bad"] = answer
        feed_files("good", web.base + "/good")
        feed_files("bad", web.base + "/bad", **feed)
        for slugs in run.plan(BATCH):
            run.fetch(BATCH, slugs)
        run.code_batch(BATCH)
        assert database.value("select count(*) from warehouse.story_current where outlet = 'good'") == 1
        assert database.value("select count(*) from warehouse.events_current where event_type = 'CONDEMN'") == 1
        asked = len(web.asked)
        assert run.plan(BATCH) == [], "a feed that has just been polled is not due"
        assert len(web.asked) == asked
        assert database.rows("select distinct state from ops.run") == [("success",)]

    return attempt


def _short_limits(original: Callable[..., None]) -> Callable[..., None]:
    def limits(self: http.Limits, max_bytes: int = 10_000_000, deadline_s: float = 2.0, max_redirects: int = 5) -> None:
        original(self, max_bytes, deadline_s, max_redirects)

    return limits


def fetches(database: Database, kind: str = "feed") -> list[tuple[object, ...]]:
    return database.rows("select outcome, http_status from ops.fetch_log where feed_slug = 'bad' and kind = %s order by fetch_id", kind)


def refusals(database: Database) -> list[tuple[object, ...]]:
    return database.rows("select stage, reason_code from ops.quarantine where feed_slug = 'bad' and status = 'open' and length(detail) > 20")


def test_not_xml(try_feed: Callable[..., None], database: Database) -> None:
    try_feed(Answer(b"<!DOCTYPE html><html><body>Please enable JavaScript</body></html>"))
    assert refusals(database) == [("parse", "not_a_feed")]
    assert (
        database.value(
            "select convert_from(bytes, 'utf8') like '%%JavaScript%%' from raw.document_bytes join ops.quarantine using (document_id)".replace("%%", "%")
        )
        is True
    )


def test_empty_feed(try_feed: Callable[..., None], database: Database) -> None:
    try_feed(Answer(rss()))
    assert refusals(database) == [("parse", "empty_feed")]


def test_empty_body(try_feed: Callable[..., None], database: Database) -> None:
    try_feed(Answer(b""))
    assert refusals(database) == [("parse", "empty_feed")]


def test_feed_of_50_megabytes(try_feed: Callable[..., None], database: Database) -> None:
    try_feed(Answer(rss() + b" " * 50_000_000))
    assert refusals(database) == [("parse", "too_large")]
    assert database.rows("select is_truncated, byte_count from raw.document where feed_slug = 'bad'") == [(True, 65_536)]


def test_page_of_20_megabytes(try_feed: Callable[..., None], web: Web, database: Database) -> None:
    web.routes["/huge"] = Answer(b"<html>" + b"x" * 20_000_000)
    try_feed(Answer(rss(web.base + "/huge")))
    assert fetches(database, "page") == [("too_large", 200)]
    assert refusals(database) == [("clean", "page_too_large")]


def test_gzip_bomb(try_feed: Callable[..., None], database: Database) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(100)) + packer.flush()
    try_feed(Answer(bomb, headers={"Content-Encoding": "gzip"}))
    assert refusals(database) == [("parse", "too_large")]


def test_entity_bomb(try_feed: Callable[..., None], database: Database) -> None:
    try_feed(Answer(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + rss("https://127.0.0.2/")[38:]))
    assert refusals(database) == [("parse", "entity_declared")]


def test_fifty_thousand_attributes(try_feed: Callable[..., None], database: Database) -> None:
    try_feed(Answer(rss(extra="<x " + " ".join(f'a{n}="{n}"' for n in range(50_000)) + "/>")))
    assert refusals(database) == [("parse", "parser_overrun")]


def test_wrong_declared_encoding(try_feed: Callable[..., None], web: Web, database: Database) -> None:
    web.routes["/tokyo"] = page("In 東京, " + STORY)
    try_feed(Answer(rss(web.base + "/tokyo").replace(b"utf-8", b"iso-8859-1").replace(b"Japan condemns launch", "Élysée and 東京 on the launch".encode())))
    assert database.value("select title from raw.item where feed_slug = 'bad'") == "Élysée and 東京 on the launch"


@pytest.mark.parametrize("date", ["", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 2099 00:00:00 GMT", "soon"])
def test_no_date_that_can_be_believed(try_feed: Callable[..., None], web: Web, database: Database, date: str) -> None:
    web.routes["/undated"] = page("Somebody said so. " + STORY.replace("Japan condemned", "Chile praised"), time="1970-01-01")
    try_feed(Answer(rss(web.base + "/undated", date=date)))
    assert refusals(database) == [("validate_stories", "expect_column_values_to_not_be_null(published_at)")]
    assert database.value("select count(*) from warehouse.story_current where outlet = 'bad'") == 0


@pytest.mark.parametrize("zone", ["JST", "KST"])
def test_times_in_jst_and_kst(try_feed: Callable[..., None], web: Web, database: Database, zone: str) -> None:
    web.routes["/dated"] = page(STORY.replace("two", "seven").replace("Morita", "Mori"), time="")
    try_feed(Answer(rss(web.base + "/dated", date=f"Mon, 02 Mar 2026 10:00:00 {zone}")))
    assert database.value("select published_at from raw.item where feed_slug = 'bad'") == dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.2/secret", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:22/", "http://localhost/", "http://192.168.0.1/"],
)
def test_link_to_an_address_inside(try_feed: Callable[..., None], database: Database, link: str) -> None:
    """The connections themselves are forbidden by a fixture: were the guard to fail, the test would, and nothing would leave."""
    try_feed(Answer(rss(link)))
    assert fetches(database, "page") == [("refused_address", None)]
    assert refusals(database) == [("clean", "page_refused_address")]


def test_redirect_to_an_address_inside(try_feed: Callable[..., None], web: Web, database: Database) -> None:
    try_feed(Answer(status=302, headers={"Location": f"http://127.0.0.2:{web.port}/inside"}))
    assert fetches(database) == [("refused_address", None)]
    assert not [path for path, _ in web.asked if path == "/inside"]


def test_server_that_never_answers(try_feed: Callable[..., None], web: Web, database: Database) -> None:
    try_feed(Answer(misbehave=lambda _: web.closing.wait(10) and None))
    assert fetches(database) == [("timeout", None)]


def test_connection_dropped_half_way(try_feed: Callable[..., None], database: Database) -> None:
    def drop(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>")
        handler.wfile.flush()

    try_feed(Answer(misbehave=drop))
    assert fetches(database) == [("dropped", None)]


@pytest.mark.parametrize(
    ("status", "outcome", "minutes"),
    [(304, "not_modified", 15), (404, "not_found", 30), (410, "gone", 43_200), (500, "server_error", 30), (429, "throttled", 120)],
)
def test_statuses_and_when_the_feed_is_asked_again(try_feed: Callable[..., None], database: Database, status: int, outcome: str, minutes: int) -> None:
    try_feed(Answer(b"<rss/>", status, {"Retry-After": "7200"} if status == 429 else {}))
    assert fetches(database) == [(outcome, status)]
    assert database.value("select round(extract(epoch from not_before_at - last_attempt_at) / 60) from ops.feed where feed_slug = 'bad'") == minutes


def test_moved_for_good(try_feed: Callable[..., None], web: Web, database: Database) -> None:
    web.routes["/new"] = Answer(rss(web.base + "/good/1"))
    try_feed(Answer(status=301, headers={"Location": "/new"}))
    assert database.value("select moved_to from ops.fetch_log where feed_slug = 'bad' and kind = 'feed'") == web.base + "/new"
    assert database.value("select relation from core.story_item join raw.item using (item_id) where feed_slug = 'bad'") in ("copy", "new")


def test_a_page_that_fails_for_now_is_asked_for_later_but_not_for_ever(try_feed: Callable[..., None], web: Web, database: Database) -> None:
    web.routes["/flaky"] = Answer(status=503)
    try_feed(Answer(rss(web.base + "/flaky")))
    assert database.rows("select page_state, page_attempts from raw.item where feed_slug = 'bad'") == [("pending", 1)]
    assert database.value("select page_not_before_at > now() from raw.item where feed_slug = 'bad'") is True
    run.fetch(BATCH, ["bad"])  # too early: not asked
    assert [path for path, _ in web.asked].count("/flaky") == 1
    for _ in range(5):
        database.rows("update raw.item set page_not_before_at = now() - interval '1 second' where page_state = 'pending'")
        run.fetch(BATCH, ["bad"])
    assert database.rows("select page_state, page_attempts from raw.item where feed_slug = 'bad'") == [("failed", 4)]
    assert [path for path, _ in web.asked].count("/flaky") == 4
    run.code_batch(BATCH)
    assert refusals(database) == [("clean", "page_throttled")]


@pytest.mark.parametrize(
    ("module", "function", "stage", "code"), [(clean, "clean_item", "clean", "cleaner_failed"), (extract, "extract_events", "extract", "coder_failed")]
)
def test_a_page_or_story_that_breaks_our_own_code(
    try_feed: Callable[..., None], web: Web, database: Database, monkeypatch: pytest.MonkeyPatch, module: object, function: str, stage: str, code: str
) -> None:
    real = getattr(module, function)

    def broken(one: object, *args: object) -> object:
        if "poison" in str(one):
            raise ZeroDivisionError("a bug")
        return real(one, *args)

    monkeypatch.setattr(module, function, broken)
    web.routes["/poison"] = page("The poison story. " + STORY.replace("Japan condemned", "Chile praised"))
    try_feed(Answer(rss(web.base + "/poison")))
    assert refusals(database) == [(stage, code)]
    monkeypatch.setattr(module, function, real)  # the mend
    run.replay([int(str(i)) for (i,) in database.rows("select quarantine_id from ops.quarantine")])
    assert refusals(database) == []
    assert database.value("select count(*) from warehouse.story_current where outlet = 'bad'") == 1


def test_a_feed_whose_file_is_removed_after_the_plan(web: Web, database: Database, feed_files: Callable[..., None], tmp_path: Path) -> None:
    feed_files("bad", web.base + "/rss")
    ((slug,),) = run.plan(BATCH)
    (tmp_path / "feeds" / "bad.toml").unlink()
    assert run.fetch(BATCH, [slug]).counts == {"feeds": 0, "feeds_gone": 1}
    assert web.asked == [] and run.plan(BATCH) == []
    assert database.value("select is_active from ops.feed") is False


def test_a_fetch_killed_half_way_loses_nothing(web: Web, database: Database, feed_files: Callable[..., None]) -> None:
    """The second of three pages hangs; there the process is killed, and another goes on where it stopped."""
    reached = threading.Event()

    def hang(_: BaseHTTPRequestHandler) -> None:
        reached.set()
        web.closing.wait(20)

    feed_files("bad", web.base + "/rss")
    web.routes |= {"/rss": Answer(rss(*(f"{web.base}/{n}" for n in (1, 2, 3)))), "/1": page(), "/2": Answer(misbehave=hang), "/3": page()}
    run.plan(BATCH)
    code = f"from pipeline import run; from pipeline.model import Batch; run.fetch(Batch({BATCH.key!r}), ['bad'])"
    fetcher = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    assert reached.wait(60)
    fetcher.kill()
    fetcher.wait()
    states = "select page_state, count(*) from raw.item group by 1 order by 1"
    assert database.rows(states) == [("fetched", 1), ("pending", 2)]
    assert run.find_stranded(Batch("2026-03-09T09:00")) == [BATCH.key]
    web.routes["/2"] = page()
    run.fetch(Batch("2026-03-09T08:30"), ["bad"])
    assert database.rows(states) == [("fetched", 3)]
    paths = [path for path, _ in web.asked]
    assert (paths.count("/1"), paths.count("/3")) == (1, 1)
    assert database.value("select count(*) from raw.document where kind = 'page'") == 3
    assert database.rows("select batch_key, count(*) from raw.item group by 1 order by 1") == [("2026-03-09T08:15", 1), ("2026-03-09T08:30", 2)]


def test_a_feed_that_breaks_our_own_code_does_not_stop_the_others(
    try_feed: Callable[..., None], web: Web, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = parse_feed

    def broken(feed: object, *args: object) -> object:
        if getattr(feed, "slug", "") == "bad":
            raise ZeroDivisionError("a bug")
        return real(feed, *args)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.run.poll.parse_feed", broken)
    with pytest.raises(ZeroDivisionError):
        try_feed(Answer(rss(web.base + "/good/1")))
    assert database.value("select count(*) from raw.item where feed_slug = 'good' and page_state = 'fetched'") == 1
    assert database.rows("select state, error from ops.run where feed_slug = 'bad'") == [("failed", "ZeroDivisionError: a bug")]
    assert database.value("select count(*) from raw.document where feed_slug = 'bad'") == 1  # its bytes are kept
