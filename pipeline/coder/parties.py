"""Who: countries, bodies and people in a sentence, and the words that stand for them.

A story is read in order: "Japanese Prime Minister Fumio Kishida" defines Kishida for the rest of it,
"A and his Vietnamese counterpart B" defines "the two leaders" until another pair comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from pipeline.coder.tables import countries, read_table
from pipeline.model import Party

Kind = Literal["person", "country", "body", "seat", "adjective", "group", "pronoun", "we"]

_NOT_NAMES = r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
_WORD = rf"{_NOT_NAMES}[A-ZÀ-Þ][A-Za-zÀ-ÿ’'-]*[A-Za-zà-ÿ]"
_NAME = rf"{_WORD}(?:(?: (?:bin|al|van|von|der|de|da|dos|del|el))? {_WORD}){{0,3}}"
_NAMED = re.compile(_NAME)
_RANK = r"(?:(?:General|Gen\.|Admiral|Adm\.|Marshal|Dr\.|Lt\. Gen\.) )?"
_JOINT = re.compile(r"\s*,?\s*(?:and|with)\s+(?:(?:his|her|its|their|the)\s+)?$")
_COUNTRY_GROUP = r"countries|sides|nations|governments|neighbou?rs|allies|parties|economies"
_PEOPLE_GROUP = r"leaders|ministers|presidents|prime ministers|premiers|foreign ministers|defen[sc]e ministers|diplomats|officials|men|women"
_GROUP = re.compile(
    rf"\b(?:(?:the two|both|the|these two|our)(?P<all> (?:{_COUNTRY_GROUP})\b)|(?:the two|both|the|our)(?P<people> (?:{_PEOPLE_GROUP})\b)"
    rf"|(?:the (?P<bare>two|pair)|(?P<they>they|them|their))\b"
    r"|(?P<text>(?:the|a) joint (?:statement|communique|communiqué|declaration)|the (?:statement|communique|communiqué|declaration))\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:(?P<person>he|she|his|her)|(?P<country>it|its|the country|that country)|(?P<we>we|our|us))\b(?!-)", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """Words that stand for one party or several. Offsets count characters of the text given."""

    start: int
    end: int
    parties: tuple[Party, ...]
    kind: Kind


@dataclass
class Discourse:
    """What the story has said so far. `home` is the country of the dateline or of the agency."""

    home: str | None = None
    people: dict[str, Party] = field(default_factory=dict)
    people_pair: tuple[Party, ...] = ()
    country_pair: tuple[Party, ...] = ()
    last_person: Party | None = None
    last_topic: Party | None = None
    last_role: tuple[str | None, str | None] = (None, None)
    has_joint_text: bool = False
    """Whether a joint statement has been told of: then `the statement` speaks for the pair."""

    def pair_up(self, parties: Iterable[Party]) -> None:
        """Makes these the pair that `the two` and `both countries` mean, if they are of two countries or more."""
        pair = tuple({p.key: p for p in parties}.values())
        if len(pair) < 2:
            return
        if all(p.role for p in pair):
            self.people_pair = pair
        else:
            self.people_pair = ()
        if all(p.country for p in pair):
            self.country_pair = tuple(country_party(p.country, p.country) for p in pair if p.country)


def country_party(code: str, text: str) -> Party:
    """A country as a party: its government, where nothing else is said."""
    return Party(text=text, name=countries().get(code, (code, None))[0], country=code, role=None, sector="GOV")


@cache
def _vocabulary() -> dict[str, dict[str, str]]:
    rows = read_table("countries")
    return {
        "names": {name: row["country"] for row in rows for name in row["names"].split("|") if name},
        "demonyms": {name: row["country"] for row in rows for name in row["demonyms"].split("|") if name},
        "seats": {name: row["country"] for row in rows for name in row["seats"].split("|") if name},
    }


@cache
def _roles() -> dict[str, tuple[str, str]]:
    return {row["title"]: (row["role"], row["sector"]) for row in read_table("roles")}


@cache
def _bodies() -> dict[str, str]:
    return {row["body"]: row["sector"] for row in read_table("bodies")}


@cache
def _organisations() -> dict[str, tuple[str, str]]:
    return {alias: (row["name"], row["sector"]) for row in read_table("organisations") for alias in row["aliases"].split("|")}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(w).replace("'", "['’]") for w in sorted(words, key=len, reverse=True))


@cache
def _regexes() -> dict[str, re.Pattern[str]]:
    words = _vocabulary()
    nation = rf"(?P<nation>{_any_of([*words['demonyms'], *words['names']])})(?:['’]s?)?"
    title = rf"(?P<title>(?i:{_any_of(_roles())}))"
    body = rf"(?P<body>(?i:{_any_of(_bodies())}))"
    once = r"(?<![\w-])"
    adjective = r"(?:(?P<former>(?i:former|ex-|late|outgoing|then)) ?)?(?:(?i:new|visiting|acting|current|newly elected) )?"
    return {
        "waters": re.compile(once + rf"(?:{_any_of(r['name'] for r in read_table('waters'))})(?!\w)"),
        "titled": re.compile(rf"{once}(?:{nation} )?{adjective}{title}(?: and (?i:{_any_of(_roles())}))?,? {_RANK}(?P<name>{_NAME})"),
        "counterpart": re.compile(rf"{once}{nation} counterparts?,? ?{_RANK}(?P<name>{_NAME})?"),
        "after": re.compile(rf"{once}(?P<name>{_NAME}), (?:the )?{nation} {adjective}{title}\b"),
        "nation_title": re.compile(rf"{once}{nation} {adjective}{title}s?\b"),
        "nation_body": re.compile(rf"{once}{nation} (?:[a-z]+ )?{body}(?!\w)"),
        "the_body": re.compile(
            rf"\b(?:the|its) (?P<body>(?i:{_any_of(b for b in _bodies() if b not in ('forces', 'officials', 'troops'))}))(?!\w)", re.IGNORECASE
        ),
        "organisation": re.compile(rf"{once}(?:{_any_of(_organisations())})(?!\w)"),
        "country": re.compile(rf"{once}(?:{_any_of(words['names'])})(?![\w-])"),
        "seat": re.compile(rf"{once}(?:{_any_of(words['seats'])})(?![\w-])"),
        "demonym": re.compile(rf"{once}(?:{_any_of(words['demonyms'])})(?![\w-])"),
    }


class _Reading:
    """One sentence as it is read: what is found, and which characters are taken."""

    def __init__(self, text: str, discourse: Discourse) -> None:
        self.text = text
        self.discourse = discourse
        self.found: list[Mention] = []
        self._blocked = [m.span() for m in _regexes()["waters"].finditer(text)]

    def is_free(self, start: int, end: int) -> bool:
        """Whether no mention, and no name of a sea, stands there."""
        return not any(s < end and start < e for s, e in self._blocked) and not any(m.start < end and start < m.end for m in self.found)

    def add(self, span: tuple[int, int], parties: Iterable[Party], kind: Kind) -> None:
        """Adds a mention where its place is free."""
        people = tuple(parties)
        if people and self.is_free(*span):
            self.found.append(Mention(*span, people, kind))


def find_mentions(text: str, discourse: Discourse) -> list[Mention]:
    """Mentions in one sentence, in order, without overlaps; the discourse is brought up to date."""
    reading = _Reading(text, discourse)
    _find_people(reading)
    _find_bodies(reading)
    words = _vocabulary()
    names: tuple[tuple[str, str, Kind], ...] = (("country", "names", "country"), ("seat", "seats", "seat"), ("demonym", "demonyms", "adjective"))
    for regex, table, kind in names:
        for match in _regexes()[regex].finditer(text):
            key = match.group(0).replace("’", "'")
            reading.add(match.span(), [country_party(words[table][key], match.group(0))], kind)
    _find_standins(reading)
    reading.found.sort(key=lambda m: m.start)
    _update(text, discourse, reading.found)
    return reading.found


def _nation(match: re.Match[str]) -> str | None:
    words = _vocabulary()
    name = (match.groupdict().get("nation") or "").replace("’", "'")
    return words["demonyms"].get(name) or words["names"].get(name)


def _find_people(reading: _Reading) -> None:
    """Adds people: introduced by title, as counterparts, and those known by name or surname."""
    text, discourse = reading.text, reading.discourse
    people: list[tuple[int, int, Party]] = []
    for name in ("titled", "after"):
        for match in _regexes()[name].finditer(text):
            role, sector = _roles()[match["title"].casefold()]
            country = _nation(match)
            known = discourse.people.get(match["name"]) or discourse.people.get(match["name"].split()[-1])
            if match["former"]:
                role, sector = f"former_{role}", "ELI"
            if country is None and sector != "IGO":
                country = known.country if known else discourse.home
            if known and known.name.endswith(match["name"]):
                party = replace(known, text=match.group(0))
            else:
                party = Party(match.group(0), match["name"], country, role, sector)
            if reading.is_free(*match.span()) and not any(s < match.end() and match.start() < e for s, e, _ in people):
                people.append((*match.span(), party))
                _remember(discourse, party)
    for match in _regexes()["counterpart"].finditer(text):
        before = [p for s, _, p in people if s < match.start()]
        same_role = (before[-1].role, before[-1].sector) if before else discourse.last_role
        country = _nation(match)
        name = match["name"] or f"{countries()[country or ''][0]} counterpart"
        party = Party(match.group(0), name, country, *same_role)
        people = [p for p in people if not (p[0] < match.end() and match.start() < p[1])]
        people.append((*match.span(), party))
        if match["name"]:
            _remember(discourse, party)
    for start, end, party in people:
        reading.add((start, end), [party], "person")
    for match in _regexes()["nation_title"].finditer(text):
        role, sector = _roles()[match["title"].casefold()]
        country = _nation(match)
        if country and not match["former"]:
            name = f"{match['title']} of {countries()[country][0]}"
            reading.add(match.span(), [Party(match.group(0), name, country, role, sector)], "person")
    for match in _NAMED.finditer(text):
        for piece in re.finditer(r"\S+", match.group(0)):
            key = re.sub(r"['’]s$", "", piece.group(0))
            known = discourse.people.get(re.sub(r"['’]s$", "", match.group(0))) or discourse.people.get(key)
            if known:
                start = match.start() + piece.start()
                reading.add((start, start + len(key)), [replace(known, text=key)], "person")


def _remember(discourse: Discourse, party: Party) -> None:
    discourse.people[party.name] = party
    words = party.name.split()
    for key in (words[-1], words[0]):
        if len(key) > 1 and key not in _vocabulary()["names"]:
            discourse.people.setdefault(key, party)
    discourse.people[words[-1]] = party


def _find_bodies(reading: _Reading) -> None:
    """Adds bodies: a nation's own, international ones, and `the ministry` of whoever is spoken of."""
    text, discourse = reading.text, reading.discourse
    for match in _regexes()["nation_body"].finditer(text):
        country = _nation(match)
        body = match["body"].casefold()
        name = f"{countries()[country or ''][0]} {body}"
        reading.add(match.span(), [Party(match.group(0), name, country, None, _bodies()[body])], "body")
    for match in _regexes()["organisation"].finditer(text):
        name, sector = _organisations()[match.group(0).replace("’", "'")]
        reading.add(match.span(), [Party(match.group(0), name, None, None, sector)], "body")
    for match in _regexes()["the_body"].finditer(text):
        body = match["body"].casefold()
        country = discourse.last_person.country if match.group(0).lower().startswith("its") and discourse.last_person else discourse.home
        if country:
            reading.add(match.span(), [Party(match.group(0), f"{countries()[country][0]} {body}", country, None, _bodies()[body])], "body")


def _find_standins(reading: _Reading) -> None:
    """Adds `the two leaders`, `they`, `he`, `it`, from what this sentence and the story say before them."""
    text, discourse, found = reading.text, reading.discourse, reading.found
    pair_here, position = _pair_in(text, found)
    for match in _GROUP.finditer(text):
        if match["text"]:
            discourse.has_joint_text = discourse.has_joint_text or "joint" in match["text"].lower()
            if not discourse.has_joint_text:
                continue
        if match["all"]:
            parties = (
                discourse.country_pair
                if position is None or position > match.start()
                else tuple(country_party(p.country, match.group(0)) for p in pair_here if p.country)
            )
        else:
            parties = pair_here if position is not None and position < match.start() else discourse.people_pair or discourse.country_pair
        reading.add(match.span(), [replace(p, text=match.group(0)) for p in parties], "group")
    for match in _PRONOUN.finditer(text):
        if match["we"]:
            reading.add(match.span(), [Party(match.group(0), "we", None, None, None)], "we")
        elif match["person"]:
            people = [m.parties[0] for m in found if m.kind == "person" and m.end <= match.start()]
            person = people[0] if people else discourse.last_person
            if person:
                reading.add(match.span(), [replace(person, text=match.group(0))], "pronoun")
        elif discourse.last_topic:
            reading.add(match.span(), [replace(discourse.last_topic, text=match.group(0))], "pronoun")


def _pair_in(text: str, found: list[Mention]) -> tuple[tuple[Party, ...], int | None]:
    """The last joined group of this sentence (`A and his counterpart B`, `A, B and C`), and where it ends."""
    ordered = sorted((m for m in found if m.kind in ("person", "country", "seat", "body")), key=lambda m: m.start)
    group: tuple[Party, ...] = ()
    position = None
    chain: list[Mention] = []
    for mention in ordered:
        between = text[chain[-1].end : mention.start] if chain else ""
        if chain and _JOINT.fullmatch(between):
            parties = {p.key: p for m in (*chain, mention) for p in m.parties}
            if len(parties) > 1 and (len({m.kind for m in (*chain, mention)}) == 1 or all(p.country for p in parties.values())):
                group, position = tuple(parties.values()), mention.end
            chain = [mention]
        elif chain and re.fullmatch(r"\s*,\s*(?:the\s+)?", between):
            chain.append(mention)
        else:
            chain = [mention]
    return group, position


def _update(text: str, discourse: Discourse, found: list[Mention]) -> None:
    pair, _ = _pair_in(text, found)
    discourse.pair_up(pair)
    people = [m.parties[0] for m in found if m.kind == "person"]
    if people:
        discourse.last_person = people[0]
        discourse.last_role = (people[0].role, people[0].sector)
    speakers = {p.key for p in discourse.people_pair or discourse.country_pair}
    topics = [m.parties[0] for m in found if m.kind in ("country", "body", "seat") and m.parties[0].country]
    topics = [t for t in topics if t.key not in speakers] or topics
    if topics:
        discourse.last_topic = topics[-1]
