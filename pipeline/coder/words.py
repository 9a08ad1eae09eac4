"""A word of a parse, as the coder's grammar sees it.

The parser's own tokens look every label up anew; a sentence's words are asked for them a hundred times over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from pipeline.coder.language import load_lemmatizer

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
    for token in doc:
        text, lower, dep, tag = token.text, token.lower_, token.dep_, token.tag_
        pos = _word_class(lower, dep, tag)
        line.append(Word(token.i, text, lower, _lemma(token, text, lower, pos, tag), dep, pos, tag, line))
    for word, token in zip(line, doc, strict=True):
        word.head = line[token.head.i]
        if word.head is not word:
            word.head.children.append(word)
    return tuple(line)


def _word_class(lower: str, dep: str, tag: str) -> str:
    """Part of speech by tag, where the model's own component matches a hundred patterns and costs an eighth of the time."""
    pos = _WORD_CLASSES.get(tag, "PUNCT")
    if pos == "VERB" and (lower in _BE or (dep in ("aux", "auxpass") and lower in _HELPERS)):
        return "AUX"
    return "SCONJ" if pos == "ADP" and dep == "mark" else pos


def _lemma(token: Token, text: str, lower: str, pos: str, tag: str) -> str:
    if pos == "AUX":
        return "be" if lower in _BE else _LEMMAS.get(lower, lower)
    if tag in _BASE_FORMS:
        return text if pos == "PROPN" else lower  # else rules would make "spee" of "speed"
    token.pos_ = pos
    return load_lemmatizer().rule_lemmatize(token)[0]
