"""Words that stand for several parties named before: `the two leaders`, `both countries`, `they`, `her counterparts`, `the statement`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.coder.discourse import pair_in
from pipeline.coder.gazetteer import is_in_region
from pipeline.coder.parties import Discourse, Mention, country_party
from pipeline.coder.reading import Reading
from pipeline.model import Party

_COUNTRY_GROUP = r"countries|sides|nations|governments|neighbou?rs|allies|parties|economies|capitals|states|rivals|powers|(?<=both )partners|(?<=two )partners|militaries|armies|navies|foes|members|kingdoms|republics|emirates"
_PEOPLE_GROUP = r"leaders|ministers|presidents|prime ministers|premiers|foreign ministers|defen[sc]e ministers|diplomats|officials|men|women|heads of state|generals|envoys|top diplomats|monarchs|politicians"
_REGION = r"European|Western|Arab|Gulf|African|Baltic|Nordic|Asian|Andean|Balkan"
_COUNT = r"two|three|four|five|both|neighbou?ring|warring|rival"
_GROUP = re.compile(
    rf"\b(?:(?:the (?:{_COUNT}|other)|both|the|these two|our|its(?: two)?|all (?:two|three|four)|all(?= (?:parties|sides)\b)|each of the two|each) (?P<all>(?:[\w-]+ )?(?:{_COUNTRY_GROUP})\b)"
    rf"|(?:(?:the (?:{_COUNT})|both|the|our) (?P<people>(?:\w+ )?(?:{_PEOPLE_GROUP})\b(?! of (?:the )?(?-i:[A-Z])))|their (?P<theirs>(?:\w+ )?(?:leaders|presidents|premiers|(?:prime |foreign |defen[sc]e )?ministers)\b))"
    rf"|(?:the (?P<bare>two|pair|three|four)|(?P<they>they|them|their|each other|one another|both(?! (?:the )?(?-i:[A-Z]))|each))\b"
    rf"|(?P<peers>(?:his|her|its|their) (?:(?:two|three|four) )?(?:(?:{_REGION}) )?(?:counterparts|colleagues)|the (?:Europeans|Arabs|Africans|three powers|trio|(?:{_REGION}) (?:trio|powers|allies|countries|nations|states|governments|capitals|leaders|ministers)))\b"
    r"|(?P<text>(?:the|a) joint (?:statement|communique|communiqué|declaration)|the (?:statement|communique|communiqué|declaration))\b)",
    re.IGNORECASE,
)
_OF_LAWMAKERS = re.compile(r"\b(?:lawmakers|members|senators|politicians|congressmen|leaders) (?:of|from|in) both parties$")
"""Parties of a parliament, and not of the story."""
_AND = re.compile(r" and (?:the )?")
_DOES_TO = re.compile(r"\b(?:join|thank|urg|told|invit|congratulat|host|receiv|brief|assur)(?:s|es|ed|ing)? (?=\S*$)$")
"""Before a group that is none of those who do it."""
_NEW_TEXT = re.compile(r"\b(?:issu|releas|adopt|sign|publish|unveil|endors)\w+ a joint \w+$")


def may_be_group(text: str) -> bool:
    """Whether any words of a sentence may stand for several parties."""
    return bool(_GROUP.search(text))


def find_groups(reading: Reading) -> None:
    """Adds whom `the two countries`, `their leaders`, `they`, `the statement` mean."""
    text, discourse = reading.text, reading.discourse
    pair, position = pair_in(text, reading.found)
    for match in _GROUP.finditer(text):
        if match["text"]:
            discourse.has_joint_text = discourse.has_joint_text or "joint" in match["text"].lower()
            if not discourse.has_joint_text or _NEW_TEXT.search(text[: match.end()]):
                continue  # "released a joint statement": those who do
        here = pair if position is not None and position < match.start() else ()
        if match["peers"]:
            parties = _peers(match, reading)
        elif match["all"]:
            named = {p.country: country_party(p.country, match.group(0)) for m in reading.found if m.end <= match.start() for p in m.parties if p.country}
            parties = _countries(match, here, tuple(named.values()), discourse)
        else:
            parties = _people(match, here, reading)
        if len(parties) != 3 and discourse.trio and re.match(r"(?:the three|all)\b", match.group(0), re.IGNORECASE):
            parties = discourse.trio
        elif re.match(r"all (?:parties|sides)\b", match.group(0), re.IGNORECASE) and not here:
            continue  # whoever they are
        if _OF_LAWMAKERS.search(text[: match.end()]):
            continue  # "lawmakers of both parties"
        word = (match["they"] or "").lower()
        if word in ("they", "them", "their") and not parties and discourse.last_topic:
            doer = min(reading.found, key=lambda m: m.start).parties[0].key if word == "them" and reading.found else None
            other = discourse.last_subject if discourse.last_topic.key == doer else None  # "B pulled out troops. A accused them of"
            parties = (other or discourse.last_topic,)
        reading.add(match.span(), [replace(p, text=match.group(0)) for p in parties], "group")


def _peers(match: re.Match[str], reading: Reading) -> tuple[Party, ...]:
    """Whom `her European counterparts` means: those of the last group who are not named here."""
    named = {p.key for m in reading.found if m.end <= match.start() for p in m.parties}
    region = next((w for w in match["peers"].split() if w[0].isupper()), "")
    group = tuple(p for p in reading.discourse.country_pair if p.key not in named and (not region or is_in_region(p.country, region)))
    if len(group) < 2 and not region and reading.found:  # "A, B and C will patrol, the minister of A said after meeting his two counterparts"
        here, _ = pair_in(reading.text[: match.start()], [m for m in reading.found if m.end <= match.start()])
        owner = max((m for m in reading.found if m.end <= match.start()), key=lambda m: m.start, default=None)
        group = tuple(p for p in here if owner is not None and p.key not in {o.key for o in owner.parties})
    return group if len(group) > 1 else ()


def _countries(match: re.Match[str], here: tuple[Party, ...], named: tuple[Party, ...], discourse: Discourse) -> tuple[Party, ...]:
    """Whom `both sides`, `the three European powers` mean; `here` is the pair that this sentence named before, `named` all of whom it spoke."""
    words, topic = match.group(0), discourse.last_topic
    if "warring" in words.lower() and not here:
        return ()  # not the last two that were named, who may be at peace
    parties = tuple(country_party(p.country, words) if p.country else p for p in here) if here else discourse.country_pair
    if not match["all"].lower().endswith(("sides", "parties")) and not any(p.country for p in parties):
        parties = ()  # armed groups are not "both nations"
    parties = _as_many(match["all"], words, parties)
    are_fit = all(p.country for p in discourse.duo) or match["all"].lower().endswith(("sides", "parties"))
    if len(parties) != 2 and discourse.duo and are_fit and re.search(r"\b(?:two|both|rival|neighbou?r)", words, re.IGNORECASE):
        parties = discourse.duo
    parties = parties or (named if len(named) == 2 else discourse.last_two(people=False))
    if parties or not discourse.home:
        return parties
    home = country_party(discourse.home, words)
    if topic and topic.country == discourse.home and discourse.last_body and discourse.last_body.sector == "IGO" and "sides" in match["all"]:
        return home, discourse.last_body  # "the teams of the two sides", after China and the European Union
    if topic and topic.country and topic.country != discourse.home:
        return home, topic
    return (home,) if "sides" in match["all"] else ()


def _people(match: re.Match[str], here: tuple[Party, ...], reading: Reading) -> tuple[Party, ...]:
    """Whom `the two leaders`, `they`, `the statement` mean; `here` is the pair that this sentence named before."""
    text, discourse, found = reading.text, reading.discourse, reading.found
    word = (match["they"] or "").lower()
    if match["theirs"] and text[: match.start()].endswith(", ") and re.match(r" (?:said|announced|told|added)\b", text[match.end() :]):
        return _first_group(text, found)  # "A, B and C will raise a deal between D and E, their ministers said"
    joined = [m for m in found if m.end <= match.start()][-2:] if word == "both" else []
    if len(joined) == 2 and joined[1].end == match.start() - 1 and _AND.fullmatch(text[joined[0].end : joined[1].start]):
        return tuple(p for m in joined for p in m.parties)  # "Washington and Brussels both welcomed it"
    met = {p.key: p for m in found if m.kind in ("person", "pronoun") and m.end <= match.start() for p in m.parties if p.country}
    if match["bare"] == "two" and not here and len(met) == 2 and text[: match.start()].endswith(("and ", "where ")):
        return tuple(met.values())  # "He shook hands with Boric, and the two agreed"
    if match["bare"] and _DOES_TO.search(text[: match.start()]):
        here = ()  # "Qatar and the Emirates joined the pair": not themselves
    people = {p.key: p for m in found if m.kind == "person" and m.end <= match.start() for p in m.parties}
    if word == "they" and len(people) == 2 and re.match(r" (?:last )?met\b", text[match.end() :]):
        return tuple(people.values())  # "raised the matter with Wang Yi when they met"
    bodies = [m for m in found if m.end <= match.start() and m.kind == "body"]
    if word == "them":  # "expelled two diplomats, accusing them", but "the council urged them"
        subject = min(found, key=lambda m: m.start, default=None)
        bodies = [m for m in bodies if m is not subject]
    if word and text[match.end() :].startswith(" membership"):  # "ECOWAS suspended their membership"
        bodies = [m for m in bodies if m.parties[0].sector != "IGO"]
    if word and bodies and not here:
        here = bodies[0].parties
    said = next((m for m in found if m.kind == "group" and m.start < 30 and m.end < match.start() and len(m.parties) > 1), None)
    if word and said is not None and not here:
        parties = said.parties  # "The three ministers issued a statement in which they"
    else:
        parties = here or _group_told(match, discourse)
    if len(discourse.duo) == 2 and match["bare"] == "two" and re.search(r"\b(?:between|of) $", text[: match.start()]) and not here:
        return discourse.duo  # "clashes between the two": those who did something to each other, not the last two named together
    if len(parties) != 2 and re.match(r"(?:the )?(?:two|pair|both)\b", match.group(0), re.IGNORECASE):
        if len(discourse.duo) == 2:
            return discourse.duo
        if word == "both" and not parties:
            doer = {p.key for m in found if m.end <= match.start() for p in m.parties}
            return discourse.last_two(people=False, but=doer)  # "Britain urged both": the two named before
        return discourse.last_two(people=True) if len(parties) > 2 else parties
    return parties


def _first_group(text: str, found: Sequence[Mention]) -> tuple[Party, ...]:
    """Those whom a sentence names first, as far as commas and `and` join them."""
    group: list[Mention] = []
    for mention in found:
        if group and not re.fullmatch(r",? (?:and )?(?:the )?", text[group[-1].end : mention.start]):
            break
        group.append(mention)
    return tuple({p.key: p for m in group for p in m.parties}.values())


def _as_many(noun: str, words: str, parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Those of a group whom `the three European powers` means, where it is told of more."""
    count = next((n for word, n in (("three", 3), ("four", 4), ("five", 5)) if f"the {word} " in words.lower()), 0)
    region = noun.split()[0]
    if not count or len(parties) <= count or not region[0].isupper():
        return parties
    inside = tuple(p for p in parties if is_in_region(p.country, region))
    return inside if len(inside) == count else parties


def _group_told(match: re.Match[str], discourse: Discourse) -> tuple[Party, ...]:
    """Whom `they`, `the leaders`, `the statement` mean by what the story has told."""
    if discourse.chorus is not None and not re.match(r"the (?:two|pair|three|four)\b|both", match.group(0), re.IGNORECASE):
        return (discourse.chorus,)
    told = discourse.leaders if match["people"] else discourse.awaited if match["they"] else ()
    kind = re.match(r"the (?:foreign |defen[sc]e )?(ministers|leaders)\b", match.group(0), re.IGNORECASE)
    if discourse.council is not None and kind and not (told and all(_fits(p, kind[1]) for p in told)):
        discourse.chorus = discourse.council  # and "they" after them
        return (discourse.council,)
    return told or discourse.people_pair or discourse.country_pair or (() if match["they"] else discourse.last_two(people=True))


def _fits(party: Party, noun: str) -> bool:
    """Whether somebody is one of `the ministers`, of `the leaders`."""
    return "minister" in (party.role or "") if noun.lower() == "ministers" else (party.role or "").startswith(("head_of_", "deputy_head"))
