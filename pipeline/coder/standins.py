"""Words that stand for parties named before: `the two leaders`, `both countries`, `they`, `he`, `it`, `the bloc`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.coder.discourse import pair_in
from pipeline.coder.gazetteer import is_in_region, lies
from pipeline.coder.parties import COURTS, OPENING, Discourse, Kind, Mention, country_party
from pipeline.coder.reading import Reading
from pipeline.coder.tables import island_states
from pipeline.model import Party

_COUNTRY_GROUP = r"countries|sides|nations|governments|neighbou?rs|allies|parties|economies|capitals|states|rivals|powers|militaries|armies|navies|foes|members"
_PEOPLE_GROUP = r"leaders|ministers|presidents|prime ministers|premiers|foreign ministers|defen[sc]e ministers|diplomats|officials|men|women|heads of state|generals|envoys|top diplomats|monarchs|politicians"
_REGION = r"European|Western|Arab|Gulf|African|Baltic|Nordic|Asian|Andean|Balkan"
_COUNT = r"two|three|four|five|both|neighbou?ring|warring|rival"
_GROUP = re.compile(
    rf"\b(?:(?:the (?:{_COUNT}|other)|both|the|these two|our|its(?: two)?|all (?:two|three|four)|all(?= (?:parties|sides)\b)|each of the two|each) (?P<all>(?:[\w-]+ )?(?:{_COUNTRY_GROUP})\b)"
    rf"|(?:(?:the (?:{_COUNT})|both|the|our) (?P<people>(?:\w+ )?(?:{_PEOPLE_GROUP})\b(?! of (?:the )?(?-i:[A-Z])))|their (?P<theirs>(?:\w+ )?(?:leaders|presidents|premiers|(?:prime |foreign |defen[sc]e )?ministers)\b))"
    rf"|(?:the (?P<bare>two|pair|three|four)|(?P<they>they|them|their|each other|one another|both|each))\b"
    rf"|(?P<peers>(?:his|her|its|their) (?:(?:two|three|four) )?(?:(?:{_REGION}) )?(?:counterparts|colleagues)|the (?:Europeans|Arabs|Africans|three powers|trio|(?:{_REGION}) (?:trio|powers|allies|countries|nations|states|governments|capitals|leaders|ministers)))\b"
    r"|(?P<text>(?:the|a) joint (?:statement|communique|communiqué|declaration)|the (?:statement|communique|communiqué|declaration))\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:(?P<near>(?:(?:its|the) (?:\w+ )?(?:neighbou?r|ally)|(?:his|her|their) hosts?)\b(?!-|[’']s|,? (?-i:[A-Z])))|(?P<person>he|she|his|her|him)|(?P<country>it|its|(?:the|that) (?:neighbou?ring |(?:\w+ )?(?:African|European|Asian|American|Caribbean|Pacific|Arab|Gulf|Baltic|Nordic|Balkan|Andean|Himalayan|island|landlocked|oil-rich|Muslim-majority) )?(?:country|island|kingdom|nation|regime|junta|generals|coup leaders|military (?:rulers|leaders|government)|archipelago|republic|state(?! (?:visit|media|news|television|tv|radio|broadcaster|funeral|banquet|owned|run|department|secretary))|capital)\b(?!(?-i: (?:of )?[A-Z])))|(?P<igo>the (?:\d[\w-]* )?(?:bloc|alliance|agency|watchdog|world body|association|organization|organisation|court|tribunal|union|lender|fund|forum|grouping|council|summit))"
    r"|(?P<armed>the (?:armed |militant |rebel |paramilitary |islamist |insurgent |separatist )?(?:group|movement|faction|militia|guerrillas|paramilitaries|paramilitary))"
    r"|(?P<we>we|our|us))\b(?!-)",
    re.IGNORECASE,
)
_OPEN_QUOTE = re.compile(r"[“\"][^“”\"]+")
"""A sentence that opens a quotation and leaves it open: the next one goes on with it."""
_OF_LAWMAKERS = re.compile(r"\b(?:lawmakers|members|senators|politicians|congressmen|leaders) (?:of|from|in) both parties$")
"""Parties of a parliament, and not of the story."""
_GOVERNED = re.compile(r"\b(?:told|tells|of|to|at|in|before|with|from|against|between)\s(?:the\s|an? (?:\w+ )?(?:session|meeting) of (?:the )?)?$")
"""Before a country or body that hears, holds or suffers something: `it` after it is who acts."""
_SAYS = re.compile(
    r"(?: has| had| also)? (?:said|says|warned|told reporters|announced|added|answered|replied|countered|responded|declared|stressed|hinted|suggested|insisted|argued|claimed|vowed)(?: \w+day)?(?: that)? "
)
_CHARGED = re.compile(r"\b(?:allegation|accusation|charge|claim|, which) $")
_ACCUSES = re.compile(r"\b(?:accus|blam|suspect)(?:e|es|ed|ing|s)? (?:the )?$")
"""Before whoever denies it."""
_CALLS = re.compile(r" (?:calls|called|describe[sd]|sees|saw|considers|considered|regards|regarded|says|said|views|viewed)\b")
_WHICH_SAYS = re.compile(r", which (?:\w+ )?(?:said|says|warned|announced|added|denied|insisted|argued|claimed|vowed)(?: \w+day)?(?: that)? $")
_EXPLETIVE = re.compile(
    r" (?:is|was|would be|will be) (?:(?:\w+ )?\w+ that\b|(?:time|necessary|important|wrong|possible|impossible|hard|difficult|easy|vital|essential|premature) (?:for|to)\b)"
)
"""After the `it` of `it is shameful that`, which is nobody."""
_UNKNOWN_SAYS = re.compile(r"\b(?P<name>[A-Z][a-z]+) (?:said|says|added|announced)(?: \w+day)?(?: that)? $")
_DOES_TO = re.compile(r"\b(?:join|thank|urg|told|invit|congratulat|host|receiv|brief|assur)(?:s|es|ed|ing)? (?=\S*$)$")
"""Before a group that is none of those who do it."""
_JUDGES = re.compile(r"\b(?:commend|prais|hail|laud|applaud|critici[sz]|endors|mock|question|disput|reject|dismiss)(?:s|es|ed|ing) $")
"""Before the `his` of somebody else: one does not praise one's own resolve."""
_TOLD = re.compile(r"\b(?:told|warned|reminded|advised|cautioned) (?:the )?$")
_MUST = re.compile(r" (?:\w+day )?(?:that )?s?he (?:had to|has to|must|should|needed to|needs to|could not|would have to|ought to)\b")
_ASKED_OF = re.compile(r"\b(?:urg|ask|press|implor|begg|call|tell|told)\w* [^,.;]* to \w+ [^,.;]*\b(?:that|which) $")
"""Before the `it` of what somebody is asked to do or undo: `urged the United States to scrap the duties that it had imposed`."""
_NEW_TEXT = re.compile(r"\b(?:issu|releas|adopt|sign|publish|unveil|endors)\w+ a joint \w+$")


def may_stand_in(text: str) -> bool:
    """Whether any word of a sentence may stand for a party."""
    return bool(_PRONOUN.search(text) or _GROUP.search(text))


def find_standins(reading: Reading) -> list[Mention]:
    """Adds `the two leaders`, `they`, `he`, `it`, from what this sentence and the story say before them."""
    _find_groups(reading)
    _find_pronouns(reading)
    reading.found.sort(key=lambda m: m.start)
    return reading.found


def _find_groups(reading: Reading) -> None:
    """Whom `the two countries`, `their leaders`, `they`, `the statement` mean."""
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
            parties = (discourse.last_topic,)
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
    met = {p.key: p for m in found if m.kind in ("person", "pronoun") and m.end <= match.start() for p in m.parties if p.country}
    if match["bare"] == "two" and not here and len(met) == 2 and text[: match.start()].endswith("and "):
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


def _find_pronouns(reading: Reading) -> None:
    """Whom `he`, `it`, `the country`, `the bloc`, `the group`, `we` mean."""
    text, discourse, found = reading.text, reading.discourse, reading.found
    for match in _PRONOUN.finditer(text):
        before = [m for m in found if m.end <= match.start()]
        kind: Kind = "pronoun"
        if match["we"]:
            is_told_on = _OPEN_QUOTE.fullmatch(text) and discourse.last_person  # who said the sentence before says this one too
            party = discourse.last_person if is_told_on else Party(match.group(0), "we", None, None, None)
            kind = "pronoun" if is_told_on else "we"
        elif match["near"]:
            party = _near(match, before, discourse)
        elif match["person"]:
            party = _person(match, before, reading)
        elif match["armed"]:
            party, kind = discourse.rebels, "body"
        elif match["igo"]:
            unions = [m.parties[0] for m in reversed(before) if m.parties[0].sector == "IGO"]
            is_subject = unions and found[0].parties[0].key == unions[-1].key and discourse.last_body  # "The European Union backed the bloc"
            party, kind = discourse.last_body if is_subject or not unions else unions[0], "body"
            if "summit" in match["igo"].lower():  # "The summit also pressed Serbia": those whose leaders hold it
                party = discourse.council if match.start() == 0 else None
            if re.search(r"court|tribunal", match["igo"]):
                party = next((p for p in unions if p.name in COURTS), discourse.last_court) or party
        else:
            here = [m.parties[0] for m in before if m.kind in ("country", "seat", "body", "region")]
            here = here or [country_party(p.country, match.group(0)) for m in before if m.kind == "person" for p in m.parties[:1] if p.country]
            party = _topic(reading, match, before, here)
        if party:
            reading.add(match.span(), [replace(party, text=match.group(0))], kind)


def _person(match: re.Match[str], before: Sequence[Mention], reading: Reading) -> Party | None:
    """Who `he`, `her`, `him` is."""
    text, discourse, word = reading.text, reading.discourse, match["person"].lower()
    named = [m for m in before if m.kind == "person"]
    people = [m.parties[0] for m in named]
    if word in ("he", "she"):
        unknown = _UNKNOWN_SAYS.search(text[: match.start()])
        if unknown and not any(m.start <= unknown.start("name") < m.end for m in reading.found):
            return None  # "Anwar said he": nobody whom the story has introduced
        if named and _SAYS.fullmatch(text[named[-1].end : match.start()]):
            return people[-1]  # "Trump has warned he will ask"
        if len(named) > 1 and _TOLD.search(text[: named[-1].start]) and _MUST.match(text[named[-1].end :]):
            return people[-1]  # "Weber told Vucic that he had to choose"
    if word == "him" and people:  # "Putin invited him": not himself
        actors = [m for m in before if m.kind in ("person", "pronoun") and text[m.start : m.end].lower() not in ("his", "its")]
        doer = min(actors, key=lambda m: m.start).parties[0]
        others = [p for p in (discourse.last_person, *people, *discourse.people_pair) if p and p.key != doer.key]
        joined, _ = pair_in(text[: match.start()], named)
        if discourse.last_person and len(people) > 1 and {p.key for p in people} <= {p.key for p in joined}:
            return discourse.last_person  # "Brandt, Macron and Ricci met him"
        is_of_state = reading.found[0].kind in ("country", "body", "seat")  # "Lithuania summoned the envoy to give him a note"
        return people[-1] if is_of_state and len(people) == 1 else others[-1] if others else None
    if word in ("his", "her") and people and discourse.last_person and _JUDGES.search(text[: match.start()]):
        return discourse.last_person  # "Castro commended his resolve": not her own
    return people[0] if people else discourse.last_person


def _near(match: re.Match[str], before: Sequence[Mention], discourse: Discourse) -> Party | None:
    """Whom `its neighbour`, `its southern neighbour`, `the ally`, `his host` is: the dateline's country, else the one named last, that this sentence does not name."""
    here = [p.country for m in before for p in m.parties if p.country]
    others = [code for code in (discourse.home, *(p.country for p in reversed(discourse.recent))) if code and code not in here]
    if here and "host" in match["near"].lower():
        others = [code for code in (discourse.home, *reversed(here)) if code and code != here[0]]
    way = next((w.lower().removesuffix("ern") for w in match["near"].split() if w.endswith("ern")), None)
    if here and way:
        others = [code for code in others if lies(code, way, here[0])]
    return country_party(others[0], match.group(0)) if here and others else None


def _topic(reading: Reading, match: re.Match[str], before: Sequence[Mention], here: Sequence[Party]) -> Party | None:
    """Which country `it`, `its`, `the country` is."""
    discourse, word = reading.discourse, match["country"].lower()
    if word == "it" and here and _CHARGED.search(reading.text[: match.start()]) and not _CALLS.match(reading.text[match.end() :]):
        accused = [m.parties[0] for m in before if m.kind != "pronoun" and _ACCUSES.search(reading.text[: m.start])]
        return accused[-1] if accused else here[-1]  # "Norway accused Chile of lying, an allegation it denies"
    if word == "it" and (told := [m.parties[0] for m in before if m.kind != "pronoun"]) and _WHICH_SAYS.search(reading.text[: match.start()]):
        return told[-1]  # "drew a protest from the Russian agency, which said it could"
    if word == "it" and (unknown := _UNKNOWN_SAYS.search(reading.text[: match.start()])) and not any(m.start <= unknown.start("name") < m.end for m in before):
        return None  # "Orano said it": no country
    if word == "it" and before and before[-1].kind in ("country", "seat", "body") and _SAYS.fullmatch(reading.text[before[-1].end : match.start()]):
        return before[-1].parties[0]  # "The EU welcomed the accord, while Moscow said it"
    if word == "it" and here and _ASKED_OF.search(reading.text[: match.start()]):
        return here[-1]  # "urged the United States to scrap the duties that it had imposed"
    if word == "it" and _EXPLETIVE.match(reading.text[match.end() :]):
        return None
    if word == "it" and discourse.has_thing and not here:
        return None
    if word == "it":
        is_first = OPENING.fullmatch(reading.text[: match.start()])
        acting = [m.parties[0] for m in before if m.kind in ("country", "seat", "body") and not _GOVERNED.search(reading.text[: m.start])]
        here = acting if len(acting) < len(here) and acting else here  # "told the council that Tehran had been free to act when it": not the council
        return here[0] if here else (discourse.last_subject if is_first else None) or discourse.last_topic
    if word == "its":
        return here[-1] if here else discourse.topic_after(reading.text[: match.start()])
    here = [p for p in here if p.country]  # "ECOWAS suspended the country"
    if "island" in word:  # "reaffirmed his country's support for the island"
        known = [*(p for m in reversed(before) for p in m.parties), *reversed(discourse.recent)]
        return next((country_party(p.country, match.group(0)) for p in known if p.country in island_states()), None)
    home = country_party(discourse.home, match.group(0)) if discourse.home else None
    region = next((w for w in match["country"].split()[1:-1] if w[0].isupper()), "")
    if region:
        known = [*(p for m in reversed(before) for p in m.parties), *reversed(discourse.recent)]
        return next((country_party(p.country, match.group(0)) for p in known if p.country and is_in_region(p.country, region)), None)
    if match.start() < 2 and discourse.last_subject and word in ("the country", "the nation", "the kingdom", "the island"):
        return discourse.last_subject
    if re.search(r"junta|generals|coup leaders|military", word):
        ruled = [p for p in here if p.country and p.country != discourse.home]
        armed = next((discourse.bodies[b] for b in ("junta", "military government", "military") if b in discourse.bodies), None)
        return ruled[-1] if ruled else armed or home or discourse.last_topic
    if "capital" in word:
        named = {p.key for m in before for p in m.parties}
        topic = discourse.last_topic
        return topic if topic and topic.key not in named else home or topic
    if re.search(r"\b(?:from|to|in|into|of|out|across|over)\s$", reading.text[: match.start()]):
        subject = before[-1].parties[0].key if before else None
        others = [p for m in before if m.kind == "country" for p in m.parties if p.key != subject]
        fallback = [p for p in (discourse.last_topic, home) if p and p.key != subject]
        return others[0] if others else fallback[0] if fallback else None
    return here[0] if here else discourse.last_topic or home


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
