"""Words that stand for one party named before: `he`, `it`, `the country`, `the bloc`, `its neighbour`, `we`."""

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

_PRONOUN = re.compile(
    r"\b(?:(?P<near>(?:(?:its|the) (?:\w+ )?(?:neighbou?r|ally)|(?:his|her|their) hosts?)\b(?!-|[’']s|,? (?-i:[A-Z])))|(?P<person>he|she|his|her|him)|(?P<country>it|its|(?:the|that) (?:neighbou?ring |(?:\w+ )?(?:African|European|Asian|American|Caribbean|Pacific|Arab|Gulf|Baltic|Nordic|Balkan|Andean|Himalayan|island|landlocked|oil-rich|Muslim-majority) )?(?:country|island|kingdom|nation|regime|junta|generals|coup leaders|military (?:rulers|leaders|government)|archipelago|republic|state(?! (?:visit|media|news|television|tv|radio|broadcaster|funeral|banquet|owned|run|department|secretary))|capital)\b(?!(?-i: (?:of )?[A-Z])))|(?P<igo>the (?:\d[\w-]* )?(?:(?-i:Commission)(?! (?-i:[A-Z]|on\b|of\b|for\b))|bloc|alliance|agency|watchdog|world body|association|organization|organisation|court|tribunal|union|lender|fund|forum|grouping|council|summit))"
    r"|(?P<armed>the (?:armed |militant |rebel |paramilitary |islamist |insurgent |separatist )?(?:group|movement|faction|militia|guerrillas|paramilitaries|paramilitary))"
    r"|(?P<we>we|our|us))\b(?!-)",
    re.IGNORECASE,
)
_OPEN_QUOTE = re.compile(r"[“\"][^“”\"]+")
"""A sentence that opens a quotation and leaves it open: the next one goes on with it."""
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
_JUDGES = re.compile(r"\b(?:commend|prais|hail|laud|applaud|critici[sz]|endors|mock|question|disput|reject|dismiss)(?:s|es|ed|ing) $")
"""Before the `his` of somebody else: one does not praise one's own resolve."""
_TOLD = re.compile(r"\b(?:told|warned|reminded|advised|cautioned) (?:the )?$")
_ASSURES = re.compile(r"\b(?:told|assured|reminded|informed|warned|promised) [^.;]* that $")
_MUST = re.compile(r" (?:\w+day )?(?:that )?s?he (?:had to|has to|must|should|needed to|needs to|could not|would have to|ought to)\b")
_ASKED_OF = re.compile(r"\b(?:urg|ask|press|implor|begg|call|tell|told)\w* [^,.;]* to \w+ [^,.;]*\b(?:that|which) $")
"""Before the `it` of what somebody is asked to do or undo: `urged the United States to scrap the duties that it had imposed`."""


def may_be_pronoun(text: str) -> bool:
    """Whether any word of a sentence may stand for one party."""
    return bool(_PRONOUN.search(text))


def find_pronouns(reading: Reading) -> None:
    """Adds whom `he`, `it`, `the country`, `the bloc`, `the group`, `we` mean."""
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
            party = _by_gender(match["person"].lower(), _person(match, before, reading), before, discourse)
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
    first = min(before, key=lambda m: m.start, default=None)
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
        is_after = re.search(r" to \w+ $", text[named[-1].end : match.start()])  # "phoned her Moldovan counterpart, Mihai Popsoi, to assure him"
        if discourse.last_person and not is_after and len(people) > 1 and {p.key for p in people} <= {p.key for p in joined}:
            return discourse.last_person  # "Brandt, Macron and Ricci met him"
        is_of_state = reading.found[0].kind in ("country", "body", "seat")  # "Lithuania summoned the envoy to give him a note"
        if discourse.last_person and discourse.last_person.key != doer.key and not is_of_state and len(people) == 1 and people[0].key == doer.key:
            return discourse.last_person  # "Min Aung Hlaing was in Bangkok. The Thai premier met him"
        if met := [p for p in people if p.key != doer.key]:
            return met[-1]
        return people[-1] if is_of_state and len(people) == 1 else others[-1] if others else None
    if word in ("his", "her") and first and text[first.start : first.end].lower() in ("he", "she") and _ASSURES.search(text[: match.start()]):
        return first.parties[0]  # "He assured the Palestinian president that his country would"
    if word in ("he", "she") and first and text[: match.start()].endswith(" whom ") and first.kind in ("person", "pronoun"):
        return first.parties[0]  # "He met the emir, whom he thanked"
    if word in ("his", "her") and people and discourse.last_person and _JUDGES.search(text[: match.start()]):
        return discourse.last_person  # "Castro commended his resolve": not her own
    return people[0] if people else discourse.last_person


def _by_gender(word: str, party: Party | None, before: Sequence[Mention], discourse: Discourse) -> Party | None:
    """Whom a pronoun means where the story has called the likeliest `she` and this is `he`, or the other way round."""
    is_she = word in ("she", "her")
    if party is None or not party.role:
        return party
    if party.name in (discourse.men if is_she else discourse.women):  # "she was received by Putin. He thanked her"
        known = [*(p for m in before if m.kind == "person" for p in m.parties), *discourse.recent]
        barred = discourse.men if is_she else discourse.women
        party = next((p for p in reversed(known) if p.role and p.name not in barred), party)
    people = [p for m in before if m.kind == "person" for p in m.parties]
    if word in ("he", "she") or people == [party]:  # "Trump put his duties on hold"
        (discourse.women if is_she else discourse.men).add(party.name)
    return party


def _near(match: re.Match[str], before: Sequence[Mention], discourse: Discourse) -> Party | None:
    """Whom `its neighbour`, `its southern neighbour`, `the ally`, `his host` is: the dateline's country, else the one named last, that this sentence does not name."""
    here = [p.country for m in before for p in m.parties if p.country]
    others = [code for code in (discourse.home, *(p.country for p in reversed(discourse.recent))) if code and code not in here]
    if here and "host" in match["near"].lower():
        others = [code for code in (discourse.home, *reversed(here)) if code and code != here[0]]
    if not others:
        others = [code for code in reversed(here) if code != here[0]]  # "closed its border with Rwanda, accusing its neighbour of"
    way = next((w.lower().removesuffix("ern") for w in match["near"].split() if w.endswith("ern")), None)
    if here and way:
        others = [code for code in others if lies(code, way, here[0])]
    return country_party(others[0], match.group(0)) if here and others else None


def _topic(reading: Reading, match: re.Match[str], before: Sequence[Mention], here: Sequence[Party]) -> Party | None:
    """Which country `it`, `its`, `the country` is."""
    discourse, word = reading.discourse, match["country"].lower()
    if word == "it" and here and re.search(r"\bremind(?:s|ed|ing)? [^,.;]{2,40} that $", reading.text[: match.start()]):
        return here[-1]  # "reminded Caracas that it had promised"
    if word == "it" and here and _CHARGED.search(reading.text[: match.start()]) and not _CALLS.match(reading.text[match.end() :]):
        accused = [m.parties[0] for m in before if m.kind != "pronoun" and _ACCUSES.search(reading.text[: m.start])]
        return accused[-1] if accused else here[-1]  # "Norway accused Chile of lying, an allegation it denies"
    if word == "it" and (told := [m.parties[0] for m in before if m.kind != "pronoun"]) and _WHICH_SAYS.search(reading.text[: match.start()]):
        return told[-1]  # "drew a protest from the Russian agency, which said it could"
    if word == "it" and (unknown := _UNKNOWN_SAYS.search(reading.text[: match.start()])) and not any(m.start <= unknown.start("name") < m.end for m in before):
        return None  # "Orano said it": no country
    if (
        word == "it"
        and before
        and (before[-1].kind in ("country", "seat", "body") or reading.text[before[-1].start : before[-1].end] == "It")
        and _SAYS.fullmatch(reading.text[before[-1].end : match.start()])
    ):
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
    is_left = word == "the country" and re.search(
        r"\b(?:quit|left|leaving|fled)\s$", reading.text[: match.start()]
    )  # "the last French troops quit the country"
    if is_left or re.search(r"\b(?:from|to|in|into|of|out|across|over)\s$", reading.text[: match.start()]):
        subject = before[-1].parties[0].key if before else None
        others = [p for m in before if m.kind == "country" for p in m.parties if p.key != subject]
        fallback = [p for p in (discourse.last_topic, home) if p and p.key != subject]
        return others[0] if others else fallback[0] if fallback else None
    return here[0] if here else discourse.last_topic or home
