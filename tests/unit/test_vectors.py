"""The remembered vectors are those that the parser works out itself, however often they are forgotten."""

from __future__ import annotations

import json

import numpy as np
import pytest
from spacy.tokens import Doc
from thinc.api import Model

from pipeline.coder import vectors
from pipeline.coder.language import load_language
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def docs() -> list[Doc]:
    nlp = load_language()
    lines = (ROOT / "samples" / "gold" / "develop.jsonl").read_text("utf-8").splitlines()[:40]
    return [nlp.make_doc(json.loads(line)["body"]) for line in lines]


def layers() -> tuple[Model[list[Doc], list[np.ndarray]], Model[list[Doc], list[np.ndarray]]]:
    remembered = dict(load_language().components)["tok2vec"].model.layers[0]
    return remembered, remembered.layers[0]


def test_they_are_in_use_and_the_same(docs: list[Doc]) -> None:
    remembered, plain = layers()
    assert remembered.name == "remembered_vectors"
    for batch in (docs[:25], docs[20:], docs):
        mine, its = remembered.predict(batch), plain.predict(batch)
        assert [len(found) for found in mine] == [len(doc) for doc in batch]
        for ours, theirs in zip(mine, its, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("most", [1, 50, 1_000])
def test_when_there_are_too_many_they_are_forgotten(docs: list[Doc], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "MOST", most)
    plain = layers()[1]
    remembered = vectors._remembered(plain)
    for doc in docs:
        np.testing.assert_allclose(remembered.predict([doc])[0], plain.predict([doc])[0], atol=1e-4)
