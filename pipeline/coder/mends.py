"""What the small parser takes for something else, put right before anybody reads the parse.

Each mend knows one habit of the parser, with the sentence that showed it, and leaves every other word alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.coder import mistaken
from pipeline.coder.words import Word

_TOLD = frozenset("say add tell note recall".split())
_TELLS = frozenset("tell inform assure warn remind advise notify".split())
_TIMES = frozenset("minute hour day week month year".split())
_ASKS = frozenset("ask urge press implore beg call tell invite request exhort".split())
_WAYS = frozenset("call conversation letter message note meeting statement telephone phone".split())
_PACTS = frozenset("agreement accord deal pact treaty memorandum contract".split())
_BLAMES = frozenset("accuse blame call denounce condemn demand urge warn vow cite describe".split())
_BEFALLS = frozenset(
    "blast explosion attack strike raid drone missile jet plane aircraft clash vote report incident collision crash video mine fire shell killing".split()
)
_LETTERS = frozenset("letter note verbale message statement petition memo".split())
_WRITES = _BLAMES | frozenset("reject protest oppose ask request seek object complain express".split())


def mend(line: Sequence[Word]) -> None:
    """Mends the parse of a sentence where it stands."""
    for word in line:
        for mended in _MENDS.get(word.dep, ()):
            mended(word)


def _make_blaming(verb: Word) -> None:
    """`suspended the truce after a blast hurt two soldiers, blaming Cambodia`: what the main subject says is hung from what befell him."""
    told = verb.head
    main = told.head
    is_said = verb.tag == "VBG" and verb.lemma in _BLAMES and verb.line[verb.i - 1].text == ","
    if not is_said or told.dep != "advcl" or told.tag not in mistaken.FINITE or main.tag not in mistaken.FINITE or told.i < main.i:
        return
    if any(c.dep == "nsubj" and c.lemma in _BEFALLS for c in told.children):
        verb.hang(main, "advcl")


def _make_recalled(verb: Word) -> None:
    """`ordered the border closed and recalled its ambassadors`: a verb is joined to what was ordered, and not to the order."""
    ordered, ordering = verb.head, verb.head.head
    is_small = ordered.dep == "ccomp" and ordered.tag in ("VBD", "VBN") and not any(c.dep in ("nsubj", "nsubjpass", "mark", "aux") for c in ordered.children)
    if verb.tag != "VBD" or not is_small or ordering.lemma not in ("order", "keep", "declare", "have") or any(c.dep == "nsubj" for c in verb.children):
        return
    verb.hang(ordering, "conj")


def _make_writing(verb: Word) -> None:
    """`sent a letter to the council rejecting the accord`: what the writer says is hung from whom he writes to."""
    hearer, preposition = verb.head, verb.head.head
    writing = preposition.head
    if verb.tag != "VBG" or hearer.dep != "pobj" or preposition.lower != "to" or verb.line[verb.i - 1] is not hearer:
        return
    if verb.lemma in _WRITES and writing.pos == "VERB" and (writing.lemma == "write" or any(c.lemma in _LETTERS for c in writing.children if c.dep == "dobj")):
        verb.hang(writing, "advcl")


def _make_relative(verb: Word) -> None:
    """`an accord on energy exploration that A and B signed`: a past tense with a subject, hung from the nearest noun as a participle."""
    noun = verb.head
    if verb.tag != "VBD" or not any(c.dep == "nsubj" for c in verb.children) or not any(c.tag == "WDT" and c.dep == "dobj" for c in verb.children):
        return
    verb.dep = "relcl"
    above = noun.head.head
    if noun.dep == "pobj" and above.lemma in _PACTS:
        verb.hang(above, "relcl")


def _make_asked(verb: Word) -> None:
    """`asked his counterpart, in a video call to ease curbs`: what somebody is asked hangs from where he was asked it."""
    noun = verb.head
    asking = noun.head.head
    is_infinitive = verb.tag == "VB" and any(c.lower == "to" and c.dep == "aux" for c in verb.children)
    if not is_infinitive or noun.lemma not in _WAYS or noun.dep != "pobj" or noun.head.lower not in ("in", "during", "at", "by") or asking.lemma not in _ASKS:
        return
    if any(c.dep == "xcomp" for c in asking.children):
        return
    verb.hang(asking, "xcomp")


def _make_later(time: Word) -> None:
    """`days after the Pope compared them`: a preposition and its noun to the parser, and a verb without a subject."""
    verb = time.head
    after = next((c for c in time.children if c.dep == "prep" and c.lower in ("after", "before") and len(c.children) == 1), None)
    if after is None or time.lemma not in _TIMES or verb.tag not in mistaken.FINITE or not after.i < after.children[0].i < verb.i:
        return
    if any(c.dep in ("nsubj", "nsubjpass") for c in verb.children):
        return
    after.children[0].hang(verb, _subject_of(verb))
    after.hang(verb, "mark")
    after.pos = "SCONJ"


def _make_comer(noun: Word) -> None:
    """`said Trump's envoy, Steve Witkoff, would come`: whom something is said of is taken for the object of saying it."""
    verb = noun.head
    told = next((c for c in verb.children if c.dep == "ccomp" and c.i > noun.i), None)
    if noun.pos != "PROPN" or verb.lemma not in ("say", "announce") or noun.i < verb.i or told is None or told.pos not in ("VERB", "AUX"):
        return
    if any(c.dep in ("nsubj", "nsubjpass", "expl", "mark") for c in told.children):
        return
    noun.hang(told, _subject_of(told))


def _make_told(verb: Word) -> None:
    """`told a news conference that Japan would`: what somebody is told hangs from who is told it."""
    listener, telling = verb.head, verb.head.head
    if listener.dep != "dobj" or telling.lemma not in _TELLS or not any(c.lower == "that" and c.dep == "mark" for c in verb.children):
        return
    verb.hang(telling, "ccomp")


def _make_doer(noun: Word) -> None:
    """`prompting A to protest and B to call`: a name is joined to a verb; it is the subject of the infinitive after it."""
    after = noun.line[noun.i + 1 : noun.i + 3]
    if noun.pos != "PROPN" or noun.head.pos != "VERB" or len(after) < 2 or after[0].lower != "to" or after[1].tag != "VB":
        return
    noun.hang(after[1], "nsubj")


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
    noun.hang(asked, "conj")
    after[1].hang(first, "conj")


def _make_called(verb: Word) -> None:
    """`a step Warsaw called hostile`: who calls it so is taken for another name of the step."""
    noun = verb.head
    name = next((c for c in noun.children if c.i == verb.i - 1 and c.pos == "PROPN" and c.dep in ("appos", "nmod", "compound", "npadvmod")), None)
    if name is None or name.i < noun.i or noun.pos != "NOUN" or verb.tag not in ("VBN", "VBD") or any(c.dep == "agent" for c in verb.children):
        return
    name.hang(verb, "nsubj")
    verb.dep, verb.tag = "relcl", "VBD"


def _make_rejected(claim: Word) -> None:
    """`dismissed as "ludicrous" China's claim`: what is dismissed is taken for what it is called."""
    preposition, verb = claim.head, claim.head.head
    owner = next((c for c in claim.children if c.dep == "poss"), None)
    calling = [c for c in (*claim.children, *(owner.children if owner is not None else ())) if c.dep == "amod"]  # the parser may hang it from the name
    called = next((c for c in calling if c.line[c.i - 1 - (c.line[c.i - 1].tag == "``")] is preposition), None)
    if preposition.lower == "as" and verb.pos == "VERB" and owner is not None and called is not None and called.i < owner.i:
        called.hang(preposition, "pobj")
        claim.hang(verb, "dobj")


def _make_both(word: Word) -> None:
    """`praised both for their efforts`: taken for the first half of `both … and`, where nothing that can be joined follows."""
    verb, after = word.line[word.i - 1] if word.i else word, word.line[word.i + 1 : word.i + 2]
    is_on = verb.lower in ("on", "upon") and verb.dep == "prep"  # "called on both to step back"
    if word.lower != "both" or not (is_on or verb.tag in (*mistaken.FINITE, "VBN")) or not after or after[0].tag not in ("IN", "TO"):
        return
    word.hang(verb, "pobj" if is_on else "dobj")
    word.pos = "PRON"


def _make_object(noun: Word) -> None:
    """`China summoned Ken Mori`: a name right after a verb that has a subject is taken for another one."""
    verb = noun.head
    if noun.i < verb.i or verb.tag != "VBD" or verb.lemma in _TOLD:
        return
    if min(c.i for c in (noun, *noun.children)) == verb.i + 1 and any(c.dep == "nsubj" and c.i < verb.i for c in verb.children):
        noun.dep = "dobj"


def _subject_of(verb: Word) -> str:
    return "nsubjpass" if any(c.dep == "auxpass" for c in verb.children) else "nsubj"


_MENDS: dict[str, tuple[Callable[[Word], None], ...]] = {
    "ROOT": (mistaken.make_planned, mistaken.make_active), "ccomp": (mistaken.make_active,), "advmod": (mistaken.make_adverb, _make_both), "acl": (_make_asked, _make_writing, _make_called, _make_relative, mistaken.make_participle, mistaken.make_main, mistaken.make_meeting), "advcl": (mistaken.make_subject, _make_blaming), "amod": (mistaken.make_verb, mistaken.make_summoned, mistaken.make_shipped), "conj": (_make_doer, _make_asked_too, mistaken.make_name, mistaken.make_demands, _make_recalled),
    "compound": (mistaken.make_cut, mistaken.make_verb), "csubj": (mistaken.make_subject,), "preconj": (_make_both,), "pobj": (_make_rejected,), "dobj": (_make_comer,), "npadvmod": (_make_later,), "nsubj": (mistaken.make_adverb, _make_object), "relcl": (_make_asked, _make_told),
}  # fmt: skip
"""By the label that the parser gives the word."""
