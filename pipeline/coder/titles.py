"""Titles: `the Chinese foreign minister`, `Agriculture Minister Ana Ruiz`, `its ambassador`, and who holds them."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.coder.actors import find_actor
from pipeline.coder.lexicon import Entry, names
from pipeline.coder.parties import Discourse
from pipeline.coder.reading import Reading
from pipeline.coder.tables import countries
from pipeline.coder.whose import by_journey, country_of, owner_of, usual_country
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
        nation = by_journey(reading, first)
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
            nation = owner_of(reading, first)  # "Its foreign minister, Claire Dumas", "Orban and his chief of staff, Gergely Gulyas"
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
        is_joined = reading.words[end].key == "and" and reading.words[at].key in reading.discourse.people  # "Adewale and Prime Minister Holt" are two
        if reading.name_at(end) or reading.words[end].is_possessive or is_joined:
            break
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
        country = owner_of(reading, first)
    elif known := [p for p in discourse.people.values() if p.role == role or (role == "minister" and _is_minister(p, spelled))]:
        so_called = [p for p in known if spelled.casefold() in p.text.casefold()]  # "the emir" is not the president
        of_title = [p for p in known if p.country in title.country.split()]  # "the pontiff" is not the president either
        reading.add(reading.span(first, at), [replace((so_called or of_title or known)[-1], text=spelled)], "person")
        return at
    else:
        country = usual_country(title, discourse) if role != "ambassador" else None
        if first > 1 and reading.words[first - 2].key.casefold() == "where" and reading.found:
            country = reading.found[-1].parties[0].country or country  # "in Niger, where the president was ousted"
    if country is None:
        return None
    reading.add(reading.span(first, at), [Party(spelled, f"{spelled} of {countries()[country][0]}", country, role, sector)], "person")
    return at


def _is_minister(person: Party, spelled: str) -> bool:
    """Whether `the minister`, `the Secretary` may be somebody whose whole title the story has told."""
    return (person.role or "").endswith("_minister") and spelled.casefold() in person.text.casefold()


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
            nation = country_of(reading, text, name, title, known.country if known else None)
        party = Party(text, name, nation, role, sector)
    remember(discourse, party)
    for spelled in (name, surname, re.sub(r"^[aAeE]l-", "", surname)):
        discourse.people.setdefault(spelled, party)  # "el-Sissi" in this story, whom the office table calls al-Sisi
    return party


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
