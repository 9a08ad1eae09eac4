"""An HTML page → what it holds, before the agency's rules."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import ftfy
from lxml.etree import LxmlError
from lxml.html import HtmlElement
from trafilatura.utils import load_html

from pipeline.clean.body import find_blocks, folded, main_text, marks_of
from pipeline.clean.copy import RawCopy
from pipeline.encoding import decode
from pipeline.errors import CleanError
from pipeline.model import Removed

_SPACE = re.compile(r"\s+")
_RELATED = re.compile(r"(?:^|[-_ ])related(?:[-_ ]|$)|read-?more|more-?stories|recommend", re.IGNORECASE)
_CAPTION = re.compile(r"caption|photo-?credit", re.IGNORECASE)
_BODY = re.compile(r"article-?body|story-?body|entry-content|post-content", re.IGNORECASE)
_POPUP = re.compile(r"rollover|popup|tooltip|related|hover|modal", re.IGNORECASE)
_ARTICLE_TYPES = frozenset({"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting"})

MOST_TAGS = 100_000
"""Tags of a page; the fullest page of the public extraction benchmark has 3,229."""
DEEPEST = 200
"""Nesting of tags; extraction takes time with the square of it, and 20,000 levels took 76 s."""
LONGEST_HIDDEN = 2_000
"""Characters; more than that a site hides only until a script shows it."""


def read_page(page: bytes, content_type: str | None, language: str, read_time: Callable[[str], dt.datetime | None]) -> RawCopy:
    """Headline, times, paragraphs, captions and related coverage of a page.

    `read_time` reads a time as written or gives None. The published time is taken from JSON-LD, then
    meta tags, then <time>. Raises CleanError for bytes that are no page.
    """
    if page.count(b"<") > MOST_TAGS:
        raise CleanError("too_large", f"the page has over {MOST_TAGS:,} tags")
    try:
        tree = load_html(decode(page, content_type).replace("\x00", ""))
        if tree is None:
            raise CleanError("broken_page", "the page cannot be read as HTML")
        _check_depth(tree)
        data = next(_articles(tree), {})
        headings = [_text_of(h) for h in tree.iter("h1")]
        titles = [*headings, *_metas(tree, "og:title"), *(_text_of(t) for t in tree.iter("title")), str(data.get("headline") or "")]
        removed = _cut_hidden(tree)
        captions, related = _take(tree)
        summaries = [*_metas(tree, "og:description"), *_metas(tree, "description"), *(s for s in [data.get("description")] if isinstance(s, str))]
        paragraphs, furniture = main_text(tree, titles, summaries)
    except (RecursionError, LxmlError, ValueError, AssertionError) as error:
        raise CleanError("broken_page", f"the page cannot be read: {type(error).__name__}: {error}"[:300]) from error
    published_at, basis = _first_time(
        read_time,
        ("json-ld", data.get("datePublished")),
        ("meta", _meta(tree, "article:published_time", "datePublished", "pubdate", "date", "dc.date")),
        ("time", next((t.get("datetime") for t in tree.iter("time") if t.get("datetime")), None)),
    )
    modified_at, _ = _first_time(read_time, ("json-ld", data.get("dateModified")), ("meta", _meta(tree, "article:modified_time", "lastmod")))
    stated = tree.get("lang") or ""
    return RawCopy(
        headline=_clean(data.get("headline") or next(filter(None, headings), None) or _meta(tree, "og:title") or ""),
        byline=_author(data) or _meta(tree, "author"),
        standfirst=_standfirst(summaries, paragraphs),
        section=_clean(_section(data) or _meta(tree, "article:section", "section") or "") or None,
        published_at=published_at,
        date_basis=basis,
        modified_at=modified_at,
        language=stated[:2].lower() if re.match(r"[A-Za-z]{2}(?:[-_]|$)", stated) else language,
        paragraphs=tuple(text for p in paragraphs if (text := _clean(p))),
        captions=tuple(captions),
        related=tuple(related),
        removed=(*removed, *furniture),
    )


def page_texts(page: bytes, content_type: str | None) -> list[str]:
    """Every run of text that a page shows, in order; none for bytes that are no page."""
    tree = load_html(decode(page, content_type).replace("\x00", ""))
    return [_clean(block.text) for block in find_blocks(tree)] if tree is not None else []


def _check_depth(tree: HtmlElement) -> None:
    waiting = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        if level > DEEPEST:
            raise CleanError("broken_page", f"tags are nested over {DEEPEST} deep")
        waiting.extend((child, level + 1) for child in node)


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """JSON-LD objects that describe an article, wherever they are nested."""
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            waiting = [json.loads(script.text or "")]
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


def _cut_hidden(tree: HtmlElement) -> list[Removed]:
    """Takes out what the page does not show, and boxes that open within a paragraph."""
    removed = []
    for node in list(tree.iter()):
        if not isinstance(node.tag, str) or node.tag in ("html", "body", "article", "main") or node.getparent() is None:
            continue
        is_hidden = node.get("hidden") is not None or "display:none" in (node.get("style") or "").replace(" ", "")
        is_popup = node.tag in ("span", "div") and _POPUP.search(marks_of(node)) and any(a.tag == "p" for a in node.iterancestors())
        if (is_hidden or is_popup) and len(text := _text_of(node)) < LONGEST_HIDDEN:
            removed.append(Removed("page/hidden", text))
            node.drop_tree()
    return [r for r in removed if r.text]


def _take(tree: HtmlElement) -> tuple[list[str], list[str]]:
    """Takes captions and related coverage out of the page, and gives them."""
    captions: list[str] = []
    related: list[str] = []
    for node in list(tree.iter("figure", "figcaption", "div", "p", "span", "aside", "section", "ul", "nav")):
        if node.getroottree().getroot() is not tree:
            continue  # it went with the element around it
        marks = marks_of(node)
        if node.tag in ("figure", "figcaption") or _CAPTION.search(marks):
            if text := _text_of(node):
                captions.append(text)
            node.drop_tree()
        elif _RELATED.search(marks) and not any(_is_body(child) for child in node.iter()):
            related.extend(_text_of(link) for link in node.iter("a"))
            node.drop_tree()
    return list(dict.fromkeys(captions)), [r for r in dict.fromkeys(related) if r]


def _is_body(node: HtmlElement) -> bool:
    return node.tag == "article" or bool(_BODY.search(f"{node.get('class') or ''} {node.get('itemprop') or ''}"))


def _first_time(read_time: Callable[[str], dt.datetime | None], *places: tuple[str, object]) -> tuple[dt.datetime | None, str]:
    for basis, text in places:
        if isinstance(text, str) and (moment := read_time(text)):
            return moment, basis
    return None, "none"


def _metas(tree: HtmlElement, name: str) -> list[str]:
    """Contents of the meta tags of a name."""
    return [m.get("content") for m in tree.iter("meta") if name in (m.get("property"), m.get("name"), m.get("itemprop")) and m.get("content")]


def _meta(tree: HtmlElement, *names: str) -> str | None:
    return next((content for name in names for content in _metas(tree, name)), None)


def _standfirst(summaries: list[str], paragraphs: list[str]) -> str | None:
    """What the page says of itself in a sentence or two, unless that is only how its text begins."""
    body = folded(" ".join(paragraphs))
    for summary in map(_clean, summaries):
        begin = " ".join(folded(summary).split()[:-1])  # the last word is often cut
        if len(summary) > 20 and not body.startswith(begin):
            return summary
    return None


def _section(data: dict[str, Any]) -> str | None:
    section = data.get("articleSection")
    section = section[0] if isinstance(section, list) and section else section
    return section if isinstance(section, str) else None


def _author(data: dict[str, Any]) -> str | None:
    author = data.get("author")
    author = author[0] if isinstance(author, list) and author else author
    name = author.get("name") if isinstance(author, dict) else author
    return _clean(name) if isinstance(name, str) and name.strip() else None


def _text_of(node: HtmlElement) -> str:
    return _clean(" ".join(node.itertext()))


def _clean(text: str) -> str:
    return _SPACE.sub(" ", ftfy.fix_text(text, uncurl_quotes=False)).strip()
