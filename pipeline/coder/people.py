"""People: introduced by title, as counterparts, by country and name, and those whom the story or an office names."""

from __future__ import annotations

from dataclasses import replace

from pipeline.coder.actors import find_actor
from pipeline.coder.lexicon import Entry
from pipeline.coder.reading import Reading
from pipeline.coder.tables import countries
from pipeline.coder.titles import BETWEEN, MODIFIERS, after_modifiers, identify, nation_after, read_titled, remember
from pipeline.model import Party

_THINGS = frozenset("capital city town port province region island coast parliament government army navy embassy company border state daily newspaper".split())
"""What a name after it is not the bearer of: `Chile's capital, Santiago`."""
_MORE = frozenset(
    "said says told added announced its his her their that who which and on in at with to from by after as was were is are has had have will would".split()
)
"""Words at which it is no description any more: `India's ministry said its new envoy, Dinesh Rao`."""
_ENVOYS = frozenset("envoy negotiator representative".split())
"""Whom a name may introduce without a country, which is then the dateline's: `Noh Kyu-duk, special representative for peace`."""
_HOSTS = frozenset(("host", "guest"))
"""Counterparts where a country stands before them: `his Lao host, Sonexay Vong`; a guest is one by his host alone: `urged his guest`."""
COUNTERPARTS = frozenset("counterpart counterparts colleague colleagues".split())


def read_person(reading: Reading, at: int) -> int | None:
    """`NATION former TITLE Name`, `TITLE of NATION Name`, `Name, the NATION TITLE`, `NATION's Name`, `NATION counterpart Name`."""
    return (
        (read_shared(reading, at) if reading.nation_at(at) else None)
        or read_titled(reading, at)
        or _counterpart(reading, at)
        or _introduced_after(reading, at)
        or _owned(reading, at)
        or _described(reading, at)
        or _known(reading, at)
    )


def _counterpart(reading: Reading, first: int) -> int | None:
    """`his Vietnamese counterpart, General Phan`: the office of whoever was named before, in another country."""
    nation, at = None, first
    if found := reading.nation_at(at):
        nation, at = found
    while at < len(reading.words) and at > first and reading.words[at].key in MODIFIERS:
        at += 1
    if at >= len(reading.words):
        return None
    is_opposite = nation is not None and [w.key for w in reading.words[at : at + 2]] == ["opposite", "number"]
    is_his = first > 0 and reading.words[first - 1].key in ("his", "her")
    others = COUNTERPARTS | _HOSTS if nation else COUNTERPARTS | {"guest"} if is_his else COUNTERPARTS
    if not is_opposite and reading.words[at].key not in others:
        return None
    end, name = at + 1 + is_opposite, None
    if end < len(reading.words) and reading.gap(end).strip() in ("", ","):
        if (role := reading.role_at(end)) and role[0].kind == "title" and reading.words[end].is_capital:
            end_name = reading.person_at(end + role[1])
        else:
            end_name = reading.person_at(end)
        if end_name and not (reading.nation_at(end) and reading.gap(end).strip() == ","):
            name, end = end_name
    discourse = reading.discourse
    if nation is None:
        holder = find_actor(name, name, discourse.on) if name else None
        nation = holder.country if holder else None
        mine = reading.found[0].parties[0].country if reading.found else None
        if name and nation is None and mine:  # "the commitment to Chile in a call with his counterpart, Ana Ruiz"
            nation = next((p.country for m in reversed(reading.found) for p in m.parties if p.country and p.country != mine and m.kind == "country"), None)
    if nation is None and first and reading.words[first].key in ("counterpart", "guest") and reading.words[first - 1].key in ("his", "her", "its"):
        here = {p.country for m in reading.found for p in m.parties}  # "telephoned her counterpart"
        nation = next((p.country for p in reversed(discourse.recent) if p.country and p.country not in here), None) if here else None
    if nation is None:
        return None
    _part_from(reading, nation)
    office = _office_before(reading, first)
    party = Party(
        reading.text[reading.words[first].start : reading.words[end - 1].end],
        name or f"{countries()[nation][0]} counterpart",
        nation,
        office.value,
        office.sector,
    )
    reading.add(reading.span(first, end), [party], "person")
    if name:
        remember(discourse, party)
    return end


def _part_from(reading: Reading, nation: str) -> None:
    """Takes another country for somebody whose counterpart is of his own: `Prime Minister Carver invited his Indian counterpart`, in Delhi."""
    last, discourse = reading.found[-1] if reading.found else None, reading.discourse
    if last is None or last.kind != "person" or last.parties[0].country != nation or last.parties[0].role is None or len(last.parties) > 1:
        return
    at = next((n for n, word in enumerate(reading.words) if word.start == last.start), None)
    others = [p.country for p in reversed(discourse.recent) if p.country and p.country != nation]
    if at is not None and others and reading.nation_at(at) is None:
        party = replace(last.parties[0], country=others[0])
        reading.found[-1] = replace(last, parties=(party,))
        remember(discourse, party)


def _introduced_after(reading: Reading, first: int) -> int | None:
    """`Kaja Kallas, the bloc's foreign policy chief`, `Ishaq Dar, Pakistan's foreign minister`."""
    person = reading.person_at(first)
    if person is None or " " not in person[0] or reading.gap(person[1]).strip() not in (",", ", a"):
        return None
    name, at = person
    if first and reading.words[first - 1].key.casefold() in ("in", "at", "from", "near"):
        return None  # "In New York, Japan's ambassador"
    if at < len(reading.words) and reading.words[at].key in ("the", "a"):
        at += 1
    nation = None
    if found := reading.nation_at(at):
        nation, at = found
    at = after_modifiers(reading, at)
    role = reading.role_at(at)
    if role is None or role[0].kind != "title" or reading.gap(at) not in (" ", ", "):
        return None
    if nation is None:
        after = at + role[1]
        if found := nation_after(reading, after, ("of",)):
            nation = found[0]
        elif reading.words[at - 1].key not in ("the", "a") and reading.words[after - 1].key not in _ENVOYS:
            return None
    party = identify(reading, name, name, nation, role[0], False)
    reading.add(reading.span(first, person[1]), [party], "person")
    return person[1]


def _owned(reading: Reading, first: int) -> int | None:
    """`Russia's Sergei Lavrov`: a person by country and full name."""
    found = reading.nation_at(first)
    if found is None or not reading.words[found[1] - 1].is_possessive:
        return None
    person = reading.stranger_at(found[1])
    if person is None:
        return None
    party = Party(reading.text[reading.words[first].start : reading.words[person[1] - 1].end], person[0], found[0], *reading.discourse.last_role)
    remember(reading.discourse, party)
    reading.add(reading.span(first, person[1]), [party], "person")
    return person[1]


def _described(reading: Reading, first: int) -> int | None:
    """`China's No. 3 official, Zhao Leming,`: a name after words that say whose its bearer is."""
    found = reading.nation_at(first)
    if found is None:
        return None
    words = reading.words
    is_possessive = words[found[1] - 1].is_possessive
    for at in range(found[1] + 1, min(found[1] + 8, len(words))):
        if reading.gap(at).strip() == ",":
            person = reading.stranger_at(at)
            after = reading.gap(person[1]).strip() if person and person[1] < len(words) else "."
            last = words[at - 1].key
            if person is None or after[:1] not in (",", ".") or not is_possessive or not last.islower() or last in _THINGS:
                return None
            party = Party(reading.text[words[first].start : words[person[1] - 1].end], person[0], found[0], "official", "GOV")
            remember(reading.discourse, party)
            reading.add(reading.span(first, person[1]), [party], "person")
            return person[1]
        is_more = words[at].key.casefold() in _MORE
        if is_more or reading.gap(at).strip() not in ("", "-", ".") or words[at].is_possessive or reading.name_at(at):
            return None
    return None


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


def _office_before(reading: Reading, first: int) -> Entry:
    """The office of whoever was named before a word, which his counterparts hold."""
    before = [m.parties[0] for m in reading.found if m.kind in ("person", "pronoun") and m.start < reading.words[first].start]
    role, sector = (before[-1].role, before[-1].sector) if before else reading.discourse.last_role
    return Entry("title", role or "official", sector or "GOV")


def _past_number(reading: Reading, at: int) -> int:
    """The word after a number, if one stands there: `24 Italian and 27 Spanish diplomats`."""
    return at + 1 if at < len(reading.words) and reading.words[at].key.isdigit() else at


def read_shared(reading: Reading, first: int) -> int | None:
    """`Thai and Cambodian troops`, `the Japanese and Chinese foreign ministers, A and B`: one word for those of several countries."""
    nations: list[str] = []
    at, is_joined = first, False
    while found := reading.nation_at(at):
        nations.append(found[0])
        at = found[1]
        if at < len(reading.words) and reading.words[at].key == "and" and (ahead := _past_number(reading, at + 1)) and reading.nation_at(ahead):
            at, is_joined = ahead, True
        elif reading.gap(at).strip() != "," or reading.nation_at(at) is None:
            break
    at = after_modifiers(reading, at)
    while is_joined and reading.role_at(at) is None and reading.gap(at) == " " and reading.words[at].key.casefold() in BETWEEN:
        at += 1  # "Thai and Cambodian defence officials"
    role = reading.role_at(at)
    if is_joined and at < len(reading.words) and reading.words[at].key == "counterparts":
        role = _office_before(reading, first), 1
    if not is_joined or role is None or reading.gap(at) not in (" ", "-"):
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
