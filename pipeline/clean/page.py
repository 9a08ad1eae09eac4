"""An HTML page → what it holds, before the agency's rules."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import bs4
import ftfy
import trafilatura
from lxml.etree import LxmlError

from pipeline.clean.copy import RawCopy
from pipeline.errors import CleanError

_SPACE = re.compile(r"\s+")
_RELATED = re.compile(r"(?:^|[-_ ])related(?:[-_ ]|$)|read-?more|more-?stories|recommend", re.IGNORECASE)
_CAPTION = re.compile(r"caption|photo-?credit", re.IGNORECASE)
_BODY = re.compile(r"article-?body|story-?body|entry-content|post-content", re.IGNORECASE)
_ARTICLE_TYPES = frozenset({"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting"})
_BREAK = "\x1e"

MOST_TAGS = 100_000
"""Tags of a page; the fullest page of the public extraction benchmark has 3,229."""
DEEPEST = 200
"""Nesting of tags; extraction takes time with the square of it, and 20,000 levels took 76 s."""


def read_page(page: bytes, content_type: str | None, language: str, read_time: Callable[[str], dt.datetime | None]) -> RawCopy:
    """Headline, times, paragraphs, captions and related coverage of a page.

    `read_time` reads a time as written or gives None. The published time is taken from JSON-LD, then
    meta tags, then <time>. Raises CleanError for bytes that are no page.
    """
    if page.count(b"<") > MOST_TAGS:
        raise CleanError("too_large", f"the page has over {MOST_TAGS:,} tags")
    charset = re.search(r"charset=[\"']?([\w.-]+)", content_type or "")
    try:
        soup = bs4.BeautifulSoup(page, "lxml", from_encoding=charset.group(1) if charset else None)
        _check_depth(soup)
        data = next(_articles(soup), {})
        captions, related = _take(soup)
        paragraphs = _paragraphs(soup)
    except (RecursionError, LxmlError, ValueError, AssertionError) as error:
        raise CleanError("broken_page", f"the page cannot be read: {type(error).__name__}: {error}"[:300]) from error
    published_at, basis = _first_time(
        read_time,
        ("json-ld", data.get("datePublished")),
        ("meta", _meta(soup, "article:published_time", "datePublished", "pubdate", "date", "dc.date")),
        ("time", _time_tag(soup)),
    )
    modified_at, _ = _first_time(read_time, ("json-ld", data.get("dateModified")), ("meta", _meta(soup, "article:modified_time", "lastmod")))
    html = soup.find("html")
    stated = html.get("lang") if isinstance(html, bs4.Tag) else None
    return RawCopy(
        headline=_clean(data.get("headline") or _heading(soup) or _meta(soup, "og:title") or ""),
        byline=_author(data) or _meta(soup, "author"),
        published_at=published_at,
        date_basis=basis,
        modified_at=modified_at,
        language=str(stated)[:2].lower() if re.match(r"[A-Za-z]{2}(?:[-_]|$)", str(stated or "")) else language,
        paragraphs=tuple(paragraphs),
        captions=tuple(captions),
        related=tuple(related),
    )


def _check_depth(soup: bs4.BeautifulSoup) -> None:
    depth = {id(soup): 0}
    for tag in soup.find_all(True):
        level = depth[id(tag.parent)] + 1
        if level > DEEPEST:
            raise CleanError("broken_page", f"tags are nested over {DEEPEST} deep")
        depth[id(tag)] = level


def _articles(soup: bs4.BeautifulSoup) -> Iterator[dict[str, Any]]:
    """JSON-LD objects that describe an article, wherever they are nested."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            waiting = [json.loads(script.get_text())]
        except ValueError:
            continue  # broken JSON-LD is common; other places state the same
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                kinds = node.get("@type")
                if _ARTICLE_TYPES & set(kinds if isinstance(kinds, list) else [kinds] if isinstance(kinds, str) else []):
                    yield node
                waiting.extend(v for v in node.values() if isinstance(v, dict | list))


def _take(soup: bs4.BeautifulSoup) -> tuple[list[str], list[str]]:
    """Takes captions and related coverage out of the page, and gives them."""
    captions: list[str] = []
    related: list[str] = []
    for tag in soup.find_all(["figure", "figcaption", "div", "p", "span", "aside", "section", "ul", "nav"]):
        if tag.decomposed or tag.parent is None:
            continue
        marks = " ".join([*(tag.get("class") or []), str(tag.get("id") or "")])
        if tag.name in ("figure", "figcaption") or _CAPTION.search(marks):
            text = _clean(tag.get_text(" "))
            if text:
                captions.append(text)
            tag.decompose()
        elif _RELATED.search(marks) and not tag.find(_is_body):
            related.extend(_clean(link.get_text(" ")) for link in tag.find_all("a"))
            tag.decompose()
    return list(dict.fromkeys(captions)), [r for r in dict.fromkeys(related) if r]


def _is_body(tag: bs4.Tag) -> bool:
    return tag.name == "article" or bool(_BODY.search(" ".join([*(tag.get("class") or []), str(tag.get("itemprop") or "")])))


def _paragraphs(soup: bs4.BeautifulSoup) -> list[str]:
    """Main text. A site's own article body is believed; else trafilatura finds it."""
    for node in soup.find_all(_is_body):
        found = [text for p in node.find_all("p") if not p.find("p") for text in _split(p)]
        if sum(map(len, found)) > 200:
            return found
    text = trafilatura.extract(str(soup), favor_precision=True, include_comments=False, include_tables=False) or ""
    return [_clean(line) for line in text.split("\n") if line.strip()]


def _split(paragraph: bs4.Tag) -> list[str]:
    for line_break in paragraph.find_all("br"):
        line_break.replace_with(_BREAK)
    return [text for part in paragraph.get_text().split(_BREAK) if (text := _clean(part))]


def _first_time(read_time: Callable[[str], dt.datetime | None], *places: tuple[str, object]) -> tuple[dt.datetime | None, str]:
    for basis, text in places:
        if isinstance(text, str) and (moment := read_time(text)):
            return moment, basis
    return None, "none"


def _meta(soup: bs4.BeautifulSoup, *names: str) -> str | None:
    for name in names:
        for key in ("property", "name", "itemprop"):
            tag = soup.find("meta", attrs={key: name})
            if isinstance(tag, bs4.Tag) and tag.get("content"):
                return str(tag["content"])
    return None


def _time_tag(soup: bs4.BeautifulSoup) -> str | None:
    tag = soup.find("time", datetime=True)
    return str(tag["datetime"]) if isinstance(tag, bs4.Tag) else None


def _heading(soup: bs4.BeautifulSoup) -> str | None:
    tag = soup.find("h1")
    return tag.get_text(" ") if isinstance(tag, bs4.Tag) else None


def _author(data: dict[str, Any]) -> str | None:
    author = data.get("author")
    author = author[0] if isinstance(author, list) and author else author
    name = author.get("name") if isinstance(author, dict) else author
    return _clean(name) if isinstance(name, str) and name.strip() else None


def _clean(text: str) -> str:
    return _SPACE.sub(" ", ftfy.fix_text(text, uncurl_quotes=False)).strip()
