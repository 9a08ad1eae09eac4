"""Who does something together: `A and B met`, `A signed a deal with B`, `the accord between A and B`."""

from __future__ import annotations

from pipeline.coder.antecedents import Memory
from pipeline.coder.bytype import Sides
from pipeline.coder.grammar import beside, distinct, governing_verb, has_agent, parties_of, parties_within
from pipeline.coder.parties import Mention, country_party
from pipeline.coder.recipients import find_partners, place_parties
from pipeline.coder.speakers import find_speaker
from pipeline.coder.subjects import find_subject
from pipeline.coder.tables import Pattern
from pipeline.coder.words import Word
from pipeline.model import Party

_PEERS = frozenset("counterpart colleague partner official".split())
_SOUGHT = frozenset("AGREE_COOPERATE TALKS_AGREED RELATIONS_RAISED CEASEFIRE TREATY_SIGNED".split())
"""Types done together whose other party may be named elsewhere in the story: `Mexico agreed to send more water`."""


def find_together(
    pattern: Pattern, head: Word, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float, reach: tuple[int, int], memory: Memory
) -> Sides:
    """Those whom the act's words join; where that is one alone, whom else its sentence or the story tells of, as the recipient."""
    if not actors and head.dep == "relcl" and head.head.i not in at and head.head.pos == "NOUN":
        return (), (), 0.0  # "Arab states that have normalised relations with Israel"
    if pattern.event_type == "CEASEFIRE" and head.dep == "acl" and head.tag == "VBN" and not has_agent(head) and head.head.dep == "dobj":
        return (), (), 0.0  # "urged him to extend a ceasefire declared after the earthquake": nobody says by whom
    together = _joined(pattern, head, at, actors)
    if pattern.event_type == "CEASEFIRE" and head.lemma == "accept":  # "accepted a truce put forward by Egypt": not with those who did
        together = actors
    if len(together) == 1:
        together = distinct((*together, *_second(pattern, head, at, {together[0].key}, memory)))
    if pattern.event_type == "TREATY_SIGNED" and not together and head.dep == "acl" and any(c.lower == "the" for c in head.head.children):
        together = memory.partners()  # "the memorandum, inked in Brasilia"
    if len(together) != 1:
        return together, (), certainty
    if (settled := _told_of_one(pattern, head, at, together[0], reach, memory)) is not None:
        return settled
    if pattern.event_type not in _SOUGHT:
        return together, (), certainty
    if any(g.lemma in _PEERS and g.tag == "NNS" and g.i not in at for c in head.children if c.lower == "with" for g in c.children):
        return (), (), 0.0  # "agreed with his regional counterparts to put pressure on the North"
    return together, _other(pattern, head, at, {together[0].key}, reach, memory), certainty * 0.8


def _joined(pattern: Pattern, head: Word, at: dict[int, Mention], actors: tuple[Party, ...]) -> tuple[Party, ...]:
    """Subject, passive subject and partners: `A met B`, `talks with B`, `was received by A`."""
    passive = parties_of([c for c in head.children if c.dep == "nsubjpass"], at)
    if not passive and head.dep == "conj" and has_agent(head):
        passive = find_subject(head.head, at)[0]  # "Abbas began a visit and was received by Xi"
    together = distinct(p for p in (*actors, *passive, *find_partners(head, at), *_with_which(head, at)) if p.name != "we")
    objects = [c for c in head.children if c.dep == "dobj" and any(g.lower == "between" for g in c.children)]
    if pattern.event_type == "TALKS" and len(sides := beside(objects, at)) > 1:
        return sides  # "opened talks between A and B": not those who host them
    if head.dep == "acl" and not has_agent(head):
        # "an agreement signed in September": by their countries, whoever led them then
        named = parties_of([g for t in head.subtree if t.lower == "between" for g in t.children], at)
        together = named if len(named) > 1 else together  # "signed at the start of the month between"
        together = distinct(country_party(p.country, p.text) if p.country else p for p in together)
    return together


def _with_which(head: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Whom a relative clause is about: `Armenia, with which France signed a contract`; before the word itself, whatever the parser hangs it from."""
    opens = [c for c in head.children if head.dep == "relcl" and c.lower == "with" and any(g.lower in ("which", "whom") for g in c.children)]
    for preposition in opens:
        before = next((w for w in reversed(head.line[: preposition.i]) if w.text != ","), None)
        if before is not None and before.i in at:
            return at[before.i].parties
    return ()


def _second(pattern: Pattern, head: Word, at: dict[int, Mention], mine: set[str], memory: Memory) -> tuple[Party, ...]:
    """Whom the act's noun, its `with` or the verb above it tell of beside one party alone."""
    if pattern.event_type == "TREATY_SIGNED":
        pact = next((c for c in head.children if c.dep == "dobj"), head.head)
        if head.dep == "relcl":  # "a deal with Beijing that his predecessor struck"
            return parties_of([g for c in pact.children if c.lower == "with" for g in c.children], at)
        is_similar = any(c.lower == "similar" for c in pact.children)
        return memory.last_signers(mine)[:1] if is_similar else ()  # "B concluded a similar accord"
    if pattern.event_type in ("CALL", "TALKS") and pattern.pos == "v":
        withs = [  # "held a call since taking office with", but not "met on Sunday, appointing envoys for talks with"
            g
            for t in head.subtree
            if t.lower == "with" and t.i > head.i and not any(a.dep == "advcl" and a.i > head.i for a in t.ancestors)
            for g in t.children
            if g.dep == "pobj"
        ]
        return parties_of(withs[:1], at)
    if pattern.event_type == "TALKS" and pattern.pos == "n" and any(c.lower == "bilateral" for c in head.children):
        named = tuple(p for w in head.line if w.i in at and at[w.i].kind == "country" for p in at[w.i].parties if p.key not in mine)
        return named[:1]  # "voiced concern over what China has put up, at bilateral talks in Seoul"
    if pattern.event_type == "TALKS" and pattern.pos == "n" and head.dep == "pobj" and head.head.lower in ("at", "in", "during"):
        said = head.head.head  # "conveyed the decision to B at a meeting"
        bases = (said, *(c for c in said.children if c.dep == "dobj")) if said.pos == "VERB" else ()
        told_to = [g for base in bases for c in base.children if c.dep in ("prep", "dative") and c.lower == "to" for g in c.children]
        if person := parties_of([g for g in told_to if g.i in at and at[g.i].kind == "person"], at):
            return person
    if pattern.event_type == "CALL" and pattern.pos == "n" and head.dep == "pobj" and (told := governing_verb(head)) is not None:
        return parties_of([c for c in told.children if c.dep == "dobj"], at)  # "promised the emir in a telephone call"
    return ()


def _told_of_one(pattern: Pattern, head: Word, at: dict[int, Mention], party: Party, reach: tuple[int, int], memory: Memory) -> Sides | None:
    """Sides of talks and truces of which one party alone is told: with who says so, with those at war, with somebody unknown."""
    mine = {party.key}
    if pattern.event_type == "CEASEFIRE" and head.lemma == "announce" and (sides := memory.fighters(mine)):
        return sides, (), 0.7  # "Israel bombed Syria, before the United States announced a truce"
    if pattern.event_type != "TALKS":
        return None
    if (pattern.pos == "n" and head.dep == "nsubj") or any(c.dep == "auxpass" for c in head.children):
        speakers = tuple(p for p in find_speaker(head, at) if p.key not in mine)
        return (*speakers[:1], party), (), 0.7  # "talks with Moroni went on, the French minister said", "talks had been held with B, A said"
    if any(c.dep == "dobj" and c.pos == "PROPN" and c.i not in at for c in head.children):
        return (party,), place_parties(head, at, reach, mine), 0.7  # somebody unknown, met in a known place
    return None


def _other(pattern: Pattern, head: Word, at: dict[int, Mention], mine: set[str], reach: tuple[int, int], memory: Memory) -> tuple[Party, ...]:
    """With whom one party agrees or signs: who is named after the verb, in the purpose, before the noun, or was told of last."""
    is_treaty = pattern.event_type == "TREATY_SIGNED"
    objects = [c for c in head.children if c.dep == "dobj"]
    named = (p for n in range(head.i + 1, reach[1] + 1) if n in at and _may_be_other(pattern, head, objects, at[n], head.line[n]) for p in at[n].parties)
    others = tuple(p for p in distinct(named) if p.key not in mine and p.name != "we")[:1]
    if not others and is_treaty and head.dep == "relcl" and any(g.lower == "the" for c in objects for g in c.children):
        others = memory.other_side(mine)  # "La Paz signed a pact with Iran. Its minister, who inked the deal"
    if not others and is_treaty:  # "signed a letter of intent on Monday to buy 100 fighters from France"
        purposes = [c for c in head.children if c.dep == "advcl" and c.tag == "VB"]
        others = tuple(p for c in purposes for p in parties_within(c, at) if p.key not in mine)[:1]
    if not others and head.dep == "acl":
        before = (at[n] for n in range(head.i) if n in at and at[n].kind in ("country", "seat", "adjective", "body"))
        others = tuple(p for m in before for p in m.parties if p.key not in mine)[-1:]
    if not others and not is_treaty and head.dep == "ccomp" and head.head.lemma in ("say", "announce"):
        others = tuple(p for p in find_subject(head.head, at)[0] if p.key not in mine and p.country)[:1]  # "Myanmar agreed to take them back, Bangladesh said"
    if head.dep == "acl" or not (is_treaty or head.dep == "relcl"):
        others = others or memory.other_side(mine)
    return others


def _may_be_other(pattern: Pattern, head: Word, objects: list[Word], mention: Mention, word: Word) -> bool:
    """Whether somebody named after the verb may be its other party, and not the place of it."""
    if pattern.event_type == "TREATY_SIGNED":
        is_bought = mention.kind == "adjective" and word.head.dep == "pobj" and word.head.head.lower == "for"  # "signed a deal for three French radars"
        is_fit = mention.kind in ("country", "person") or is_bought
    else:
        is_fit = mention.kind in ("country", "seat", "body", "person", "adjective", "group", "region")
    is_in = word.dep == "pobj" and word.head.lower in ("in", "at") and pattern.event_type != "RELATIONS_RAISED"
    is_place = is_in and (mention.kind in ("seat", "region") or (mention.kind == "country" and word.head.head in (head, *objects)))
    return is_fit and not is_place
