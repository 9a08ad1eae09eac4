"""Words that the small parser takes for another part of speech: verbs for adjectives, names for verbs, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.coder.words import Word

_MOVES = frozenset("stray train drift sail arrive fly meet clash gather march cross collide intrude withdraw retreat sneak veer wander".split())
_DEMANDS = frozenset("demands calls urges hopes asks insists".split())
FINITE = ("VBD", "VBZ", "VBP")
"""Tags of verbs that have a tense."""


def make_verb(verb: Word) -> None:
    """`Trump enacted tariffs`: a verb that has a subject is taken for an adjective; the noun is its object."""
    noun = verb.head
    if verb.tag not in ("VBN", "VBD") or noun.dep != "ROOT" or noun is verb:  # the mend before may have made it the root
        return
    names = [c for c in verb.children if c.dep == "npadvmod" and c.text[:1].isupper() and c.i == verb.i - 1]
    if names and not any(w.tag in (*FINITE, "MD") for w in verb.line if w is not verb):
        names[0].dep = "nsubj"  # "Angola hosted talks"
    if not any(c.dep == "nsubj" for c in verb.children):
        return
    before = [c for c in noun.children if c.i < verb.i]
    noun.children = [c for c in noun.children if c.i > verb.i and c.dep != "punct"]
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    verb.children = _sorted([*before, *verb.children, noun])
    noun.head, noun.dep = verb, "dobj"
    for word in before:
        word.head = verb


def make_summoned(verb: Word) -> None:
    """`Romania's minister summoned Russia's envoy after a drone breached`: the main verb is taken for an adjective of its object, and that for a subject."""
    noun, told = verb.head, verb.head.head
    name = next((c for c in noun.children if c.i == verb.i - 1 and c.pos == "PROPN" and c.dep in ("nmod", "compound", "npadvmod")), None)
    mark = next((c for c in told.children if c.dep == "mark" and noun.i < c.i < told.i), None)
    is_told_twice = any(c.dep in ("nsubj", "nsubjpass") and c.i > noun.i for c in told.children)
    if verb.tag not in ("VBN", "VBD") or name is None or noun.dep != "nsubj" or told.dep != "ROOT" or mark is None or not is_told_twice:
        return
    before = [c for c in told.children if c.i < noun.i]
    told.children = [c for c in told.children if c.i > noun.i]
    noun.children = [c for c in noun.children if c.i > name.i and c is not verb]
    for word in before:
        word.head = verb
    verb.head, verb.dep, verb.pos, verb.tag = verb, "ROOT", "VERB", "VBD"
    verb.children = _sorted([*before, name, *verb.children, noun, told])
    noun.head, noun.dep = verb, "dobj"
    name.head, name.dep = verb, "nsubj"
    told.head, told.dep = verb, "advcl"


def make_cut(verb: Word) -> None:
    """`in 1978, when Bolivia cut relations over the sea`: a verb that has a subject is taken for a part of the noun, which is its object."""
    noun = verb.head
    if verb.tag not in ("VBD", "VBZ") or noun.i < verb.i or not any(c.dep == "nsubj" for c in verb.children):
        return
    before = [c for c in noun.children if c.i < verb.i]
    noun.children = [c for c in noun.children if c.i > verb.i]
    for word in before:
        word.head = verb
    above = noun.head
    if above is noun:
        verb.head = verb
    else:
        verb.head = above
        above.children = _sorted([verb if c is noun else c for c in above.children])
    verb.dep, noun.head, noun.dep = noun.dep, verb, "dobj"
    verb.children = _sorted([*before, *verb.children, noun])


def make_main(verb: Word) -> None:
    """`A Russian jet strayed into Estonia`: the only verb is taken for a participle of its subject."""
    noun, beside = verb.head, None
    if noun.dep == "appos" and noun.head.dep == "ROOT" and verb.line[verb.i - 1].text == ",":
        noun, beside = noun.head, noun  # "Spain, the third partner, called on both to"
    if verb.tag != "VBN" or noun.dep != "ROOT" or noun.pos not in ("NOUN", "PROPN"):
        return
    aside = [c for c in noun.children if c.dep == "relcl" and c.i < verb.i and verb.line[verb.i - 1].text == ","]  # "Turkey, which runs a base, offered to"
    is_parted = noun.pos == "PROPN" and noun.i == verb.i - 2 and verb.line[verb.i - 1].text == ","  # "Norway's minister, Eide, telephoned Helsinki"
    if noun.i != verb.i - 1 and not aside and not is_parted and beside is None:
        return
    is_active = verb.lemma in _MOVES or any(c.dep == "dobj" or ((aside or beside) and c.dep == "xcomp") for c in verb.children)
    told = {w.i for clause in noun.children if clause.dep == "relcl" for w in clause.subtree}
    if not is_active or any(c.dep == "agent" for c in verb.children) or any(w.tag in (*FINITE, "MD") and w.i not in told for w in noun.line):
        return
    after = [c for c in noun.children if c.i > verb.i and c is not verb]
    noun.children = [c for c in noun.children if c.i < verb.i]
    if beside is not None:
        beside.children = [c for c in beside.children if c is not verb]
    for word in after:
        word.head = verb
    verb.children = _sorted([noun, *verb.children, *after])
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    noun.head, noun.dep = verb, "nsubj"


def make_shipped(verb: Word) -> None:
    """`Egypt, at odds with Ethiopia, shipped weapons to Somalia`: the only verb is taken for an adjective of its object, and that is set beside the name."""
    noun, name = verb.head, verb.head.head
    if verb.tag not in ("VBN", "VBD") or noun.dep != "appos" or name.dep != "ROOT" or name.pos != "PROPN" or verb.line[verb.i - 1].text != ",":
        return
    joined = [c for c in name.children if c.i > noun.i and c.dep in ("conj", "cc") and verb.tag == "VBD"]
    if verb.tag == "VBN" and any(w.tag in (*FINITE, "MD") for w in verb.line):
        return
    after = [*(c for c in noun.children if c.i > noun.i), *joined]
    before = [c for c in noun.children if c.i < verb.i]
    noun.children = [c for c in noun.children if verb.i < c.i < noun.i]
    name.children = _sorted([*(c for c in name.children if c.i < verb.i and c is not noun), *before])
    for word in before:
        word.head = name
    for word in after:
        word.head = verb
    verb.children = _sorted([name, *verb.children, noun, *after])
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    noun.head, noun.dep = verb, "dobj"
    name.head, name.dep = verb, "nsubj"


def make_meeting(word: Word) -> None:
    """`the presidents of A and B, meeting in C, signed`: a noun to the parser."""
    if word.lower == "meeting" and word.line[word.i - 1].text == ",":
        word.pos, word.tag, word.lemma = "VERB", "VBG", "meet"


def make_participle(word: Word) -> None:
    """`the memorandum, inked in Brasilia on Monday, reflects`: a past tense to the parser, though it hangs from its noun and has no subject."""
    if word.tag == "VBD" and word.line[word.i - 1].text == "," and word.head.dep != "ROOT" and not any(c.dep == "nsubj" for c in word.children):
        word.tag = "VBN"


def make_active(verb: Word) -> None:
    """`NATO's chief, visiting Sarajevo, called moves by the Serb half dangerous`: a participle with a subject of its own and no auxiliary is a past tense, and what `by` governs did not do it."""
    if verb.tag != "VBN" or any(c.dep in ("aux", "auxpass", "nsubjpass") for c in verb.children):
        return
    if not any(c.dep == "nsubj" and c.i < verb.i for c in verb.children):
        return
    verb.tag = "VBD"
    for by in [c for c in verb.children if c.dep == "agent"]:
        noun = next((c for c in verb.children if c.dep in ("dobj", "oprd") and c.pos in ("NOUN", "PROPN") and verb.i < c.i < by.i), None)
        if noun is not None:
            by.hang(noun, "prep")
            noun.dep = "dobj"


def make_planned(word: Word) -> None:
    """`Egypt and Turkey plan to lift trade`: a noun to the parser, though it has a subject and an infinitive."""
    if word.tag in ("NN", "NNS") and {"nsubj", "xcomp"} <= {c.dep for c in word.children}:
        word.pos, word.tag = "VERB", "VBP"


def make_name(word: Word) -> None:
    """`will travel to Guatemala and Belize this week`: a name after another and `and` is taken for a verb."""
    before = word.line[word.i - 2] if word.i > 2 and word.line[word.i - 1].lower == "and" else None
    if word.pos != "VERB" or not word.text[:1].isupper() or before is None or before.pos != "PROPN" or any(c.dep in ("nsubj", "aux") for c in word.children):
        return
    for child in list(word.children):
        child.hang(word.head, child.dep)
    word.hang(before, "conj")
    word.pos, word.tag, word.lemma = "PROPN", "NNP", word.text


def make_demands(word: Word) -> None:
    """`opposes the move and demands that China respect`: a verb joined to another one is taken for a noun joined to its object."""
    after = word.line[word.i + 1 : word.i + 2]
    verb = next((a for a in word.ancestors if a.tag in ("VBZ", "VBP")), None)
    if word.tag != "NNS" or word.lower not in _DEMANDS or verb is None or not after or after[0].lower != "that":
        return
    told = after[0].head
    if after[0].dep != "mark" or told is word or word in told.children or verb in (told, *told.children):
        return
    told.hang(word, "ccomp")
    word.hang(verb, "conj")
    word.pos, word.tag, word.lemma = "VERB", "VBZ", word.lower.removesuffix("s")


def make_subject(gerund: Word) -> None:
    """`Shelling by A wounded three`: the first word is taken for a participle, and nothing else is the subject."""
    verb = gerund.head
    is_first = gerund.i == 0 and gerund.tag == "VBG" and verb.i > 0 and verb.tag in FINITE
    if is_first and not any(w.text == "," for w in gerund.line[: verb.i]) and not any(c.dep in ("nsubj", "nsubjpass") for c in verb.children):
        gerund.dep, gerund.pos, gerund.tag, gerund.lemma = "nsubj", "NOUN", "NN", gerund.lower


def make_adverb(word: Word) -> None:
    """`A Russian jet briefly entered`: the adverb is taken for a noun, and the subject for a part of its name."""
    parts = [c for c in word.children if c.dep == "compound"]
    if word.tag != "NN" or not word.lower.endswith("ly") or word.head.tag not in FINITE or not parts or any(c.dep == "nsubj" for c in word.head.children):
        return
    noun, verb = parts[-1], word.head
    noun.hang(verb, "nsubj")
    for child in list(word.children):
        child.hang(noun, child.dep)
    word.dep, word.pos, word.tag, word.lemma = "advmod", "ADV", "RB", word.lower


def _sorted(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda w: w.i)
