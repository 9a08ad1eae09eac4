"""The parser's vectors of words, each worked out once.

The parser first gives every word a vector by its letters alone, then mends it by its neighbours. The news uses the same
few thousand words day after day, so that the first step need not be taken again for nearly all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline import Tok2Vec
from spacy.tokens import Doc
from thinc.api import Model, chain

MOST = 30_000
"""Words remembered, in 12 MB. Before there would be more, all are forgotten."""


def remember_vectors(nlp: Language) -> None:
    """Lets the parser remember the first of its vectors; what it says of a text stays the same."""
    layers = cast(Tok2Vec, nlp.get_pipe("tok2vec")).model.layers
    layers[0] = _remembered(layers[0])


def _remembered(model: Model[Any, Any]) -> Model[Any, Any]:
    """The same from documents to vectors, a list of each."""
    features, *others = model.layers
    work_out: Model[Any, Any] = chain(*others)
    width = model.get_dim("nO")
    table = np.empty((MOST, width), dtype="float32")
    places: dict[bytes, int] = {}

    def forward(_: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[NDArray[np.float32]], Callable[..., Any]]:
        rows = np.concatenate(features.predict(docs))
        packed, size = rows.tobytes(), rows.strides[0]
        keys = [packed[at : at + size] for at in range(0, len(packed), size)]
        new = list(dict.fromkeys(key for key in keys if key not in places))
        if len(places) + len(new) > MOST:
            places.clear()
            new = list(dict.fromkeys(keys))
            if len(new) > MOST:  # a text of noise
                return model.predict(docs), list
        if new:
            found = work_out.predict([np.frombuffer(b"".join(new), rows.dtype).reshape(len(new), -1)])[0]
            table[len(places) : len(places) + len(new)] = found
            places.update(zip(new, count(len(places)), strict=False))
        vectors = table[[places[key] for key in keys]]
        return np.split(vectors, np.cumsum([len(doc) for doc in docs])[:-1]), list

    return Model("remembered_vectors", forward, layers=[model], dims={"nO": width})
