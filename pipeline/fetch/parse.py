"""Feed bytes → entries, in a child process with limits.

feedparser takes 20 s of CPU for a tag with 50,000 attributes and as much for some style attributes,
and nothing can interrupt it from within: the child is ended by its limits, and the feed is refused.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import resource
import subprocess
import sys
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.encoding import decode
from pipeline.errors import ParseError
from pipeline.model import Entry, Feed, ParsedFeed
from pipeline.settings import inherited_environment
from pipeline.wires.times import parse_time

CPU_SECONDS = 5
MEMORY_BYTES = 1_500_000_000
MAX_ENTRIES = 2_000

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# Control characters that XML forbids and Postgres refuses (NUL).
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def parse_feed(feed: Feed, body: bytes, base_url: str, content_type: str | None, now: dt.datetime) -> ParsedFeed:
    """Entries of a feed body. Raises ParseError with the reason where it is not a feed that can be read."""
    if not body.strip():
        raise ParseError("empty_feed", f"{feed.slug}: the body is empty")
    if re.search(rb"<!ENTITY", body[:1_000_000], re.IGNORECASE):
        raise ParseError("entity_declared", f"{feed.slug}: the body declares XML entities, which no feed needs")
    text = decode(body, content_type)
    if feed.kind == "json":
        raw, note = _json_entries(feed, text), ""
    else:
        raw, note = _child_entries(feed, text, base_url)
    if not raw:
        head = _SPACE.sub(" ", text[:80]).strip()
        if re.match(r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", text.lstrip("\ufeff \n\r\t"), re.IGNORECASE | re.DOTALL):
            if note:
                raise ParseError("broken_xml", f"{feed.slug}: no entry could be read: {note}")
            raise ParseError("empty_feed", f"{feed.slug}: a feed without entries")
        raise ParseError("not_a_feed", f"{feed.slug}: not a feed; it begins with {head!r}")
    return ParsedFeed(tuple(_entry(feed, one, base_url, now) for one in raw[:MAX_ENTRIES]), bool(note), note)


def _child_entries(feed: Feed, text: str, base_url: str) -> tuple[list[dict[str, Any]], str]:
    clean = _XML_DECLARATION.sub("", _CONTROL.sub("", text), count=1)
    data = ('<?xml version="1.0" encoding="utf-8"?>' + clean).encode("utf-8", "replace")
    try:
        child = subprocess.run(
            [sys.executable, "-m", "pipeline.fetch.parse", base_url],
            input=data,
            capture_output=True,
            timeout=CPU_SECONDS * 6,
            env=inherited_environment(),  # no password within reach of what reads hostile bytes
        )
    except subprocess.TimeoutExpired:
        raise ParseError("parser_overrun", f"{feed.slug}: reading the feed took longer than {CPU_SECONDS * 6} s") from None
    if child.returncode != 0:
        last = child.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        raise ParseError(
            "parser_overrun",
            f"{feed.slug}: reading the feed took more than {CPU_SECONDS} s of CPU or {MEMORY_BYTES:,} bytes (child ended with {child.returncode}: {last})",
        )
    answer = json.loads(child.stdout)
    return answer["entries"], answer["note"]


def _json_entries(feed: Feed, text: str) -> list[dict[str, Any]]:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""
    try:
        data = json.loads(text)
        items = data["items"]
        return [
            {
                "guid": str(item.get("id") or ""),
                "url": item.get("url"),
                "title": item.get("title") or "",
                "content": item.get("content_html") or item.get("content_text") or item.get("summary") or "",
                "byline": next((a.get("name") for a in item.get("authors") or []), None),
                "published": item.get("date_published"),
            }
            for item in items
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParseError("not_a_feed", f"{feed.slug}: not JSON Feed: {type(error).__name__}: {error}") from error


def _entry(feed: Feed, raw: dict[str, Any], base_url: str, now: dt.datetime) -> Entry:
    url = urljoin(base_url, raw["url"].strip()) if raw["url"] else None
    if url and (len(url) > 2_048 or urlsplit(url).scheme not in ("http", "https")):
        url = None
    title = plain_text(raw["title"])
    return Entry(
        guid=raw["guid"] or url or title,
        url=url,
        title=title,
        content=_CONTROL.sub("", raw["content"] or ""),
        byline=plain_text(raw["byline"]) if raw["byline"] else None,
        published_raw=raw["published"],
        published_at=parse_time(raw["published"], feed.time_zone, now) if raw["published"] else None,
    )


def plain_text(markup: str) -> str:
    """Text of a title that may hold tags and doubly escaped entities."""
    return _SPACE.sub(" ", _TAG.sub("", html.unescape(html.unescape(_CONTROL.sub("", markup))))).strip()


def _read_in_child(base_url: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    import feedparser

    found = feedparser.parse(
        BytesIO(sys.stdin.buffer.read()),
        response_headers={"content-location": base_url, "content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    entries = [
        {
            "guid": entry.get("id") or "",
            "url": entry.get("link"),
            "title": entry.get("title") or "",
            "content": max([entry.get("summary") or "", *(c.get("value") or "" for c in entry.get("content") or [])], key=len),
            "byline": entry.get("author"),
            "published": entry.get("published") or entry.get("updated"),
        }
        for entry in found.entries
    ]
    note = f"{type(found.bozo_exception).__name__}: {found.bozo_exception}" if found.bozo and "bozo_exception" in found else ""
    # An encoding that we have already put right is not a fault of the feed.
    json.dump({"entries": entries, "note": "" if note.startswith(("CharacterEncodingOverride", "NonXMLContentType")) else note}, sys.stdout)


if __name__ == "__main__":
    _read_in_child(sys.argv[1])
