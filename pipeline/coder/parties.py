"""Who: parties as mentions in a sentence, and what a story has said of them so far.

A story is read in order: "Japanese Prime Minister Fumio Kishida" defines Kishida for the rest of it,
"A and his Vietnamese counterpart B" defines "the two leaders" until another group comes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

from pipeline.coder.tables import countries
from pipeline.model import Party

Kind = Literal["person", "country", "body", "seat", "adjective", "group", "pronoun", "we", "region"]

COURTS = frozenset(("International Court of Justice", "International Criminal Court", "Permanent Court of Arbitration", "European Court of Human Rights"))
"""Courts of many states, by the names that the table of organisations gives them."""
OPENING = re.compile(r"(?:(?:On|In|Last|Later|Earlier|This|Also|Hours|Days|Weeks|Months|Two|Three)\b[^,“”]{0,25},? )?")
"""What may stand before the first word of a sentence that means what the sentence before began with."""


@dataclass(frozen=True)
class Mention:
    """Words that stand for one party or several. Offsets count characters of the text given."""

    start: int
    end: int
    parties: tuple[Party, ...]
    kind: Kind


@dataclass
class Discourse:
    """What the story has said so far. `home` is the country of the dateline or of the agency, `on` the day it was published."""

    home: str | None = None
    on: dt.date = dt.date.max
    people: dict[str, Party] = field(default_factory=dict)
    people_pair: tuple[Party, ...] = ()
    leaders: tuple[Party, ...] = ()
    """The last group of people, whatever countries were joined since: what `the leaders` means."""
    country_pair: tuple[Party, ...] = ()
    trio: tuple[Party, ...] = ()
    """The last three that the story joined: what `the three ministers` means after two of them have met alone."""
    duo: tuple[Party, ...] = ()
    """The last two countries that did something together or to each other: what `both` and `the two sides` mean."""
    last_person: Party | None = None
    last_topic: Party | None = None
    last_body: Party | None = None
    last_court: Party | None = None
    """The court of many states named last, whatever other body was since."""
    last_subject: Party | None = None
    """Country or body that the sentence before began with."""
    last_role: tuple[str | None, str | None] = (None, None)
    has_thing: bool = False
    """Whether the sentence before began with a text or a measure: `it` is that then, and no country."""
    has_joint_text: bool = False
    """Whether a joint statement has been told of: then `the statement` speaks for the pair."""
    has_union: bool = False
    """Whether the European Union has been named, whatever body was since: `Brussels` is that then."""
    has_koreas: bool = False
    awaited: tuple[Party, ...] = ()
    """Those of whom the story said last that they are to meet: what `they` means then, but not `the two leaders`."""
    chorus: Party | None = None
    """The body of many whose people the story spoke of last, in the plural: what `they` means after `the G7 foreign ministers`."""
    council: Party | None = None
    """The same, whoever has spoken since: what `the ministers` means where those who met last are none."""
    bodies: dict[str, Party] = field(default_factory=dict)
    """Bodies and things by their noun, as they were last named with their country: whose `the drone` is."""
    rebels: Party | None = None
    """The armed group named last: what `the rebels` and `the group` mean."""
    spoken_of: Counter[str] = field(default_factory=Counter)
    """How often the story has named each country so far."""
    women: set[str] = field(default_factory=set)
    """Names of those whom the story has called `she`."""
    men: set[str] = field(default_factory=set)
    """Names of those whom it has called `he`."""
    recent: list[Party] = field(default_factory=list)
    """People and countries as they were last named, the latest last."""

    def note(self, parties: Iterable[Party]) -> None:
        """Remembers who was named."""
        for party in parties:
            self.recent = [*(p for p in self.recent if p.key != party.key or bool(p.role) != bool(party.role)), party][-8:]

    def topic_after(self, words: str) -> Party | None:
        """Whose `its` is after these words of its sentence: at its head, of what the sentence before began with; else of the country named last."""
        return (self.last_subject if OPENING.fullmatch(words) else None) or self.last_topic

    def last_two(self, people: bool, but: Collection[str] = ()) -> tuple[Party, ...]:
        """The last two people of two countries, or the last two countries, that are none of `but`; empty where the story has not named two."""
        found: dict[str, Party] = {}
        for party in reversed(self.recent):
            if party.country and party.key not in but and (bool(party.role) or not people):
                found.setdefault(party.key, party)
            if len(found) == 2:
                return tuple(reversed(found.values()))
        return ()

    def set_duo(self, pair: Iterable[Party]) -> None:
        """Makes these two the two sides, if they are two: countries, or a country and an armed group."""
        sides = tuple({p.key: country_party(p.country, p.country) if p.country else p for p in pair if p.country or p.sector == "REB"}.values())
        if len(sides) == 2:
            self.duo = sides

    def pair_up(self, parties: Iterable[Party]) -> None:
        """Makes these the group that `the two` and `both countries` mean, if they are of two countries or more."""
        pair = tuple({p.key: p for p in parties}.values())
        if len(pair) < 2:
            return
        self.chorus, self.awaited = None, ()
        self.people_pair = pair if all(p.role for p in pair) else ()
        self.leaders = self.people_pair or self.leaders
        if len(pair) == 2:
            self.set_duo(pair)
        elif len(pair) == 3:
            self.trio = pair
        self.country_pair = tuple(country_party(p.country, p.country) if p.country else p for p in pair)


def country_party(code: str, text: str) -> Party:
    """A country as a party: its government, where nothing else is said."""
    return Party(text=text, name=countries().get(code, (code, None))[0], country=code, role=None, sector="GOV")
