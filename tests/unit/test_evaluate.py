"""The measure itself, and what the coder reaches by it."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from pipeline.coder.evaluate import Tally, calibration_error, load_gold, score_code, score_labels, triples
from pipeline.errors import DataFileError
from training.calibrate import FIRST_SIGHT

GOLD = Path(__file__).parent.parent.parent / "samples" / "gold"
LINE = {
    "story_id": "one", "published_on": "2026-03-03", "home": "JPN", "dateline_place": "Tokyo",
    "body": "Japan condemned North Korea on Monday. Chile met Peru on Monday in Lima. A spokesman praised China.",
    "events": [
        {"event_type": "CONDEMN", "actors": ["JPN"], "recipients": ["PRK"], "date": "2026-03-02", "status": "done", "evidence": "condemned North Korea"},
        {"event_type": "VISIT", "actors": ["FJI"], "recipients": ["JPN"], "date": None, "status": "done", "evidence": "on Monday"},
    ],
}  # fmt: skip


def write(tmp_path: Path, **changes: object) -> Path:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(LINE | changes) + "\n")
    return file


def test_triples_go_by_direction_or_by_pair() -> None:
    assert triples("CONDEMN", ["JPN", "USA"], ["PRK"]) == {("JPN", "PRK", "ACCUSE"), ("USA", "PRK", "ACCUSE")}
    assert triples("AGREE_COOPERATE", ["VNM", "JPN"], []) == triples("AGREE_COOPERATE", ["JPN"], ["VNM"]) == {("JPN", "VNM", "AGREE")}
    assert triples("DENIAL", ["RUS"], []) == {("RUS", None, "DENIAL")}
    assert len(triples("MULTILATERAL_MEETING", ["JPN", "USA", "AUS", "IND"], [])) == 6


def test_hits_misses_and_false_alarms(tmp_path: Path) -> None:
    score = score_code(load_gold(write(tmp_path)))
    assert (score.triples.hit, score.triples.missed) == (1, 1)  # the visit of nobody is missed
    assert ("one", ("FJI", "JPN", "CONSULT"), "on Monday") in score.missed
    assert {t for _, t, _ in score.false} >= {("CHL", "PER", "CONSULT")}
    assert [e.event_type for _, e in score.unsupported if e.event_type.endswith("TALKS")] == ["WORKING_TALKS"]


def test_what_is_optional_counts_for_nothing(tmp_path: Path) -> None:
    optional = [{**e, "is_optional": True} for e in LINE["events"]]  # type: ignore[attr-defined]
    score = score_code(load_gold(write(tmp_path, events=optional)))
    assert (score.triples.hit, score.triples.missed) == (0, 0)
    assert ("JPN", "PRK", "ACCUSE") not in {t for _, t, _ in score.false}


def test_a_wrong_date_is_wrong_and_a_missing_one_is_any(tmp_path: Path) -> None:
    event = dict(LINE["events"][0])  # type: ignore[index]
    assert score_code(load_gold(write(tmp_path, events=[event]))).dated.hit == 1
    assert score_code(load_gold(write(tmp_path, events=[{**event, "date": "2026-03-01"}]))).dated.hit == 0
    assert score_code(load_gold(write(tmp_path, events=[{**event, "date": None}]))).dated.hit == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"published_on": "someday"}, "gold.jsonl:1"), ({"events": [{"event_type": "NOTHING"}]}, "no event type NOTHING"), ({"body": "other"}, "does not hold the evidence")],
)  # fmt: skip
def test_a_wrong_line_is_named(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    with pytest.raises(DataFileError, match=says):
        load_gold(write(tmp_path, **changes))


def test_tallies() -> None:
    tally = Tally(hit=6, missed=2, false=4)
    assert (tally.precision, tally.recall, round(tally.f1, 4)) == (0.6, 0.75, 0.6667)
    assert Tally().f1 == Tally().precision == Tally().recall == 0.0
    labels = score_labels(["A", "A", "B"], ["A", "B", "B"])
    assert (labels["A"].f1, labels["B"].precision) == (pytest.approx(2 / 3), 0.5)


def test_calibration_error() -> None:
    event = score_code(load_gold(GOLD / "develop.jsonl")[:1]).outcomes[0][2]
    assert calibration_error([(0.75, True, event), (0.75, True, event), (0.75, True, event), (0.75, False, event)]) == 0
    assert calibration_error([(1.0, False, event)]) == 1
    assert calibration_error([]) == 0


@pytest.mark.parametrize("half", ["develop", "held_out"])
def test_gold_dates_agree_with_their_weekdays(half: str) -> None:
    """A date that stands beside one weekday in its sentence is that weekday."""
    names = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    wrong = []
    for story in load_gold(GOLD / f"{half}.jsonl"):
        for sentence in re.split(r"(?<=[.!?])\s", story.text.body):
            days = {d for d in names if d in sentence}
            for gold in story.events:
                is_beside = len(days) == 1 and gold.date and re.search(rf"{re.escape(gold.evidence)}\W+(?:on )?{min(days)}", sentence)
                if is_beside and names[dt.date.fromisoformat(gold.date or "").weekday()] not in days:
                    wrong.append((story.story_id, gold.evidence, gold.date))
    assert wrong == []


def test_the_gold_set_is_large_and_wide() -> None:
    halves = {half: load_gold(GOLD / f"{half}.jsonl") for half in ("develop", "held_out")}
    assert sum(map(len, halves.values())) >= 80
    events = [e for stories in halves.values() for s in stories for e in s.events]
    assert len(events) >= 400 and sum(not e.is_optional for e in events) >= 400
    assert len({s.story_id for stories in halves.values() for s in stories}) == sum(map(len, halves.values()))
    assert len({e.event_type for e in events}) >= 60


@pytest.mark.parametrize(("half", "least", "dated", "worth", "most_gap"), [("develop", 0.80, 0.68, FIRST_SIGHT, 0.03), ("held_out", 0.72, 0.63, 1.0, 0.10)])
def test_the_coder_does_not_get_worse(half: str, least: float, dated: float, worth: float, most_gap: float) -> None:
    """Confidence says what stories never seen are worth: on those whose errors were mended it is lower than the share right, by `worth`."""
    score = score_code(load_gold(GOLD / f"{half}.jsonl"))
    assert score.triples.f1 >= least and score.dated.f1 >= dated
    assert score.unsupported_ratio < 0.05
    assert calibration_error([(confidence / worth, right, event) for confidence, right, event in score.outcomes]) < most_gap
