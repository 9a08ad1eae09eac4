"""Wire copy → stories, by the rules of the agency.

Works on paragraphs, and on copy that has lost its paragraphs: there a caption is the sentence before
a credit. Whatever is taken out is kept in `Story.removed` with the rule that took it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from pipeline.canonical import count_words
from pipeline.errors import CleanError
from pipeline.model import Dateline, Removed, Signal, Story
from pipeline.wires import Wire, find_wire
from pipeline.wires.datelines import parse_dateline

FEWEST_WORDS = 12
"""Shorter copy than this is no story; a one-line flash has about 15 words."""

_SENTENCE_END = re.compile(r"""[.!?]["”’')\]]*\s+(?=["“‘'(\[]?[A-Z0-9])""")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Gov|Sen|Rep|Rev|St|Jr|Sr|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$")
_SEPARATOR = re.compile(r"^\s*(?:-{5,}|—{2,}|(?:—\s?-?\s?){2,}|={5,}|\*{3,})\s*$")
_CAPTION_WORDS = re.compile(
    r"\b(?:19|20)\d\d\b|\((?:L|R|C|far L|far R|left|right|center|front|back|second from)\b|\b(?:pose[sd]?|photos?|pictured?|shakes? hands|is seen|are seen|shows)\b"
)
_CUT_OFF = re.compile(r"(?:\.{3}|…|[\w,;:–—-])\s*$")
"""How a text ends that breaks off; whole ones end with a stop."""
_TAKE = re.compile(r"\s*-\d+-\s*$")


@dataclass(frozen=True)
class RawCopy:
    """What a page or file holds, before the agency's rules."""

    headline: str = ""
    byline: str | None = None
    standfirst: str | None = None
    section: str | None = None
    published_at: dt.datetime | None = None
    date_basis: str = "none"
    modified_at: dt.datetime | None = None
    language: str = "en"
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    """What was taken out of the page before."""

    @property
    def length(self) -> int:
        """Characters of its paragraphs."""
        return sum(map(len, self.paragraphs))

    def over(self, below: RawCopy) -> RawCopy:
        """This copy, with the headline and byline of `below` where it has none."""
        return dataclasses.replace(self, headline=self.headline or below.headline, byline=self.byline or below.byline)

    def with_time(self, moment: dt.datetime, basis: str) -> RawCopy:
        """This copy with a published time, and where it was read."""
        return dataclasses.replace(self, published_at=moment, date_basis=basis)


def make_stories(raw: RawCopy, wire_slug: str, outlet: str, url: str | None) -> list[Story]:
    """The story, or each story of a digest. Raises CleanError where no story is left."""
    wire = find_wire(wire_slug)
    if any(rule.pattern.search(p) for rule in wire.of("digest") for p in raw.paragraphs[:3]):
        parts = list(_digest_parts(raw, wire))
        if not parts:
            raise CleanError("empty_digest", f"the digest {raw.headline!r} holds no story")
        return [_make_story(part, wire, wire_slug, outlet, url) for part in parts]
    return [_make_story(raw, wire, wire_slug, outlet, url)]


def _digest_parts(raw: RawCopy, wire: Wire) -> list[RawCopy]:
    """Items of a digest: parted by lines of hyphens, each a headline and its paragraphs."""
    blocks: list[list[str]] = [[]]
    for paragraph in raw.paragraphs:
        for piece in re.split(r"(?:^|\s)-{5,}(?:\s|$)", paragraph):
            if blocks[-1] and (_SEPARATOR.match(paragraph) or piece is not paragraph):
                blocks.append([])
            if piece.strip() and not _SEPARATOR.match(piece):
                blocks[-1].append(piece.strip())
    parts = []
    for block in blocks:
        block = [p for p in block if not any(rule.pattern.search(p) for rule in wire.of("digest"))]
        if len(block) >= 2 and count_words(" ".join(block)) >= FEWEST_WORDS:
            parts.append(dataclasses.replace(raw, headline=block[0], paragraphs=tuple(block[1:]), captions=(), related=(), removed=(), standfirst=None))
    return parts


def _make_story(raw: RawCopy, wire: Wire, wire_slug: str, outlet: str, url: str | None) -> Story:
    removed = list(raw.removed)
    captions, related, byline = list(raw.captions), list(raw.related), raw.byline
    headline, genre, attribution, signal = _strip_headline(raw.headline, wire, removed)
    paragraphs = [p for p in raw.paragraphs if p.strip() != raw.headline.strip()]
    if not paragraphs and raw.paragraphs:
        paragraphs, genre = [raw.headline], genre or "FLASH"  # one line that is its own headline
    if not headline and paragraphs and (parts := _run_together(paragraphs[0])):
        headline, paragraphs[0] = parts

    paragraphs, tail = _cut_end(paragraphs, wire, removed)
    paragraphs, more = _cut_related(paragraphs, wire, removed)
    related += _related_lines([*more, *tail], wire)
    copy = []
    for paragraph in paragraphs:
        if rule := next((r for r in wire.of("drop") if r.pattern.search(paragraph)), None):
            removed.append(Removed(rule.rule_id, paragraph))
            continue
        if rule := next((r for r in wire.of("byline") if r.pattern.fullmatch(paragraph)), None):
            removed.append(Removed(rule.rule_id, paragraph))
            found = rule.pattern.fullmatch(paragraph)
            byline = byline or (found.group(1) if found else None)
            continue
        copy.append(paragraph)
    kept = []
    for number, paragraph in enumerate(copy, 1):
        is_last = number == len(copy) > 1
        paragraph = _cut_signature(paragraph, wire, removed) if is_last else paragraph
        paragraph = _cut_captions(paragraph, len(copy) > 1, wire, captions, removed)
        if paragraph:
            kept.append(paragraph)
    dateline = _cut_lead(kept, wire, raw.published_at, removed)
    body = "\n\n".join(p for p in kept if p)
    if count_words(body) < FEWEST_WORDS or not _is_prose(kept):
        raise CleanError("no_story", f"no story in {url or raw.headline or 'the text'!r}: {count_words(body)} words of running text")
    return Story(
        headline=headline,
        body=body,
        language=raw.language,
        wire=wire_slug,
        outlet=outlet,
        url=url,
        dateline=dateline,
        byline=byline,
        standfirst=raw.standfirst,
        section=raw.section,
        published_at=raw.published_at,
        date_basis=raw.date_basis,
        modified_at=raw.modified_at,
        genre=genre,
        attribution=attribution,
        is_truncated=bool(_CUT_OFF.search(body)),
        signal=signal,
        captions=tuple(dict.fromkeys(_tidy(c) for c in captions)),
        related=tuple(dict.fromkeys(related)),
        removed=tuple(removed),
    )


def _run_together(paragraph: str) -> tuple[str, str] | None:
    """Headline and rest of a line in which headline, dateline and text stand one after another."""
    for match in re.finditer(r"(?<=[a-z0-9] )(?=[A-Z]{3,})", paragraph[:200]):
        if parse_dateline(paragraph[match.start() :], None) is not None and not _SENTENCE_END.search(paragraph[: match.start()]):
            return paragraph[: match.start()].strip(), paragraph[match.start() :]
    return None


def _strip_headline(headline: str, wire: Wire, removed: list[Removed]) -> tuple[str, str | None, str | None, Signal]:
    genre: str | None = None
    attribution: str | None = None
    signal: Signal = "new"
    headline = _TAKE.sub("", _tidy(headline))
    for kind in ("kill", "correction", "update", "genre", "update", "correction"):
        for rule in wire.of(kind):
            match = rule.pattern.match(headline)
            if match and match.end() < len(headline):
                removed.append(Removed(rule.rule_id, match.group(0)))
                headline = headline[match.end() :].strip()
                if kind == "genre":
                    genre = match.group(1)
                elif signal == "new":
                    signal = kind  # type: ignore[assignment]  # the rule kinds are named after the signals
                break
    for rule in wire.of("attribution"):
        if match := rule.pattern.search(headline):
            removed.append(Removed(rule.rule_id, match.group(0)))
            headline, attribution = headline[: match.start()].strip(), match.group(1)
            break
    return headline.removesuffix("+").strip(), genre, attribution, signal


def _cut_end(paragraphs: list[str], wire: Wire, removed: list[Removed]) -> tuple[list[str], list[str]]:
    """Cuts the copy at its end mark. A mark right after a caption's credit in mid-copy ends only the caption."""
    for index, paragraph in enumerate(paragraphs):
        for rule in wire.of("end"):
            match = rule.pattern.search(paragraph)
            if match is None:
                continue
            after = [paragraph[match.end() :].strip(), *paragraphs[index + 1 :]]
            after = [p for p in after if p]
            if len(" ".join(after).split()) > 60 and index <= 1:
                # The end mark of a first paragraph that is a caption: the copy follows.
                before = paragraph[: match.start()].rstrip()
                removed.append(Removed(rule.rule_id, match.group(0)))
                return _cut_end([*paragraphs[:index], before, *after], wire, removed)
            removed.append(Removed(rule.rule_id, match.group(0)))
            return [*paragraphs[:index], *([before] if (before := paragraph[: match.start()].rstrip()) else [])], after
    return paragraphs, []


def _cut_related(paragraphs: list[str], wire: Wire, removed: list[Removed]) -> tuple[list[str], list[str]]:
    for index, paragraph in enumerate(paragraphs):
        for rule in wire.of("related"):
            if index and rule.pattern.search(paragraph):
                removed.append(Removed(rule.rule_id, paragraph))
                return paragraphs[:index], paragraphs[index:]
    return paragraphs, []


def _related_lines(lines: list[str], wire: Wire) -> list[str]:
    found = []
    for line in lines:
        for rule in wire.of("related"):
            line = rule.pattern.sub("", line)
        if line.strip():
            found.append(_tidy(line))
    return found


def _cut_signature(paragraph: str, wire: Wire, removed: list[Removed]) -> str:
    """A credit at the very end signs the copy, unless the words before it are those of a caption."""
    for rule in wire.of("credit"):
        match = rule.pattern.search(paragraph)
        if match and match.end() >= len(paragraph.rstrip()) and not _CAPTION_WORDS.search(paragraph):
            removed.append(Removed(f"{rule.rule_id}/signature", match.group(0)))
            return paragraph[: match.start()].rstrip()
    return paragraph


def _cut_captions(paragraph: str, has_neighbours: bool, wire: Wire, captions: list[str], removed: list[Removed]) -> str:
    """Takes captions out of a paragraph: the whole of a short one that ends in a credit, else the sentence before it."""
    for rule in wire.of("credit"):
        while match := rule.pattern.search(paragraph):
            starts = [0, *_sentence_starts(paragraph[: match.start()].rstrip())]
            is_whole = has_neighbours and len(starts) <= 3 and match.end() >= len(paragraph.rstrip())
            start = 0 if is_whole else starts[-1]
            captions.append(paragraph[start : match.start()].strip())
            removed.append(Removed(rule.rule_id, paragraph[start : match.end()]))
            paragraph = f"{paragraph[:start].rstrip()} {paragraph[match.end() :].lstrip()}".strip()
    return _tidy(paragraph)


def _sentence_starts(text: str) -> list[int]:
    """Where sentences begin in `text`, the first one left out."""
    return [m.end() for m in _SENTENCE_END.finditer(text) if not _ABBREVIATION.search(text[: m.start() + 1])]


def _cut_lead(paragraphs: list[str], wire: Wire, published_at: dt.datetime | None, removed: list[Removed]) -> Dateline | None:
    """Cuts marks and dateline from the first paragraph, in place."""
    dateline = None
    for _ in range(3):
        if not paragraphs:
            return dateline
        first = paragraphs[0]
        if dateline is None and (found := parse_dateline(first, published_at.date() if published_at else None)):
            dateline, length = found
            removed.append(Removed("dateline", first[:length]))
            paragraphs[0] = first[length:]
        elif rule := next((r for r in wire.of("lead") if r.pattern.match(first)), None):
            match = rule.pattern.match(first)
            length = match.end() if match else 0
            removed.append(Removed(rule.rule_id, first[:length]))
            paragraphs[0] = first[length:]
        else:
            break
    return dateline


def _is_prose(paragraphs: list[str]) -> bool:
    """Whether most words stand in paragraphs that end as sentences do; lists and tables do not."""
    words = sum(map(count_words, paragraphs))
    ended = sum(count_words(p) for p in paragraphs if re.search(r"""[.!?…。]["”’')\]]*$""", p))
    return words > 0 and ended / words >= 0.5


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"""([.!?]["”’]?)(?:\s+\.)+(?=\s|$)""", r"\1", text)
