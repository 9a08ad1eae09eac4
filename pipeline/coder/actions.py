"""What: codebook rows against a parsed sentence.

A row's head must stand in the sentence; the words from it to the end of its clause must hold what the
row needs and nothing that it excludes. Actors come from the subject (through co-ordination, control
and passives), recipients from the object and the prepositions of the head, else from the earlier act
that the object speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from pipeline.coder.antecedents import Memory, find_antecedent, governor_noun, is_by_reference
from pipeline.coder.grammar import (
    clause_of,
    clause_subjects,
    distinct,
    find_addressee,
    find_objects,
    find_occasion,
    find_partners,
    find_speaker,
    find_subject,
    has_own_subject,
    nearest_after,
    nearest_before,
    object_words,
    parties_of,
    parties_within,
    place_parties,
    relative_object,
    set_beside,
    speak_for,
    subject_words,
)
from pipeline.coder.nouns import find_doer, find_nominal, find_target, governing_words, own_parties, sources
from pipeline.coder.pairs import Pair, find_pairs, general_row
from pipeline.coder.parties import Mention, country_party
from pipeline.coder.sentences import Parsed
from pipeline.coder.status import find_status
from pipeline.coder.tables import Pattern, event_types, patterns
from pipeline.model import Party

_VEILED = re.compile(
    r"in (?:what (?:was|is) seen as )?an? (?:\w+ )?(?:veiled|secret|indirect|apparent|clear|oblique|implicit|obvious) (?:reference|allusion|swipe|message|warning|jab|criticism|dig) (?:to|at|of) (?P<who>.{2,80})"
    r"|with(?:out| no) (?:\w+ )?(?:nam|mention|refer|identif|singl)ing (?:to |out )?(?P<who2>.{2,60})"
    r"|with (?P<who3>\w+) in mind",
    re.IGNORECASE,
)
_GIVEN = frozenset("AID_DELIVERED AID_PLEDGED ARMS_TRANSFER AID_CUT".split())
_ADDRESSED = frozenset("WARNING REJECTION DEMAND SANCTION_IMPOSED SANCTION_LIFTED TREATY_LEFT ENVOY_RECALLED".split())
"""Types that always have somebody on the other side, whom the sentence may leave out."""
_AGENTLESS = frozenset("DETENTION ENVOY_EXPELLED RELEASE ARMED_CLASH SANCTION_IMPOSED".split())
_ALONE = frozenset("TREATY_SIGNED TREATY_RATIFIED CEASEFIRE".split())
"""Types done together that may be told of one party: `Finland signed the accession document`."""
_ANY = frozenset("all any every some each no".split())
_SOUGHT = frozenset("AGREE_COOPERATE TALKS_AGREED RELATIONS_RAISED CEASEFIRE".split())
"""Types done together whose other party may be named elsewhere in the story: `Mexico agreed to send more water`."""


@dataclass(frozen=True)
class Act:
    """A codebook row that matched, with its parties. Offsets count characters of the sentence."""

    pattern: Pattern
    head: Token
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    implied: tuple[Party, ...]
    clause: str
    start: int
    end: int
    status: str
    certainty: float
    """How directly the parties were named, 0 to 1: a subject is surer than one inferred."""


@cache
def _by_head() -> dict[tuple[str, str], tuple[Pattern, ...]]:
    index: dict[tuple[str, str], tuple[Pattern, ...]] = {}
    for pattern in patterns():
        for lemma in pattern.lemmas:
            index[(pattern.pos, lemma)] = (*index.get((pattern.pos, lemma), ()), pattern)
    return index


def find_acts(parsed: Parsed, mentions: Sequence[Mention], memory: Memory) -> tuple[list[Act], list[Pair]]:
    """Acts of one sentence, in order of their heads, and the pairs that no row speaks of.

    `mentions` have offsets of the sentence; `memory` learns the acts.
    """
    at: dict[int, Mention] = {}
    for mention in mentions:
        tokens = parsed.tokens(mention.start, mention.end)
        if mention.kind == "group" and tokens and tokens[-1].dep_ == "nummod" and tokens[-1].head.pos_ == "NOUN":
            continue  # "the two frigates"
        at.update((token.i, mention) for token in tokens)
    veiled = _veiled(parsed.sentence.text, mentions)
    acts: list[Act] = []
    listed: set[Token] = set()
    clauses: dict[tuple[int, str], tuple[int, int]] = {}
    for token in parsed.doc:
        if token.dep_ in ("amod", "compound") and token.pos_ == "VERB" and not (token.tag_ == "VBD" and token.i - 1 in at):
            continue  # "state-backed hackers"
        for pattern in _rows_for(token):
            if any(a.head == token for a in acts):
                break
            act = _match(pattern, token, parsed, at, veiled, memory, clauses)
            if act:
                listed.update((token, *(c for c in token.children if c.dep_ in ("xcomp", "ccomp", "pcomp"))))
                acts.append(act)
                memory.add(act.pattern.event_type, act.actors, act.recipients)
    kept = [a for a in acts if not (a.pattern.is_general and any(_replaces(b, a) for b in acts))]
    return kept, find_pairs(parsed, at, listed)


def pair_act(pair: Pair, root: str, certainty: float) -> Act:
    """What the relation model makes of a pair."""
    clause, start, end = pair.clause, pair.start, pair.end
    pattern = general_row(root)
    together = pattern.parties == "both"
    actors, recipients = ((*pair.actors, *pair.recipients), ()) if together else (pair.actors, pair.recipients)
    return Act(pattern, pair.head, actors, recipients, (), clause, start, end, pair.status, certainty)


def _replaces(one: Act, general: Act) -> bool:
    """Whether an act says more exactly what a general one says: it is what was agreed, or the same again."""
    return (one.head.head == general.head and one.head.dep_ == "xcomp") or (one is not general and one.pattern.event_type == general.pattern.event_type)


def _rows_for(token: Token) -> tuple[Pattern, ...]:
    pos = {"VERB": "v", "AUX": "v", "NOUN": "n", "PROPN": "n"}.get(token.pos_, "")
    rows = _by_head().get((pos, token.lemma_.lower()), ())
    if pos == "v" and token.dep_ == "ccomp" and any(c.dep_ == "aux" and c.lower_ in ("could", "may", "might") for c in token.children):
        rows = (*rows, *_by_head().get(("c", token.lemma_.lower()), ()))
    if token.dep_ == "aux" and token.lower_ in ("should", "must"):
        rows = (*rows, *_by_head().get(("m", token.lower_), ()))
    if token.pos_ == "ADJ" or token.dep_ == "acomp":
        rows = (*rows, *_by_head().get(("a", token.lower_), ()))
        if token.pos_ == "ADJ" and token.lower_.endswith("ed"):
            rows = (*rows, *(p for p in _by_head().get(("v", token.lemma_.lower()), ()) if token.dep_ == "ROOT"))
    return rows


def _match(
    pattern: Pattern,
    head: Token,
    parsed: Parsed,
    at: dict[int, Mention],
    veiled: tuple[Party, ...],
    memory: Memory,
    clauses: dict[tuple[int, str], tuple[int, int]],
) -> Act | None:
    verb = head.head if pattern.pos == "m" else head
    if (verb.i, pattern.pos) not in clauses:
        clauses[verb.i, pattern.pos] = clause_of(verb, pattern.pos)
    first, last = clauses[verb.i, pattern.pos]
    clause = parsed.words(first, last)
    if pattern.pos == "v" and any(c.dep_ == "nsubjpass" for c in head.children):
        clause = f"{clause} {subject_words(head)}"  # "jets were scrambled": what is done to stands before
    if pattern.pos == "v" and (noun := relative_object(head, is_told_without_agent=pattern.parties == "both")) is not None:
        clause = f"{clause} {' '.join(t.text for t in noun.lefts)} {noun.text}"  # "a treaty that their presidents signed"
    if (pattern.needs and not pattern.needs.search(clause)) or (pattern.unless and pattern.unless.search(clause)):
        return None
    if pattern.subject and not (pattern.pos == "n" and own_parties(head, at)):
        above = governing_words(head) if pattern.pos == "n" else subject_words(head)
        if bool(pattern.subject.search(above)) == pattern.is_subject_barred:
            return None
    status = pattern.status if pattern.pos in ("m", "a", "c") else find_status(pattern, head)
    if status is None:
        return None
    hidden = {p.key for p in veiled}
    actors, recipients, certainty = _sides(pattern, head, at, clause, (first, last), memory)
    actors = distinct(speak_for(p, head, at) for p in actors)
    actors = tuple(p for p in actors if p.name != "we" and p.key not in hidden)
    mine = {p.key for p in actors}
    recipients = tuple(p for p in distinct(recipients) if p.name != "we" and (p.key not in mine or may_be_own(pattern)) and p.key not in hidden)
    if not actors or (pattern.parties in ("to", "said", "place", "mediate") and not recipients):
        return None
    if pattern.parties == "both" and len(actors) < 2 and not recipients and pattern.event_type not in _ALONE:
        return None
    implied = tuple(p for p in veiled if p.key not in mine and p.key not in {r.key for r in recipients})
    return Act(pattern, head, actors, recipients, implied, clause, parsed.starts[first], parsed.ends[last], status, certainty)


def _crowd(head: Token, at: dict[int, Mention], reach: tuple[int, int], recipients: tuple[Party, ...], home: str | None) -> tuple[Party, ...]:
    """Whose people march or rise: those of the place, else those of the dateline."""
    against = {p.key for p in recipients}
    for index in range(head.sent.start, reach[1] + 1):
        mention = at.get(index)
        if mention is not None and mention.kind in ("seat", "country", "region") and not {p.key for p in mention.parties} & against:
            return mention.parties
    return (country_party(home, home),) if home else ()


def may_be_own(pattern: Pattern) -> bool:
    """Whether actor and recipient may be of one country: a coup, an arrest, a civil war, a march."""
    return pattern.event_type in ("COUP", "DETENTION", "ARMED_CLASH", "PROTEST_RALLY")


Sides = tuple[tuple[Party, ...], tuple[Party, ...], float]


def _sides(pattern: Pattern, head: Token, at: dict[int, Mention], clause: str, reach: tuple[int, int], memory: Memory) -> Sides:
    """Actors, recipients and how surely they are those, by the row's kind of parties."""
    if pattern.parties == "said" or pattern.pos == "m":
        return _said(pattern, head, at)
    actors, certainty = find_nominal(head, at) if pattern.pos == "n" else find_subject(head, at)
    if any(p.name == "we" for p in actors):
        actors, certainty = find_speaker(head, at), 0.8
    passive_subject = any(c.dep_ in ("nsubjpass", "auxpass") for c in head.children)
    if not actors and pattern.group == "speech" and pattern.pos != "n" and not has_own_subject(head):
        actors, certainty = find_speaker(head, at), 0.7
    if not actors and pattern.pos == "v" and not passive_subject and (actors := nearest_before(head, at)):
        certainty = 0.7
    if pattern.parties == "from":
        return _from(head, at, reach, memory)
    if pattern.parties == "got":
        return tuple(p for t in head.subtree if t.lower_ == "from" for p in parties_of([c for c in t.children if c.dep_ == "pobj"], at)), actors, certainty
    if pattern.parties == "both":
        return _together(pattern, head, at, actors, certainty, reach, memory)
    if pattern.parties == "mediate":
        return _mediated(head, at, actors, certainty, memory)
    if pattern.parties == "clause":
        return actors, clause_subjects(head, at), certainty
    passive = [c for c in head.children if c.dep_ == "nsubjpass"]
    if passive and passive[0].lower_ in ("who", "which", "that") and head.dep_ == "relcl":
        passive = [head.head]
    if pattern.parties == "host" or pattern.parties == "self":
        if pattern.pos == "n" and (visitor := set_beside(head, at)):
            actors, certainty = visitor, 0.9
        actors = parties_of(passive, at) or actors if pattern.parties == "host" else actors or parties_of(passive, at)
        return actors, place_parties(head, at, reach, {p.key for p in actors}) if pattern.parties == "host" else (), certainty or 0.8
    if pattern.parties == "about":
        about = [c for c in head.children if c.dep_ == "prep" and c.lower_ in ("about", "over", "against")]
        mine = {p.key for p in actors}
        named = tuple(p for p in distinct(p for c in about for p in parties_within(c, at)) if p.key not in mine)
        return actors, named or find_objects(head, at, mine), certainty
    is_reference = is_by_reference(pattern.event_type)
    recipients: tuple[Party, ...] = ()
    if pattern.pos == "n":
        actors, certainty = find_doer(head, at)
        recipients = find_target(head, at) or (
            find_objects(head.head.head, at, {p.key for p in actors}) if head.dep_ == "pobj" and head.head.head.pos_ == "VERB" else ()
        )
        actors = tuple(p for p in actors if p.key not in {r.key for r in recipients})
    else:
        recipients = find_objects(
            head,
            at,
            set() if may_be_own(pattern) else {p.key for p in actors},
            deep=pattern.event_type.startswith("AID") or pattern.parties == "opt" or pattern.pos == "a",
            is_deed=is_reference,
        )
    if passive:
        recipients = (*parties_of(passive, at), *parties_within(passive[0], at), *recipients)
    if pattern.parties == "place" and not recipients:
        recipients = place_parties(head, at, reach, () if may_be_own(pattern) else {p.key for p in actors})
    if pattern.event_type == "PROTEST_RALLY" and not actors:
        actors, certainty = _crowd(head, at, reach, recipients, memory.home), 0.6
    if pattern.event_type == "COUP" and not actors:
        actors, certainty = recipients or _crowd(head, at, reach, (), None), 0.8  # "in Niger, whose president was ousted in a coup"
    if pattern.event_type == "COUP" and not recipients:
        recipients = actors
    if passive and pattern.event_type == "DEPLOYMENT" and not any(c.dep_ == "agent" for c in head.children):
        actors, certainty = (*parties_of(passive, at), *parties_within(passive[0], at))[:1], 0.9
        recipients = tuple(p for p in (*recipients, *place_parties(head, at, reach)) if p.key not in {a.key for a in actors})
    if not actors and pattern.event_type in _AGENTLESS and passive:
        actors, certainty = place_parties(head, at, reach), 0.6
    if not actors and pattern.pos == "v" and head.dep_ == "relcl" and governor_noun(head) is not None:
        actors, certainty = find_subject(head, at)
    mine = {p.key for p in actors}
    if mine and not any(p.key not in mine for p in recipients) and (pattern.parties in ("to", "opt") or pattern.event_type in _GIVEN | _ADDRESSED):
        recipients = nearest_after(head, at, mine, reach) if pattern.pos == "v" and not passive else ()
        if pattern.group == "speech":
            recipients = recipients or find_addressee(head, at, mine) or find_occasion(head, at, mine)
        recipients = recipients or _referred(pattern, head, at, actors, clause, memory)
        if not recipients and pattern.event_type in _GIVEN | _ADDRESSED | {"CALL_FOR_SETTLEMENT"}:
            recipients = _unnamed(pattern, head, at, mine, memory)
            if not recipients and pattern.event_type in _GIVEN and memory.home and memory.home not in mine:
                recipients = (country_party(memory.home, memory.home),)
        certainty *= 0.8
    return actors, recipients, certainty


def _referred(pattern: Pattern, head: Token, at: dict[int, Mention], actors: tuple[Party, ...], clause: str, memory: Memory) -> tuple[Party, ...]:
    """Recipients of an act whose object names nobody."""
    noun = governor_noun(head)
    if noun is not None:
        governor = noun
        while governor.pos_ not in ("VERB", "AUX") and governor.head != governor:
            governor = governor.head
        above = find_subject(governor, at)[0] if governor.pos_ in ("VERB", "AUX") else ()
        mine = {p.key for p in actors}
        if others := tuple(p for p in above if p.key not in mine):
            return others
    meaning = event_types().get(pattern.event_type)
    if pattern.parties == "opt" and not (meaning and meaning.group == "speech"):
        return ()
    words = object_words(head) or (clause if pattern.event_type in ("WARNING", "REJECTION") else "")
    if is_by_reference(pattern.event_type) and _speaks_of_last(pattern, head, clause):
        words += " it"
    return find_antecedent(pattern.event_type, actors, words, memory)


def _unnamed(pattern: Pattern, head: Token, at: dict[int, Mention], mine: set[str], memory: Memory) -> tuple[Party, ...]:
    """The other side of an act that always has one: that of the last such act, whom the story sets against the actor, or whom the sentence names."""
    if pattern.event_type in ("AID_DELIVERED", "AID_PLEDGED") and (
        others := memory.last_target("AID_DELIVERED", mine) or memory.last_target("AID_PLEDGED", mine)
    ):
        return others
    if pattern.event_type == "CALL_FOR_SETTLEMENT":
        return memory.fighters(mine)
    same = memory.last_target(pattern.event_type, mine) if pattern.event_type in ("SANCTION_IMPOSED", "SANCTION_LIFTED", "AID_CUT") else ()
    if others := same or memory.other_side(mine) or memory.last_target(pattern.event_type, mine):
        return others
    if pattern.event_type in _ADDRESSED:
        for token in head.sent:
            mention = at.get(token.i)
            if (
                mention is not None
                and mention.kind in ("country", "seat", "person")
                and token.dep_ in ("nsubj", "nsubjpass", "pobj")
                and not {p.key for p in mention.parties} & mine
            ):
                return mention.parties
    return ()


def _speaks_of_last(pattern: Pattern, head: Token, clause: str) -> bool:
    """Whether the object is a definite thing, or none at all, and so the act told last: `deplored the vote`, `expressed gratitude`."""
    objects = [c for c in head.children if c.dep_ in ("dobj", "attr")]
    if any(c.lower_ in _ANY for o in objects for c in o.children):
        return False  # "thanked all partners"
    if not re.search(r"\b(?:over|about|for|with|at|on|by|that)\b", clause):
        return True
    return pattern.event_type != "CONCERN_EXPRESSED" and any(c.lower_ in ("the", "this", "that") for o in objects for c in o.children if c.dep_ == "det")


def _said(pattern: Pattern, head: Token, at: dict[int, Mention]) -> Sides:
    """The speaker says it of the sentence's subject: `India should cooperate, Britain said`."""
    verb = head.head if pattern.pos == "m" else head
    subject, certainty = find_subject(verb, at)
    speaker = find_speaker(verb, at)
    if not speaker or not subject:
        return (), (), 0.0
    if subject[0].name == "we":
        subject = find_objects(verb, at, {s.key for s in speaker}, deep=True)
    return speaker, tuple(p for p in subject if p.key not in {s.key for s in speaker}), certainty * 0.9


def _together(
    pattern: Pattern, head: Token, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float, reach: tuple[int, int], memory: Memory
) -> Sides:
    passive = parties_of([c for c in head.children if c.dep_ == "nsubjpass"], at)
    together = distinct(p for p in (*actors, *passive, *find_partners(head, at)) if p.name != "we")
    if head.dep_ == "acl" and not any(c.dep_ == "agent" for c in head.children):
        # "an agreement signed in September": by their countries, whoever led them then
        together = distinct(country_party(p.country, p.text) if p.country else p for p in together)
    is_sought = pattern.event_type in _SOUGHT or (pattern.event_type == "TREATY_SIGNED" and head.dep_ == "acl")
    if len(together) == 1 and pattern.event_type == "TALKS" and any(c.dep_ == "dobj" and c.pos_ == "PROPN" and c.i not in at for c in head.children):
        return together, place_parties(head, at, reach, {p.key for p in together}), 0.7  # somebody unknown, met in a known place
    if len(together) != 1 or not is_sought:
        return together, (), certainty
    mine = {p.key for p in together}
    within = tuple(
        p
        for n in range(head.i + 1, reach[1] + 1)
        if n in at and at[n].kind in ("country", "seat", "body", "person", "adjective", "group", "region")
        for p in at[n].parties
    )
    others = tuple(p for p in distinct(within) if p.key not in mine and p.name != "we")[:1]
    if not others and head.dep_ == "acl":
        others = tuple(p for n in range(head.sent.start, head.i) if n in at and at[n].kind in ("country", "seat") for p in at[n].parties if p.key not in mine)[
            -1:
        ]
    others = others or memory.other_side(mine)
    return together, others, certainty * 0.8


def _from(head: Token, at: dict[int, Mention], reach: tuple[int, int], memory: Memory) -> Sides:
    """The actor follows `from` or `by`; the recipient is named beside it, else is whoever acted last."""
    actors = sources(head, at)
    mine = {p.key for p in actors}
    if not actors:
        return (), (), 0.0
    near = distinct(p for n in range(head.i, reach[1] + 1) if n in at and at[n].kind != "we" for p in at[n].parties)
    above = [c for c in head.head.children if c.dep_ == "nsubj"] if head.dep_ == "dobj" else []
    caused = tuple(p for s in above for p in (*parties_of([s], at), *parties_within(s, at)))
    recipients = tuple(p for p in (*near, *caused) if p.key not in mine)
    for deed in reversed(memory.deeds[-3:]):
        recipients = recipients or tuple(p for p in deed.actors if p.key not in mine)
    return actors, recipients, 0.8


def _mediated(head: Token, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float, memory: Memory) -> Sides:
    """Who brings whom together: `talks between A and B brokered by C`, `C offered to mediate`."""
    above = actors if head.pos_ == "NOUN" else ()
    if head.pos_ == "NOUN" or (head.dep_ == "acl" and head.tag_ == "VBN") or any(c.dep_ == "agent" for c in head.children):
        actors, certainty = sources(head, at), 0.9
    mine = {p.key for p in actors}
    noun = head.head if head.dep_ in ("acl", "relcl") else None
    between = (*parties_within(noun, at), *parties_within(head, at)) if noun is not None else parties_within(head, at)
    sides = tuple(p for p in distinct((*between, *above)) if p.key not in mine)
    if not sides and head.lemma_ not in ("host", "arrange", "convene", "sponsor"):
        for deed in reversed(memory.deeds[-6:]):
            sides = tuple(p for p in (*deed.actors, *deed.recipients) if p.key not in mine)
            if len(sides) > 1:
                break
    return actors, sides if len(sides) > 1 else (), certainty


def _veiled(text: str, mentions: Sequence[Mention]) -> tuple[Party, ...]:
    """Parties that the sentence means and does not name: `in a veiled reference to China`."""
    match = _VEILED.search(text)
    if match is None:
        return ()
    group = next(name for name in ("who", "who2", "who3") if match[name])
    start, end = match.span(group)
    inside = [m for m in mentions if start <= m.start < end and m.kind in ("country", "seat", "adjective", "body", "person")]
    return inside[0].parties if inside else ()
