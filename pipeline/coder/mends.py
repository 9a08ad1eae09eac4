"""What the small parser takes for something else, put right before anybody reads the parse.

Each mend knows one habit of the parser, with the sentence that showed it, and leaves every other word alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.coder.words import Word

_TOLD = frozenset("say add tell note recall".split())
_TELLS = frozenset("tell inform assure warn remind advise notify".split())
_MOVES = frozenset("stray train drift sail arrive fly meet clash gather march cross collide intrude withdraw retreat sneak veer wander".split())
_TIMES = frozenset("minute hour day week month year".split())
_ASKS = frozenset("ask urge press implore beg call tell invite request exhort".split())
_WAYS = frozenset("call conversation letter message note meeting statement telephone phone".split())
_PACTS = frozenset("agreement accord deal pact treaty memorandum contract".split())
_BLAMES = frozenset("accuse blame call denounce condemn demand urge warn vow cite describe".split())
_BEFALLS = frozenset(
    "blast explosion attack strike raid drone missile jet plane aircraft clash vote report incident collision crash video mine fire shell killing".split()
)
_DEMANDS = frozenset("demands calls urges hopes asks insists".split())
_LETTERS = frozenset("letter note verbale message statement petition memo".split())
_WRITES = _BLAMES | frozenset("reject protest oppose ask request seek object complain express".split())
_FINITE = ("VBD", "VBZ", "VBP")


def mend(line: Sequence[Word]) -> None:
    """Mends the parse of a sentence where it stands."""
    for word in line:
        for mended in _MENDS.get(word.dep, ()):
            mended(word)


def _make_verb(verb: Word) -> None:
    """`Trump enacted tariffs`: a verb that has a subject is taken for an adjective; the noun is its object."""
    noun = verb.head
    if verb.tag not in ("VBN", "VBD") or noun.dep != "ROOT":
        return
    names = [c for c in verb.children if c.dep == "npadvmod" and c.text[:1].isupper() and c.i == verb.i - 1]
    if names and not any(w.tag in (*_FINITE, "MD") for w in verb.line if w is not verb):
        names[0].dep = "nsubj"  # "Angola hosted talks"
    if not any(c.dep == "nsubj" for c in verb.children):
        return
    before = [c for c in noun.children if c.i < verb.i]
    noun.children = [c for c in noun.children if c.i > verb.i and c.dep != "punct"]
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    verb.children = _in_order([*before, *verb.children, noun])
    noun.head, noun.dep = verb, "dobj"
    for word in before:
        word.head = verb


def _make_summoned(verb: Word) -> None:
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
    verb.children = _in_order([*before, name, *verb.children, noun, told])
    noun.head, noun.dep = verb, "dobj"
    name.head, name.dep = verb, "nsubj"
    told.head, told.dep = verb, "advcl"


def _make_blaming(verb: Word) -> None:
    """`suspended the truce after a blast hurt two soldiers, blaming Cambodia`: what the main subject says is hung from what befell him."""
    told = verb.head
    main = told.head
    is_said = verb.tag == "VBG" and verb.lemma in _BLAMES and verb.line[verb.i - 1].text == ","
    if not is_said or told.dep != "advcl" or told.tag not in _FINITE or main.tag not in _FINITE or told.i < main.i:
        return
    if any(c.dep == "nsubj" and c.lemma in _BEFALLS for c in told.children):
        told.children = [c for c in told.children if c is not verb]
        verb.head, main.children = main, _in_order([*main.children, verb])


def _make_recalled(verb: Word) -> None:
    """`ordered the border closed and recalled its ambassadors`: a verb is joined to what was ordered, and not to the order."""
    ordered, ordering = verb.head, verb.head.head
    is_small = ordered.dep == "ccomp" and ordered.tag in ("VBD", "VBN") and not any(c.dep in ("nsubj", "nsubjpass", "mark", "aux") for c in ordered.children)
    if verb.tag != "VBD" or not is_small or ordering.lemma not in ("order", "keep", "declare", "have") or any(c.dep == "nsubj" for c in verb.children):
        return
    ordered.children = [c for c in ordered.children if c is not verb]
    verb.head, ordering.children = ordering, _in_order([*ordering.children, verb])


def _make_name(word: Word) -> None:
    """`will travel to Guatemala and Belize this week`: a name after another and `and` is taken for a verb."""
    before = word.line[word.i - 2] if word.i > 2 and word.line[word.i - 1].lower == "and" else None
    if word.pos != "VERB" or not word.text[:1].isupper() or before is None or before.pos != "PROPN" or any(c.dep in ("nsubj", "aux") for c in word.children):
        return
    verb = word.head
    verb.children = _in_order([*(c for c in verb.children if c is not word), *word.children])
    for child in word.children:
        child.head = verb
    word.children, word.head, word.dep, word.pos, word.tag, word.lemma = [], before, "conj", "PROPN", "NNP", word.text
    before.children = _in_order([*before.children, word])


def _make_demands(word: Word) -> None:
    """`opposes the move and demands that China respect`: a verb joined to another one is taken for a noun joined to its object."""
    after = word.line[word.i + 1 : word.i + 2]
    verb = next((a for a in word.ancestors if a.tag in ("VBZ", "VBP")), None)
    if word.tag != "NNS" or word.lower not in _DEMANDS or verb is None or not after or after[0].lower != "that":
        return
    told = after[0].head
    if after[0].dep != "mark" or told is word or word in told.children or verb in (told, *told.children):
        return
    told.head.children = [c for c in told.head.children if c is not told]
    word.head.children = [c for c in word.head.children if c is not word]
    told.head, told.dep = word, "ccomp"
    word.children = _in_order([*word.children, told])
    word.head, word.dep, word.pos, word.tag, word.lemma = verb, "conj", "VERB", "VBZ", word.lower.removesuffix("s")
    verb.children = _in_order([*verb.children, word])


def _make_writing(verb: Word) -> None:
    """`sent a letter to the council rejecting the accord`: what the writer says is hung from whom he writes to."""
    hearer, preposition = verb.head, verb.head.head
    writing = preposition.head
    if verb.tag != "VBG" or hearer.dep != "pobj" or preposition.lower != "to" or verb.line[verb.i - 1] is not hearer:
        return
    if verb.lemma in _WRITES and writing.pos == "VERB" and (writing.lemma == "write" or any(c.lemma in _LETTERS for c in writing.children if c.dep == "dobj")):
        hearer.children = [c for c in hearer.children if c is not verb]
        verb.head, verb.dep, writing.children = writing, "advcl", _in_order([*writing.children, verb])


def _make_cut(verb: Word) -> None:
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
        above.children = _in_order([verb if c is noun else c for c in above.children])
    verb.dep, noun.head, noun.dep = noun.dep, verb, "dobj"
    verb.children = _in_order([*before, *verb.children, noun])


def _make_main(verb: Word) -> None:
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
    if not is_active or any(c.dep == "agent" for c in verb.children) or any(w.tag in (*_FINITE, "MD") and w.i not in told for w in noun.line):
        return
    after = [c for c in noun.children if c.i > verb.i and c is not verb]
    noun.children = [c for c in noun.children if c.i < verb.i]
    if beside is not None:
        beside.children = [c for c in beside.children if c is not verb]
    for word in after:
        word.head = verb
    verb.children = _in_order([noun, *verb.children, *after])
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    noun.head, noun.dep = verb, "nsubj"


def _make_shipped(verb: Word) -> None:
    """`Egypt, at odds with Ethiopia, shipped weapons to Somalia`: the only verb is taken for an adjective of its object, and that is set beside the name."""
    noun, name = verb.head, verb.head.head
    if verb.tag not in ("VBN", "VBD") or noun.dep != "appos" or name.dep != "ROOT" or name.pos != "PROPN" or verb.line[verb.i - 1].text != ",":
        return
    joined = [c for c in name.children if c.i > noun.i and c.dep in ("conj", "cc") and verb.tag == "VBD"]
    if verb.tag == "VBN" and any(w.tag in (*_FINITE, "MD") for w in verb.line):
        return
    after = [*(c for c in noun.children if c.i > noun.i), *joined]
    before = [c for c in noun.children if c.i < verb.i]
    noun.children = [c for c in noun.children if verb.i < c.i < noun.i]
    name.children = _in_order([*(c for c in name.children if c.i < verb.i and c is not noun), *before])
    for word in before:
        word.head = name
    for word in after:
        word.head = verb
    verb.children = _in_order([name, *verb.children, noun, *after])
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    noun.head, noun.dep = verb, "dobj"
    name.head, name.dep = verb, "nsubj"


def _make_meeting(word: Word) -> None:
    """`the presidents of A and B, meeting in C, signed`: a noun to the parser."""
    if word.lower == "meeting" and word.line[word.i - 1].text == ",":
        word.pos, word.tag, word.lemma = "VERB", "VBG", "meet"


def _make_participle(word: Word) -> None:
    """`the memorandum, inked in Brasilia on Monday, reflects`: a past tense to the parser, though it hangs from its noun and has no subject."""
    if word.tag == "VBD" and word.line[word.i - 1].text == "," and word.head.dep != "ROOT" and not any(c.dep == "nsubj" for c in word.children):
        word.tag = "VBN"


def _make_relative(verb: Word) -> None:
    """`an accord on energy exploration that A and B signed`: a past tense with a subject, hung from the nearest noun as a participle."""
    noun = verb.head
    if verb.tag != "VBD" or not any(c.dep == "nsubj" for c in verb.children) or not any(c.tag == "WDT" and c.dep == "dobj" for c in verb.children):
        return
    verb.dep = "relcl"
    above = noun.head.head
    if noun.dep == "pobj" and above.lemma in _PACTS:
        noun.children = [c for c in noun.children if c is not verb]
        verb.head, above.children = above, _in_order([*above.children, verb])


def _make_asked(verb: Word) -> None:
    """`asked his counterpart, in a video call to ease curbs`: what somebody is asked hangs from where he was asked it."""
    noun = verb.head
    asking = noun.head.head
    is_infinitive = verb.tag == "VB" and any(c.lower == "to" and c.dep == "aux" for c in verb.children)
    if not is_infinitive or noun.lemma not in _WAYS or noun.dep != "pobj" or noun.head.lower not in ("in", "during", "at", "by") or asking.lemma not in _ASKS:
        return
    if any(c.dep == "xcomp" for c in asking.children):
        return
    noun.children = [c for c in noun.children if c is not verb]
    verb.head, verb.dep = asking, "xcomp"
    asking.children = _in_order([*asking.children, verb])


def _make_active(verb: Word) -> None:
    """`NATO's chief, visiting Sarajevo, called moves by the Serb half dangerous`: a participle with a subject of its own and no auxiliary is a past tense, and what `by` governs did not do it."""
    if verb.tag != "VBN" or any(c.dep in ("aux", "auxpass", "nsubjpass") for c in verb.children):
        return
    if not any(c.dep == "nsubj" and c.i < verb.i for c in verb.children):
        return
    verb.tag = "VBD"
    for by in [c for c in verb.children if c.dep == "agent"]:
        noun = next((c for c in verb.children if c.dep in ("dobj", "oprd") and c.pos in ("NOUN", "PROPN") and verb.i < c.i < by.i), None)
        if noun is not None:
            verb.children = [c for c in verb.children if c is not by]
            by.head, by.dep, noun.children = noun, "prep", _in_order([*noun.children, by])
            noun.dep = "dobj"


def _make_planned(word: Word) -> None:
    """`Egypt and Turkey plan to lift trade`: a noun to the parser, though it has a subject and an infinitive."""
    if word.tag in ("NN", "NNS") and {"nsubj", "xcomp"} <= {c.dep for c in word.children}:
        word.pos, word.tag = "VERB", "VBP"


def _make_later(time: Word) -> None:
    """`days after the Pope compared them`: a preposition and its noun to the parser, and a verb without a subject."""
    verb = time.head
    after = next((c for c in time.children if c.dep == "prep" and c.lower in ("after", "before") and len(c.children) == 1), None)
    if after is None or time.lemma not in _TIMES or verb.tag not in _FINITE or not after.i < after.children[0].i < verb.i:
        return
    if any(c.dep in ("nsubj", "nsubjpass") for c in verb.children):
        return
    noun = after.children[0]
    time.children, after.children = [c for c in time.children if c is not after], []
    noun.dep = "nsubjpass" if any(c.dep == "auxpass" for c in verb.children) else "nsubj"
    after.dep, after.pos, after.head, noun.head = "mark", "SCONJ", verb, verb
    verb.children = _in_order([after, noun, *verb.children])


def _make_comer(noun: Word) -> None:
    """`said Trump's envoy, Steve Witkoff, would come`: whom something is said of is taken for the object of saying it."""
    verb = noun.head
    told = next((c for c in verb.children if c.dep == "ccomp" and c.i > noun.i), None)
    if noun.pos != "PROPN" or verb.lemma not in ("say", "announce") or noun.i < verb.i or told is None or told.pos not in ("VERB", "AUX"):
        return
    if any(c.dep in ("nsubj", "nsubjpass", "expl", "mark") for c in told.children):
        return
    verb.children = [c for c in verb.children if c is not noun]
    noun.head, noun.dep = told, "nsubjpass" if any(c.dep == "auxpass" for c in told.children) else "nsubj"
    told.children = _in_order([noun, *told.children])


def _make_told(verb: Word) -> None:
    """`told a news conference that Japan would`: what somebody is told hangs from who is told it."""
    listener, telling = verb.head, verb.head.head
    if listener.dep != "dobj" or telling.lemma not in _TELLS or not any(c.lower == "that" and c.dep == "mark" for c in verb.children):
        return
    listener.children = [c for c in listener.children if c is not verb]
    verb.head, verb.dep = telling, "ccomp"
    telling.children = _in_order([*telling.children, verb])


def _make_doer(noun: Word) -> None:
    """`prompting A to protest and B to call`: a name is joined to a verb; it is the subject of the infinitive after it."""
    after = noun.line[noun.i + 1 : noun.i + 3]
    if noun.pos != "PROPN" or noun.head.pos != "VERB" or len(after) < 2 or after[0].lower != "to" or after[1].tag != "VB":
        return
    if noun in after[1].ancestors:
        return  # it hangs from the name already: moved, the tree would bite its tail
    noun.head.children = [c for c in noun.head.children if c is not noun]
    noun.head, noun.dep = after[1], "nsubj"
    after[1].children = [noun, *after[1].children]


def _make_asked_too(noun: Word) -> None:
    """`asked Serbia to lift its roadblocks and Kosovo to hold`: who is asked as well is joined to what the first is asked for."""
    after = noun.line[noun.i + 1 : noun.i + 3]
    if noun.pos != "PROPN" or len(after) < 2 or after[0].lower != "to" or after[1].tag != "VB" or noun in after[1].ancestors:
        return
    asking = next((a for a in noun.ancestors if a.lemma in _ASKS and a.pos == "VERB"), None)
    asked = next((c for c in asking.children if c.dep == "dobj" and c.pos == "PROPN"), None) if asking is not None else None
    first = next((c for c in asking.children if c.dep in ("xcomp", "ccomp") and c.tag == "VB"), None) if asking is not None else None
    if asked is None or first is None or noun.head is asked or after[1] is first:
        return
    noun.head.children = [c for c in noun.head.children if c is not noun]
    noun.head, asked.children = asked, _in_order([*asked.children, noun])
    after[1].head.children = [c for c in after[1].head.children if c is not after[1]]
    after[1].head, after[1].dep, first.children = first, "conj", _in_order([*first.children, after[1]])


def _make_called(verb: Word) -> None:
    """`a step Warsaw called hostile`: who calls it so is taken for another name of the step."""
    noun = verb.head
    name = next((c for c in noun.children if c.i == verb.i - 1 and c.pos == "PROPN" and c.dep in ("appos", "nmod", "compound", "npadvmod")), None)
    if name is None or name.i < noun.i or noun.pos != "NOUN" or verb.tag not in ("VBN", "VBD") or any(c.dep == "agent" for c in verb.children):
        return
    noun.children = [c for c in noun.children if c is not name]
    name.head, name.dep = verb, "nsubj"
    verb.dep, verb.tag, verb.children = "relcl", "VBD", _in_order([name, *verb.children])


def _make_rejected(claim: Word) -> None:
    """`dismissed as "ludicrous" China's claim`: what is dismissed is taken for what it is called."""
    preposition = claim.head
    verb = preposition.head
    called = next((c for c in claim.children if c.dep == "amod" and c.line[c.i - 1 - (c.line[c.i - 1].tag == "``")] is preposition), None)
    owner = next((c for c in claim.children if c.dep == "poss" and called is not None and c.i > called.i), None)
    if preposition.lower != "as" or verb.pos != "VERB" or called is None or owner is None:
        owned = next((c for c in claim.children if c.dep == "poss"), None)  # the parser may hang the word from the name
        called = next((c for c in owned.children if c.dep == "amod"), None) if owned is not None else None
        if preposition.lower != "as" or verb.pos != "VERB" or called is None or called.i > claim.i or owned is None:
            return
        owned.children = [c for c in owned.children if c is not called]
    claim.children = [c for c in claim.children if c is not called]
    called.head, called.dep, preposition.children = preposition, "pobj", [called]
    claim.head, claim.dep, verb.children = verb, "dobj", _in_order([*verb.children, claim])


def _make_subject(gerund: Word) -> None:
    """`Shelling by A wounded three`: the first word is taken for a participle, and nothing else is the subject."""
    verb = gerund.head
    is_first = gerund.i == 0 and gerund.tag == "VBG" and verb.i > 0 and verb.tag in _FINITE
    if is_first and not any(w.text == "," for w in gerund.line[: verb.i]) and not any(c.dep in ("nsubj", "nsubjpass") for c in verb.children):
        gerund.dep, gerund.pos, gerund.tag, gerund.lemma = "nsubj", "NOUN", "NN", gerund.lower


def _make_adverb(word: Word) -> None:
    """`A Russian jet briefly entered`: the adverb is taken for a noun, and the subject for a part of its name."""
    parts = [c for c in word.children if c.dep == "compound"]
    if word.tag != "NN" or not word.lower.endswith("ly") or word.head.tag not in _FINITE or not parts or any(c.dep == "nsubj" for c in word.head.children):
        return
    noun, verb = parts[-1], word.head
    noun.children = _in_order([*noun.children, *(c for c in word.children if c is not noun)])
    for child in noun.children:
        child.head = noun
    word.children, noun.head, noun.dep = [], verb, "nsubj"
    word.dep, word.pos, word.tag, word.lemma = "advmod", "ADV", "RB", word.lower
    verb.children = _in_order([*verb.children, noun])


def _make_both(word: Word) -> None:
    """`praised both for their efforts`: taken for the first half of `both … and`, where nothing that can be joined follows."""
    verb, after = word.line[word.i - 1] if word.i else word, word.line[word.i + 1 : word.i + 2]
    is_on = verb.lower in ("on", "upon") and verb.dep == "prep"  # "called on both to step back"
    if word.lower != "both" or not (is_on or verb.tag in (*_FINITE, "VBN")) or not after or after[0].tag not in ("IN", "TO"):
        return
    word.head.children = [c for c in word.head.children if c is not word]
    word.head, word.dep, word.pos = verb, "pobj" if is_on else "dobj", "PRON"
    verb.children = _in_order([*verb.children, word])


def _make_object(noun: Word) -> None:
    """`China summoned Ken Mori`: a name right after a verb that has a subject is taken for another one."""
    verb = noun.head
    if noun.i < verb.i or verb.tag != "VBD" or verb.lemma in _TOLD:
        return
    if min(c.i for c in (noun, *noun.children)) == verb.i + 1 and any(c.dep == "nsubj" and c.i < verb.i for c in verb.children):
        noun.dep = "dobj"


def _in_order(words: list[Word]) -> list[Word]:
    return sorted(words, key=lambda w: w.i)


_MENDS: dict[str, tuple[Callable[[Word], None], ...]] = {
    "ROOT": (_make_planned, _make_active), "ccomp": (_make_active,), "advmod": (_make_adverb, _make_both), "acl": (_make_asked, _make_writing, _make_called, _make_relative, _make_participle, _make_main, _make_meeting), "advcl": (_make_subject, _make_blaming), "amod": (_make_verb, _make_summoned, _make_shipped), "conj": (_make_doer, _make_asked_too, _make_name, _make_demands, _make_recalled),
    "compound": (_make_cut, _make_verb), "csubj": (_make_subject,), "preconj": (_make_both,), "pobj": (_make_rejected,), "dobj": (_make_comer,), "npadvmod": (_make_later,), "nsubj": (_make_adverb, _make_object), "relcl": (_make_asked, _make_told),
}  # fmt: skip
"""By the label that the parser gives the word."""
