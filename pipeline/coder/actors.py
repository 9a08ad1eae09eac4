"""Actors with dates: the table of office holders, and files that users bring.

A user's file is a TSV with the columns of offices.tsv and `sector` (see docs/coder.md), or a dictionary in
PETRARCH's format: phrases with underscores, `+` synonyms, codes in brackets with optional dates, e.g.

    ASHER_TORRES_ ; president
    +TORRES_
        [BRAGOV >20200101]
        [BRAELI <20200101]
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.coder.tables import countries, read_rows, read_table
from pipeline.errors import DataFileError
from pipeline.model import Party
from pipeline.settings import load_settings

_COLUMNS = ("holder", "aliases", "of", "role", "from_on", "until_on")
_CODE = re.compile(r"\[(?P<code>[A-Z*~-]+)(?:\s+(?P<dates>[<>]?\d{6,8}(?:-\d{6,8})?))?\]")
_PERSONAL = frozenset("GOV ELI MIL OPP LEG JUD SPY COP REB BUS MED CVL EDU LAB REF NGO IGO PTY CRM UAF IMG MNC NON".split())


@dataclass(frozen=True)
class Actor:
    """Who somebody is, from one day to another; both ends may be open. `of` is a country (alpha-3) or a body's name."""

    name: str
    of: str
    role: str | None
    sector: str
    from_on: dt.date | None
    until_on: dt.date | None

    def party(self, text: str, on: dt.date) -> Party | None:
        """The actor as a party on a day; who has left office is `former_…`, who is not yet in it is nobody."""
        if self.from_on and on < self.from_on:
            return None
        has_left = self.until_on is not None and on >= self.until_on
        country = self.of if self.of in countries() else None
        role = f"former_{self.role}" if has_left and self.role else self.role
        if country is None and self.of:
            return Party(text, self.of, None, role, self.sector)
        return Party(text, self.name, country, role, "ELI" if has_left else self.sector)


@cache
def known_actors() -> dict[str, tuple[Actor, ...]]:
    """Actors by each of their names, users' own first. Raises DataFileError, naming file and line, for a file that cannot be read."""
    found: dict[str, tuple[Actor, ...]] = {}
    for path in load_settings().actor_files:
        for alias, actor in _petrarch(path) if path.suffix != ".tsv" else _table(path):
            found[alias] = (*found.get(alias, ()), actor)
    own = frozenset(found)
    for row in read_table("offices"):
        for alias in {row["holder"], *row["aliases"].split("|")} - own:
            found[alias] = (*found.get(alias, ()), _actor(row))
    return found


def find_actor(alias: str, text: str, on: dt.date) -> Party | None:
    """Whom a name means on a day: who then holds an office, else who held it last; None where nobody yet does."""
    held = [a for a in known_actors().get(alias, ()) if a.from_on is None or a.from_on <= on]
    current = [a for a in held if a.until_on is None or on < a.until_on]
    chosen = current[-1] if current else max(held, key=lambda a: a.until_on or dt.date.max, default=None)
    return chosen.party(text, on) if chosen else None


def actor_files_text() -> list[str]:
    """The users' files as they are, for the coder version."""
    return [path.read_text("utf-8") for path in load_settings().actor_files]


def _actor(row: dict[str, str]) -> Actor:
    sector = row.get("sector") or ("GOV" if row["of"] in countries() else "IGO")
    return Actor(row["holder"], row["of"], row["role"] or None, sector, _day(row["from_on"]), _day(row["until_on"]))


def _table(path: Path) -> Iterator[tuple[str, Actor]]:
    for line, row in read_rows(path, _COLUMNS):
        try:
            actor = _actor(row)
        except ValueError as error:
            raise DataFileError(f"{path}:{line}: {error}") from error
        if not actor.name:
            raise DataFileError(f"{path}:{line}: no holder")
        for alias in {actor.name, *filter(None, row["aliases"].split("|"))}:
            yield alias, actor


def _petrarch(path: Path) -> Iterator[tuple[str, Actor]]:
    aliases: list[str] = []
    has_codes = False
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        text = re.sub(r"\s*[;#].*", "", line)
        if not text.strip():
            continue
        phrase = _CODE.sub("", text).strip()
        if phrase:
            if not phrase.startswith("+") or has_codes:
                aliases, has_codes = [], False
            aliases.append(_name(phrase.lstrip("+")))
        for match in _CODE.finditer(text):
            has_codes = True
            if not aliases:
                raise DataFileError(f"{path}:{number}: a code before any name: {text.strip()}")
            try:
                first, last = _dates(match["dates"])
            except ValueError as error:
                raise DataFileError(f"{path}:{number}: {error}") from error
            code = match["code"].strip("~*-")
            country = code[:3] if code[:3] in countries() else ""
            rest = code[3:] if country else code
            sector = next((rest[n : n + 3] for n in range(0, len(rest), 3) if rest[n : n + 3] in _PERSONAL), "GOV" if country else "IGO")
            for alias in aliases:
                yield alias, Actor(aliases[0], country, None, sector, first, last)


def _name(phrase: str) -> str:
    """`HAMID_KARZAI_` → `Hamid Karzai`; short words all in capitals stay so: `UN`, `EU`."""
    words = phrase.strip("_ ").replace("_", " ").split()
    return " ".join(w if len(w) <= 3 and w.isupper() and len(words) == 1 else w.capitalize() for w in words)


def _dates(text: str | None) -> tuple[dt.date | None, dt.date | None]:
    if not text:
        return None, None
    if text[0] == "<":
        return None, _short_day(text[1:])
    if text[0] == ">":
        return _short_day(text[1:]), None
    first, _, last = text.partition("-")
    return _short_day(first), _short_day(last) if last else None


def _short_day(digits: str) -> dt.date:
    """`yymmdd` or `yyyymmdd`; two-digit years from 50 on are of the last century, as in the dictionaries."""
    if len(digits) == 6:
        digits = ("19" if int(digits[:2]) >= 50 else "20") + digits
    return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
