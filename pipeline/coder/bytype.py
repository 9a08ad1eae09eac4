"""What the type of an act says of its sides: whose people march, who rises against whom, whose blow kills, whose envoy is called in."""

from __future__ import annotations

from pipeline.coder.antecedents import Memory, governor_noun
from pipeline.coder.grammar import agents_of, distinct, governing_verb, has_agent, parties_of, parties_within
from pipeline.coder.parties import Mention, country_party
from pipeline.coder.recipients import place_parties
from pipeline.coder.speakers import find_speaker
from pipeline.coder.subjects import find_subject
from pipeline.coder.tables import Pattern
from pipeline.coder.words import Word
from pipeline.model import Party

_AGENTLESS = frozenset("DETENTION ENVOY_EXPELLED RELEASE ARMED_CLASH SANCTION_IMPOSED".split())
"""Types that a passive may tell without its doer, who is then of the place: `three men were jailed in Iran`."""
_WORRIES = frozenset("worry concern fear alarm unease misgiving".split())
_HELD_ONES = frozenset("soldier sailor citizen national fisherman crew journalist policeman officer".split())
_BENCH = frozenset("court tribunal judge".split())
"""Those who jail in the name of the country of the dateline."""
_ASKS = frozenset("urge ask press push implore beg beseech exhort encourage advise lobby pressure".split())
"""Verbs whose object is who is asked, as that of `issue` is an appeal."""
_BLOWS = frozenset("strike attack raid bombing shelling bombardment airstrike offensive assault ambush".split())
Sides = tuple[tuple[Party, ...], tuple[Party, ...], float]


def settled_sides(pattern: Pattern, head: Word, at: dict[int, Mention], reach: tuple[int, int], actors: tuple[Party, ...]) -> Sides | None:
    """Sides that the type and the sentence's form settle between them; None where they do not. `actors` is whom the subject names."""
    if pattern.event_type == "WARNING" and head.lemma == "be" and (threatened := [c for c in head.children if c.dep == "nsubj"]):
        speakers = find_speaker(head, at)
        theirs = tuple(p for p in (*parties_of(threatened, at), *parties_within(threatened[0], at)) if p.key not in {s.key for s in speakers})
        if theirs:  # "said that Chad's airports were legitimate targets"
            return (speakers, theirs, 0.8) if speakers else ((), (), 0.0)
    if pattern.event_type == "DENIAL" and head.dep == "ccomp" and any(c.dep == "nsubjpass" for c in head.children):
        return find_speaker(head, at), (), 0.8  # "said the pact with Chile was not aimed at anybody"
    if pattern.event_type == "ACCUSATION" and head.dep == "acl" and head.tag == "VBN" and not has_agent(head):
        return (), (), 0.0  # "a man suspected of spying for Chile": nobody says by whom
    if pattern.event_type == "CONCERN_EXPRESSED" and head.tag in ("VBN", "JJ") and (cause := _agents_within(head, at)):
        feels = [c for c in (head if head.tag == "VBN" else head.head).children if c.dep in ("nsubj", "nsubjpass")]
        worried = parties_of(feels, at)  # "Canberra was concerned by China's actions"
        mine = {p.key for p in worried}
        return worried, tuple(p for p in cause if p.key not in mine), 0.9
    if pattern.event_type == "CONCERN_EXPRESSED" and head.dep == "acl" and head.tag == "VBN" and not head.children:
        return (), (), 0.0  # "informed the countries concerned"
    if pattern.event_type == "CONCERN_EXPRESSED" and any(
        g.dep == "poss" and g.i in at and not {p.key for p in at[g.i].parties} & {p.key for p in actors}
        for c in head.children
        if c.dep == "dobj" and c.lemma in _WORRIES
        for g in c.children
    ):
        return (), (), 0.0  # "promised to convey Dhaka's worries": another's
    if pattern.event_type == "ARMED_CLASH" and head.tag == "VBN" and (strikers := _struck(head, at)):
        hurt = actors or parties_of([c for c in head.children if c.dep == "nsubjpass"], at) or place_parties(head, at, reach)
        mine = {p.key for p in strikers}
        return strikers, tuple(p for p in hurt if p.key not in mine), 0.8
    if pattern.event_type == "DETENTION" and any(c.dep == "dobj" and c.i in at and at[c.i].kind in ("region", "seat", "country") for c in head.children):
        return (), (), 0.0  # "captured Goma": a town
    if pattern.event_type == "DETENTION" and head.tag == "VBN" and (raiders := _struck(head, at)):
        taken = [c for c in head.children if c.dep == "nsubjpass"] or [head.head]
        mine = {p.key for p in raiders}  # "its workers detained in a U.S. raid"
        return raiders, tuple(p for t in taken for p in (*parties_of([t], at), *parties_within(t, at, before=head)) if p.key not in mine), 0.8
    if pattern.event_type == "DETENTION" and head.dep == "acl" and head.tag == "VBN" and not has_agent(head):
        held = parties_of([head.head], at) or parties_within(head.head, at, before=head)  # "Russians held in NATO countries", "Korean workers detained in"
        governor = governing_verb(head.head)
        if not held and head.head.lemma in _HELD_ONES and governor is not None:
            held = find_subject(governor, at)[0]  # "Ivory Coast tried to win the release of soldiers detained in Mali"
        return place_parties(head, at, reach, {p.key for p in held}), held, 0.7
    return None


def complete_sides(pattern: Pattern, head: Word, at: dict[int, Mention], reach: tuple[int, int], memory: Memory, sides: Sides, passive: list[Word]) -> Sides:
    """What the type of an act says of its sides: whose people march, who rises against whom, whose troops are sent."""
    actors, recipients, certainty = sides
    if pattern.event_type == "PROTEST_RALLY" and not actors:
        actors, certainty = _crowd(head, at, reach, recipients, memory.home), 0.6
    if pattern.event_type == "COUP" and not actors:
        actors, certainty = recipients or _crowd(head, at, reach, (), None), 0.8  # "in Niger, whose president was ousted in a coup"
    if pattern.event_type == "COUP" and not recipients:
        recipients = actors
    if passive and pattern.event_type in ("DEPLOYMENT", "INCURSION") and not has_agent(head):
        actors, certainty = (*parties_of(passive, at), *parties_within(passive[0], at), *find_speaker(head, at))[:1], 0.9
        recipients = tuple(p for p in (*recipients, *place_parties(head, at, reach)) if p.key not in {a.key for a in actors})
    if not actors and pattern.event_type in _AGENTLESS and passive:
        inside = [g for t in passive[0].subtree if t.lower == "in" and t.head.dep == "acl" for g in t.children if g.dep == "pobj"]
        actors, certainty = parties_of(inside, at) or place_parties(head, at, reach), 0.6  # "four Britons held in Afghanistan had been released"
        if pattern.event_type in ("ARMED_CLASH", "DETENTION") and recipients and {p.key for p in actors} <= {p.key for p in recipients}:
            actors = ()  # "had been abducted on Kosovar soil": nobody says by whom
        actors = actors or memory.last_doer(pattern.event_type, {p.key for p in recipients})  # "six others were declared persona non grata"
    if (
        pattern.event_type == "ARMED_CLASH"
        and actors
        and not recipients
        and memory.home
        and memory.home not in {p.country for p in actors}
        and _is_inland(head)
    ):
        recipients = (country_party(memory.home, memory.home),)
    if pattern.event_type == "ARMED_CLASH" and actors and not recipients and any(t.lemma == "border" and t.head.lower == "across" for t in head.subtree):
        recipients = memory.other_side({p.key for p in actors})  # "its jets hit targets across the border"
    is_of_strait = pattern.event_type == "INCURSION" and not recipients and {p.country for p in actors} == {"CHN"}
    if is_of_strait and any(t.lower == "median" for t in head.subtree):
        recipients = (country_party("TWN", "Taiwan"),)  # "crossed the median line of the Taiwan Strait"
    if pattern.event_type == "FORCES_WITHDRAWN" and actors and not recipients:  # "Washington, which pulled its own troops out last year"
        recipients = memory.last_target("FORCES_WITHDRAWN", {p.key for p in actors})
    if pattern.event_type == "DETENTION" and memory.home and any(c.dep == "nsubj" and c.lemma in _BENCH and c.i not in at for c in head.children):
        actors, certainty = (country_party(memory.home, memory.home),), 0.6  # "a court sentenced most of them"
        recipients = tuple(p for p in recipients if p.country != memory.home)
    if pattern.event_type == "REJECTION" and passive and not has_agent(head) and (speakers := find_speaker(head, at)):
        theirs = (*parties_of(passive, at), *parties_within(passive[0], at))  # "Chile's threats will not be tolerated, Peru said"
        actors, recipients, certainty = speakers, tuple(p for p in theirs if p.key not in {s.key for s in speakers}), 0.8
    if not actors and pattern.event_type == "MEETING_CANCELLED" and passive and len(recipients) > 1:
        actors, recipients, certainty = recipients, (), 0.9  # "talks between A and B have been suspended": by either
    is_noted = pattern.event_type == "FORMAL_PROTEST" and any(t.lemma == "protest" for p in passive for t in p.subtree)  # "a note of protest was handed to"
    if not actors and passive and (is_noted or pattern.event_type == "ENVOY_SUMMONED"):
        recipients = parties_of(passive, at) or recipients
        hearers = passive if pattern.event_type == "ENVOY_SUMMONED" else [g for c in head.children if c.lower == "to" for g in c.children]
        within = parties_within(hearers[0], at) if hearers else ()
        posted = tuple(p for p in within if p.key not in {r.key for r in recipients})  # "China's envoy in Manila was summoned"
        host = posted or find_speaker(head, at) or ((country_party(memory.home, memory.home),) if memory.home else ())
        actors, certainty = tuple(p for p in host if p.key not in {r.key for r in recipients}), 0.6
    if not actors and pattern.pos == "v" and head.dep == "relcl" and governor_noun(head) is not None:
        actors, certainty = find_subject(head, at)
    return actors, recipients, certainty


_MANY = frozenset(
    "country nation state member government leader partner ally power community world citizen national people minister lawmaker reporter everyone everybody all".split()
)
"""Those who are no party where no name stands beside them."""


def is_to_many(head: Word, at: dict[int, Mention]) -> bool:
    """Whether those who are asked are many, and none is named: `urged all countries to deal with Taiwan`, `appealed to Arab leaders`."""
    asked = [c for c in head.children if c.dep in ("dobj", "dative")]
    asked = asked or [g for c in head.children if c.dep in ("prep", "dative") and c.lower in ("to", "on", "upon") for g in c.children if g.dep == "pobj"]
    asked += [
        g for c in head.children if c.dep == "ccomp" and head.lemma in ("demand", "insist") for g in c.children if g.dep == "nsubj"
    ]  # "demanded that members be free"
    return any(t.lemma in _MANY and t.i not in at and not parties_within(t, at) for t in asked)


def is_to_unnamed(head: Word, at: dict[int, Mention]) -> bool:
    """Whether somebody whom no name stands for is asked to do something."""
    asked = [c for c in head.children if c.dep == "dobj" and c.pos == "NOUN" and head.lemma in _ASKS]
    named = {t.i for c in asked for t in c.subtree if not any(a.tag == "VB" and a.i > c.i for a in (t, *t.ancestors))}
    is_to_do = any(c.tag == "VB" and c.dep in ("xcomp", "advcl", "acl") for base in (head, *asked) for c in base.children)
    return bool(asked) and is_to_do and not any(i in at for i in named)


def is_by_own(head: Word, at: dict[int, Mention], mine: set[str]) -> bool:
    """Whether what somebody turns down came from his own side."""
    by = [g for c in head.children if c.dep == "dobj" for b in c.children if b.lower == "by" for g in b.children]
    return any(parties and {p.key for p in parties} <= mine for g in by if (parties := parties_of([g], at)))


def is_to_own(head: Word, at: dict[int, Mention], mine: set[str]) -> bool:
    """Whether those spoken to are the speaker's own people."""
    told = [at[c.i] for c in head.children if c.dep == "dobj" and c.i in at and at[c.i].kind in ("person", "body")]
    return bool(mine) and bool(told) and all({p.key for p in m.parties} <= mine for m in told)


def _is_inland(head: Word) -> bool:
    """Whether an act is in a part of the country that the story is written in: `carried out two raids in the south`."""
    return any(t.lower in ("south", "north", "east", "west", "capital") and t.dep == "pobj" and t.head.lower in ("in", "on") for t in head.subtree)


def _struck(head: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Whose blow kills, where a passive says so with a noun: `killed in a Russian drone strike`."""
    blows = [g for c in head.children if c.dep in ("prep", "agent") and c.lower in ("in", "by") for g in c.children if g.lemma in _BLOWS]
    claimed = [t for b in blows for t in b.subtree if t.lower == "claimed" and has_agent(t)]  # "killed in an attack that was claimed by the group"
    named = tuple(p for b in blows for t in b.subtree if t.i < b.i and t.i in at and at[t.i].kind != "we" for p in at[t.i].parties)
    return distinct((*(p for t in claimed for p in agents_of(t, at)), *named))


def _agents_within(head: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """By whom, or by whose deeds: `alarmed by the actions of China's coast guard`."""
    return agents_of(head, at) or distinct(p for c in head.children if c.dep == "agent" for p in parties_within(c, at))


def _crowd(head: Word, at: dict[int, Mention], reach: tuple[int, int], recipients: tuple[Party, ...], home: str | None) -> tuple[Party, ...]:
    """Whose people march or rise: those of the place, else those of the dateline."""
    against = {p.key for p in recipients}
    for index in range(reach[1] + 1):
        mention = at.get(index)
        if mention is not None and mention.kind in ("seat", "country", "region") and not {p.key for p in mention.parties} & against:
            return mention.parties
    return (country_party(home, home),) if home else ()
