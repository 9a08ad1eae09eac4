"""One request, whatever the server does."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from http.server import BaseHTTPRequestHandler

import pytest

from pipeline.fetch import guard
from pipeline.fetch.guard import is_public
from pipeline.fetch.http import KEPT_OF_TOO_LARGE, Client, Limits
from pipeline.model import PollState
from tests.conftest import Answer, Web

FAST = Limits(max_bytes=1_000_000, deadline_s=1.0)


def client(web: Web, limits: Limits = FAST, delay: float = 0.0, **kwargs: object) -> Client:
    return Client("communique-tests", frozenset({web.host}), delay, limits, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "not_found"), (410, "gone"), (403, "forbidden"), (429, "throttled"), (503, "throttled"), (500, "server_error"), (418, "unexpected_status")],
)
def test_what_a_status_means(web: Web, status: int, outcome: str) -> None:
    web.routes["/feed"] = Answer(b"<rss/>", status)
    found = client(web).fetch(web.base + "/feed")
    assert (found.outcome, found.http_status, found.body) == (outcome, status, None)


def test_body_and_headers_of_a_good_answer(web: Web) -> None:
    web.routes["/feed"] = Answer(b"<rss/>", headers={"ETag": '"a"', "Content-Type": "text/xml"})
    found = client(web).fetch(web.base + "/feed")
    assert (found.outcome, found.body, found.headers["etag"]) == ("ok", b"<rss/>", '"a"')
    assert web.asked[0][1]["user-agent"] == "communique-tests"


def test_conditional_request_and_304(web: Web) -> None:
    web.routes["/feed"] = Answer(status=304)
    found = client(web).fetch(web.base + "/feed", PollState('"a"', "Mon, 02 Mar 2026 00:00:00 GMT", poll_count=3))
    assert found.outcome == "not_modified"
    assert web.asked[0][1]["if-none-match"] == '"a"'
    assert web.asked[0][1]["if-modified-since"] == "Mon, 02 Mar 2026 00:00:00 GMT"


def test_every_tenth_poll_is_unconditional(web: Web) -> None:
    web.routes["/feed"] = Answer(b"x")
    client(web).fetch(web.base + "/feed", PollState('"a"', None, poll_count=9))
    assert "if-none-match" not in web.asked[0][1]


def test_permanent_redirect_names_the_new_address(web: Web) -> None:
    web.routes["/old"] = Answer(status=301, headers={"Location": "/new"})
    web.routes["/new"] = Answer(b"moved")
    found = client(web).fetch(web.base + "/old")
    assert (found.outcome, found.moved_to, found.final_url) == ("ok", web.base + "/new", web.base + "/new")


def test_temporary_redirect_is_followed_and_not_remembered(web: Web) -> None:
    web.routes["/old"] = Answer(status=302, headers={"Location": "/new"})
    web.routes["/new"] = Answer(b"here today")
    found = client(web).fetch(web.base + "/old")
    assert (found.outcome, found.moved_to) == ("ok", None)


def test_redirect_loop_ends(web: Web) -> None:
    web.routes["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    assert client(web).fetch(web.base + "/loop").outcome == "too_many_redirects"
    assert len(web.asked) == FAST.max_redirects + 1


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://2130706433:{port}/",
        "http://0x7f000001:{port}/", "http://127.1:{port}/", "http://0:{port}/", "http://127.0.0.3/", "file:///etc/passwd", "ftp://127.0.0.2/",
        "gopher://127.0.0.2/",
    ],
)  # fmt: skip
def test_no_way_inside_through_a_redirect(web: Web, target: str) -> None:
    """Only other loopback spellings stand for the forbidden: were the guard to fail, nothing would leave the machine."""
    web.routes["/feed"] = Answer(status=302, headers={"Location": target.format(port=web.port)})
    found = client(web).fetch(web.base + "/feed")
    assert found.outcome in ("refused_address", "dns_failure", "bad_url")
    assert found.body is None
    assert [path for path, _ in web.asked] == ["/feed"]


def test_a_private_address_is_refused_before_any_connection(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", connect)
    for host in ("10.0.0.1", "192.168.1.1", "169.254.169.254", "172.16.0.1", "[fe80::1]", "[fd00::1]", "127.0.0.1", "0.0.0.0", "100.64.0.1"):
        found = client(web).fetch(f"http://{host}/latest/meta-data/")
        assert found.outcome == "refused_address", (host, found)


@pytest.mark.parametrize(
    ("address", "is_it"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::", False), ("192.0.2.1", False), ("198.18.0.1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, is_it: bool) -> None:
    assert is_public(address) is is_it


def test_too_large_is_cut_and_its_beginning_kept(web: Web) -> None:
    web.routes["/feed"] = Answer(b"x" * 3_000_000)
    found = client(web).fetch(web.base + "/feed")
    assert (found.outcome, found.is_truncated, len(found.body or b"")) == ("too_large", True, KEPT_OF_TOO_LARGE)


def test_gzip_bomb_is_cut_while_it_unpacks(web: Web) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush()
    assert len(bomb) < 300_000
    web.routes["/feed"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    found = client(web).fetch(web.base + "/feed")
    assert (found.outcome, len(found.body or b"")) == ("too_large", KEPT_OF_TOO_LARGE)


def test_gzip_that_is_honest_is_unpacked(web: Web) -> None:
    web.routes["/feed"] = Answer(gzip.compress(b"<rss/>"), headers={"Content-Encoding": "gzip"})
    assert client(web).fetch(web.base + "/feed").body == b"<rss/>"


def test_server_that_never_answers(web: Web) -> None:
    web.routes["/feed"] = Answer(misbehave=lambda _: web.closing.wait(20) and None)
    started = time.monotonic()
    assert client(web).fetch(web.base + "/feed").outcome == "timeout"
    assert time.monotonic() - started < 10


def _drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(400):  # bounded: the client leaves long before
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def _drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(400):
        handler.wfile.write(f"X-{number}: y\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("drip", [_drip, _drip_headers])
def test_server_that_drips_for_ever(web: Web, drip: object) -> None:
    web.routes["/feed"] = Answer(misbehave=drip)  # type: ignore[arg-type]
    started = time.monotonic()
    assert client(web).fetch(web.base + "/feed").outcome == "timeout"
    assert time.monotonic() - started < 10


def test_connection_dropped_half_way(web: Web) -> None:
    def drop(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    web.routes["/feed"] = Answer(misbehave=drop)
    assert client(web).fetch(web.base + "/feed").outcome == "dropped"


def test_nobody_listens(web: Web) -> None:
    web.close()
    assert client(web).fetch(web.base + "/feed").outcome == "dropped"


@pytest.mark.parametrize(("value", "seconds"), [("120", 120), ("999999", 86_400), ("soon", None), ("-5", None)])
def test_retry_after(web: Web, value: str, seconds: int | None) -> None:
    web.routes["/feed"] = Answer(status=429, headers={"Retry-After": value})
    assert client(web).fetch(web.base + "/feed").retry_after_s == seconds


def test_a_resolver_that_is_silent(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "RESOLVE_S", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [web.closing.wait(20)])
    found = client(web).fetch("http://name.invalid/")
    assert found.outcome == "dns_failure" and "within 0.2 s" in found.detail


def test_requests_to_one_host_are_spaced(web: Web) -> None:
    web.routes["/feed"] = Answer(b"x")
    slept: list[float] = []
    polite = client(web, delay=7.0, sleep=slept.append)
    polite.fetch(web.base + "/feed")
    polite.fetch(web.base + "/feed")
    assert len(slept) == 1 and 6 < slept[0] <= 7
