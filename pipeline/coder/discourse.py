"""What a sentence adds to what the story has said: who was named last, which group, who speaks on in the plural."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.coder.parties import COURTS, Discourse, Mention, country_party
from pipeline.coder.tables import countries
from pipeline.model import Party

_JOINT = re.compile(r"\s*,?\s*(?:and|with|or)\s+(?:(?:his|her|its|their|the)\s+)?$")
_LEADERS_OF = re.compile(
    r"\s*,?\s*(?:and|with)\s+(?:the |his |her )?(?:\w+ ){0,2}(?:leaders|presidents|ministers|counterparts|premiers|envoys|heads of state) (?:of|from)\s+(?:the\s+)?"
)
_MET = re.compile(
    r"\s(?:also |later |then |separately )?(?:met|(?:held|had|began|opened) (?:[\w-]+ ){0,4}(?:talks|meeting|summit|conversation|call|discussions|consultations)|spoke|talked|conferred)"
    r"(?: \w+day)?(?: (?:by|over the) (?:tele)?phone)?(?: with)?(?: his| her)? "
)
"""What stands between two people who met or talked."""
_PLURAL = r"(?:foreign |defen[sc]e |finance |trade |interior )?(?:ministers|chiefs|leaders|members|envoys|ambassadors|nations|countries|governments|diplomats|heads of state)"
_CHORUS_AFTER = re.compile(rf"(?: member| advanced)?(?: states| economies)?[’']? {_PLURAL}\b| (?:member (?:states|nations|countries))\b")
_CHORUS_IN = re.compile(rf" {_PLURAL}$")
_CHORUS_BEFORE = re.compile(rf"\b{_PLURAL} (?:of|from) (?:the )?$", re.IGNORECASE)
_THING = re.compile(
    r"(?:The|A|This|That) (?:[\w.-]+ ){0,3}(?:proposal|resolution|draft|text|measure|bill|law|report|plan|deal|agreement|document|treaty|pact)\b"
)
_GOVERNED = re.compile(r"\b(?:with|to|from|by|of|for|against|about|on|at|over|alongside)\s(?:the\s)?$")
_ACCORDING = re.compile(r"\b[Aa]ccording to\s(?:the\s)?$")
_STRANGER = re.compile(
    r"\b(?!(?:He|She|They|It|We|I|You|Who|That|This|But|And|In|On|As|The|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:day)?\b|Reuters|Kyodo|Xinhua|Yonhap|Interfax|Tass)"
    r"(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+){0,2})(?:, [^,]{3,80},)? (?:said|says|told|added|argued|cautioned|recalled|wrote|testified|noted|explained)\b"
)
"""Somebody of whom the story says no country: `he` is that person from now on, and nobody whom we know."""


def pair_in(text: str, found: Sequence[Mention]) -> tuple[tuple[Party, ...], int | None]:
    """The last joined group of this sentence (`A and his counterpart B`, `A, B and C`), and where it ends."""
    ordered = sorted((m for m in found if m.kind in ("person", "country", "seat", "body")), key=lambda m: m.start)
    group: tuple[Party, ...] = ()
    position = None
    chain: list[Mention] = []
    for mention in ordered:
        between = text[chain[-1].end : mention.start] if chain else ""
        if chain and _JOINT.fullmatch(between):
            parties = {p.key: p for m in (*chain, mention) for p in m.parties}
            if len(parties) > 1 and (len({m.kind for m in (*chain, mention)}) == 1 or all(p.country or p.sector == "REB" for p in parties.values())):
                group, position = tuple(parties.values()), mention.end
            chain = [mention]
        elif chain and (re.fullmatch(r"\s*,\s*(?:the\s+)?", between) or _LEADERS_OF.fullmatch(between)):
            chain.append(mention)
        else:
            chain = [mention]
    peers = [m for m in ordered if m.kind in ("person", "body") and "counterpart" in text[m.start : m.end]]
    others = [m for m in ordered if peers and m.kind == "person" and m.end < peers[0].start]
    if len(group) > 1 and others and {p.key for p in group} == {p.key for m in peers for p in m.parties}:
        group = (others[-1].parties[0], *group)  # "Kim called his American counterpart and his Japanese counterpart"
    people = [m for m in ordered if m.kind == "person"]
    if not group and len(people) > 1 and _MET.fullmatch(text[people[0].end : people[1].start]) and people[0].parties[0].key != people[1].parties[0].key:
        return (people[0].parties[0], people[1].parties[0]), people[1].end
    if not group and others:  # "Asif headed one delegation and his Afghan counterpart the other"
        return (others[-1].parties[0], *peers[0].parties), peers[0].end
    return group, position


def _is_chorus(text: str, body: Mention) -> bool:
    """Whether a body is named for its people, in the plural: `the G7 foreign ministers`, `leaders of the bloc`."""
    start, end = body.start, body.end
    return bool(_CHORUS_IN.search(text[start:end]) or _CHORUS_AFTER.match(text[end:]) or _CHORUS_BEFORE.search(text[:start]))


def update_discourse(text: str, discourse: Discourse, found: Sequence[Mention]) -> None:
    """Brings up to date who was named last, and which group."""
    pair, _ = pair_in(text, found)
    discourse.pair_up(pair)
    discourse.has_thing = bool(_THING.match(text)) or (discourse.has_thing and bool(re.match(r"(?:It|In addition, it)\b", text)))
    discourse.has_union = discourse.has_union or any(p.name == "European Union" for m in found for p in m.parties)
    discourse.spoken_of.update(p.country for m in found if m.kind not in ("pronoun", "group") for p in m.parties if p.country)
    discourse.note(p for m in found if m.kind in ("person", "country", "seat") for p in m.parties)
    people = [m for m in found if m.kind == "person"]
    if people:
        acting = [m for m in people if not _GOVERNED.search(text[: m.start])]  # "In talks with Sousa, Xi said": he is Xi
        speaking = [m for m in people if _ACCORDING.search(text[: m.start])]
        person = (speaking or acting or people)[0].parties[0]
        discourse.last_person = person
        discourse.last_role = (person.role, person.sector)
    elif (stranger := _STRANGER.search(text)) and not any(m.start < stranger.end("name") and stranger.start("name") < m.end for m in found):
        discourse.last_person = None
    leading = [m for m in found if m.kind in ("country", "body", "seat", "person", "pronoun")]
    if leading and leading[0].start < 40:
        first = leading[0].parties[0]
        discourse.last_subject = country_party(first.country, first.text) if first.country else first
        if first.sector == "IGO" and _is_chorus(text, leading[0]):
            discourse.chorus = first
        elif leading[0].start < 15 and discourse.chorus and discourse.chorus.key not in {p.key for p in found[0].parties} and text[0] not in '“"':
            discourse.chorus = None  # somebody else has the word
    councils = [m.parties[0] for m in found if m.parties[0].sector == "IGO" and _is_chorus(text, m)]
    discourse.council = councils[-1] if councils else discourse.council
    bodies = [m.parties[0] for m in found if m.kind in ("body", "person") and m.parties[0].sector == "IGO"]
    if bodies:
        discourse.last_body = bodies[-1]
    discourse.last_court = next((b for b in reversed(bodies) if b.name in COURTS), discourse.last_court)
    armed = [p for m in found if m.kind == "body" for p in m.parties if p.sector == "REB" and not (p.country and p.name.startswith(countries()[p.country][0]))]
    if armed:
        discourse.rebels = armed[-1]
    speakers = {p.key for p in discourse.people_pair or discourse.country_pair}
    topics = [m.parties[0] for m in found if m.kind in ("country", "body", "seat") and m.parties[0].country]
    topics = [t for t in topics if t.key not in speakers] or topics
    if topics:
        discourse.last_topic = topics[-1]
