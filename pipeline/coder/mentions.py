"""Mentions of one sentence: people, countries, bodies, places, and the words that stand for them."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.coder.bynames import find_bynames
from pipeline.coder.discourse import update_discourse
from pipeline.coder.groups import find_groups, may_be_group
from pipeline.coder.lexicon import Entry, roles
from pipeline.coder.parties import Discourse, Kind, Mention, country_party
from pipeline.coder.people import COUNTERPARTS, read_person, read_shared
from pipeline.coder.pronouns import find_pronouns, may_be_pronoun
from pipeline.coder.reading import Reading
from pipeline.coder.tables import countries
from pipeline.coder.things import read_thing
from pipeline.coder.titles import BETWEEN, MODIFIERS, remember
from pipeline.model import Party

_BARE_BODIES = frozenset(
    "army|army officers|demonstrators|lawmakers|officers|opposition|opposition lawmakers|opposition parties|police|protesters|riot police|"
    "security forces|warplanes".split("|")
)
"""Bodies that, without a country beside them, are those of the dateline."""

_ANYBODYS = frozenset(
    "side people officials forces troops leaders ministers official mission women civilians residents vessels ships missiles aircraft planes drones drone "
    "peacekeepers warplane warplanes helicopters jets submarine submarines tanker artillery tanks prisoners hostages companies company court courts media refugees "
    "migrants students workers engineers".split()
)
"""Bodies that are no country's without its name beside them: `the officials`, `the drone`."""
_THINGS = frozenset(
    "balloon balloons boat boats ship vessel plane jet bomber helicopter frigate destroyer warship tourists doctors athletes journalists reporters fishermen "
    "citizens nationals activists executives trawler trawlers judges judge embassy consulate delegation delegations envoy envoys emissary negotiators soldiers sailors guards marines inspectors".split()
)
"""Bodies that `the` alone makes nobody's either; `its boats` are those of whom `its` means."""

_OF_ONE = dict.fromkeys(
    ("state department", "department of state", "department of the treasury", "department of defense", "department of commerce", "commerce department"), "USA"
)
"""Bodies that only one country has, wherever a story is written."""
_MONEY = frozenset("dollar dollars franc francs pound pounds yen krona kronor krone kroner crown crowns peso pesos dinar dinars rupee rupees".split())
_BACKED = frozenset(
    "owned backed allied aligned funded sponsored occupied controlled held based born style speaking friendly linked trained armed supported".split()
)
"""What makes `Iran-backed`, `Qatar-based`, `Russian-occupied` not of that country."""
_FIRMS = frozenset("companies firms banks entities businesses traders airlines shippers refineries".split())
"""What is of the country where it is based."""
_ORDERS = re.compile(r"\b(?:order|direct|instruct|command)(?:s|ed|ing) $")
_OPENERS = MODIFIERS | COUNTERPARTS | {"guest", "the", "its", "their", "a", "al"}
"""Words in small letters that a mention may begin with."""


def find_mentions(text: str, discourse: Discourse) -> list[Mention]:
    """Mentions in one sentence, in order, without overlaps; the discourse is brought up to date."""
    return add_standins(find_names(text, discourse), discourse)


def find_names(text: str, discourse: Discourse) -> Reading:
    """The sentence read for names: what stands for them depends on what else the story tells, and is left for `add_standins`."""
    reading = Reading(text, discourse)
    at = 0
    while at < len(reading.words):
        at = (_read_at(reading, at) if _may_begin(reading, at) else None) or at + 1
    find_bynames(reading)
    update_discourse(text, discourse, sorted(reading.found, key=lambda m: m.start))
    return reading


def add_standins(reading: Reading, discourse: Discourse) -> list[Mention]:
    """The reading's names with `the two`, `they`, `it` and their like, as the discourse has it now; the discourse is brought up to date."""
    if reading.is_of_stranger:
        discourse.last_person = None
    reading = reading.copy_for(discourse)
    find_groups(reading)
    find_pronouns(reading)
    found = sorted(reading.found, key=lambda m: m.start)
    update_discourse(reading.text, discourse, found)
    return found


def may_stand_in(text: str) -> bool:
    """Whether any word of a sentence may stand for a party named before."""
    return may_be_pronoun(text) or may_be_group(text)


def _may_begin(reading: Reading, at: int) -> bool:
    """Whether a name, title or body may begin at a word; most words can be passed over at once."""
    word = reading.words[at]
    return word.is_capital or word.key in _OPENERS or reading.role_at(at) is not None


def _read_at(reading: Reading, at: int) -> int | None:
    return read_thing(reading, at) or read_person(reading, at) or _read_body(reading, at) or _read_name(reading, at)


def _read_body(reading: Reading, first: int) -> int | None:
    """`Japanese foreign ministry`, `the government of Chile`, `its navy`, `Russian diplomats`."""
    words = reading.words
    at, nation = first, None
    if found := reading.nation_at(at):
        nation, at = found
        if at < len(words) and _is_of_something_else(reading, at):
            return None
        if shared := read_shared(reading, first):
            return shared
        for skip in (0, 1, 2):
            ahead = at + skip
            if ahead >= len(words) or reading.gap(ahead) not in (" ", "-"):
                return None
            role = reading.role_at(ahead)
            if role and role[0].kind == "body":
                return _add_body(reading, first, ahead + role[1], role[0], nation)
            if words[ahead].key.casefold() not in BETWEEN and not words[ahead].key.isdigit():
                return None
        return None
    role = reading.role_at(first)
    if role and role[0].kind == "body" and (found := _placed(reading, first + role[1])):
        return _add_body(reading, first, found[1], role[0], found[0])
    if role and role[0].kind == "body" and (owner := _joined_owner(reading, first)):
        return _add_body(reading, first, first + role[1], role[0], owner)
    is_its = any(w.key.casefold() in ("its", "their", "his", "her") for w in words[max(0, first - 3) : first])  # "its long-standing opposition"
    if role and role[0].kind == "body" and role[0].value in _BARE_BODIES and reading.discourse.home and not is_its:
        before = words[first - 1].key.casefold() if first else ""
        if before not in ("the", "a", "an", "its", "his", "their", "other", "s") and (first == 0 or not words[first - 1].is_capital or first == 1):
            return _add_body(reading, first, first + role[1], role[0], reading.discourse.home)
    if words[first].key.casefold() in ("the", "its", "their", "a") and (role := reading.role_at(first + 1)) and role[0].kind == "body":
        at = first + 1 + role[1]
        after = at + 1
        if at < len(words) and words[at].key in ("of", "in") and not words[at - 1].is_possessive and _is_seated(words[at].key, role[0]):
            while after < len(words) and words[after].key in ("the", "State", "Kingdom", "Islamic", "Federal", "Republic", "of", "Embassy"):
                after += 1
            if found := reading.nation_at(after):
                return _add_body(reading, first, found[1], role[0], found[0])
        if at + 1 < len(words) and words[at].key == "and" and (other := reading.role_at(at + 1)) and (found := _placed(reading, at + 1 + other[1])):
            return _add_body(reading, first, at, role[0], found[0])  # "the government and people of Turkey"
        discourse = reading.discourse
        armed = [m.parties[0] for m in reading.found if m.kind == "body" and m.parties[0].sector == "REB"]
        rebels = armed[-1] if armed else discourse.rebels
        if rebels and role[0].sector == "REB" and words[first].key.casefold() == "the":
            reading.add(reading.span(first, at), [replace(rebels, text=reading.text[slice(*reading.span(first, at))])], "body")
            return at
        if role[0].value in _ANYBODYS or (role[0].value in _THINGS and words[first].key.casefold() not in ("its", "their")):
            known = discourse.bodies.get(role[0].value) if words[first].key.casefold() == "the" else None
            return _add_body(reading, first, at, role[0], known.country) if known and known.country else None
        country = _OF_ONE.get(role[0].value) or _place_before(reading, first) or _actor_before(discourse, role[0]) or discourse.home
        if words[first].key.casefold() == "a" and "ministry" not in role[0].value:
            return None
        if words[first].key.casefold() in ("its", "their"):
            earlier = [m.parties[0] for m in reading.found if m.parties[0].country and m.kind in ("country", "seat", "body", "person")]
            country = earlier[0].country if earlier else (topic.country if (topic := discourse.topic_after(reading.text[: words[first].start])) else country)
        elif role[0].value == "junta" and not reading.found and (known_junta := discourse.bodies.get("junta")) and known_junta.country:
            country = known_junta.country  # "told Myanmar's junta to stop. The junta ordered"
        elif role[0].value == "junta" and not reading.found and (leaders := [p.country for p in discourse.people.values() if "junta" in p.text.casefold()]):
            country = leaders[-1]  # "written to junta leader Min Aung Hlaing. The junta rejected"
        elif role[0].value in ("regime", "junta", "military government") and (named := [p.country for m in reading.found for p in m.parties if p.country]):
            is_of_home = role[0].value == "junta" and discourse.home in named  # "landed in Niamey with the arms that Moscow gave to the junta"
            country = discourse.home if is_of_home else named[-1]  # "concerns about the North, denouncing the regime's launches"
        elif role[0].sector == "MIL" and reading.found and _ORDERS.search(reading.text[: words[first].start]):
            country = reading.found[0].parties[0].country or country  # "South Korea's president ordered the military to"
        elif (role[0].sector == "MIL" or role[0].value == "regime") and discourse.last_topic:
            country = discourse.last_topic.country or country
        return _add_body(reading, first, at, role[0], country) if country else None
    return None


def _joined_owner(reading: Reading, first: int) -> str | None:
    """Whose body this is, where it is joined to one whose country is named: `Venezuela's government and opposition`."""
    last = max(reading.found, key=lambda m: m.end, default=None)
    is_joined = first > 1 and reading.words[first - 1].key == "and" and last is not None and last.end == reading.words[first - 2].end
    return last.parties[0].country if is_joined and last is not None and last.kind == "body" else None


def _place_before(reading: Reading, first: int) -> str | None:
    """Whose `the ministry` is at the head of a sentence that first says where: `In Seoul, the unification ministry`."""
    last = reading.found[-1] if len(reading.found) == 1 else None
    is_headed = first == 2 and reading.words[0].key in ("In", "From") and reading.gap(first).strip() == ","
    return last.parties[0].country if is_headed and last is not None and last.kind in ("seat", "country") else None


def _actor_before(discourse: Discourse, body: Entry) -> str | None:
    """Whose `the foreign ministry` is in a story that has not named its own place: whoever the sentence before began with."""
    is_foreign = discourse.home is not None and all(p.country != discourse.home for p in discourse.recent)
    subject = discourse.last_subject
    return subject.country if is_foreign and subject is not None and body.value.endswith("ministry") else None


_POSTED = frozenset("embassy embassies consulate consulates mission delegation delegations".split())
"""Bodies that are not of the country that they are in."""


def _is_seated(link: str, body: Entry) -> bool:
    """Whether `the foreign ministry in Seoul` is of that country; an embassy is not of the country that it is in."""
    return link == "of" or (body.sector in ("GOV", "LEG", "JUD") and body.value not in _POSTED)


def _placed(reading: Reading, at: int) -> tuple[str, int] | None:
    """The country after `police in`, `officials from`, `hackers linked to`."""
    if at + 1 >= len(reading.words) or reading.gap(at) != " " or reading.words[at - 1].is_possessive:
        return None
    if reading.words[at - 1].key.casefold() in _POSTED and reading.words[at].key == "in":
        return None
    is_army = (role := roles().find(reading.words, at - 1)) is not None and role[0].sector == "MIL"
    if reading.words[at].key in ("in", "of") or (reading.words[at].key == "from" and not is_army):
        found = reading.nation_at(at + 1 + (reading.words[at].key == "of" and reading.words[at + 1].key == "the"))
        return None if found is None or _is_of_more(reading, found[1]) else found
    if reading.words[at].key in ("linked", "loyal", "allied", "backed") and reading.words[at + 1].key in ("to", "with", "by"):
        return reading.nation_at(at + 2)
    return None


def _is_of_more(reading: Reading, after: int) -> bool:
    """Whether a demonym before this word is of a longer name's: `a vessel of the Philippine fisheries bureau`."""
    named = reading.name_at(after - 1)
    is_followed = after < len(reading.words) and reading.gap(after) == " " and not reading.words[after].is_capital
    return is_followed and named is not None and named[0].kind == "demonym"


def _add_body(reading: Reading, first: int, after: int, body: Entry, country: str) -> int:
    span = reading.span(first, after)
    party = Party(reading.text[slice(*span)], f"{countries()[country][0]} {body.value}", country, None, body.sector)
    reading.add(span, [party], "body")
    reading.discourse.bodies[body.value] = party
    return after


def _is_of_something_else(reading: Reading, after: int) -> bool:
    """Whether a country's name before this word only says of which kind a thing is: `U.S. dollars`, `Iran-backed militias`."""
    word, gap = reading.words[after].key.casefold(), reading.gap(after)
    if gap.startswith("$") or (gap == " $" and reading.words[after - 1].key == "US"):
        return True  # "US$2.5 billion"; but "lend Ukraine $50 billion"
    before = reading.words[after - 2].key.casefold() if after > 1 else ""
    if reading.words[after - 1].key == "American" and before in ("central", "south", "latin", "north"):
        return True
    if reading.words[after - 1].key == "African" and word in ("nation", "country", "state", "kingdom", "nations", "countries", "states"):
        return True  # "the Central African nation" need not be the Central African Republic
    if gap == "-" and word == "based" and after + 1 < len(reading.words) and reading.words[after + 1].key.casefold() in _FIRMS:
        return False  # "blacklisted seven UAE-based companies"
    return (gap == " " and word in _MONEY) or (gap == "-" and word in _BACKED)


def _is_led(reading: Reading, after: int) -> bool:
    """Whether a body's name only says of which kind a thing is: `the African Union-mediated talks`."""
    return reading.gap(after) == "-" and reading.words[after].key.casefold() in ("led", "mediated", "brokered", "sponsored", "backed", "supported", "hosted")


def _is_of_member(reading: Reading, at: int, after: int) -> bool:
    """Whether a body's name says of what some country is a member, and not who acts: `the OPEC member`, but not `EU member states`."""
    before = reading.words[at - 1].key.casefold() if at else ""
    member, things = (reading.words[n].key.casefold() if n < len(reading.words) else "" for n in (after, after + 1))
    return before in ("the", "a", "an", "fellow", "its") and member == "member" and things not in ("state", "states", "countries", "nations")


_HEADS = frozenset("head chief director leader president chairman chairwoman boss commissioner envoy representative spokesman spokeswoman spokesperson".split())


def _read_chief(reading: Reading, at: int, body: Party) -> int:
    """Reads the name after `NATO chief`, and gives the word after what was read."""
    words = reading.words
    person = reading.stranger_at(at + 1) if at < len(words) and words[at].key in ("chief", "boss", "head") and reading.gap(at) == " " else None
    if person is None:
        return at
    party = replace(body, text=person[0])
    remember(reading.discourse, party)
    reading.add(reading.span(at + 1, person[1]), [party], "person")
    return person[1]


def _note_head(reading: Reading, first: int, after: int, body: Party) -> None:
    """Remembers who heads a body: `the head of the U.N. nuclear watchdog, Rafael Montes,`."""
    words = reading.words
    before = [w.key.casefold() for w in words[max(0, first - 3) : first] if w.key.casefold() != "the"]
    if after >= len(words) or reading.gap(after).strip() != "," or before[-1:] != ["of"] or not _HEADS & set(before):
        return
    if person := reading.stranger_at(after):
        remember(reading.discourse, replace(body, text=person[0]))


def _read_name(reading: Reading, at: int) -> int | None:
    found = reading.name_at(at)
    if found is None:
        return None
    entry, count = found
    span = reading.span(at, at + count)
    if entry.kind in ("country", "seat", "demonym") and at + count < len(reading.words) and _is_of_something_else(reading, at + count):
        reading.blocked.append(span)
        return at + count
    spelled = reading.text[slice(*span)]
    if entry.kind == "organisation":
        if _is_of_member(reading, at, at + count) or (at + count < len(reading.words) and _is_led(reading, at + count)):
            reading.blocked.append(span)
            return at + count
        country = entry.country or None
        if entry.value in ("Joint Chiefs of Staff", "National Security Council"):
            country = reading.discourse.home
        reading.add(span, [Party(spelled, entry.value, country, None, entry.sector)], "body")
        _note_head(reading, at, at + count, reading.found[-1].parties[0])
        return _read_chief(reading, at + count, reading.found[-1].parties[0])
    elif entry.kind in ("country", "seat", "demonym", "region"):
        if entry.value == "COD" and spelled.startswith("Congo") and reading.discourse.home == "COG":
            entry = replace(entry, value="COG")
        before = reading.words[at - 1].key.casefold() if at else ""
        is_continent = spelled == "America" and before in ("south", "central", "latin", "north")
        if is_continent or (spelled == "China" and before in ("two", "true", "only")):
            reading.blocked.append(span)  # "the only true China"
            return at + count
        named = (reading.discourse.home, *(p.country for p in reading.discourse.recent), *(p.country for m in reading.found for p in m.parties))
        is_told = "BEL" in named[1:]  # of Belgium itself, by its name
        has_union = reading.discourse.has_union or (reading.discourse.last_body and reading.discourse.last_body.name == "European Union")
        eu = Party(spelled, "European Union", None, None, "IGO")
        union = None if is_told else eu if has_union else reading.discourse.last_body or (eu if "BEL" not in named else None)
        if spelled == "Brussels" and union and union.name == "European Union" and before not in ("in", "to", "from", "near", "at", "through"):
            reading.add(span, [replace(union, text=spelled)], "body")
            return at + count
        kinds: dict[str, Kind] = {"country": "country", "seat": "seat", "demonym": "adjective", "region": "region"}
        reading.add(span, [country_party(entry.value, spelled)], kinds[entry.kind])
        reading.discourse.has_koreas = reading.discourse.has_koreas or entry.value in ("PRK", "KOR")
    else:
        return None
    return at + count
