"""Fits the confidence of events to how often they are right, and writes pipeline/coder/data/calibration.tsv.

    python training/calibrate.py

Isotonic regression (pool adjacent violators) of right against the coder's raw score, on samples/gold/develop.jsonl,
lowered by what is known of stories not seen before. The error that it prints is of held-out folds: fitted on four
fifths of the stories, measured on the others.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.coder.code import calibrated  # noqa: E402
from pipeline.coder.evaluate import calibration_error, load_gold, score_code  # noqa: E402

FOLDS = 5
LEAST = 15
"""Events that a step rests on; fewer would fit chance."""
FIRST_SIGHT = 0.86
"""What is right of what was coded in stories never seen, as a share of the same when their errors have been mended: 2,193 of 2,801
events before, 2,729 of 2,987 after, in the 689 stories that were added to develop.jsonl in several lots, on 26 and 27 November 2026."""
Outcome = tuple[float, bool]


def fit(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """Steps of a rising function: the highest raw score of each step and the share that is right in it."""

    def share(step: list[float]) -> float:
        return (step[0] + 1) / (step[1] + 2)  # one right and one wrong more than were seen: no step is certain

    steps: list[list[float]] = []  # right, count, highest raw score
    for raw in sorted({raw for raw, _ in outcomes}):
        rights = [right for other, right in outcomes if other == raw]
        steps.append([float(sum(rights)), float(len(rights)), raw])
        while len(steps) > 1 and (share(steps[-2]) >= share(steps[-1]) or steps[-2][1] < LEAST):
            right, count, highest = steps.pop()
            steps[-1] = [steps[-1][0] + right, steps[-1][1] + count, highest]
    return [(step[2], share(step)) for step in steps]


def for_new_copy(steps: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Steps fitted on stories whose errors have been mended, as they hold for stories whose errors have not."""
    return [(highest, share * FIRST_SIGHT) for highest, share in steps]


def main() -> None:
    """Measures on folds, then fits on everything and writes the table."""
    stories = load_gold(ROOT / "samples" / "gold" / "develop.jsonl")
    by_story = [[(e.raw_score, right, e) for _, right, e in score_code([s]).outcomes] for s in stories]
    tested = []
    for number in range(FOLDS):
        steps = fit([(raw, right) for n, found in enumerate(by_story) if n % FOLDS != number for raw, right, _ in found])
        tested += [(calibrated(raw, steps), right, e) for n, found in enumerate(by_story) if n % FOLDS == number for raw, right, e in found]
    print(f"{len(tested)} events; expected calibration error on held-out folds {calibration_error(tested):.4f}")
    steps = for_new_copy(fit([(raw, right) for found in by_story for raw, right, _ in found]))
    rows = "".join(f"{highest:.4f}\t{share:.4f}\n" for highest, share in steps)
    (ROOT / "pipeline" / "coder" / "data" / "calibration.tsv").write_text("raw_score\tconfidence\n" + rows, "utf-8")


if __name__ == "__main__":
    main()
