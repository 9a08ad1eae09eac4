"""Paragraphs into sentences, and sentences into parses.

A wire sentence is half names: "German Chancellor Angela Merkel phoned Russian President Vladimir Putin". The
parser is a small one, so each name is one word to it ("Merkel phoned Putin"): it errs less and has less to do.
Every token knows which characters of the sentence it stands for.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc

from pipeline.coder.language import load_language
from pipeline.coder.mends import mend
from pipeline.coder.parties import Mention
from pipeline.coder.words import Word, words_of

_END = re.compile(r""";(?=\s+\w)|[.!?]["”’')\]]*(?=\s+["“‘'(\[]{0,2}[A-ZÀ-Þ0-9])|[.!?]["”’')\]]*\s*$""")
_SHORT = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Adm|Sgt|Capt|Sen|Rep|Gov|Prof|St|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Co|Corp|vs|Jr|Sr|Rev|Hon|H\.E)"
    r"|\b(?:[A-Z]\.)+[A-Z]|\b[ap]\.m)\.$"
)
_NAMED = frozenset(("person", "body", "country", "seat"))
_THE_TWO = re.compile(
    r"\b[Tt]he (?:two|pair|three|four)\b(?=,? (?:also |then |later |\w+ly )?[a-z]+(?:ed|d|t|id|ew|ade|old|eld)\b|,? (?:also|had|have|were|will|would|are)\b)"
)
"""`The two agreed`: to the parser a pronoun, which it knows better than a number."""
_AGAIN = re.compile(r"\b[Rr]e-[a-z]{3,}")
"""`re-impose`: to the parser three words, the first of them a verb."""
_FIRED = re.compile(r"\b[Tt]est-(?=(?:fir|launch)(?:e[ds]?|ing)\b)(?P<verb>[a-z]+)")
"""`test-fired`: to the parser a noun and an adjective."""
_SURNAME = "Smith"
"""Every person to the parser, which takes a surname that it does not know for an adjective or a verb."""
_CHUNK = re.compile(r"\S+")
_LINKS = re.compile(r"\s(?:in|of|from|for|linked|loyal|allied|backed)\s")


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it begins in the body."""

    start: int
    text: str


@dataclass(frozen=True)
class Parsed:
    """A parse of a sentence. `starts` and `ends` give the characters of the sentence that each word of `line` stands for."""

    sentence: Sentence
    line: tuple[Word, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def words(self, first: int, last: int) -> str:
        """The sentence's own words from word `first` of the parse to word `last`."""
        return self.sentence.text[self.starts[first] : self.ends[last]]

    def within(self, start: int, end: int) -> list[Word]:
        """Words of the parse that stand for any of these characters of the sentence."""
        return [self.line[i] for i in range(bisect_right(self.ends, start), bisect_left(self.starts, end))]


def split_sentences(body: str) -> Iterator[Sentence]:
    """Sentences of a body, in order; paragraphs are parted by blank lines."""
    offset = 0
    for paragraph in body.split("\n\n"):
        yield from _split(paragraph, offset)
        offset += len(paragraph) + 2


def _split(paragraph: str, offset: int) -> Iterator[Sentence]:
    start = 0
    for match in _END.finditer(paragraph):
        dot = match.start() + 1
        if paragraph[match.start()] == "." and dot < len(paragraph.rstrip()) and match.end() == dot and _SHORT.search(paragraph[max(start, dot - 12) : dot]):
            continue
        sentence = paragraph[start : match.end()]
        lead = len(sentence) - len(sentence.lstrip())
        if sentence.strip():
            yield Sentence(offset + start + lead, sentence.strip())
        start = match.end()
    rest = paragraph[start:]
    if rest.strip():
        yield Sentence(offset + start + len(rest) - len(rest.lstrip()), rest.strip())


def parse_sentences(read: Sequence[tuple[Sentence, Sequence[Mention]]]) -> list[Parsed]:
    """Parses sentences with their mentions, in one batch."""
    nlp = load_language()
    made = [_shorten(sentence, mentions) for sentence, mentions in read]
    lines = [words_of(doc, short.words) for doc, short in zip(nlp.pipe([short.doc for short in made]), made, strict=True)]
    for line in lines:
        mend(line)
    return [Parsed(sentence, line, short.starts, short.ends) for (sentence, _), line, short in zip(read, lines, made, strict=True)]


@dataclass(frozen=True)
class _Short:
    """A sentence in which each named mention is one word, its head. `doc` is what the parser sees of `words`."""

    doc: Doc
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def _shorten(sentence: Sentence, mentions: Sequence[Mention]) -> _Short:
    """The sentence with its names made short."""
    nlp = load_language()
    text = sentence.text
    words: list[str] = []
    seen: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    plainer: dict[tuple[int, int], str] = {}
    if any(word in text for word in ("he two", "he pair", "he three", "he four")):  # few sentences have any, and the patterns are slow
        plainer |= {m.span(): "they" for m in _THE_TWO.finditer(text)}
    if "e-" in text:
        plainer |= {m.span(): m.group().replace("-", "") for m in _AGAIN.finditer(text)}
    people = {(m.start, m.end) for m in mentions if m.kind == "person"}
    if "est-" in text:
        plainer |= {m.span(): m["verb"] for m in _FIRED.finditer(text)}
    named = sorted([*((m.start, m.end) for m in mentions if m.kind in _NAMED), *plainer], reverse=True)
    for first, last in _tokens(text):
        start, end, word, is_surname = first, last, text[first:last], False
        if ends and start < ends[-1]:
            continue  # within a name that is taken whole
        if named and named[-1][0] < end:
            start, end = named.pop()
            while named and named[-1][0] < end:
                named.pop()
            word = plainer.get((start, end)) or _head(text[start:end])
            is_surname = (start, end) in people and word != word.lower()  # al-Burhan too
            end = max(end, last)
        words.append(word)
        seen.append(_SURNAME if is_surname else word)
        starts.append(start)
        ends.append(end)
    spaces = [text[end : end + 1].isspace() for end in ends]
    doc = Doc(nlp.vocab, words=seen or ["."], spaces=spaces or [False], sent_starts=[n == 0 for n in range(max(1, len(seen)))])
    return _Short(doc, tuple(words or ["."]), tuple(starts or [0]), tuple(ends or [len(text)]))


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    """First character of each of the parser's tokens, and the one after it; what is blank is none."""
    for chunk in _CHUNK.finditer(text):
        at = chunk.start()
        for first, last in _pieces(chunk.group()):
            yield at + first, at + last


@lru_cache(50_000)
def _pieces(chunk: str) -> tuple[tuple[int, int], ...]:
    """The tokens of what stands between blanks: no rule of the tokenizer reaches further, and most chunks come again."""
    return tuple((token.idx, token.idx + len(token.text)) for token in load_language().make_doc(chunk) if not token.is_space)


def _head(name: str) -> str:
    """The word of a name that stands for it: the surname, the body, the last of a country's."""
    link = _LINKS.search(name)
    words = (name[: link.start()] if link else name).replace(",", " ").split()
    if len(words) > 1 and words[-1] in ("general", "elect", "designate"):
        words.pop()  # "China's consul general" is a consul; the parser would see an adjective
    return words[-1] if words else name
