"""The main text of a page: what trafilatura finds, less what is no copy, with what it missed.

Measured on Zyte's article-extraction benchmark (`communique evaluate clean`), trafilatura alone errs in four ways
that a reader of news notices, and each is mended here: it repeats the headline and the standfirst, keeps
pointers to other stories and invitations to subscribe, leaves out quoted posts, and where a site cuts its article
into several blocks it may keep one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement

from pipeline.model import Removed
from pipeline.wires import find_wire

_BODY = re.compile(
    r"(?:article|story|post|entry|news|snippet|body)[-_]{0,2}(?:body|content|text|article)|(?:content|body)[-_]{0,2}(?:body|text|inner)|articleBody",
    re.IGNORECASE,
)
"""Marks of the element that holds an article's own text."""
_ASIDE = re.compile(
    r"(?:^|[-_ ])(?:related|recirc|recommend\w*|promo\w*|newsletter\w*|sign-?up|subscri\w*|shar(?:e|ing)|social|comments?|disqus|sidebar|breadcrumbs?|author-?bio"
    r"|about-?author|bio|tags?|taglist|topics|advert\w*|ads?|sponsor\w*|outbrain|taboola|more-?(?:stories|on|from)|read-?(?:more|next)|popular|trending|footer"
    r"|nav\w*|menu|byline|caption\w*|credit\w*|gallery\w*|slideshow|modal|popup|cookie\w*|paywall|print-?only|hidden|hide|screen-?reader\w*"
    r"|visually-?hidden|sr-only)(?:$|[-_ ])",
    re.IGNORECASE,
)
"""Marks of what stands beside it."""
_ASIDE_TAGS = frozenset("aside footer nav figure figcaption header form".split())
_SILENT = frozenset("script style noscript template svg iframe select textarea button object embed canvas video audio math head input map".split())
_BLOCKS = frozenset(
    "p div section article main header footer aside nav ul ol li dl dt dd table tbody thead tr td th h1 h2 h3 h4 h5 h6 blockquote pre figure figcaption "
    "form fieldset address hr br center body details summary".split()
)
_WORD = re.compile(r"\w+")
_RUN = 4
FEWEST_WORDS = 8
"""Shorter paragraphs are taken for labels where only the page's marks speak for them."""
MISSED = 0.3
"""Share of the found text from which what the site's own article holds beside it is taken for missed, not for left out."""
TAIL = 0.6
"""Where the part of a text begins in which contacts and invitations stand."""
LONGEST_POINTER = 60
LONGEST_CONTACT = 400


@dataclass(frozen=True)
class Block:
    """A run of text that no other block breaks, its element, and the share of its characters that are links."""

    text: str
    node: HtmlElement
    link_share: float


def main_text(tree: HtmlElement, headlines: Sequence[str], standfirsts: Sequence[str]) -> tuple[list[str], list[Removed]]:
    """Paragraphs of a page's article in order, and lines that looked like it and are not, each with the rule that says so.

    `headlines` and `standfirsts` are what the page calls itself elsewhere.
    """
    blocks = list(find_blocks(tree))
    found = trafilatura.extract(tree, favor_precision=True, include_comments=False, include_tables=True) or ""
    places: dict[str, int] = {}
    for index, each in enumerate(blocks):
        places.setdefault(folded(each.text), index)
    lines = _with_missed([line.strip() for line in found.split("\n") if line.strip()], blocks, places)
    titles, leads = {folded(h) for h in headlines} - {""}, {folded(s) for s in standfirsts} - {""}
    keys = [folded(line) for line in lines]
    is_link = [words in places and blocks[places[words]].link_share > 0.85 and " " in words for words in keys]
    kept: list[str] = []
    removed: list[Removed] = []
    for number, (line, words) in enumerate(zip(lines, keys, strict=True)):
        block = blocks[places[words]] if words in places else None
        if words in titles:
            rule: str | None = "page/headline"
        elif number < 3 and words in leads and (block is None or block.node.tag != "p"):
            rule = "page/standfirst"
        elif line.startswith("|") and any(other and other in words for other in keys if len(other) > LONGEST_POINTER and other != words):
            rule = "page/layout-table"  # the whole page again, as one cell
        elif is_link[number] and any(is_link[max(0, number - 1) : number] + is_link[number + 1 : number + 2]):
            rule = "page/links"
        else:
            rule = _furniture(line, block.link_share if block else 0.0, number >= TAIL * len(lines))
        if rule:
            removed.append(Removed(rule, line))
        else:
            kept.append(line)
    return kept, removed


def _furniture(line: str, link_share: float, is_tail: bool) -> str | None:
    """The rule by which a line is no part of an article."""
    wire = find_wire("any")
    for rule in wire.of("pointer"):
        if (link_share > 0.2 or len(line) < LONGEST_POINTER) and rule.pattern.search(line):
            return rule.rule_id
    for rule in wire.of("contact"):
        if is_tail and len(line) < LONGEST_CONTACT and rule.pattern.search(line):
            return rule.rule_id
    return next((rule.rule_id for rule in wire.of("furniture") if rule.pattern.search(line)), None)


def find_blocks(tree: HtmlElement) -> Iterator[Block]:
    """The runs of text of a page in order."""
    body = tree.find("body")
    yield from _Walk().blocks(tree if body is None else body)


class _Walk:
    """Gathers text up to the next block's edge."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.linked = 0

    def blocks(self, node: HtmlElement, holder: HtmlElement | None = None, in_link: bool = False) -> Iterator[Block]:
        """Blocks within an element; `holder` is the block element around it."""
        if not isinstance(node.tag, str) or node.tag in _SILENT:
            return
        is_block = node.tag in _BLOCKS
        around = holder if holder is not None else node
        if is_block:
            yield from self._close(around)
        inner = node if is_block and node.tag not in ("br", "hr") else around
        in_link = in_link or node.tag == "a"
        self._add(node.text, in_link)
        for child in node:
            yield from self.blocks(child, inner, in_link)
            self._add(child.tail, in_link)
        if is_block:
            yield from self._close(inner)

    def _add(self, text: str | None, in_link: bool) -> None:
        if text:
            self.pieces.append(text)
            self.linked += len(text.strip()) if in_link else 0

    def _close(self, holder: HtmlElement) -> Iterator[Block]:
        text = " ".join("".join(self.pieces).split())
        if text:
            yield Block(text, holder, self.linked / len(text))
        self.pieces, self.linked = [], 0


def _with_missed(lines: list[str], blocks: Sequence[Block], places: Mapping[str, int]) -> list[str]:
    """The lines, with the paragraphs that the site's own article has beside them, where it has many, and with quoted posts, in page order."""
    is_found = finder(" ".join(lines))
    known = [places[words] for line in lines if len(line) > 40 and (words := folded(line)) in places]
    own = [i for i, b in enumerate(blocks) if _is_paragraph(b) and not is_found(b.text) and _is_articles_own(b.node)]
    added = set(own) if sum(len(blocks[i].text) for i in own) > MISSED * sum(map(len, lines)) else set()
    for index in range(min(known, default=0), max(known, default=-1) + 1):
        block = blocks[index]
        if block.link_share <= 0.9 and _is_quoted(block.node) and not is_found(block.text):
            added.add(index)
    if not added:
        return lines
    ordered: list[tuple[int, str]] = []
    last = -1
    for line in lines:
        last = max(last, places.get(folded(line), last))
        ordered.append((last, line))
    ordered += [(index, blocks[index].text) for index in added]
    return [line for _, line in sorted(ordered, key=lambda item: item[0])]


def finder(text: str) -> Callable[[str], bool]:
    """Tells of a piece of text whether most of its runs of words, or all of a short one, stand in `text`."""
    runs, whole = set(_runs(text)), f" {folded(text)} "

    def is_found(piece: str) -> bool:
        mine = _runs(piece)
        return sum(run in runs for run in mine) > len(mine) / 2 if mine else f" {folded(piece)} " in whole

    return is_found


def _is_paragraph(block: Block) -> bool:
    return block.node.tag == "p" and block.link_share <= 0.5 and len(block.text.split()) >= FEWEST_WORDS


def _is_articles_own(node: HtmlElement) -> bool:
    """Whether the nearest element with a mark says that this is the article."""
    for element in (node, *node.iterancestors()):
        marks = marks_of(element)
        if _BODY.search(marks):
            return True
        if element.tag in _ASIDE_TAGS or _ASIDE.search(marks):
            return False
    return False


def _is_quoted(node: HtmlElement) -> bool:
    """Whether it stands in a quotation, at most three elements deep."""
    return any(element.tag == "blockquote" for element in (node, *itertools.islice(node.iterancestors(), 3)))


def marks_of(element: HtmlElement) -> str:
    """Class, id and item property of an element."""
    return " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))


def folded(text: str) -> str:
    """The words of a text in small letters, for comparison."""
    return " ".join(_WORD.findall(text)).lower()


def _runs(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return [" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]
