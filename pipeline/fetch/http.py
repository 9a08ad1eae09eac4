"""One polite, bounded request. Nothing here raises for what a server does: every end is a `Fetched`."""

from __future__ import annotations

import datetime as dt
import email.utils
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from pipeline.errors import FetchError
from pipeline.fetch.guard import guarded_session
from pipeline.model import Fetched, PollState

KEPT_OF_TOO_LARGE = 65_536
"""Bytes kept of a body that is over the cap, so that a person can see what it was."""

_KEPT_HEADERS = ("content-type", "etag", "last-modified", "date", "server", "cache-control", "retry-after", "content-language")


@dataclass(frozen=True)
class Limits:
    """Bounds of one request: bytes after decoding, seconds in all, redirects."""

    max_bytes: int = 10_000_000
    deadline_s: float = 30.0
    max_redirects: int = 5


class Client:
    """Makes requests, spaced by `host_delay_s` seconds a host. Not shared between threads."""

    def __init__(
        self,
        user_agent: str,
        allowed_hosts: frozenset[str] = frozenset(),
        host_delay_s: float = 1.0,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._user_agent = user_agent
        self._allowed = allowed_hosts
        self._delay = host_delay_s
        self._limits = limits or Limits()
        self._sleep = sleep
        self._last_request: dict[str, float] = {}

    def fetch(self, url: str, state: PollState | None = None) -> Fetched:
        """Asks for `url`, conditionally where `state` says so, following checked redirects."""
        requested_at = dt.datetime.now(dt.UTC)
        started = time.monotonic()
        opened: list[socket.socket] = []
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            for sock in opened:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # already closed

        # A server can drip a byte at a time for ever, in headers too: only a watch from outside bounds the whole.
        watch = threading.Timer(self._limits.deadline_s, give_up)
        watch.daemon = True
        watch.start()
        try:
            found = self._follow(url, state, opened)
        except FetchError as error:
            found = Fetched(url, error.reason_code, error.detail, requested_at, 0)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            outcome, detail = self._failure(error, is_late.is_set())
            found = Fetched(url, outcome, detail, requested_at, 0)
        except UnicodeError as error:
            found = Fetched(url, "bad_url", f"the address cannot be used: {error}", requested_at, 0)
        finally:
            watch.cancel()
            for sock in opened:
                sock.close()
        if is_late.is_set() and found.outcome == "ok":
            found = Fetched(url, *self._failure(OSError(), True), requested_at, 0)
        took = round((time.monotonic() - started) * 1000)
        return Fetched(**{**vars(found), "requested_at": requested_at, "duration_ms": took})

    def _failure(self, error: Exception, is_late: bool) -> tuple[str, str]:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, FetchError):
                return cause.reason_code, cause.detail
            cause = cause.__cause__ or cause.__context__
        if is_late or isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
            return "timeout", f"no complete answer within {self._limits.deadline_s:g} s"
        if isinstance(error, requests.exceptions.SSLError):
            return "tls_failure", f"the server's certificate or TLS cannot be trusted: {error}"
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | requests.exceptions.MissingSchema):
            return "bad_url", f"the address cannot be used: {error}"
        return "dropped", f"the connection was refused or broke off: {type(error).__name__}: {error}"[:500]

    def _follow(self, url: str, state: PollState | None, opened: list[socket.socket]) -> Fetched:
        target, moved_to, are_all_permanent = url, None, True
        with guarded_session(self._allowed, self._limits.deadline_s, opened) as session:
            for _ in range(self._limits.max_redirects + 1):
                parts = urlsplit(target)
                if parts.scheme not in ("http", "https") or not parts.hostname:
                    raise FetchError("refused_address", f"{target} is not an http or https address")
                self._wait_for(parts.netloc)
                response = session.get(target, headers=self._headers(state), stream=True, allow_redirects=False, timeout=self._limits.deadline_s)
                location = response.headers.get("location")
                if response.status_code in (301, 302, 303, 307, 308) and location:
                    response.close()
                    are_all_permanent = are_all_permanent and response.status_code in (301, 308)
                    target = urljoin(target, location)
                    moved_to = target if are_all_permanent else None
                    continue
                return self._ended(url, target, moved_to, response)
        raise FetchError("too_many_redirects", f"{url} redirects more than {self._limits.max_redirects} times")

    def _headers(self, state: PollState | None) -> dict[str, str]:
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"}
        # Every tenth poll is unconditional: some servers repeat an ETag over changed content.
        if state is not None and state.poll_count % 10 != 9:
            if state.etag:
                headers["If-None-Match"] = state.etag
            if state.last_modified:
                headers["If-Modified-Since"] = state.last_modified
        return headers

    def _wait_for(self, host: str) -> None:
        due = self._last_request.get(host, -1e9) + self._delay
        now = time.monotonic()
        if due > now:
            self._sleep(due - now)
        self._last_request[host] = time.monotonic()

    def _ended(self, url: str, target: str, moved_to: str | None, response: requests.Response) -> Fetched:
        status = response.status_code
        headers = {k: response.headers[k] for k in _KEPT_HEADERS if k in response.headers}
        outcome, detail = _meaning(status)
        body, is_truncated = None, False
        if outcome == "ok":
            body = bytearray()
            while chunk := response.raw.read1(65_536, decode_content=True):
                body += chunk
                if len(body) > self._limits.max_bytes:
                    outcome, is_truncated = "too_large", True
                    detail = f"more than {self._limits.max_bytes:,} bytes after decoding; the first {KEPT_OF_TOO_LARGE:,} are kept"
                    del body[KEPT_OF_TOO_LARGE:]
                    break
            stated = response.headers.get("content-length", "")
            if outcome == "ok" and stated.isdigit() and "content-encoding" not in response.headers and len(body) < int(stated):
                outcome, detail = "dropped", f"the server stated {stated} bytes and sent {len(body)}"
        response.close()
        return Fetched(
            url=url,
            outcome=outcome,
            detail=detail,
            requested_at=dt.datetime.now(dt.UTC),
            duration_ms=0,
            final_url=target,
            http_status=status,
            headers=headers,
            body=bytes(body) if body is not None else None,
            is_truncated=is_truncated,
            moved_to=moved_to,
            retry_after_s=_retry_after(response.headers.get("retry-after")),
        )


def _meaning(status: int) -> tuple[str, str]:
    if status == 200:
        return "ok", "answered"
    if status == 304:
        return "not_modified", "nothing new since the last poll"
    if status == 410:
        return "gone", "the server says that this address is gone for good (410)"
    if status == 404:
        return "not_found", "the server has nothing at this address (404)"
    if status in (401, 403, 451):
        return "forbidden", f"the server refuses us ({status})"
    if status in (429, 503):
        return "throttled", f"the server asks us to come later ({status})"
    if status >= 500:
        return "server_error", f"the server failed ({status})"
    return "unexpected_status", f"the server answered with status {status}"


def _retry_after(value: str | None) -> int | None:
    """Seconds that a Retry-After header asks for, at most a day; None where there is none to be read."""
    if not value:
        return None
    if value.strip().isdigit():
        seconds = int(value)
    else:
        try:
            moment = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            return None
        seconds = int((moment - dt.datetime.now(dt.UTC)).total_seconds())
    return min(max(seconds, 0), 86_400)
