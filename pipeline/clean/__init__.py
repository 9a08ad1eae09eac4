"""Clean: an item with its page → one story, or the stories of a digest. Floor 4; the only trafilatura.

page.py   HTML → headline, times, captions, related coverage
body.py   HTML → paragraphs of the article
copy.py   paragraphs → story, by the agency's rules
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import ftfy

from pipeline.clean.body import finder
from pipeline.clean.copy import RawCopy, make_stories
from pipeline.clean.page import page_texts, read_page
from pipeline.errors import CleanError
from pipeline.model import Item, Story
from pipeline.wires import signed_by
from pipeline.wires.times import parse_time

VERSION = "2"
"""Raise it when the same page would give another story: a re-cleaned story is a new revision."""

MAX_PAGE_BYTES = 4_000_000
"""A news page is a tenth of a megabyte; the largest of the public extraction benchmark is under 2 MB."""


def clean_item(item: Item, now: dt.datetime) -> list[Story]:
    """Stories of an item, in page order. Raises CleanError where there is no story in it.

    The page is read where there is one; the feed's own text serves where it is the longer.
    """
    feed = item.feed
    raw = RawCopy(headline=item.entry.title, byline=item.entry.byline, language=feed.language)
    if item.page is not None:
        page = clean_page(item.page, item.page_content_type, feed.time_zone, feed.language, now)
        if page.length >= _text_of(item.entry.content, feed.language).length // 2:
            raw = page.over(raw)
    if not raw.paragraphs:
        if item.page is None and item.page_outcome not in (None, "ok"):
            raise CleanError(f"page_{item.page_outcome}", f"{feed.slug}: the page {item.entry.url} could not be had: {item.page_outcome}")
        raw = _text_of(item.entry.content, feed.language).over(raw)
    if raw.published_at is None and item.entry.published_at is not None:
        raw = raw.with_time(item.entry.published_at, "feed")
    return clean_copy(raw, wire=feed.wire, outlet=feed.outlet, url=item.page_url or item.entry.url)


def clean_page(page: bytes, content_type: str | None, zone: str, language: str, now: dt.datetime) -> RawCopy:
    """What an HTML page holds. Raises CleanError for a page that is too large or cannot be read."""
    if len(page) > MAX_PAGE_BYTES:
        raise CleanError("too_large", f"the page has {len(page):,} bytes; over {MAX_PAGE_BYTES:,} is no article")
    return read_page(page, content_type, language, lambda text: parse_time(text, zone, now))


def left_out(page: bytes, content_type: str | None, stories: Iterable[Story]) -> list[str]:
    """Text of a page that is in no story of it, neither kept nor taken out by a rule: what stands around the article."""
    told = [t for s in stories for t in (s.headline, s.body, s.byline or "", *s.captions, *s.related, *(r.text for r in s.removed))]
    is_told = finder(" ".join(told))
    return [text for text in page_texts(page, content_type) if not is_told(text)]


def clean_text(text: str, language: str = "en") -> RawCopy:
    """What a plain-text file holds: a first line without a full stop before a blank line is the headline."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", ftfy.fix_text(text, uncurl_quotes=False)).replace("''", '"')
    text = re.sub(r"\n {3,}(?=\S)", "\n\n", text)  # wire files indent paragraphs and wrap lines
    lines = text.strip().split("\n")
    headline = ""
    if len(lines) > 2 and not lines[1].strip() and len(lines[0]) < 200 and (not lines[0].rstrip().endswith((".", "”", '"')) or lines[0] == lines[2]):
        headline, lines = lines[0].strip(), lines[2:]
    paragraphs = [" ".join(block.split()) for block in "\n".join(lines).split("\n\n")]
    return RawCopy(headline=headline, paragraphs=tuple(p for p in paragraphs if p), language=language)


def clean_copy(raw: RawCopy, wire: str, outlet: str, url: str | None) -> list[Story]:
    """Stories of what a page or text holds, by the rules of the agency that signs it, else of `wire`."""
    whole = "\n".join([raw.byline or "", *raw.paragraphs, *raw.captions])
    return make_stories(raw, signed_by(whole, wire), outlet, url)


def _text_of(content: str, language: str) -> RawCopy:
    if "<" in content:
        return read_page(b"<html><body><article>" + content.encode() + b"</article></body></html>", "text/html; charset=utf-8", language, lambda _: None)
    return clean_text(content, language)
