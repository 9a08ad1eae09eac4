"""Who, where the act is a noun: `talks between A and B`, `its attack on C`, `drew a protest from D`."""

from __future__ import annotations

from pipeline.coder.grammar import agents_of, beside, distinct, governing_verb, parties_of, parties_within
from pipeline.coder.parties import Mention
from pipeline.coder.speakers import find_speaker
from pipeline.coder.subjects import find_subject
from pipeline.coder.words import Word
from pipeline.model import Party

_GOVERNED = ("pobj", "dobj", "conj", "attr")
"""How a noun hangs from a verb whose subject does what the noun says."""


_JOURNEYS = frozenset("visit trip tour".split())
HAPPENS = frozenset("enter kick erupt break flare continue resume begin start occur happen take escalate intensify rage".split())
"""Verbs that say of a noun's act only that it is there."""


def find_nominal(noun: Word, at: dict[int, Mention]) -> tuple[tuple[Party, ...], float]:
    """Parties of an act that is a noun: `talks between A and B`, `their meeting`, `A's visit`, else who did what governs it."""
    inside = beside([noun], at)
    if noun.i in at:
        if at[noun.i].kind == "group" and not inside:
            governor = governing_verb(noun.head)
            if (
                governor is not None
                and any(c.dep == "nsubj" and c.i not in at and c.pos != "PRON" for c in governor.children)
                and not find_subject(governor, at)[0]
            ):
                return (), 0.0  # "European leaders said in a joint statement": not those of the last one
        inside = distinct([*at[noun.i].parties, *inside])
    if inside and (owners := _whose_counterpart(noun, at)):
        return distinct([*owners, *inside]), 0.95
    is_between = any(c.dep == "prep" and c.lower in ("between", "among") for c in noun.children)
    is_owned = any(c.dep == "poss" for c in noun.children)
    above = governing_verb(noun)
    is_by = any(c.dep == "prep" and c.lower == "by" for c in noun.children)
    if len(inside) >= 2 and not is_between and not is_by and not is_owned and noun.i not in at and noun.dep in ("dobj", "pobj") and above is not None:
        return distinct([*find_subject(above, at)[0], *inside]), 0.95  # "had calls with his American and his Japanese counterparts"
    if len(inside) >= 2 or (inside and noun.lemma in _JOURNEYS and any(c.dep == "prep" and c.lower == "by" for c in noun.children)):
        return inside, 0.95  # "a visit by the minister of A"
    if not inside and noun.dep == "nsubj" and noun.head.lemma in HAPPENS and len(around := beside([noun.head], at)) > 1:
        return around, 0.95  # "clashes erupted between A's and B's forces"
    owners = parties_of([c for c in noun.children if c.dep in ("poss", "compound", "amod", "nmod")], at)
    if owners:
        return (*owners, *inside), 0.9
    governor = governing_verb(noun)
    while governor is not None and governor.dep in ("prep", "pcomp") and not any(c.dep.startswith("nsubj") for c in governor.children):
        governor = governor.head
    if governor is not None and governor.pos in ("VERB", "AUX") and noun.dep in _GOVERNED:
        parties, certainty = find_subject(governor, at)
        if noun.lemma in _JOURNEYS and (guest := parties_of([c for c in governor.children if c.dep == "nsubjpass"], at)):
            parties, certainty = guest, 0.9  # "was feted by the king on a visit to Britain"
        return distinct([*parties, *inside]), certainty * 0.8
    below = [p for t in noun.subtree if t.i in at and at[t.i].kind in ("group", "person", "country") for p in at[t.i].parties]
    return distinct([*inside, *below]), 0.7


_SHOWS = frozenset("show display gesture sign token".split())
_OF_OBJECT = frozenset("expulsion deportation removal ouster veto".split())
"""Nouns of which `of` names whom it is done to."""


def _whose_counterpart(noun: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who has a call or a meeting `with his Syrian counterpart`, whatever verb the parser hangs it from."""
    others = [g for c in noun.children if c.dep == "prep" and c.lower == "with" for g in c.children if g.i in at and "counterpart" in at[g.i].parties[0].text]
    return parties_of([c for g in others for c in g.children if c.dep == "poss" and c.lower in ("his", "her", "their")], at)


def find_doer(noun: Word, at: dict[int, Mention]) -> tuple[tuple[Party, ...], float]:
    """Whose act a noun is: `its attack`, `a raid by A`, `A launched strikes`, else who says so."""
    owners = parties_of([c for c in noun.children if c.dep in ("poss", "compound", "amod", "nmod")], at)
    by = parties_of(
        [
            g
            for c in noun.children
            if c.dep in ("prep", "agent") and c.lower in (("by",) if noun.lemma in _OF_OBJECT else ("by", "from", "of"))
            for g in c.children
            if g.dep == "pobj"
        ],
        at,
    )
    content = [g for c in noun.children if c.lower == "of" for g in c.children if g.dep == "pobj"]
    by = by or _agents_within(content, at)
    if owners or by:
        return distinct([*by, *owners]), 0.9
    governor = governing_verb(noun)
    if noun.dep == "pobj" and noun.head.lower in ("over", "about", "after", "following"):
        return (), 0.0  # "blamed Chile over the attack on a ship": not by those who speak of it
    if governor is not None:
        if noun.dep in _GOVERNED and (found := find_subject(governor, at)[0]):
            return found, 0.8
        if noun.dep in ("nsubjpass", "nsubj") and (agents := agents_of(governor, at)):
            return agents, 0.9
    return find_speaker(noun, at), 0.6


def _agents_within(nouns: list[Word], at: dict[int, Mention]) -> tuple[Party, ...]:
    """By whom, where the parser hangs it from what is given: `the delivery of 50 ambulances by A`."""
    return parties_of([g for n in nouns for c in n.children if c.lower == "by" for g in c.children if g.dep == "pobj"], at)


def find_target(noun: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Whom an act that is a noun is on, against or to."""
    if noun.lemma in _SHOWS and (shown := [g for c in noun.children if c.lower == "of" for g in c.children if g.dep == "pobj"]):
        return find_target(shown[0], at)  # "a show of support for Chile"
    toward = ("of",) if noun.lemma in _OF_OBJECT else ("on", "against", "to", "toward", "towards", "at", "for", "with", "in", "about", "over")
    for child in noun.children:
        if child.dep == "prep" and child.lower in toward:
            for pobj in child.children:
                if parties := parties_of([pobj], at) or parties_within(pobj, at):
                    return parties
    return ()


def sources(head: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Those after `from` or `by`, beside a word or the verb it is the object of: `drew a protest from China`."""
    subjects = [c for c in head.children if c.dep == "nsubj"]
    for base in (head, *subjects, head.head if head.dep in ("dobj", "nsubj", "pobj") else head):
        for child in base.children:
            is_source = child.dep in ("prep", "agent") and child.lower in ("from", "by")
            if is_source and (parties := parties_of([c for c in child.children if c.dep == "pobj"], at)):
                return parties
    return ()


_LASTING = frozenset("hour day week month year night round series".split())


def governing_words(noun: Word) -> str:
    """The preposition that a noun follows, if any, and the lemma of the verb above it: `after agree`, `hold`."""
    if noun.dep == "pobj" and noun.head.lower == "of" and noun.head.head.lemma in _LASTING:
        noun = noun.head.head  # "after hours of talks"
    words = [noun.head.lower] if noun.dep == "pobj" else []
    if words == ["for"] and noun.head.i > 2 and noun.line[noun.head.i - 2].lower == "in" and noun.head.head.pos == "PROPN":
        return "for visit"  # "Kishida, in Seoul for a summit with"
    verb = noun
    while verb.pos not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
        if verb.lemma in ("sideline", "fringe", "margin"):
            words.insert(0, verb.lemma)
    return " ".join([*words, verb.lemma if verb.pos in ("VERB", "AUX") else ""]).strip()
