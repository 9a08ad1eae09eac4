"""Reads the coder's tables. Every table is a TSV in data/, with a header."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pycountry

from pipeline.errors import DataFileError

DATA = Path(__file__).parent / "data"


OF_ONE_COUNTRY = frozenset("COUP DETENTION ARMED_CLASH PROTEST_RALLY".split())
"""Types whose actor and recipient may be of one country: a coup, an arrest, a civil war, a march."""


@dataclass(frozen=True)
class EventType:
    """One row of event_types.tsv: a type with its mappings; see `ref.event_type` for the meaning of each."""

    event_type: str
    group: str
    meaning: str
    plover_type: str | None
    plover_mode: str | None
    plover_map: str
    cameo_code: str | None
    cameo_map: str
    is_symmetric: bool
    needs_recipient: bool
    quad_plover: int | None
    quad_cameo: int | None
    goldstein: float | None
    plover_score: float | None


@dataclass(frozen=True)
class Pattern:
    """One row of codebook.tsv.

    `head` is the part of speech and lemmas of the word that carries the act; `needs` and `unless` are
    tried on the words from it to the end of its clause; `subject` is tried on the words of a verb's subject
    (for a noun that names no parties: on the preposition and verb above it), which must not match where it
    is barred (`!` in the table). All are tried on small letters, which is twice as fast as to ignore case.

    Parts of speech: v verb, n noun, a adjective, c verb after `could` or `may`, m the modal of what a
    speaker says of another.

    `parties`: both (actors act together), to (a recipient is required), opt (a recipient may be named),
    self (none), host (the recipient is the country of the place), place (the recipient is who is hit, else
    the country where it happens), said (the speaker says it of the sentence's subject), clause (the
    recipient is the subject of what is said), from (the actor follows `from` or `by`), got (the recipient
    is the subject, who gets it from the actor), about (the recipient follows `about` or `over`), mediate
    (the recipients are those brought together).
    """

    pattern_id: str
    event_type: str
    pos: str
    lemmas: frozenset[str]
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    subject: re.Pattern[str] | None
    is_subject_barred: bool
    parties: str
    status: str
    example: str
    counterexample: str

    @property
    def is_general(self) -> bool:
        """Whether the row gives way to a row for what is agreed: `agreed to lift sanctions`."""
        return self.pattern_id.endswith("-any")

    @property
    def is_negated(self) -> bool:
        """Whether the row is about what is not done: `would not recognize`; its name says so."""
        return self.pattern_id.startswith("not-")

    @property
    def group(self) -> str:
        """Group of its event type."""
        return event_types()[self.event_type].group if self.event_type in event_types() else "meet"


@dataclass(frozen=True)
class ObjectRule:
    """What an act is about: the first rule that speaks of the clause, in small letters, gives key and contexts."""

    object_key: str
    words: tuple[str, ...]
    """Any of them, as they stand, within other words too. Looking for them takes less than a pattern of them."""
    pattern: re.Pattern[str] | None
    """What words alone cannot say."""
    contexts: tuple[str, ...]

    def is_in(self, clause: str) -> bool:
        """Whether the clause holds one of the words, or the pattern."""
        for word in self.words:
            if word in clause:
                return True
        return self.pattern is not None and self.pattern.search(clause) is not None


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a table as dictionaries; empty cells are empty strings."""
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [{k: v or "" for k, v in row.items()} for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read_rows(path: Path, needed: Collection[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a user's TSV, each with its line's number; empty cells are empty strings. Raises DataFileError where a needed column is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := set(needed) - set(reader.fieldnames or ()):
            raise DataFileError(f"{path}: the header lacks {', '.join(sorted(missing))}")
        for row in reader:
            yield reader.line_num, {k: v or "" for k, v in row.items() if k is not None}


@cache
def event_types() -> dict[str, EventType]:
    """The event types by name."""
    return {
        row["event_type"]: EventType(
            event_type=row["event_type"],
            group=row["group"],
            meaning=row["meaning"],
            plover_type=row["plover_type"] or None,
            plover_mode=row["plover_mode"] or None,
            plover_map=row["plover_map"],
            cameo_code=row["cameo_code"] or None,
            cameo_map=row["cameo_map"],
            is_symmetric=row["is_symmetric"] == "1",
            needs_recipient=row["needs_recipient"] == "1",
            quad_plover=int(row["quad_plover"]) if row["quad_plover"] else None,
            quad_cameo=int(row["quad_cameo"]) if row["quad_cameo"] else None,
            goldstein=float(row["goldstein"]) if row["goldstein"] else None,
            plover_score=float(row["plover_score"]) if row["plover_score"] else None,
        )
        for row in read_table("event_types")
    }


@cache
def patterns() -> tuple[Pattern, ...]:
    """The codebook, in order: earlier rows win over later ones of the same type."""
    return tuple(
        Pattern(
            pattern_id=row["pattern_id"],
            event_type=row["event_type"],
            pos=row["head"].partition(":")[0],
            lemmas=frozenset(row["head"].partition(":")[2].split("|")),
            needs=_at_word(row["needs"]),
            unless=_at_word(row["unless"]),
            subject=_at_word(row["subject"].removeprefix("!")),
            is_subject_barred=row["subject"].startswith("!"),
            parties=row["parties"],
            status=row["status"],
            example=row["example"],
            counterexample=row["counterexample"],
        )
        for row in read_table("codebook")
    )


def _at_word(pattern: str) -> re.Pattern[str] | None:
    """A pattern that begins where a word begins; None for an empty cell."""
    return re.compile(rf"(?<!\w)(?:{pattern})") if pattern else None


@cache
def objects() -> tuple[ObjectRule, ...]:
    """The object rules, in order."""
    return tuple(
        ObjectRule(
            r["object_key"], tuple(filter(None, r["words"].split("|"))), re.compile(r["pattern"]) if r["pattern"] else None, tuple(r["contexts"].split("|"))
        )
        for r in read_table("objects")
    )


@cache
def countries() -> dict[str, tuple[str, str | None]]:
    """ISO 3166-1 alpha-3 → English short name and alpha-2; with Kosovo's user-assigned XKX."""
    names = {c.alpha_3: (str(getattr(c, "common_name", c.name)), str(c.alpha_2)) for c in pycountry.countries}
    short = {row["country"]: row["names"].split("|")[0] for row in read_table("countries")}
    found: dict[str, tuple[str, str | None]] = {code: (short.get(code, name), two) for code, (name, two) in names.items()}
    found["XKX"] = ("Kosovo", "XK")
    return found


@cache
def island_states() -> frozenset[str]:
    """Countries and territories that are called `the island` or `the islands`."""
    return frozenset(row["country"] for row in read_table("countries") if row["is_island"])


@cache
def monarchies() -> frozenset[str]:
    """Countries that have a monarch at their head, and so no president of their own."""
    return frozenset(row["country"] for row in read_table("countries") if row["is_monarchy"])


@cache
def without_premier() -> frozenset[str]:
    """Countries whose government a president leads, with no prime minister (2025)."""
    return frozenset(row["country"] for row in read_table("countries") if row["lacks_premier"])


@cache
def place_countries() -> dict[str, str]:
    """Names of places (countries, seats of government, cities, regions), casefolded → country."""
    found = {row["city"].casefold(): row["country"] for row in read_table("cities")}
    for row in read_table("countries"):
        for name in [*row["names"].split("|"), *row["seats"].split("|")]:
            if name:
                found.setdefault(name.casefold(), row["country"])
    for row in read_table("regions"):
        found.setdefault(row["region"].casefold(), row["country"])
    return found


@cache
def tables_hash() -> str:
    """Hash of every table, for the coder version."""
    digest = hashlib.sha256()
    for path in sorted(DATA.glob("*.tsv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
