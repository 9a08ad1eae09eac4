"""Who, by grammar: the parties that stand as subject, object, partner or speaker of a word in a parsed sentence.

Every function takes `at`, which gives the mention that a token belongs to by the token's index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Token

from pipeline.coder.parties import Mention
from pipeline.model import Party

_SPEECH = frozenset("say tell add state announce note quote write explain stress report".split())
_TOWARD = frozenset("as to with for against on at over toward towards about upon of between among from by into in".split())
_MARKS = frozenset("while as after before when because although though if since amid where whereas".split())


def clause_of(head: Token, pos: str) -> tuple[int, int]:
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


def find_subject(verb: Token, at: dict[int, Mention], depth: int = 0) -> tuple[tuple[Party, ...], float]:
    """Parties that do what the verb says: its subject, the agent of a passive, or the subject of what governs it."""
    agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children]
    if parties := parties_of(agents, at):
        return parties, 1.0
    subjects = [c for c in verb.children if c.dep_ in ("nsubj", "csubj", "expl")]
    if not subjects:  # the small parser takes a lone country for an adverb: "Sweden suspended aid"
        subjects = [c for c in verb.children if c.dep_ == "npadvmod" and c.i < verb.i and c.i in at]
    is_passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)
    if not subjects and is_passive:
        joint = [c for c in verb.children if c.dep_ == "nsubjpass"]
        if depth:  # "Hoa is scheduled to hold talks": whom the plan is about does what is planned
            return parties_of(joint, at), 0.9
        between = _between(joint, at)
        return (between, 0.8) if between else ((), 0.0)
    if subjects:
        parties = parties_of(subjects, at)
        if parties:
            direct = any(s.i in at and at[s.i].kind not in ("group", "pronoun") for s in subjects)
            return parties, 1.0 if direct else 0.9
        if subjects[0].lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
            return parties_of([verb.head], at), 0.9
        return _near(verb, subjects[0], at), 0.7
    if verb.dep_ == "pcomp" and verb.head.lower_ in ("for", "of", "over", "against"):
        # "condemned A for firing": the one who fired is the object
        objects = [c for c in verb.head.head.children if c.dep_ == "dobj"]
        if parties := parties_of(objects, at):
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
            parties, certainty = find_subject(governor, at, depth + 1)
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
    return distinct(parties)


def find_nominal(noun: Token, at: dict[int, Mention]) -> tuple[tuple[Party, ...], float]:
    """Parties of an act that is a noun: `talks between A and B`, `their meeting`, `A's visit`, else who did what governs it."""
    inside = _between([noun], at)
    if noun.i in at:
        inside = distinct([*at[noun.i].parties, *inside])
    if len(inside) >= 2:
        return inside, 0.95
    owners = parties_of([c for c in noun.children if c.dep_ in ("poss", "compound", "amod", "nmod")], at)
    if owners:
        return (*owners, *inside), 0.9
    governor = noun
    while governor.pos_ not in ("VERB", "AUX") and governor.head != governor:
        governor = governor.head
    if governor.pos_ in ("VERB", "AUX") and noun.dep_ in ("pobj", "dobj", "nsubj", "conj", "attr"):
        parties, certainty = find_subject(governor, at) if noun.dep_ != "nsubj" else ((), 0.0)
        if noun.dep_ != "nsubj":
            return distinct([*parties, *inside]), certainty * 0.8
    below = [p for t in noun.subtree if t.i in at and at[t.i].kind in ("group", "person", "country") for p in at[t.i].parties]
    return distinct([*inside, *below]), 0.7


def _between(nouns: Sequence[Token], at: dict[int, Mention]) -> tuple[Party, ...]:
    parties: list[Party] = []
    for noun in nouns:
        for child in noun.children:
            if child.dep_ == "prep" and child.lower_ in ("between", "with", "among", "by", "of"):
                parties.extend(parties_of([c for c in child.children if c.dep_ == "pobj"], at))
            if child.dep_ == "poss":
                parties.extend(parties_of([child], at))
    return distinct(parties)


def find_partners(head: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Those with whom: the object of `met`, and what `with` governs, on the head or its object."""
    objects = [c for c in head.children if c.dep_ in ("dobj", "attr")]
    found: list[Token] = [o for o in objects if o.i in at and at[o.i].kind != "adjective"]
    for base in [head, *objects, *(x for c in head.children if c.dep_ in ("xcomp", "ccomp") for x in [c, *(o for o in c.children if o.dep_ == "dobj")])]:
        for child in base.children:
            if child.dep_ in ("prep", "dative") and child.lower_ in ("with", "between", "among", "by", "alongside"):
                found.extend(c for c in child.children if c.dep_ in ("pobj", "pcomp"))
            if base in objects and child.dep_ == "prep" and child.lower_ in ("to", "by", "of"):
                found.extend(c for c in child.children if c.dep_ == "pobj" and c.i in at and at[c.i].kind in ("person", "country"))
    return parties_of(found, at)


def find_objects(head: Token, at: dict[int, Mention], deep: bool = False) -> tuple[Party, ...]:
    """Those to whom: the direct object, then the prepositions of the head and of its object, then deeper clauses."""
    for token in _object_tokens(head, deep):
        mention = at.get(token.i)
        if mention is None or mention.kind == "we":
            continue
        if mention.kind == "seat" and token.dep_ == "pobj" and token.head.lower_ in ("in", "at", "from", "near"):
            continue
        return parties_of([token], at) or mention.parties
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


def find_speaker(head: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who says the words that `head` stands in."""
    for token in [head, *head.ancestors]:
        for near in [token, *token.children]:
            if near.lemma_ in _SPEECH and near != head:
                parties, _ = find_subject(near, at)
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


def speak_for(party: Party, head: Token, at: dict[int, Mention]) -> Party:
    """The person who speaks, where the party is only that person's country: `Kishida said Japan supports`."""
    if party.role is None and party.sector == "GOV" and party.country:
        for ancestor in head.ancestors:
            if ancestor.lemma_ in _SPEECH:
                speakers, _ = find_subject(ancestor, at)
                for speaker in speakers:
                    if speaker.country == party.country and speaker.role:
                        return speaker
    return party


def parties_of(tokens: Sequence[Token], at: dict[int, Mention]) -> tuple[Party, ...]:
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
    return distinct(parties)


def distinct(parties: Iterable[Party]) -> tuple[Party, ...]:
    """One party a key; the one with an office wins."""
    kept: dict[str, Party] = {}
    for party in parties:
        old = kept.get(party.key)
        if old is None or (party.role and not old.role):
            kept[party.key] = party
    return tuple(kept.values())
