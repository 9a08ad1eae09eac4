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
_BE = frozenset("be am is are was were been being 's 're 'm ’s ’re ’m".split())
_HELPERS = frozenset("have has had having do does did 've ’ve 'd ’d".split())
_BASE_FORMS = frozenset("VB VBP NN NNP JJ RB".split())
"""Tags of words that are their own lemma."""
_LEMMAS = {"has": "have", "had": "have", "'ve": "have", "’ve": "have", "does": "do", "did": "do", "'ll": "will", "’ll": "will", "wo": "will", "ca": "can"}
_MISREAD = {
    form: lemma
    for lemma, forms in (
        ("hope", "hopes hoped hoping"), ("stage", "stages staged staging"), ("wage", "wages waged waging"), ("rage", "rages raged raging"),
        ("spare", "spares spared sparing"), ("cochair", "cochaired cochairing"), ("cordon", "cordoned cordoning"), ("install", "installed installing"),
        ("lambaste", "lambastes lambasted lambasting"), ("readmit", "readmitted readmitting"), ("resell", "resold"), ("wind", "wound"),
    )
    for form in forms.split()
}  # fmt: skip
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

    def hang(self, head: Word, dep: str) -> None:
        """Hangs it, with all that hangs from it, from another word; where that is below it, nothing happens: a tree has no rings."""
        if head is self or self in head.ancestors:
            return
        if self.head is not self:
            self.head.children = [c for c in self.head.children if c is not self]
        self.head, self.dep = head, dep
        head.children = sorted([*head.children, self], key=lambda w: w.i)

    @property
    def subtree(self) -> list[Word]:
        """It and all that hangs from it, in order."""
        found = [self]
        for word in found:
            found.extend(word.children)
        return sorted(found, key=lambda w: w.i)


def words_of(doc: Doc, texts: Sequence[str]) -> tuple[Word, ...]:
    """The words of a parse that is one sentence; `texts` are the words as the sentence has them."""
    line: list[Word] = []
    # Three arrays, where asking each token for its labels takes three times as long.
    heads = doc.to_array("HEAD").astype("int64").tolist()  # how far off, and made unsigned by the parser
    deps, tags = doc.to_array(["DEP", "TAG"]).T.tolist()
    for i, (text, dep_id, tag_id) in enumerate(zip(texts, deps, tags, strict=True)):
        dep, tag = _label(dep_id), _label(tag_id)
        lower = text.lower()
        pos = _word_class(lower, dep, tag)
        line.append(Word(i, text, lower, _lemma(text, lower, pos, tag), dep, pos, tag, line))
    for word, offset in zip(line, heads, strict=True):
        word.head = line[word.i + offset]
        if offset:
            word.head.children.append(word)
    return tuple(line)


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
