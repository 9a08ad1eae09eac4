"""The coder's vocabulary: every name, title and body that the tables know, found in a sentence word by word.

Looking words up in a dictionary by their first word costs the same whether the tables hold a hundred names
or a hundred thousand, which a regular expression over them does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pipeline.coder.actors import known_actors
from pipeline.coder.gazetteer import gazetteer
from pipeline.coder.tables import read_table

Kind = Literal["country", "demonym", "seat", "organisation", "title", "body", "thing", "region", "person"]

_WORD = re.compile(r"[^\W_]+(?:[’'.][^\W_]+)*")
_POSSESSIVE = ("'s", "’s")


@dataclass(frozen=True)
class Word:
    """A word of a sentence. `key` is what is looked up: without dots or a possessive's `'s`; `end` leaves that out too."""

    start: int
    end: int
    key: str
    is_possessive: bool
    gap: str
    """What stands between the word before and this one."""

    @property
    def is_capital(self) -> bool:
        """Whether it begins like a name."""
        return self.key[:1].isupper()


@dataclass(frozen=True)
class Entry:
    """What a name means: for countries, demonyms, seats and regions the ISO 3166-1 alpha-3 code is `value`.

    `country` of a title holds the few countries that have it, the best known first: a `Secretary of State` is American.
    """

    kind: Kind
    value: str
    sector: str = ""
    country: str = ""


@dataclass
class Lexicon:
    """Names by their first word, the longest first."""

    names: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict)
    is_folded: bool = False

    def add(self, name: str, entry: Entry) -> None:
        """Adds a name; of two entries for one name the first stays."""
        words = words_of(name)
        keys = tuple(self.spelled(w, is_last=w is words[-1]) for w in words)
        if not keys:
            return
        listed = self.names.setdefault(keys[0], [])
        if all(rest != keys[1:] for rest, _ in listed):
            listed.append((keys[1:], entry))
            listed.sort(key=lambda item: -len(item[0]))

    def spelled(self, word: Word, is_last: bool) -> str:
        """A word's key within a name, where a possessive in the middle is the name's own: `People's Republic`."""
        return self.fold(word.key) + ("'s" if word.is_possessive and not is_last else "")

    def fold(self, key: str) -> str:
        """A key as this lexicon holds it."""
        return key.casefold() if self.is_folded else key

    def find(self, words: Sequence[Word], at: int) -> tuple[Entry, int] | None:
        """The longest name that begins at word `at`, and the number of its words."""
        alone, within = self.spelled(words[at], True), self.spelled(words[at], False)
        for first in (within,) if alone == within else (within, alone):
            for rest, entry in self.names.get(first, ()):
                end = at + 1 + len(rest)
                if end > len(words) or (rest and first != within):
                    continue
                if all(self.spelled(words[at + 1 + n], n == len(rest) - 1) == key for n, key in enumerate(rest)):
                    return entry, 1 + len(rest)
        return None


def words_of(text: str) -> list[Word]:
    """Words of a text, hyphens parting them: `U.S.-led` is `US`, `led`."""
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        raw = match.group(0)
        bare = raw[:-2] if raw.endswith(_POSSESSIVE) else raw
        start, after = match.start(), match.end()
        length = len(bare)
        if "." in raw and bare == raw and text[after : after + 1] == ".":
            length, after = length + 1, after + 1  # the last dot of "U.S." is the word's
        words.append(Word(start, start + length, bare.replace(".", "").replace("’", "'"), bare != raw, text[end:start]))
        end = after
    return words


@cache
def names() -> Lexicon:
    """Proper names, in the case in which they are written."""
    lexicon = Lexicon()
    for alias in known_actors():
        lexicon.add(alias, Entry("person", alias))
    for row in read_table("things"):
        lexicon.add(row["name"], Entry("thing", row["name"]))
    for row in read_table("organisations"):
        for alias in row["aliases"].split("|"):
            lexicon.add(alias, Entry("organisation", row["name"], row["sector"], row["country"]))
    for row in read_table("countries"):
        columns: tuple[tuple[str, Kind], ...] = (("names", "country"), ("demonyms", "demonym"), ("seats", "seat"))
        for column, kind in columns:
            for name in filter(None, row[column].split("|")):
                lexicon.add(name, Entry(kind, row["country"]))
                if kind == "demonym" and not re.search(r"(?:ese|ish|(?<!Cze)ch|[szx])$", name):
                    lexicon.add(name + "s", Entry(kind, row["country"]))
    for row in read_table("regions"):
        lexicon.add(row["region"], Entry("region", row["country"]))
    for name, place in gazetteer().items():
        lexicon.add(name, Entry("region", place.country))
    return lexicon


@cache
def roles() -> Lexicon:
    """Titles and bodies, in any case: `value` of a title is its role, of a body its name."""
    lexicon = Lexicon(is_folded=True)
    for row in read_table("roles"):
        for title in _plurals(row["title"]):
            lexicon.add(title, Entry("title", row["role"], row["sector"], row["countries"]))
    for row in read_table("bodies"):
        lexicon.add(row["body"], Entry("body", row["body"], row["sector"]))
    return lexicon


def _plurals(title: str) -> Iterator[str]:
    yield title
    if not title.endswith((".", "s")):
        yield title + "s"
