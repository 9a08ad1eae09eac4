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

from pipeline.coder.parties import Mention
from pipeline.coder.tables import Pattern, patterns
from pipeline.model import Party

_PLANS = frozenset("plan expect schedule set intend prepare slate arrange due".split())
_WISHES = frozenset("hope want wish seek consider try mull weigh aim like refuse decline fail attempt".split())
_REQUESTS = frozenset("urge call ask demand request press appeal encourage warn tell".split())
_CALLED_OFF = frozenset("cancel postpone scrap shelve propose reject demand request skip boycott".split())
_SPEECH = frozenset("say tell add state announce note quote write explain stress report".split())
_TOWARD = frozenset("as to with for against on at over toward towards about upon of between among from by into in".split())
_MAYBE = frozenset("may might could can should".split())
_MARKS = frozenset("while as after before when because although though if since amid where whereas".split())
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
    first, last = _clause(head, pattern.pos)
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
        subject, _ = _subject(head, at)
        speaker = _speaker(head, at)
        if not speaker or not subject:
            return None
        if subject[0].name == "we":
            subject = _objects(head, at, deep=True)
        actors, recipients = speaker, tuple(p for p in subject if p.key not in {s.key for s in speaker})
    elif pattern.parties == "both":
        actors = (*actors, *_partners(head, at))
    elif pattern.parties in ("to", "opt"):
        recipients = _objects(head, at, deep=pattern.event_type.startswith("AID") or pattern.parties == "opt")
        if head.dep_ in ("nsubjpass",) or any(c.dep_ == "nsubjpass" for c in head.children):
            recipients = (*_tokens_parties([c for c in head.children if c.dep_ == "nsubjpass"], at), *recipients)
    actors = _distinct(_speak_for(p, head, at) for p in actors)
    actors = tuple(p for p in actors if p.name != "we" and p.key not in hidden)
    mine = {p.key for p in actors}
    recipients = tuple(p for p in _distinct(recipients) if p.name != "we" and p.key not in mine and p.key not in hidden)
    if not actors or (pattern.parties in ("to", "said") and not recipients):
        return None
    if pattern.parties == "both" and len(actors) < 2:
        return None
    implied = tuple(p for p in veiled if p.key not in mine and p.key not in {r.key for r in recipients})
    start, end = head.doc[first].idx, head.doc[last].idx + len(head.doc[last].text)
    return Act(pattern, head, actors, recipients, implied, clause, start, end, status, certainty)


def _clause(head: Token, pos: str) -> tuple[int, int]:
    """First and last token of the head's own clause: from it, to the end of its subtree, other verbs joined to it left out."""
    first = head.i
    if pos == "n":
        first = min(t.i for t in [head, *(c for c in head.children if c.dep_ in ("amod", "compound", "det", "poss", "nummod") and c.i < head.i)])
    last = head.i
    waiting = [head]
    while waiting:
        token = waiting.pop()
        last = max(last, token.i)
        for child in token.children:
            has_mark = any(c.dep_ == "mark" and c.lower_ in _MARKS for c in child.children)
            is_for = any(c.dep_ == "mark" and c.lower_ == "for" for c in child.children)  # "called for the dispute to be settled"
            is_left_out = (
                child.dep_ in ("punct", "parataxis", "relcl")
                or (child.dep_ == "advcl" and (has_mark or (token == head and not is_for)))
                or (child.dep_ in ("conj", "cc") and child.pos_ in ("VERB", "AUX", "CCONJ") and token == head)
            )
            if child.i > head.i and not is_left_out:
                waiting.append(child)
    return first, last


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
        governor = governor.head
        if governor.lemma_ in _PLANS and not is_same_act:
            return "planned"
        if pattern.pos == "n" and governor.lemma_ in _CALLED_OFF:
            return None
        if governor.lemma_ in _REQUESTS and not is_same_act and governor.pos_ == "VERB":
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
        return _nominal(head, at)
    return _subject(head, at)


def _subject(verb: Token, at: dict[int, Mention], depth: int = 0) -> tuple[tuple[Party, ...], float]:
    """Parties that do what the verb says: its subject, the agent of a passive, or the subject of what governs it."""
    agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children]
    if parties := _tokens_parties(agents, at):
        return parties, 1.0
    subjects = [c for c in verb.children if c.dep_ in ("nsubj", "csubj", "expl")]
    if not subjects:  # the small parser takes a lone country for an adverb: "Sweden suspended aid"
        subjects = [c for c in verb.children if c.dep_ == "npadvmod" and c.i < verb.i and c.i in at]
    is_passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)
    if not subjects and is_passive:
        joint = [c for c in verb.children if c.dep_ == "nsubjpass"]
        if depth:  # "Hoa is scheduled to hold talks": whom the plan is about does what is planned
            return _tokens_parties(joint, at), 0.9
        between = _between(joint, at)
        return (between, 0.8) if between else ((), 0.0)
    if subjects:
        parties = _tokens_parties(subjects, at)
        if parties:
            direct = any(s.i in at and at[s.i].kind not in ("group", "pronoun") for s in subjects)
            return parties, 1.0 if direct else 0.9
        if subjects[0].lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
            return _tokens_parties([verb.head], at), 0.9
        return _near(verb, subjects[0], at), 0.7
    if verb.dep_ == "pcomp" and verb.head.lower_ in ("for", "of", "over", "against"):
        # "condemned A for firing": the one who fired is the object
        objects = [c for c in verb.head.head.children if c.dep_ == "dobj"]
        if parties := _tokens_parties(objects, at):
            return parties, 0.9
    if depth < 4 and verb.dep_ in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "dep", "acl"):
        governor = verb.head
        while governor.pos_ not in ("VERB", "AUX") and governor.head != governor:
            if verb.dep_ == "acl":
                between = _between([governor], at)
                if between:
                    return between, 0.8
            governor = governor.head
        if governor.pos_ in ("VERB", "AUX") and governor != verb:
            parties, certainty = _subject(governor, at, depth + 1)
            return parties, certainty * 0.95
    return (), 0.0


def _near(verb: Token, subject: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties within a subject whose own head names none: `leaders of Japan and Chile`, `a Tokyo decision`."""
    inside = [t for t in subject.subtree if t.i < verb.i and t.i in at]
    outer = [
        t
        for t in inside
        if not any(a.dep_ in ("relcl", "acl", "pobj") and a.head.lower_ in ("in", "at") for a in [t, *t.ancestors] if a.i >= subject.left_edge.i)
    ]
    parties: list[Party] = []
    for token in outer:
        if at[token.i].kind != "seat" or token.dep_ in ("nsubj", "poss", "conj"):
            parties.extend(at[token.i].parties)
    return _distinct(parties)


def _nominal(noun: Token, at: dict[int, Mention]) -> tuple[tuple[Party, ...], float]:
    """Parties of an act that is a noun: `talks between A and B`, `their meeting`, `A's visit`, else who did what governs it."""
    inside = _between([noun], at)
    if noun.i in at:
        inside = _distinct([*at[noun.i].parties, *inside])
    if len(inside) >= 2:
        return inside, 0.95
    owners = _tokens_parties([c for c in noun.children if c.dep_ in ("poss", "compound", "amod", "nmod")], at)
    if owners:
        return (*owners, *inside), 0.9
    governor = noun
    while governor.pos_ not in ("VERB", "AUX") and governor.head != governor:
        governor = governor.head
    if governor.pos_ in ("VERB", "AUX") and noun.dep_ in ("pobj", "dobj", "nsubj", "conj", "attr"):
        parties, certainty = _subject(governor, at) if noun.dep_ != "nsubj" else ((), 0.0)
        if noun.dep_ != "nsubj":
            return _distinct([*parties, *inside]), certainty * 0.8
    below = [p for t in noun.subtree if t.i in at and at[t.i].kind in ("group", "person", "country") for p in at[t.i].parties]
    return _distinct([*inside, *below]), 0.7


def _between(nouns: Sequence[Token], at: dict[int, Mention]) -> tuple[Party, ...]:
    parties: list[Party] = []
    for noun in nouns:
        for child in noun.children:
            if child.dep_ == "prep" and child.lower_ in ("between", "with", "among", "by", "of"):
                parties.extend(_tokens_parties([c for c in child.children if c.dep_ == "pobj"], at))
            if child.dep_ == "poss":
                parties.extend(_tokens_parties([child], at))
    return _distinct(parties)


def _partners(head: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Those with whom: the object of `met`, and what `with` governs, on the head or its object."""
    objects = [c for c in head.children if c.dep_ in ("dobj", "attr")]
    found: list[Token] = [o for o in objects if o.i in at and at[o.i].kind != "adjective"]
    for base in [head, *objects, *(x for c in head.children if c.dep_ in ("xcomp", "ccomp") for x in [c, *(o for o in c.children if o.dep_ == "dobj")])]:
        for child in base.children:
            if child.dep_ in ("prep", "dative") and child.lower_ in ("with", "between", "among", "by", "alongside"):
                found.extend(c for c in child.children if c.dep_ in ("pobj", "pcomp"))
            if base in objects and child.dep_ == "prep" and child.lower_ in ("to", "by", "of"):
                found.extend(c for c in child.children if c.dep_ == "pobj" and c.i in at and at[c.i].kind in ("person", "country"))
    return _tokens_parties(found, at)


def _objects(head: Token, at: dict[int, Mention], deep: bool = False) -> tuple[Party, ...]:
    """Those to whom: the direct object, then the prepositions of the head and of its object, then deeper clauses."""
    for token in _object_tokens(head, deep):
        mention = at.get(token.i)
        if mention is None or mention.kind == "we":
            continue
        if mention.kind == "seat" and token.dep_ == "pobj" and token.head.lower_ in ("in", "at", "from", "near"):
            continue
        return _tokens_parties([token], at) or mention.parties
    return ()


def _object_tokens(head: Token, deep: bool) -> Iterator[Token]:
    objects = [c for c in head.children if c.dep_ in ("dobj", "dative", "oprd", "attr", "obj")]
    prepositions = [c for base in (head, *objects) for c in base.children if c.dep_ in ("prep", "dative") and c.lower_ in _TOWARD and c.i > head.i]
    toward = [p for p in prepositions if p.lower_ not in ("in", "by", "of", "from", "into")]
    yield from objects
    for noun in objects:
        yield from (c for c in noun.children if c.dep_ in ("poss", "amod", "compound", "nmod"))
    for group in (toward, [p for p in prepositions if p not in toward]):
        for preposition in group:
            for noun in preposition.children:
                if noun.dep_ in ("pobj", "pcomp"):
                    yield noun
                    yield from (c for c in noun.children if c.dep_ in ("poss", "amod", "compound", "nmod"))
                    for deeper in noun.children:
                        if deeper.dep_ == "prep" and deeper.lower_ in ("of", "by", "to", "against", "in", "from", "for"):
                            yield from (c for c in deeper.children if c.dep_ == "pobj")
    if deep:
        for clause in (c for c in head.children if c.dep_ in ("ccomp", "xcomp")):
            yield from _object_tokens(clause, deep=False)
            yield from (c for c in clause.children if c.dep_ == "nsubj")


def _speaker(head: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who says the words that `head` stands in."""
    for token in [head, *head.ancestors]:
        for near in [token, *token.children]:
            if near.lemma_ in _SPEECH and near != head:
                parties, _ = _subject(near, at)
                if parties:
                    return parties
    # "..." said Chinh: a verb of speech after the quotation, whatever the parser made of it
    for token in head.sent:
        if token.lemma_ in _SPEECH and token.i > head.i:
            after = [at[t.i] for t in head.sent[token.i - head.sent.start :][:4] if t.i in at and at[t.i].kind == "person"]
            before = [at[t.i] for t in head.sent if t.i in at and head.i < t.i < token.i and at[t.i].kind in ("person", "country", "pronoun")]
            if after or before:
                return (after or before[-1:])[0].parties
    return ()


def _speak_for(party: Party, head: Token, at: dict[int, Mention]) -> Party:
    """The person who speaks, where the party is only that person's country: `Kishida said Japan supports`."""
    if party.role is None and party.sector == "GOV" and party.country:
        for ancestor in head.ancestors:
            if ancestor.lemma_ in _SPEECH:
                speakers, _ = _subject(ancestor, at)
                for speaker in speakers:
                    if speaker.country == party.country and speaker.role:
                        return speaker
    return party


def _tokens_parties(tokens: Sequence[Token], at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties that these words name, with those joined to them by `and` or in apposition."""
    parties: list[Party] = []
    waiting, seen = list(tokens), set()
    while waiting:
        token = waiting.pop(0)
        if token.i in seen:
            continue
        seen.add(token.i)
        mention = at.get(token.i)
        if mention is not None:
            if mention.kind != "adjective" or token.dep_ in ("amod", "compound", "nmod", "poss"):
                parties.extend(mention.parties)
        elif token.pos_ in ("NOUN", "PROPN"):
            parties.extend(p for c in token.children if c.dep_ in ("poss", "amod", "compound", "nmod") and c.i in at for p in at[c.i].parties)
        waiting.extend(c for c in token.children if c.dep_ in ("conj", "appos"))
    return _distinct(parties)


def _distinct(parties: object) -> tuple[Party, ...]:
    """One party a key; the one with an office wins."""
    kept: dict[str, Party] = {}
    for party in parties:  # type: ignore[attr-defined]
        old = kept.get(party.key)
        if old is None or (party.role and not old.role):
            kept[party.key] = party
    return tuple(kept.values())


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
