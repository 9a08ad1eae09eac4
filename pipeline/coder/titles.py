"""Titles: `the Chinese foreign minister`, `Agriculture Minister Ana Ruiz`, `its ambassador`, and who holds them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from pipeline.coder.actors import find_actor
from pipeline.coder.lexicon import Entry, names
from pipeline.coder.parties import Discourse
from pipeline.coder.reading import Reading
from pipeline.coder.tables import countries, monarchies, read_table, without_premier
from pipeline.model import Party

MODIFIERS = frozenset(
    "new visiting acting current interim outgoing former ex late then top longtime long-time newly elected senior veteran incoming caretaker "
    "deputy chief special first second embattled ousted deposed jailed exiled future two three four incumbent powerful ruling".split()
)
BETWEEN = frozenset(
    "federal national naval air ground special senior top deputy armed state border coalition royal civil military riot anti backed led government foreign "
    "defense defence interior security intelligence nuclear central permanent local regional opposition ruling rebel paramilitary revolutionary coast customs "
    "diplomatic two three four five six seven eight nine ten several many other young elite retired joint separatist army police navy marine cyber trade "
    "economic embassy consular presidential parliamentary medical rescue aid relief fishing merchant survey research spy patrol cargo fighter attack "
    "transport surveillance jailed detained captured wounded".split()
)
"""Words that stand between a country and its body: "Chinese state-backed hackers"."""
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
_CALL_ON = re.compile(r"\bcall(?:ed)? on (?:the )?$")
"""Before a name that is at home where it is called on: `a courtesy call on Foreign Minister Battsetseg in Ulaanbaatar`."""
_FORMER = frozenset("former ex late then outgoing ousted deposed".split())
_INITIALS = frozenset(("PM", "FM"))
"""Titles in two letters, which lower letters and those after a figure are not: `3 pm`, `100 FM`."""
_EAST_ASIAN = frozenset("CHN PRK KOR TWN VNM KHM HUN MMR ETH ERI THA IDN LAO MYS ISL BTN SGP".split())
"""Countries whose people the wires call by their first word: Xi, Yoon, Abiy."""
_OWNERS = ("its", "his", "her", "their")
_BARE_TITLES = frozenset("head_of_government head_of_state foreign_minister defence_minister minister deputy_head ambassador".split())


def read_titled(reading: Reading, first: int) -> int | None:
    """Reads `NATION former TITLE Name`, `TITLE of NATION Name` or a title alone from a word on, and adds whom it means; the word after it, or None."""
    words, text = reading.words, reading.text
    at, nation = first, None
    if found := reading.nation_at(at):
        nation, at = found
        if at < len(words) and reading.gap(at).strip():
            return None
    is_owned = nation is not None and words[at - 1].is_possessive
    title_at = after_modifiers(reading, at)
    is_former = any(w.key.casefold() in _FORMER for w in words[at:title_at])
    at = title_at
    body: str | None = None
    if nation is None and at == first and (named := reading.name_at(at)) and named[0].kind == "organisation" and not named[0].country:
        body, at = named[0].value, at + named[1]
        if reading.gap(at).strip():
            return None
        at = after_modifiers(reading, at)
    at = title_at = _after_field(reading, at) if is_owned else _after_portfolio(reading, at, is_sure=nation is not None)
    role = reading.role_at(at)
    if role is None or role[0].kind != "title" or (at > first and reading.gap(at) not in (" ", "-")):
        return None
    if words[at].key.upper() in _INITIALS and (words[at].key not in _INITIALS or (at and words[at - 1].key[-1:].isdigit())):
        return None
    if nation is None and body is None and words[at + role[1] - 1].key == "Commissioner" and role[0].sector == "IGO" and reading.person_at(at + role[1]):
        body = "European Union"  # "Trade Commissioner Ana Dahl"
    if nation is None and body is None and first and words[first - 1].key == "Commission" and words[title_at].is_capital:
        body = "European Union"  # "Commission Vice-President Petra Novak"
    is_of_body = first > 0 and words[first - 1].is_possessive and words[first - 1].key.casefold() in ("bloc", "alliance", "union", "commission")
    if nation is None and body is None and is_of_body and reading.discourse.last_body and reading.discourse.last_body.sector == "IGO":
        body = reading.discourse.last_body.name  # "the bloc's foreign policy chief, Josep Ferrer"
    last = reading.found[-1] if reading.found else None
    if nation is None and body is None and first and words[first - 1].is_possessive and last is not None and last.end == words[first - 1].end:
        nation = last.parties[0].country  # "the RSF's leader, Mohamed Hamdan Dagalo"
    if nation is None and last is not None and last.kind == "body" and words[first].is_capital and text[last.end : words[first].start] == " ":
        nation = last.parties[0].country  # "U.S. Treasury Secretary Scott Bell"
    at += role[1]
    is_possessive = words[at - 1].is_possessive
    if at < len(words) and not is_possessive and (second := reading.role_at(at)) and second[0].kind == "title" and reading.person_at(at + second[1]):
        at += second[1]  # "ministry spokesperson Ambassador Dina Mufti"
    is_posted = nation is None and words[title_at].is_capital and at + 1 < len(words) and words[at].key == "to"
    if role[0].value == "ambassador" and is_posted and (post := reading.nation_at(at + 1)) and reading.person_at(post[1]):
        at = post[1]  # "Taiwan's ministry said Ambassador to Honduras Vivia Chang": whose she is, and not of Honduras
        nation = next((p.country for m in reading.found for p in m.parties if p.country not in (None, post[0])), None)
    is_the_secretary = title_at > 0 and words[title_at].key == "Secretary" and words[title_at - 1].key.casefold() == "the"
    while at + 1 < len(words) and words[at].key == "and" and not is_the_secretary and (more := reading.role_at(at + 1)) and more[0].kind == "title":
        at += 1 + more[1]
    if words[at - 1].key.casefold().endswith("s") and at < len(words) and words[at].key in ("of", "from"):
        return None  # "the leaders of A and B" are those of the countries that follow
    if not is_possessive and nation is None and (found := nation_after(reading, at, ("of", "for"))):
        nation, at = found
        is_possessive = words[at - 1].is_possessive
        if (office := reading.role_at(at)) and office[0].kind == "body":
            at += office[1]  # "a spokesperson for the Chinese embassy"
    if nation is None and not body:
        nation = _by_journey(reading, first)
    name = None
    gap = reading.gap(at).strip()
    if not is_possessive and at < len(words) and gap in ("", ",", ", the") and (reading.nation_at(at) is None or reading.person_at(at)):
        person = reading.person_at(at)
        if person and not (gap == "," and " " not in person[0] and person[0] not in reading.discourse.people):
            is_place = (named := reading.name_at(at)) is not None and named[0].kind not in ("person", "demonym") and at + named[1] == person[1]
            if not is_place:
                name, at = person
    if name is None and nation and role[0].value == "ambassador":
        _introduce_posted(reading, at, nation, role[0])
    if name is None and nation and not is_possessive and (charged := _name_after_charge(reading, at)):
        name, at = charged  # "Japan's top envoy for Asia, Masaaki Kanai"
    if name and nation is None and not body and (found := nation_after(reading, at, ("of",))):
        nation, at = found  # "President Kemal Aydin of Turkey"
    is_called_on = name is not None and nation is None and _CALL_ON.search(text[: words[first].start]) is not None
    if is_called_on and at < len(words) and words[at].key == "in" and (found := reading.nation_at(at + 1)):
        nation = found[0]
    role_name, sector = role[0].value, role[0].sector
    if body:
        party = Party(text[words[first].start : words[at - 1].end], body, None, role_name, "IGO")
        if name:
            remember(reading.discourse, replace(party, text=name))
        reading.add(reading.span(first, at), [party], "person")
        return at
    if name:
        if nation is None and first and words[first - 1].key.casefold() in _OWNERS:
            nation = _owner(reading, first)  # "Its foreign minister, Claire Dumas", "Orban and his chief of staff, Gergely Gulyas"
        party = identify(reading, text[words[first].start : words[at - 1].end], name, nation, role[0], is_former)
        reading.add(reading.span(first, at), [party], "person")
        return at
    if is_former:
        return None
    spelled = text[words[title_at].start : words[title_at + role[1] - 1].end]
    if nation is None:
        return _bare_title(reading, first, at, spelled, role[0])
    party = Party(text[words[first].start : words[at - 1].end], f"{spelled} of {countries()[nation][0]}", nation, role_name, sector)
    reading.add(reading.span(first, at), [party], "person")
    return at


def _introduce_posted(reading: Reading, at: int, nation: str, title: Entry) -> None:
    """Lets the story know who `Germany's ambassador to Georgia, Peter Fischer,` is; the words after the title are read as they stand."""
    words = reading.words
    if at + 1 >= len(words) or words[at].key not in ("to", "in", "at") or not (post := reading.nation_at(at + 1)):
        return
    if post[1] < len(words) and reading.gap(post[1]).strip() in ("", ",") and (person := reading.person_at(post[1])) and " " in person[0]:
        remember(reading.discourse, Party(person[0], person[0], nation, title.value, title.sector))


def _name_after_charge(reading: Reading, at: int) -> tuple[str, int] | None:
    """A full name after what its bearer is in charge of, set off by a comma, and the word after it: `for Asia, Masaaki Kanai`."""
    words = reading.words
    if at >= len(words) or words[at].key not in ("for", "on", "to", "of") or reading.gap(at) != " ":
        return None
    if words[at].key == "to" and words[at - 1].key.casefold() in ("ambassador", "envoy") and reading.nation_at(at + 1):
        return None  # "recalled its ambassador to Honduras, Vivia Chang": from Honduras
    for start in range(at + 2, min(at + 7, len(words))):
        if reading.gap(start).strip() == ",":
            person = reading.person_at(start)
            is_place = (named := reading.name_at(start)) is not None and named[0].kind != "person"
            return person if person and " " in person[0] and not is_place and not reading.role_at(start) else None
        if reading.gap(start) != " ":
            return None
    return None


def nation_after(reading: Reading, at: int, links: tuple[str, ...]) -> tuple[str, int] | None:
    """The country of `of Chile`, `of the Republic of Chile`, which begins at a word, and the word after it."""
    words = reading.words
    if at + 1 >= len(words) or words[at].key not in links or reading.gap(at) != " " or words[at - 1].is_possessive:
        return None
    at += 1
    while at < len(words) and words[at].key in ("the", "Republic", "Kingdom", "of", "Islamic", "Federative"):
        at += 1
    found = reading.nation_at(at)
    if found and found[1] < len(words) and words[found[1]].key in ("Republic", "Kingdom", "Federation") and reading.gap(found[1]) == " ":
        return found[0], found[1] + 1  # "of the Kyrgyz Republic"
    return found


def after_modifiers(reading: Reading, at: int) -> int:
    """The word after `visiting`, `former`, `newly elected` from a word on; a title's own first word (`deputy head`) is none of them."""
    while at < len(reading.words) and reading.words[at].key.casefold() in MODIFIERS and not reading.role_at(at):
        at += 1
    return at


def _after_field(reading: Reading, at: int) -> int:
    """The title that one or two small words part from its country: `Japan's chief tariff negotiator`, `Israel's far-right finance minister`."""
    words = reading.words
    for ahead in (1, 2) if reading.role_at(at) is None else ():
        between = words[at : at + ahead]
        are_small = len(between) == ahead and all(w.key.isalpha() and w.key.islower() and not w.is_possessive for w in between)
        if not are_small or at + ahead >= len(words) or any(reading.gap(n) not in (" ", "-") for n in range(at + 1, at + ahead + 1)):
            break
        if reading.role_at(at + ahead - 1) is None and (role := reading.role_at(at + ahead)) and role[0].kind == "title":
            return at + ahead
    return _after_portfolio(reading, at, is_sure=True)


def _after_portfolio(reading: Reading, at: int, is_sure: bool) -> int:
    """The word `Minister` of `Farm Minister`, `Agriculture, Forestry and Fisheries Minister`, whose whole title no table has."""
    if reading.role_at(at):
        return at
    end = at
    while end < len(reading.words) and end - at < 6 and (reading.words[end].is_capital or (end > at and reading.words[end].key == "and")):
        if end > at and (reading.gap(end) not in (" ", ", ") or (not is_sure and reading.gap(end) != " ")):
            break
        if end > at and reading.words[end].key in ("Minister", "Secretary", "Commissioner") and (role := reading.role_at(end)) and role[0].kind == "title":
            return end
        is_the_secretary = end > 0 and [w.key.casefold() for w in reading.words[end - 1 : end + 1]] == ["the", "secretary"]
        is_joined = reading.words[end].key == "and" and reading.words[at].key in reading.discourse.people  # "Adewale and Prime Minister Holt" are two
        if reading.name_at(end) or reading.words[end].is_possessive or is_the_secretary or is_joined:
            break  # "The Secretary and Foreign Minister Dar" are two
        end += 1
    return at


def _bare_title(reading: Reading, first: int, at: int, spelled: str, title: Entry) -> int | None:
    """`the president`, `its foreign minister`: who holds that office in the story, else in the country it is about."""
    before = reading.words[first - 1].key.casefold() if first else ""
    if before == "the" and spelled.casefold().startswith("spokes"):
        speakers = [p for p in reading.discourse.people.values() if "spokes" in p.text]
        if speakers:
            reading.add(reading.span(first, at), [replace(speakers[-1], text=spelled)], "person")
        return at if speakers else None
    told = reading.words[at].key if at < len(reading.words) else ""
    if before == "a" and spelled.casefold().startswith("spokes") and told in ("said", "told", "added", "confirmed") and reading.discourse.last_subject:
        country = reading.discourse.last_subject.country  # "We thank Qatar," a spokesperson said
        if country:
            reading.add(reading.span(first, at), [Party(spelled, f"{spelled} of {countries()[country][0]}", country, title.value, title.sector)], "person")
            return at
    if before == "the" and spelled.casefold() in ("envoy", "diplomat") and (posted := [p for p in reading.discourse.people.values() if p.role == "ambassador"]):
        reading.add(reading.span(first, at), [replace(posted[-1], text=spelled)], "person")
        return at
    role, sector = title.value, title.sector
    if role not in _BARE_TITLES or before not in ("the", *_OWNERS) or spelled.casefold().endswith("s"):
        return None
    discourse = reading.discourse
    if before in _OWNERS:
        country = _owner(reading, first)
    elif known := [p for p in discourse.people.values() if p.role == role or (role == "minister" and _is_minister(p, spelled))]:
        so_called = [p for p in known if spelled.casefold() in p.text.casefold()]  # "the emir" is not the president
        of_title = [p for p in known if p.country in title.country.split()]  # "the pontiff" is not the president either
        reading.add(reading.span(first, at), [replace((so_called or of_title or known)[-1], text=spelled)], "person")
        return at
    else:
        country = _usual_country(title, discourse) if role != "ambassador" else None
        if first > 1 and reading.words[first - 2].key.casefold() == "where" and reading.found:
            country = reading.found[-1].parties[0].country or country  # "in Niger, where the president was ousted"
    if country is None:
        return None
    reading.add(reading.span(first, at), [Party(spelled, f"{spelled} of {countries()[country][0]}", country, role, sector)], "person")
    return at


def _is_minister(person: Party, spelled: str) -> bool:
    """Whether `the minister`, `the Secretary` may be somebody whose whole title the story has told."""
    return (person.role or "").endswith("_minister") and spelled.casefold() in person.text.casefold()


def _by_journey(reading: Reading, first: int) -> str | None:
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


def _owner(reading: Reading, first: int) -> str | None:
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


def identify(reading: Reading, text: str, name: str, nation: str | None, title: Entry, is_former: bool) -> Party:
    """The person of a name and title: whom the story knows by it, else whom the office table does, else somebody of `nation` or of the dateline."""
    discourse = reading.discourse
    surname = name.split()[-1]
    known = discourse.people.get(name) or discourse.people.get(surname)
    office = find_actor(name, text, discourse.on)
    if office is None and (namesake := find_actor(surname, text, discourse.on)) and {*name.split()[:-1]} <= {*namesake.name.split()}:
        office = namesake  # "Tayyip Erdogan" is Recep Tayyip Erdogan
    role, sector = (f"former_{title.value}", "ELI") if is_former else (title.value, title.sector)
    if known and known.name.endswith(name) and (nation is None or known.country == nation):
        party = replace(known, text=text)
    elif office and (nation is None or office.country == nation) and (office.country or nation is None):
        party = replace(office, text=text, role=role if is_former or office.role in (None, f"former_{role}") else office.role)
    else:
        if nation is None and sector != "IGO":
            guest = _guest(reading) if title.value == "ambassador" else _foreign_head(reading, text) or _second_head(reading, text, name, title)
            nation = (known.country if known else None) or _by_form(reading, name) or _told_country(reading, title) or guest or _usual_country(title, discourse)
            nation = _met_country(reading, text, nation) or nation
        party = Party(text, name, nation, role, sector)
    remember(discourse, party)
    for spelled in (name, surname, re.sub(r"^[aAeE]l-", "", surname)):
        discourse.people.setdefault(spelled, party)  # "el-Sissi" in this story, whom the office table calls al-Sisi
    return party


_OF_MANY_NAMES = frozenset("USA GBR CAN AUS NZL IRL ISR SGP DEU".split())
"""Countries of immigrants, whose ministers may be called in any way."""
_OF_TWO_TONGUES = frozenset(
    "MYS BRN HKG PHL LBN CYP MLT PNG FJI SLB VUT TON WSM JAM TTO BRB GUY BHS BLZ HTI SUR MDV ZAF GHA NGA KEN UGA TZA ZMB ZWE MWI NAM BWA LBR SLE GMB SSD "
    "RWA BDI SEN CIV BFA MLI NER BEN TGO CMR GAB COG COD CAF TCD MDG COM DJI AGO MOZ CPV GNB STP GNQ".split()
)
"""Countries where given names of any tongue are usual."""


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


_MEETS = re.compile(
    r"\b(?:met|meets|meeting|telephoned|phoned|received|hosted|talks with|spoke (?:to|with)|welcomed|greeted|called on|congratulated|thanked) (?:the )?$"
)


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


def _usual_country(title: Entry, discourse: Discourse) -> str | None:
    """Whose a title without a country is: of those that have it the dateline's, else the one named last, else the best known; of others the dateline's."""
    usual = title.country.split()
    if not usual or discourse.home in usual:
        return discourse.home
    return next((p.country for p in reversed(discourse.recent) if p.country in usual), usual[0])


def remember(discourse: Discourse, party: Party) -> None:
    """Lets the rest of the story call a person by surname, or by the first name where that is the custom."""
    pieces = party.name.split()
    if party.country is None and party.sector == "IGO":
        pieces = party.text.split()  # who heads a body is the body, under the person's name
        discourse.people[party.text] = party
    if not pieces:
        return
    discourse.people[party.name] = party
    discourse.people[pieces[-1]] = party
    if (bare := re.sub(r"^[aAeE]l-", "", pieces[-1])) != pieces[-1]:
        discourse.people[bare] = party  # "Abdel-Fattah el-Sissi" is "Sissi"
    if len(pieces) > 1 and (party.country in _EAST_ASIAN or len(pieces[0]) > 3) and not _is_common(pieces[0]):
        discourse.people.setdefault(pieces[0], party)
    for start in range(1, len(pieces) - 1):
        discourse.people.setdefault(" ".join(pieces[start:]), party)  # "Marcelo Rebelo de Sousa" is "Rebelo de Sousa"


def _is_common(word: str) -> bool:
    """Whether a word by itself is a country, demonym or seat. A town is not: Gao is in Mali, and Gao Rui is called so by the rest of his story."""
    return any(not rest and entry.kind not in ("person", "region") for rest, entry in names().names.get(word, ()))
