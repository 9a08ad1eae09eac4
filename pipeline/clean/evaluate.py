"""How good cleaning is: text found against text wanted.

The measure is that of Zyte's article-extraction benchmark (scrapinghub/article-extraction-benchmark, MIT), defined
anew: both texts become runs of four words, with their counts; precision and recall of a page are over its runs,
those of the set are the means over its pages, and a page is exact where all its runs agree.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import DataFileError

_WORD = re.compile(r"\w+")
RUN = 4


@dataclass(frozen=True)
class PageScore:
    """Runs of a page: in both texts, only in what was found, only in what was wanted."""

    both: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the runs found that were wanted; 1 where nothing was wanted and nothing found."""
        return 1.0 if self.is_exact else self.both / max(self.both + self.extra, 1)

    @property
    def recall(self) -> float:
        """Share of the runs wanted that were found; 1 where nothing was wanted and nothing found."""
        return 1.0 if self.is_exact else self.both / max(self.both + self.missed, 1)

    @property
    def is_exact(self) -> bool:
        """Whether no run is missed and none is extra."""
        return self.extra == self.missed == 0


def score_page(wanted: str, found: str) -> PageScore:
    """Compares two texts."""
    mine, theirs = _runs(found), _runs(wanted)
    return PageScore((mine & theirs).total(), (mine - theirs).total(), (theirs - mine).total())


def summary(scores: Sequence[PageScore]) -> dict[str, float | int]:
    """The figures of a set of pages."""
    count = max(len(scores), 1)
    precision, recall = sum(s.precision for s in scores) / count, sum(s.recall for s in scores) / count
    return {
        "pages": len(scores),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
        "exact": round(sum(s.is_exact for s in scores) / count, 4),
    }


def read_benchmark(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Pages of a benchmark folder as (name, bytes, wanted text). Raises DataFileError where it is none."""
    try:
        wanted = json.loads((folder / "ground-truth.json").read_text("utf-8"))
        for name, truth in wanted.items():
            yield name, gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), truth["articleBody"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFileError(f"{folder}: not a benchmark with ground-truth.json and html/*.html.gz: {type(error).__name__}: {error}") from error


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1))) if words else Counter()
