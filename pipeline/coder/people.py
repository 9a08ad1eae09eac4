"""People: introduced by title, as counterparts, by country and name, and those whom the story or an office names."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.coder.actors import find_actor, holder_of
from pipeline.coder.lexicon import names
from pipeline.coder.parties import Discourse
from pipeline.coder.reading import PARTICLES, Reading
from pipeline.coder.tables import countries
from pipeline.model import Party

MODIFIERS = frozenset(
    "new visiting acting current interim outgoing former ex late then top longtime long-time newly elected senior veteran incoming caretaker "
    "deputy chief special first second embattled ousted deposed jailed exiled future two three four incumbent powerful ruling".split()
)
_OPENS_CLAUSE = re.compile(r"\b(?:while|after|as|when|before|prompting|leading|forcing|but|because)\s+(?:the\s+)?$")
_FORMER = frozenset("former ex late then outgoing ousted deposed".split())
_EAST_ASIAN = frozenset("CHN PRK KOR TWN VNM KHM HUN MMR ETH ERI THA IDN LAO MYS ISL BTN SGP".split())
"""Countries whose people the wires call by their first word: Xi, Yoon, Abiy."""
_BARE_TITLES = frozenset("head_of_government head_of_state foreign_minister defence_minister minister deputy_head ambassador".split())
COUNTERPARTS = frozenset("counterpart counterparts colleague colleagues".split())


def read_person(reading: Reading, at: int) -> int | None:
    """`NATION former TITLE Name`, `TITLE of NATION Name`, `Name, the NATION TITLE`, `NATION's Name`, `NATION counterpart Name`."""
    return (
        (read_shared(reading, at) if reading.nation_at(at) else None)
        or _titled(reading, at)
        or _counterpart(reading, at)
        or _introduced_after(reading, at)
        or _owned(reading, at)
        or _known(reading, at)
    )


def _after_modifiers(reading: Reading, at: int) -> int:
    """The word after `visiting`, `former`, `newly elected` from a word on; a title's own first word (`deputy head`) is none of them."""
    while at < len(reading.words) and reading.words[at].key.casefold() in MODIFIERS and not reading.role_at(at):
        at += 1
    return at


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
        if reading.name_at(end) or reading.words[end].is_possessive:
            break
        end += 1
    return at


def _titled(reading: Reading, first: int) -> int | None:
    words, text = reading.words, reading.text
    at, nation = first, None
    if found := reading.nation_at(at):
        nation, at = found
        if at < len(words) and reading.gap(at).strip():
            return None
    title_at = _after_modifiers(reading, at)
    is_former = any(w.key.casefold() in _FORMER for w in words[at:title_at])
    at = title_at
    body: str | None = None
    if nation is None and at == first and (named := reading.name_at(at)) and named[0].kind == "organisation" and not named[0].country:
        body, at = named[0].value, at + named[1]
        if reading.gap(at).strip():
            return None
        at = _after_modifiers(reading, at)
    at = title_at = _after_portfolio(reading, at, is_sure=nation is not None)
    role = reading.role_at(at)
    if role is None or role[0].kind != "title" or (at > first and reading.gap(at) not in (" ", "-")):
        return None
    at += role[1]
    is_possessive = words[at - 1].is_possessive
    while at + 1 < len(words) and words[at].key == "and" and (more := reading.role_at(at + 1)) and more[0].kind == "title":
        at += 1 + more[1]
    if words[at - 1].key.casefold().endswith("s") and at < len(words) and words[at].key in ("of", "from"):
        return None  # "the leaders of A and B" are those of the countries that follow
    if not is_possessive and at + 1 < len(words) and words[at].key in ("of", "for") and nation is None:
        after = at + 1
        while after < len(words) and words[after].key in ("the", "Republic", "Kingdom", "of", "Islamic", "Federative"):
            after += 1
        if found := reading.nation_at(after):
            nation, at = found
            is_possessive = words[at - 1].is_possessive
            if (office := reading.role_at(at)) and office[0].kind == "body":
                at += office[1]  # "a spokesperson for the Chinese embassy"
    name = None
    gap = reading.gap(at).strip()
    if not is_possessive and at < len(words) and gap in ("", ",", ", the") and (reading.nation_at(at) is None or reading.person_at(at)):
        person = reading.person_at(at)
        if person and not (gap == "," and " " not in person[0] and person[0] not in reading.discourse.people):
            is_place = (named := reading.name_at(at)) is not None and named[0].kind not in ("person", "demonym") and at + named[1] == person[1]
            if not is_place:
                name, at = person
    role_name, sector = role[0].value, role[0].sector
    if body:
        party = Party(text[words[first].start : words[at - 1].end], body, None, role_name, "IGO")
        if name:
            remember(reading.discourse, replace(party, text=name))
        reading.add(reading.span(first, at), [party], "person")
        return at
    if name:
        owner = words[first - 1].key.casefold() if first and nation is None else ""
        if owner == "its" and (topic := reading.discourse.topic_at(first - 1)):
            nation = topic.country  # "Its foreign minister, Claire Dumas"
        elif owner in ("his", "her") and not reading.found and reading.discourse.last_person:
            nation = reading.discourse.last_person.country  # "His chief of staff, Gergely Gulyas"
        party = _person(reading, text[words[first].start : words[at - 1].end], name, nation, role_name, sector, is_former)
        reading.add(reading.span(first, at), [party], "person")
        return at
    if is_former:
        return None
    spelled = text[words[title_at].start : words[title_at + role[1] - 1].end]
    if nation is None:
        return _bare_title(reading, first, at, spelled, role_name, sector)
    party = Party(text[words[first].start : words[at - 1].end], f"{spelled} of {countries()[nation][0]}", nation, role_name, sector)
    reading.add(reading.span(first, at), [party], "person")
    return at


def _bare_title(reading: Reading, first: int, at: int, spelled: str, role: str, sector: str) -> int | None:
    """`the president`, `its foreign minister`: who holds that office in the story, else in the country it is about."""
    before = reading.words[first - 1].key.casefold() if first else ""
    if role not in _BARE_TITLES or before not in ("the", "its", "his", "her", "their") or spelled.casefold().endswith("s"):
        return None
    discourse = reading.discourse
    if before in ("its", "his", "her", "their"):
        country = topic.country if before == "its" and (topic := discourse.topic_at(first - 1)) else None
        earlier = [m.parties[0] for m in reading.found if m.end <= reading.words[first].start and m.parties[0].country]
        clause = [p.country for m in reading.found for p in m.parties[:1] if p.country and _OPENS_CLAUSE.search(reading.text[: m.start])]
        country = (clause[-1] if clause else earlier[0].country if earlier else country) or (discourse.last_person.country if discourse.last_person else None)
    elif known := [p for p in discourse.people.values() if p.role == role]:
        reading.add(reading.span(first, at), [replace(known[-1], text=spelled)], "person")
        return at
    else:
        country = discourse.home if role != "ambassador" else None
        if first > 1 and reading.words[first - 2].key.casefold() == "where" and reading.found:
            country = reading.found[-1].parties[0].country or country  # "in Niger, where the president was ousted"
    if country is None:
        return None
    reading.add(reading.span(first, at), [Party(spelled, f"{spelled} of {countries()[country][0]}", country, role, sector)], "person")
    return at


def _person(reading: Reading, text: str, name: str, nation: str | None, role: str, sector: str, is_former: bool) -> Party:
    discourse = reading.discourse
    surname = name.split()[-1]
    known = discourse.people.get(name) or discourse.people.get(surname)
    office = find_actor(name, text, discourse.on)
    if office is None and (namesake := find_actor(surname, text, discourse.on)) and {*name.split()} <= {*namesake.name.split()}:
        office = namesake  # "Tayyip Erdogan" is Recep Tayyip Erdogan
    if is_former:
        role, sector = f"former_{role}", "ELI"
    if known and known.name.endswith(name) and (nation is None or known.country == nation):
        party = replace(known, text=text)
    elif office and (nation is None or office.country == nation) and (office.country or nation is None):
        party = replace(office, text=text, role=role if is_former or office.role is None else office.role)
    else:
        if nation is None and sector != "IGO":
            nation = (known.country if known else None) or _elsewhere(reading, name, role) or discourse.home
        party = Party(text, name, nation, role, sector)
    remember(discourse, party)
    return party


def _elsewhere(reading: Reading, name: str, role: str) -> str | None:
    """The country of a title without one, where the dateline's is held by somebody else: the one named last, if the table knows nobody else there."""
    discourse = reading.discourse
    holder = holder_of(discourse.home, role, discourse.on) if discourse.home else None
    if holder is None or name.split()[-1] in holder.split():
        return None
    named = [p.country for m in reading.found for p in m.parties if m.kind in ("country", "seat", "adjective", "body")]
    country = next((c for c in reversed(named) if c and c != discourse.home), discourse.last_topic.country if discourse.last_topic else None)
    return country if country and country != discourse.home and holder_of(country, role, discourse.on) is None else None


def _counterpart(reading: Reading, first: int) -> int | None:
    """`his Vietnamese counterpart, General Phan`: the office of whoever was named before, in another country."""
    nation, at = None, first
    if found := reading.nation_at(at):
        nation, at = found
    while at < len(reading.words) and at > first and reading.words[at].key in MODIFIERS:
        at += 1
    if at >= len(reading.words) or reading.words[at].key not in COUNTERPARTS:
        return None
    end, name = at + 1, None
    if end < len(reading.words) and reading.gap(end).strip() in ("", ","):
        if (role := reading.role_at(end)) and role[0].kind == "title" and reading.words[end].is_capital:
            end_name = reading.person_at(end + role[1])
        else:
            end_name = reading.person_at(end)
        if end_name and not (reading.nation_at(end) and reading.gap(end).strip() == ","):
            name, end = end_name
    discourse = reading.discourse
    if nation is None:
        office = find_actor(name, name, discourse.on) if name else None
        nation = office.country if office else None
        mine = reading.found[0].parties[0].country if reading.found else None
        if name and nation is None and mine:  # "the commitment to Chile in a call with his counterpart, Ana Ruiz"
            nation = next((p.country for m in reversed(reading.found) for p in m.parties if p.country and p.country != mine and m.kind == "country"), None)
    if nation is None:
        return None
    before = [m.parties[0] for m in reading.found if m.kind in ("person", "pronoun") and m.start < reading.words[first].start]
    role_name, sector = (before[-1].role, before[-1].sector) if before else discourse.last_role
    party = Party(
        reading.text[reading.words[first].start : reading.words[end - 1].end], name or f"{countries()[nation][0]} counterpart", nation, role_name, sector
    )
    reading.add(reading.span(first, end), [party], "person")
    if name:
        remember(discourse, party)
    return end


def _introduced_after(reading: Reading, first: int) -> int | None:
    """`Kaja Kallas, the bloc's foreign policy chief`, `Ishaq Dar, Pakistan's foreign minister`."""
    person = reading.person_at(first)
    if person is None or " " not in person[0] or reading.gap(person[1]).strip() not in (",", ", a"):
        return None
    name, at = person
    if at < len(reading.words) and reading.words[at].key in ("the", "a"):
        at += 1
    nation = None
    if found := reading.nation_at(at):
        nation, at = found
    at = _after_modifiers(reading, at)
    role = reading.role_at(at)
    if role is None or role[0].kind != "title" or reading.gap(at) not in (" ", ", "):
        return None
    if nation is None:
        after = at + role[1]
        if after + 1 < len(reading.words) and reading.words[after].key == "of" and (found := reading.nation_at(after + 1)):
            nation = found[0]
        elif reading.words[at - 1].key not in ("the", "a") and at - 1 != first:
            return None
    party = _person(reading, name, name, nation, role[0].value, role[0].sector, False)
    reading.add(reading.span(first, person[1]), [party], "person")
    return person[1]


def _owned(reading: Reading, first: int) -> int | None:
    """`Russia's Sergei Lavrov`: a person by country and full name."""
    found = reading.nation_at(first)
    if found is None or not reading.words[found[1] - 1].is_possessive:
        return None
    person = reading.person_at(found[1])
    if person is None or " " not in person[0] or reading.name_at(found[1]) or reading.role_at(found[1]):
        return None
    party = Party(reading.text[reading.words[first].start : reading.words[person[1] - 1].end], person[0], found[0], *reading.discourse.last_role)
    remember(reading.discourse, party)
    reading.add(reading.span(first, person[1]), [party], "person")
    return person[1]


def _known(reading: Reading, at: int) -> int | None:
    """A person whom the story has introduced, or who held an office on the day."""
    if not reading.words[at].is_capital:
        return None
    person = reading.person_at(at)
    if person is None:
        return None
    people = reading.discourse.people
    for end in range(person[1], at, -1):
        spelled = reading.text[reading.words[at].start : reading.words[end - 1].end]
        party = people.get(spelled)
        if party is None and reading.name_at(at) is None and end == person[1] and " " in spelled:
            party = people.get(spelled.split()[-1])
            party = party if party and party.name.split()[0] == spelled.split()[0] else None
        if party:
            reading.add(reading.span(at, end), [replace(party, text=spelled)], "person")
            return end
    found = reading.name_at(at)
    if found and found[0].kind == "person" and at + found[1] == person[1]:
        party = find_actor(found[0].value, found[0].value, reading.discourse.on)
        if party:
            remember(reading.discourse, party)
            reading.add(reading.span(at, at + found[1]), [party], "person")
            return at + found[1]
    return None


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
    if len(pieces) > 1 and (party.country in _EAST_ASIAN or len(pieces[0]) > 3) and not _is_common(pieces[0]):
        discourse.people.setdefault(pieces[0], party)
    if len(pieces) > 2 and pieces[-2] in PARTICLES:
        discourse.people[" ".join(pieces[-2:])] = party


def _is_common(word: str) -> bool:
    """Whether a word by itself is a country, demonym or seat. A town is not: Gao is in Mali, and Gao Rui is called so by the rest of his story."""
    return any(not rest and entry.kind not in ("person", "region") for rest, entry in names().names.get(word, ()))


def read_shared(reading: Reading, first: int) -> int | None:
    """`Thai and Cambodian troops`, `the Japanese and Chinese foreign ministers, A and B`: one word for those of several countries."""
    nations: list[str] = []
    at = first
    while found := reading.nation_at(at):
        nations.append(found[0])
        at = found[1]
        if at < len(reading.words) and reading.words[at].key == "and" and reading.nation_at(at + 1):
            at += 1
        elif reading.gap(at).strip() != "," or reading.nation_at(at) is None:
            break
    at = _after_modifiers(reading, at)
    role = reading.role_at(at)
    if len(nations) < 2 or role is None or reading.gap(at) not in (" ", "-"):
        return None
    end = at + role[1]
    named: list[str] = []
    while role[0].kind == "title" and end < len(reading.words) and reading.gap(end).strip() in (",", "") and len(named) < len(nations):
        skip = end + 1 if reading.words[end].key == "and" and named else end
        person = reading.person_at(skip)
        if person is None:
            break
        named.append(person[0])
        end = person[1]
    parties = []
    for number, nation in enumerate(nations):
        if role[0].kind == "title":
            name = named[number] if len(named) == len(nations) else f"{reading.words[at].key} of {countries()[nation][0]}"
            party = Party(name, name, nation, role[0].value, role[0].sector)
            if len(named) == len(nations):
                remember(reading.discourse, party)
        else:
            party = Party(countries()[nation][0], f"{countries()[nation][0]} {role[0].value}", nation, None, role[0].sector)
        parties.append(party)
    end = end if len(named) == len(nations) else at + role[1]
    reading.add(reading.span(first, end), parties, "body")
    return end
