"""Files of marked sentences: a TSV with the column `marked_sentence`, one row a pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.coder.relation import PENTA, ROOTS, relate
from pipeline.coder.tables import read_rows
from pipeline.errors import DataFileError

_BATCH = 256


@dataclass(frozen=True)
class Related:
    """A row as it came, with the class of its pair, the class's penta code and its probability."""

    row: dict[str, str]
    root: str
    penta: int
    confidence: float


def read_marked(path: Path, needed: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Rows of a file. Raises DataFileError, naming file and line, where a column, a marker or a label is missing."""
    rows = []
    for line, row in read_rows(path, ("marked_sentence", *needed)):
        if not re.search(r"<s>.*?</s>|<t>.*?</t>", row["marked_sentence"]):
            raise DataFileError(f"{path}:{line}: the sentence marks neither <s>…</s> nor <t>…</t>: {row['marked_sentence'][:80]!r}")
        rows.append(row)
    return rows


def relate_rows(rows: list[dict[str, str]]) -> Iterator[Related]:
    """The rows in order, each with the likeliest class."""
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        for row, scores in zip(batch, relate([r["marked_sentence"] for r in batch]), strict=True):
            root = ROOTS[int(scores.argmax())]
            yield Related(row, root, PENTA[root], float(scores.max()))
