"""Of which country somebody is whose title is told without one: `Prime Minister Hun Manith`, `its foreign minister`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache

from pipeline.coder.lexicon import Entry
from pipeline.coder.parties import Discourse
from pipeline.coder.reading import Reading
from pipeline.coder.tables import countries, monarchies, read_table, without_premier

_OPENS_CLAUSE = re.compile(r"\b(?:while|after|as|when|before|prompting|leading|forcing|but|because)\s+(?:the\s+)?$")
_VISITING = re.compile(
    r"\b(?:travel|fl[yi]|flew|go(?:es|ing)?|went|arriv|visit|head|came|come)\w* [^,.;]{0,70}\bto (?:meet|see|hold talks|confer|have talks)(?: with)? (?:the )?$"
    r"|\b(?:visit|arriv|travel|fl[yi]|flew|went|stopp)\w* [^.;]{0,70}, where (?:he|she|they) (?:also |later |then )?(?:met|saw|(?:held|had) talks|conferred)(?: with)? (?:the )?$"
)
"""Before a title without a country: its holder is met in the country that the journey went to."""
_VISIT_BY = re.compile(r"\b(?:visit|trip) to [^,.;]{2,40} by (?:the )?$")
"""Before a title without a country: its holder came from another than the one visited."""
_VISIT_OF = re.compile(r"\b(?:state|official|working) visit (?:of|by) (?:the )?$")
"""Before a title without a country: its holder is not of the country of the dateline."""
_OF_MANY_NAMES = frozenset("USA GBR CAN AUS NZL IRL ISR SGP DEU".split())
"""Countries of immigrants, whose ministers may be called in any way."""
_OF_TWO_TONGUES = frozenset(
    "MYS BRN HKG PHL LBN CYP MLT PNG FJI SLB VUT TON WSM JAM TTO BRB GUY BHS BLZ HTI SUR MDV ZAF GHA NGA KEN UGA TZA ZMB ZWE MWI NAM BWA LBR SLE GMB SSD "
    "RWA BDI SEN CIV BFA MLI NER BEN TGO CMR GAB COG COD CAF TCD MDG COM DJI AGO MOZ CPV GNB STP GNQ".split()
)
"""Countries where given names of any tongue are usual."""
_MEETS = re.compile(
    r"\b(?:met|meets|meeting|telephoned|phoned|received|hosted|talks with|spoke (?:to|with)|welcomed|greeted|called on|congratulated|thanked) (?:the )?$"
)


def country_of(reading: Reading, text: str, name: str, title: Entry, known: str | None) -> str | None:
    """Of which country the person of a name and title is that no country stands beside; `known` is that of his namesake in the story.

    By what the story knows, the form of the name, what it told of the office, who may hold such a one there at all, and
    else the country of the dateline; but nobody is called on by his own.
    """
    guest = _guest(reading) if title.value == "ambassador" else _foreign_head(reading, text) or _second_head(reading, text, name, title)
    nation = known or _by_form(reading, name) or _told_country(reading, title) or guest or usual_country(title, reading.discourse)
    return _met_country(reading, text, nation) or nation


def by_journey(reading: Reading, first: int) -> str | None:
    """Of which country a title is that a journey leads to or brings, by the words before it."""
    before = reading.text[: reading.words[first].start]
    if visited := _VISITING.search(before):
        hosts = [m.parties[0].country for m in reading.found if m.kind in ("country", "seat") and m.start >= visited.start()]
        if hosts and hosts[-1]:
            return hosts[-1]  # "will travel to the Solomon Islands to meet with Prime Minister Sogavare"
    home = reading.discourse.home
    if _VISIT_OF.search(before) and home in (earlier := [p.country for m in reading.found for p in m.parties]):
        return next(
            (code for code in reversed(earlier) if code and code != home), None
        )  # "Korea and Kazakhstan signed, during the state visit of President Seo"
    if _VISIT_BY.search(before):
        earlier = [p.country for m in reading.found for p in m.parties if p.country]
        return next((code for code in reversed(earlier) if code != earlier[-1]), None)  # "a pact with Somalia during a visit to Cairo by President Mohamud"
    return None


def owner_of(reading: Reading, first: int) -> str | None:
    """Of which country the title is whose first word follows `its`, `his`, `her` or `their`."""
    discourse, owner = reading.discourse, reading.words[first - 1]
    earlier = [m for m in reading.found if m.end <= reading.words[first].start and m.parties[0].country]
    if owner.key.casefold() == "their" and (armed := [m.parties[0].country for m in earlier if m.kind == "body"]):
        return armed[-1]  # "the fighters committed murder and imposed sanctions on their leader"
    clause = [p.country for m in reading.found for p in m.parties[:1] if p.country and _OPENS_CLAUSE.search(reading.text[: m.start])]
    if clause or earlier:
        return clause[-1] if clause else earlier[0].parties[0].country
    topic = discourse.topic_after(reading.text[: owner.start]) if owner.key.casefold() == "its" else None
    return (topic.country if topic else None) or (discourse.last_person.country if discourse.last_person else None)


@cache
def _name_forms() -> tuple[tuple[re.Pattern[str], bool, frozenset[str]], ...]:
    """Forms of names, whether they are of the given name, and whose they are."""
    return tuple((re.compile(row["form"]), row["by"] == "given", frozenset(row["countries"].split())) for row in read_table("name_forms"))


@cache
def _told_by_form() -> frozenset[str]:
    """Countries whose people's names the table of forms knows."""
    return frozenset(code for *_, codes in _name_forms() for code in codes)


def _by_form(reading: Reading, name: str) -> str | None:
    """Whose `Deputy Prime Minister Wladyslaw Nowak` is in a story from Seoul: of the country named last whose people are called so, where the dateline's are not."""
    home = reading.discourse.home
    if home not in _told_by_form() - _OF_MANY_NAMES:
        return None
    found = [(is_given, codes) for form, is_given, codes in _name_forms() if form.search(name)]
    if any(home in codes for _, codes in found):
        return None
    fitting = frozenset(code for is_given, codes in found if not (is_given and home in _OF_TWO_TONGUES) for code in codes)
    likeliest = [code for code, _ in reading.discourse.spoken_of.most_common() if code in fitting]
    return _last_named(reading, _every_country() - fitting) or (likeliest[0] if likeliest else None)


def _met_country(reading: Reading, text: str, nation: str | None) -> str | None:
    """Whose `Prime Minister Hun Manith` is whom somebody of `nation` meets: not of that one, but of the country named last."""
    start = reading.text.rfind(text)
    before = [m for m in reading.found if m.end <= start and m.kind in ("person", "country", "seat")]
    if nation is None or start < 0 or not before or before[0].parties[0].country != nation or not _MEETS.search(reading.text[:start]):
        return None
    return _last_named(reading, {nation})


@cache
def _every_country() -> frozenset[str]:
    return frozenset(countries())


def _guest(reading: Reading) -> str | None:
    """Whose `Ambassador Oleg Ozerov` is: not of the country that a story is written in, but of the one of which it speaks most, and of those the one named last."""
    spoken_of = reading.discourse.spoken_of + Counter(p.country for m in reading.found for p in m.parties)
    others = [(n, code) for code, n in spoken_of.items() if code and code != reading.discourse.home]
    most = [code for n, code in others if n == max(others)[0]]
    return most[0] if len(most) == 1 else _last_named(reading, {reading.discourse.home})


def _last_named(reading: Reading, barred: Collection[str | None]) -> str | None:
    """The country named last, in this sentence or before, that is none of those barred."""
    named = [*reading.discourse.recent, *(p for m in reading.found if m.kind != "adjective" for p in m.parties)]
    return next((p.country for p in reversed(named) if p.country and p.country not in barred), None)


def _foreign_head(reading: Reading, text: str) -> str | None:
    """Whose `President Javier Milei` is in a story of a kingdom, and whose `Prime Minister` where there is none: of the country named last that has one."""
    opening = text.casefold()
    lacking = monarchies() if opening.startswith("president ") else without_premier() if opening.startswith(("prime minister ", "premier ")) else frozenset()
    if reading.discourse.home not in lacking:
        return None
    likeliest = _last_named(reading, lacking)
    is_of_pair = any(p.country == likeliest for p in reading.discourse.country_pair)  # of which of the two, nobody says
    return None if is_of_pair else likeliest


def _second_head(reading: Reading, text: str, name: str, title: Entry) -> str | None:
    """Whose `President Santiago Pena` is in a story that has named the dateline's own president: of the country named last of which it has named none."""
    if title.value not in ("head_of_state", "head_of_government") or " " not in name:
        return None
    spelled = text.removesuffix(name).strip().casefold()  # a Supreme Leader is no second president
    known = {p.country for p in reading.discourse.people.values() if p.role == title.value and spelled in p.text.casefold()}
    likeliest = _last_named(reading, known) if reading.discourse.home in known else None
    return None if any(p.country == likeliest for p in reading.discourse.country_pair) else likeliest


def _told_country(reading: Reading, title: Entry) -> str | None:
    """Whose a title is that opens a sentence, where the one before began with its holder, unnamed: `China's premier left. Premier Li Chao had signed`."""
    subject = reading.discourse.last_subject
    if reading.found or subject is None:
        return None
    return next((p.country for p in reading.discourse.recent if p.role == title.value and p.country == subject.country and " of " in p.name), None)


def usual_country(title: Entry, discourse: Discourse) -> str | None:
    """Whose a title without a country is: of those that have it the dateline's, else the one named last, else the best known; of others the dateline's."""
    usual = title.country.split()
    if not usual or discourse.home in usual:
        return discourse.home
    return next((p.country for p in reversed(discourse.recent) if p.country in usual), usual[0])
