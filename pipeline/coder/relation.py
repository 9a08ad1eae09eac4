"""The relation model: what a marked actor does to a marked recipient, by PLOVER root class.

A MiniLM of 22 million parameters, fine-tuned by training/relation.py and shipped as int8 ONNX; one load a
process, one core, no download. The rules ask it where the codebook has no row for a verb, and it classifies
the sentences of `communique relate`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

MODEL = Path(__file__).parent / "model"
MARKERS = ("[unused0]", "[unused1]", "[unused2]", "[unused3]")
"""Words that stand for <s>, </s>, <t> and </t>: places that the base's vocabulary leaves free."""
PENTA = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "COOPERATE": 2, "AID": 2, "YIELD": 2, "ACCUSE": 3, "REJECT": 3, "REQUEST": 3, "THREATEN": 3,
    "ASSAULT": 4, "COERCE": 4, "MOBILIZE": 4, "PROTEST": 4, "SANCTION": 4,
}  # fmt: skip
"""PLOVER root class → 1 verbal co-operation, 2 material co-operation, 3 verbal conflict, 4 material conflict."""
ROOTS = sorted(PENTA)
"""The fifteen classes, in the order of the model's output. CONCEDE and RETREAT are one, as YIELD."""
MAX_TOKENS = 128
_TAGS = dict(zip(("<s>", "</s>", "<t>", "</t>"), MARKERS, strict=True))


def mark(sentence: str) -> str:
    """A sentence with `<s>…</s>` and `<t>…</t>` as the model reads it."""
    for tag, marker in _TAGS.items():
        sentence = sentence.replace(tag, f" {marker} ")
    return re.sub(r"\s+", " ", sentence).strip().strip('"')


@cache
def model_hash() -> str:
    """Hash of the model's files, for the coder version."""
    digest = hashlib.sha256()
    for path in sorted(MODEL.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@cache
def _load() -> tuple[onnxruntime.InferenceSession, Tokenizer]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # Airflow runs a task a core
    session = onnxruntime.InferenceSession(str(MODEL / "relation.onnx"), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return session, tokenizer


def relate(sentences: Sequence[str]) -> np.ndarray:
    """Probabilities of each class, (sentence, class in the order of ROOTS), for sentences marked with <s> and <t>.

    One sentence at a time: int8 activations are scaled by what runs together, and a sentence must mean the
    same whatever its neighbours.
    """
    session, tokenizer = _load()
    found = np.zeros((len(sentences), len(ROOTS)))
    for number, sentence in enumerate(sentences):
        encoded = tokenizer.encode(mark(sentence))
        inputs = {"input_ids": np.array([encoded.ids], dtype=np.int64), "attention_mask": np.array([encoded.attention_mask], dtype=np.int64)}
        (logits,) = session.run(["logits"], inputs)
        exponents = np.exp(logits[0] - logits[0].max())
        found[number] = exponents / exponents.sum()
    return found
