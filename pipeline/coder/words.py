"""A word of a parse, as the coder's grammar sees it.

The parser's own tokens look every label up anew; a sentence's words are asked for them a hundred times over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from spacy.tokens import Doc

from pipeline.coder.language import load_language, load_lemmatizer

_WORD_CLASSES = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB",
    "MD": "AUX", "JJ": "ADJ", "JJR": "ADJ", "JJS": "ADJ", "RB": "ADV", "RBR": "ADV", "RBS": "ADV", "WRB": "SCONJ", "IN": "ADP", "RP": "ADP", "TO": "PART",
    "POS": "PART", "DT": "DET", "PDT": "DET", "PRP": "PRON", "PRP$": "PRON", "WP": "PRON", "WP$": "PRON", "WDT": "PRON", "EX": "PRON", "CD": "NUM",
    "CC": "CCONJ", "UH": "INTJ", "$": "SYM", "SYM": "SYM", "FW": "X", "XX": "X", "LS": "X", "ADD": "X", "AFX": "ADJ", "NIL": "X", "_SP": "SPACE",
}  # fmt: skip
"""Penn Treebank tag → universal part of speech; any other tag is punctuation."""
_TOLD = frozenset("say add tell note recall".split())
_TELLS = frozenset("tell inform assure warn remind advise notify".split())
_MOVES = frozenset("stray train drift sail arrive fly meet clash gather march cross collide".split())
_BE = frozenset("be am is are was were been being 's 're 'm ’s ’re ’m".split())
_HELPERS = frozenset("have has had having do does did 've ’ve 'd ’d".split())

_BASE_FORMS = frozenset("VB VBP NN NNP JJ RB".split())
"""Tags of words that are their own lemma."""
_LEMMAS = {"has": "have", "had": "have", "'ve": "have", "’ve": "have", "does": "do", "did": "do", "'ll": "will", "’ll": "will", "wo": "will", "ca": "can"}

_MISREAD = {"hopes": "hope", "hoped": "hope", "hoping": "hope"}
"""Forms of which the rules make another verb's."""


@dataclass(eq=False, slots=True)
class Word:
    """A word with its place in the tree. `i` counts from 0 in `line`, the words of its sentence; a root is its own head."""

    i: int
    text: str
    lower: str
    lemma: str
    dep: str
    """Dependency label, of the ClearNLP set that the parser was trained on."""
    pos: str
    """Universal part of speech."""
    tag: str
    """Penn Treebank tag."""
    line: Sequence[Word]
    head: Word = field(init=False)
    children: list[Word] = field(default_factory=list)
    """Words that hang from it, in order."""

    @property
    def ancestors(self) -> list[Word]:
        """The words above it, nearest first."""
        above, word = [], self
        while word.head is not word:
            word = word.head
            above.append(word)
        return above

    @property
    def subtree(self) -> list[Word]:
        """It and all that hangs from it, in order."""
        found = [self]
        for word in found:
            found.extend(word.children)
        return sorted(found, key=lambda w: w.i)


def words_of(doc: Doc) -> tuple[Word, ...]:
    """The words of a parse that is one sentence."""
    line: list[Word] = []
    # Three arrays, where asking each token for its labels takes three times as long.
    heads = doc.to_array("HEAD").astype("int64").tolist()  # how far off, and made unsigned by the parser
    deps, tags = doc.to_array(["DEP", "TAG"]).T.tolist()
    for i, (token, dep_id, tag_id) in enumerate(zip(doc, deps, tags, strict=True)):
        text, dep, tag = token.text, _label(dep_id), _label(tag_id)
        lower = text.lower()
        pos = _word_class(lower, dep, tag)
        line.append(Word(i, text, lower, _lemma(text, lower, pos, tag), dep, pos, tag, line))
    for word, offset in zip(line, heads, strict=True):
        word.head = line[word.i + offset]
        if offset:
            word.head.children.append(word)
    _mend(line)
    return tuple(line)


def _mend(line: Sequence[Word]) -> None:
    """Puts right what the small parser takes for something else."""
    for word in line:
        if word.dep == "amod" and word.tag in ("VBN", "VBD"):
            _make_verb(word)
        elif (
            word.dep == "relcl"
            and word.head.dep == "dobj"
            and word.head.head.lemma in _TELLS
            and any(c.lower == "that" and c.dep == "mark" for c in word.children)
        ):
            _make_told(word)
        elif word.dep == "conj" and word.pos == "PROPN" and word.head.pos == "VERB" and [w.lower for w in line[word.i + 1 : word.i + 2]] == ["to"]:
            _make_doer(word)
        elif word.dep == "ROOT" and word.tag in ("NN", "NNS") and any(c.dep == "nsubj" for c in word.children) and any(c.dep == "xcomp" for c in word.children):
            word.pos, word.tag = "VERB", "VBP"  # "Egypt and Turkey plan to lift trade"
        elif word.dep == "acl" and word.tag == "VBN" and word.head.dep == "ROOT" and word.head.pos in ("NOUN", "PROPN") and word.head.i == word.i - 1:
            _make_main(word)
        elif word.lower == "meeting" and word.dep == "acl" and line[word.i - 1].text == ",":
            word.pos, word.tag, word.lemma = "VERB", "VBG", "meet"  # "the presidents of A and B, meeting in C, signed"
        elif word.i == 0 and word.tag == "VBG" and word.dep in ("advcl", "csubj"):
            _make_subject(word)
        elif word.dep == "nsubj" and word.i > word.head.i:
            _make_object(word)


def _make_verb(verb: Word) -> None:
    """Where a verb that has a subject is taken for an adjective (`Trump enacted tariffs`), makes the noun its object."""
    noun = verb.head
    if noun.dep != "ROOT" or not any(c.dep == "nsubj" for c in verb.children):
        return
    before = [c for c in noun.children if c.i < verb.i]
    noun.children = [c for c in noun.children if c.i > verb.i and c.dep != "punct"]
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    verb.children = sorted([*before, *verb.children, noun], key=lambda w: w.i)
    noun.head, noun.dep = verb, "dobj"
    for word in before:
        word.head = verb


def _make_main(verb: Word) -> None:
    """Where the only verb is taken for a participle of its subject (`A Russian jet strayed into`), makes it the verb of the sentence."""
    noun = verb.head
    is_active = verb.lemma in _MOVES or any(c.dep == "dobj" for c in verb.children)
    if not is_active or any(c.dep == "agent" for c in verb.children) or any(w.tag in ("VBD", "VBZ", "VBP", "MD") for w in noun.line):
        return
    after = [c for c in noun.children if c.i > verb.i]
    noun.children = [c for c in noun.children if c.i < noun.i]
    for word in after:
        word.head = verb
    verb.children = sorted([noun, *verb.children, *after], key=lambda w: w.i)
    verb.head, verb.dep, verb.tag = verb, "ROOT", "VBD"
    noun.head, noun.dep = verb, "nsubj"


def _make_told(verb: Word) -> None:
    """Where what somebody is told hangs from who is told it (`told a news conference that Japan would`), hangs it from the telling."""
    listener, telling = verb.head, verb.head.head
    listener.children = [c for c in listener.children if c is not verb]
    verb.head, verb.dep = telling, "ccomp"
    telling.children = sorted([*telling.children, verb], key=lambda w: w.i)


def _make_doer(noun: Word) -> None:
    """Where a name is joined to a verb (`prompting A to protest and B to call`), makes it the subject of the infinitive after it."""
    if noun.i + 2 < len(noun.line) and (verb := noun.line[noun.i + 2]).tag == "VB":
        noun.head.children = [c for c in noun.head.children if c is not noun]
        noun.head, noun.dep = verb, "nsubj"
        verb.children = [noun, *verb.children]


def _make_subject(gerund: Word) -> None:
    """Where the first word is taken for a participle, and nothing else is the subject (`Shelling by A wounded three`), makes it that."""
    verb = gerund.head
    is_apart = any(w.text == "," for w in gerund.line[: verb.i])
    if verb.i > gerund.i and verb.tag in ("VBD", "VBZ", "VBP") and not is_apart and not any(c.dep in ("nsubj", "nsubjpass") for c in verb.children):
        gerund.dep, gerund.pos, gerund.tag, gerund.lemma = "nsubj", "NOUN", "NN", gerund.lower


def _make_object(noun: Word) -> None:
    """Where a name right after a verb that has a subject is taken for another one (`China summoned Ken Mori`), makes it the object."""
    verb = noun.head
    is_next = min(c.i for c in (noun, *noun.children)) == verb.i + 1
    if is_next and verb.tag == "VBD" and verb.lemma not in _TOLD and any(c.dep == "nsubj" and c.i < verb.i for c in verb.children):
        noun.dep = "dobj"


@cache
def _label(number: int) -> str:
    return load_language().vocab.strings[number]


def _word_class(lower: str, dep: str, tag: str) -> str:
    """Part of speech by tag, where the model's own component matches a hundred patterns and costs an eighth of the time."""
    pos = _WORD_CLASSES.get(tag, "PUNCT")
    if pos == "VERB" and (lower in _BE or (dep in ("aux", "auxpass") and lower in _HELPERS)):
        return "AUX"
    return "SCONJ" if pos == "ADP" and dep == "mark" else pos


@lru_cache(50_000)
def _lemma(text: str, lower: str, pos: str, tag: str) -> str:
    if pos == "AUX":
        return "be" if lower in _BE else _LEMMAS.get(lower, lower)
    if lower in _MISREAD:
        return _MISREAD[lower]
    if tag in _BASE_FORMS:
        return text if pos == "PROPN" else lower  # else rules would make "spee" of "speed"
    return load_lemmatizer().rule_lemmatize(Doc(load_language().vocab, words=[text], pos=[pos])[0])[0]
