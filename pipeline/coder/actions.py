"""What: codebook rows against a parsed sentence.

A row's head must stand in the sentence; the words from it to the end of its clause must hold what the
row needs and nothing that it excludes. Actors come from the subject (through co-ordination, control
and passives), recipients from the object and the prepositions of the head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Span, Token

from pipeline.coder.grammar import clause_of, distinct, find_nominal, find_objects, find_partners, find_speaker, find_subject, parties_of, speak_for
from pipeline.coder.parties import Mention
from pipeline.coder.tables import Pattern, patterns
from pipeline.model import Party

_PLANS = frozenset("plan expect schedule set intend prepare slate arrange due".split())
_WISHES = frozenset("hope want wish seek consider try mull weigh aim like refuse decline fail attempt".split())
_REQUESTS = frozenset("urge call ask demand request press appeal encourage warn tell".split())
_CALLED_OFF = frozenset("cancel postpone scrap shelve propose reject demand request skip boycott".split())
_MAYBE = frozenset("may might could can should".split())
_VEILED = re.compile(
    r"in (?:what (?:was|is) seen as )?an? (?:\w+ )?(?:veiled|secret|indirect|apparent|clear|oblique|implicit|obvious) (?:reference|allusion|swipe|message|warning|jab|criticism) (?:to|at|of) (?P<who>.{2,80})"
    r"|with(?:out| no) (?:\w+ )?(?:nam|mention|refer|identif|singl)ing (?:to |out )?(?P<who2>.{2,60})"
    r"|with (?P<who3>\w+) in mind",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Act:
    """A codebook row that matched, with its parties. Offsets count characters of the document."""

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


def find_acts(sentence: Span, mentions: Sequence[Mention]) -> list[Act]:
    """Acts of one sentence, in order of their heads. `mentions` have offsets of the document."""
    at: dict[int, Mention] = {}
    for mention in mentions:
        span = sentence.doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if span is not None:
            if mention.kind == "group" and span[-1].dep_ == "nummod":
                continue
            for token in span:
                at[token.i] = mention
    veiled = _veiled(sentence, mentions)
    acts: list[Act] = []
    for token in sentence:
        pos = {"VERB": "v", "AUX": "v", "NOUN": "n", "PROPN": "n"}.get(token.pos_)
        for pattern in _by_head().get((pos or "", token.lemma_.lower()), ()):
            act = _match(pattern, token, at, veiled)
            if act and not any(a.head == act.head and a.pattern.event_type == pattern.event_type for a in acts):
                acts.append(act)
    return acts


def _match(pattern: Pattern, head: Token, at: dict[int, Mention], veiled: tuple[Party, ...]) -> Act | None:
    first, last = clause_of(head, pattern.pos)
    clause = head.doc[first : last + 1].text
    if (pattern.needs and not pattern.needs.search(clause)) or (pattern.unless and pattern.unless.search(clause)):
        return None
    status = _status(pattern, head)
    if status is None:
        return None
    hidden = {p.key for p in veiled}
    actors, certainty = _actors(pattern, head, at)
    recipients: tuple[Party, ...] = ()
    if pattern.parties == "said":
        subject, _ = find_subject(head, at)
        speaker = find_speaker(head, at)
        if not speaker or not subject:
            return None
        if subject[0].name == "we":
            subject = find_objects(head, at, deep=True)
        actors, recipients = speaker, tuple(p for p in subject if p.key not in {s.key for s in speaker})
    elif pattern.parties == "both":
        actors = (*actors, *find_partners(head, at))
    elif pattern.parties in ("to", "opt"):
        recipients = find_objects(head, at, deep=pattern.event_type.startswith("AID") or pattern.parties == "opt")
        if any(c.dep_ == "nsubjpass" for c in head.children):
            recipients = (*parties_of([c for c in head.children if c.dep_ == "nsubjpass"], at), *recipients)
    actors = distinct(speak_for(p, head, at) for p in actors)
    actors = tuple(p for p in actors if p.name != "we" and p.key not in hidden)
    mine = {p.key for p in actors}
    recipients = tuple(p for p in distinct(recipients) if p.name != "we" and p.key not in mine and p.key not in hidden)
    if not actors or (pattern.parties in ("to", "said") and not recipients):
        return None
    if pattern.parties == "both" and len(actors) < 2:
        return None
    implied = tuple(p for p in veiled if p.key not in mine and p.key not in {r.key for r in recipients})
    start, end = head.doc[first].idx, head.doc[last].idx + len(head.doc[last].text)
    return Act(pattern, head, actors, recipients, implied, clause, start, end, status, certainty)


def _status(pattern: Pattern, head: Token) -> str | None:
    """Status of the act, or None where it is denied, only wished for or supposed."""
    if any(c.dep_ == "neg" for c in head.children) and pattern.event_type != "DENIAL":
        return None
    if any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether") for c in head.children):
        return None
    if head.dep_ in ("acl", "advcl") and head.tag_ == "VB" and any(c.dep_ == "aux" and c.lower_ == "to" for c in head.children):
        return None  # "efforts to change", "in order to meet"
    auxiliaries = {c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")}
    if auxiliaries & _MAYBE:
        return None
    governor = head
    while governor.dep_ in ("xcomp", "ccomp", "pobj", "pcomp", "conj", *(("dobj", "prep") if pattern.pos == "n" else ())) and governor.head != governor:
        is_same_act = governor.dep_ == "conj" and governor.pos_ in ("VERB", "AUX")
        is_told = governor.dep_ == "ccomp"  # "told reporters that": attribution, where "told them to" is a request
        governor = governor.head
        if governor.lemma_ in _PLANS and not is_same_act:
            return "planned"
        if pattern.pos == "n" and governor.lemma_ in _CALLED_OFF:
            return None
        if governor.lemma_ in _REQUESTS and not is_same_act and governor.pos_ == "VERB" and not (is_told and governor.lemma_ in ("tell", "warn", "call")):
            return None  # what somebody is asked to do has not been done
        if (governor.lemma_ in _WISHES and not is_same_act) or any(c.dep_ == "neg" for c in governor.children):
            return None
        if governor.pos_ in ("VERB", "AUX") and governor.lemma_ in ("agree", "decide", "pledge", "promise", "vow") and head.pos_ == "VERB":
            return "pledged" if pattern.status in ("done", "ongoing") else pattern.status
    is_future = bool(auxiliaries & {"will", "would", "'ll"}) or (head.pos_ == "NOUN" and re.search(r"\b(?:planned|upcoming|possible|next)\b", _left(head)))
    if is_future and pattern.status in ("done", "ongoing"):
        return "planned"
    if head.dep_ == "xcomp" and "to" in auxiliaries and head.head.lemma_ == "be":
        return "planned"
    return pattern.status


def _left(head: Token) -> str:
    return " ".join(t.text for t in head.children if t.i < head.i)


def _actors(pattern: Pattern, head: Token, at: dict[int, Mention]) -> tuple[tuple[Party, ...], float]:
    if pattern.pos == "n":
        return find_nominal(head, at)
    return find_subject(head, at)


def _veiled(sentence: Span, mentions: Sequence[Mention]) -> tuple[Party, ...]:
    """Parties that the sentence means and does not name: `in a veiled reference to China`."""
    match = _VEILED.search(sentence.text)
    if match is None:
        return ()
    offset = sentence.start_char
    group = next(name for name in ("who", "who2", "who3") if match[name])
    start, end = match.span(group)
    inside = [m for m in mentions if start + offset <= m.start < end + offset and m.kind in ("country", "seat", "adjective", "body", "person")]
    return inside[0].parties if inside else ()


def parsed_sentences(doc: Doc) -> Iterator[Span]:
    """Sentences that may hold an act: with a verb."""
    for sentence in doc.sents:
        if any(t.pos_ in ("VERB", "AUX") for t in sentence):
            yield sentence
