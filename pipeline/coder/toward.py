"""The words of a sentence that an act may be toward: its object, what stands beside that, what its prepositions govern, and deeper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.coder.words import Word

_TOWARD = frozenset("as to behind alongside around with for against on at over toward towards about upon of between among from by into in".split())
_SECOND = frozenset("in by of from into over about for".split())
"""Prepositions that name the target only where no other does."""
_BELOW = frozenset("of by to against in from for between with".split())
FREED = frozenset("release freeing repatriation evacuation".split())
HARMS = frozenset("attack strike assault bombing raid shelling invasion killing murder violation breach seizure takeover capture occupation".split())
"""Nouns of which `on`, `against` and `of` name who was harmed: `condemned attacks on Japanese` is not against them."""
_SENT = frozenset("dispatch deployment supply transfer delivery shipment export sending provision".split())
"""Nouns of which `of` names whose doing it is, and `to` whither."""
_AGAINST = frozenset("case lawsuit suit complaint motion petition sanction charge".split())
_SOUGHT = frozenset("demand request claim".split())


def words_toward(head: Word, deep: bool, is_deed: bool) -> Iterator[Word]:
    """Words that an act may be toward, the likeliest first. With `deep`, those of clauses below it too; with `is_deed`, the act is about another act."""
    objects = _objects_of(head)
    prepositions = _prepositions_of(head, objects, is_deed)
    for noun in (o for o in objects if o.lemma in _SOUGHT):  # "its demand for reparations from Chile in talks with Peru"
        yield from (g for t in noun.subtree if t.lower == "from" and t.dep == "prep" for g in t.children if g.dep == "pobj")
    for noun in (o for o in objects if o.lemma in _AGAINST and not is_deed):  # "join South Africa's case against Israel"
        yield from (g for c in noun.children if c.lower == "against" for g in c.children if g.dep == "pobj")
    yield from objects
    if head.dep == "relcl" and any(o.tag in ("WDT", "WP") for o in objects):
        yield head.head  # "A, which he accused of", "a member of A's embassy, whom he accused of"
        yield from (g for c in head.head.children if c.lower == "of" for g in c.children)
    for noun in objects:
        yield from _beside(noun)
    for preposition in prepositions if is_deed else ():
        if preposition.lower == "by" or (preposition.lower == "of" and any(o.lemma in _SENT for o in objects)):
            yield from _under(preposition)  # "deplored the dispatch of North Korean troops to Russia", "criticised a visit by the generals to Venezuela"
    for is_second in (False, True):
        for preposition in prepositions:
            if (preposition.lower in _SECOND) == is_second:
                yield from _under(preposition)
    if deep or not objects:
        for clause in (c for c in head.children if c.dep in ("ccomp", "xcomp") or _is_for(c)):
            subjects = [c for c in clause.children if c.dep in ("nsubj", "nsubjpass")]
            yield from subjects
            for subject in subjects:
                yield from _owners(subject)
            if deep:
                yield from words_toward(clause, False, is_deed)
    if head.lemma == "rule":  # "ruled out recognising Kosovo"
        for clause in (c for c in head.children if c.tag == "VBG"):
            yield from words_toward(clause, False, is_deed)


def _objects_of(head: Word) -> list[Word]:
    """What the act is done to by its grammar, or that of a verb joined to it that has the object of both."""
    objects = [c for c in head.children if c.dep in ("dobj", "dative", "oprd", "attr", "obj")]
    if not objects:  # "deplores and rejects the U.S. move": both
        joined = [c for c in head.children if c.dep == "conj" and c.tag == head.tag and c.pos == "VERB" and c.i - head.i <= 3]
        objects = [g for c in joined if not any(g.dep == "nsubj" for g in c.children) for g in c.children if g.dep == "dobj"]
    return objects + [g for o in objects for p in o.children if p.dep == "prep" and p.lower == "of" for g in p.children if g.text == "%"]  # "duties of 25% on"


def _prepositions_of(head: Word, objects: Sequence[Word], is_deed: bool) -> list[Word]:
    """Prepositions after an act, its objects and what is joined to those, the likeliest first."""
    joined = [c for o in objects for c in o.children if c.dep == "conj" and c.pos == "NOUN"]  # "its rejection and condemnation of the decision by Israel"
    found = [
        c
        for base in (*objects, head, *joined)
        for c in base.children
        if c.dep in ("prep", "dative")
        and c.lower in _TOWARD
        and c.i > head.i
        and not (is_deed and c.lower == "as")
        and not (c.lower == "alongside" and head.lemma not in ("stand", "fight", "side"))  # "announced the package alongside the president of Cyprus"
        and not (c.lower == "with" and any(w.lower == "or" for w in c.line[c.i + 1 : c.i + 2]))  # "with or without Russia"
        and not (c.lower == "with" and c.line[c.i - 1].text == ",")  # "struck rebels in Congo, with the agreement of Kinshasa"
        and not (base in objects and base.lemma in HARMS and c.lower in ("against", "on", "of", "in"))
    ]
    found += [c for p in found for c in p.children if c.dep == "conj" and c.pos == "ADP"]  # "on Ukraine and on Moldova"
    first = "with" if head.lemma in ("stand", "side") else "against"  # "stand with Cuba against the embargo", "filed a complaint against Ecuador at the court"
    return sorted(found, key=lambda p: p.lower != first)


def _beside(noun: Word) -> Iterator[Word]:
    """Words beside an object that may name whom it is about."""
    yield from (w for w in _owners(noun) if noun.lemma not in FREED or w.pos != "PRON")  # "demanded his release": not of his own country
    for named in noun.children if noun.pos == "PROPN" else ():  # "summoned Ken Mori, deputy chief of the embassy of Japan"
        if named.dep == "appos":
            yield from (g for c in named.children if c.lower == "of" for g in c.children)
    for clause in noun.children:  # "a warrant issued by the court"
        if clause.dep == "acl" and clause.tag == "VB" and noun.lemma in ("threat", "order", "plan", "process"):
            yield from words_toward(clause, False, False)  # "dropped a threat to close its zone to Norwegian boats"
        if clause.dep == "acl":
            yield from (g for c in clause.children if c.dep == "agent" for g in c.children)
        if clause.dep == "relcl" and clause.lemma == "sign" and any(c.dep == "dobj" and c.tag == "WDT" for c in clause.children):
            yield from (c for c in clause.children if c.dep == "nsubj")  # "rejected an accord that Turkey signed"
        if clause.dep in ("acl", "relcl", "advcl") and any(c.lower == "for" for c in clause.children):  # "an invitation for him to visit"
            yield from (c for c in clause.children if c.dep == "nsubj")


def _under(preposition: Word) -> Iterator[Word]:
    """Words that a preposition governs, and those a step below."""
    for noun in (c for c in preposition.children if c.dep in ("pobj", "pcomp")):
        if preposition.lower == "at" and noun.lemma in ("request", "behest", "invitation", "urging", "insistence"):
            continue  # "arrested him at the request of the court"
        if preposition.lower == "in" and noun.lemma in ("return", "exchange", "retaliation", "response", "reply"):
            continue  # "free 50 hostages in return for 150 Palestinian prisoners"
        yield noun
        yield from _owners(noun)
        if noun.lemma in ("extradition", "return", "handover"):  # "asked for the extradition of the man from Sweden"
            yield from (g for t in noun.subtree if t.lower == "from" for g in t.children if g.dep == "pobj")
        for called in (c for c in noun.children if noun.dep == "pcomp" and c.dep == "oprd"):
            yield from _owners(called)  # "voiced concern at what it called Peru's double standards"
        for deeper in noun.children:
            if noun.lemma in FREED and deeper.lower == "of":
                continue  # "called for the release of Ukrainian sailors"
            if deeper.dep == "prep" and deeper.lower in _BELOW:
                for far in (c for c in deeper.children if c.dep == "pobj"):
                    yield far
                    yield from _owners(far)
            elif deeper.dep == "relcl" and not any(c.lower in ("when", "where") for c in deeper.children):  # "support for the path Kyrgyzstan has chosen"
                yield from (c for c in deeper.children if c.dep == "nsubj")


def _is_for(clause: Word) -> bool:
    """Whether it is the clause of `called for Japan to be prudent`."""
    return clause.dep == "advcl" and any(c.dep == "mark" and c.lower == "for" for c in clause.children)


def _owners(noun: Word) -> Iterator[Word]:
    """Words before a noun that say whose it is, those of the nouns joined to it too."""
    for one in (noun, *(c for c in noun.children if c.dep in ("conj", "appos"))):
        for child in one.children:
            if child.dep in ("poss", "amod", "compound", "nmod"):
                yield child
                yield from (c for c in child.children if c.dep in ("amod", "compound", "poss", "nmod", "conj"))
