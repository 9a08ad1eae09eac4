"""Dedupe over whole sets: measured on samples/duplicates.py, in any order of arrival, and the words of a change."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedupe import decide_batch, sketch
from pipeline.dedupe.changes import LONGEST, word_changes
from pipeline.dedupe.fingerprint import slots
from pipeline.model import Candidate, Decision
from samples.duplicates import Labelled, compare, develop, held_out, reports

HALVES = [develop, held_out]


def partition(labelled: Sequence[Labelled], given_reports: Sequence[str]) -> frozenset[frozenset[int]]:
    found: dict[str, set[int]] = {}
    for one, report in zip(labelled, given_reports, strict=True):
        found.setdefault(report, set()).add(one.candidate.item_id)
    return frozenset(map(frozenset, found.values()))


@pytest.mark.parametrize("half", HALVES)
def test_copies_and_revisions_are_found_and_look_alikes_kept_apart(half: Callable[[], list[Labelled]]) -> None:
    labelled = half()
    figures = compare(labelled, reports(labelled))
    assert figures.stories >= 295 and figures.groups >= 80
    assert figures.f1 >= 0.97 and figures.rand >= 0.95
    assert figures.merged_templates == 0


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_does_not_matter(half: Callable[[], list[Labelled]], seed: int) -> None:
    labelled = half()
    wanted = partition(labelled, reports(labelled))
    random.Random(seed).shuffle(labelled)
    assert partition(labelled, reports(labelled)) == wanted


FAMILY = [one for one in develop() if one.group == "develop-0"]


@given(st.permutations(FAMILY))
@settings(max_examples=60, deadline=None)
def test_one_report_has_one_original_in_any_order(family: list[Labelled]) -> None:
    (original,) = set(reports(family))
    assert original.split("|")[0] == FAMILY[0].candidate.story.wire


def decided(*which: Labelled) -> list[Decision]:
    candidates: list[Candidate] = [one.candidate for one in which]
    return [d for _, d in decide_batch(candidates, [sketch(c.story.body) for c in candidates], [[]] * len(candidates), {})]


def of(kind: str) -> Labelled:
    return next(one for one in develop() if one.kind == kind)


def test_an_original_after_its_copy_in_one_batch() -> None:
    copy = of("exact")
    original = next(one for one in develop() if one.group == copy.group and one.kind == "original")
    first, second = decided(copy, original)
    assert (first.relation, first.target_key, second.relation, second.adopts) == ("copy", original.candidate.story_key, "new", ())
    assert "which came before it" in second.reason


def test_every_answer_has_its_reason() -> None:
    labelled = develop()
    given_answers = {(one.kind, d.relation) for one, d in zip(labelled, decided(*labelled), strict=True)}
    assert {("original", "new"), ("exact", "copy"), ("trimmed", "copy"), ("retitled", "copy"), ("reworded", "copy"), ("correction", "revision"), ("update", "revision"),
            ("template", "new"), ("original", "report")} <= given_answers  # fmt: skip
    assert all(d.reason for d in decided(*labelled))


def test_two_texts_that_fill_the_same_places_otherwise() -> None:
    one, other = slots("The quake of 5.2 struck off Noto on Monday."), slots("The quake of 4.9 struck off Oita on Monday.")
    assert {around for around in one if one[around] != other.get(around)} == {("2", "quake", "of", "struck"), ("2", "struck", "off", "on")}
    assert one["2", "quake", "of", "struck"] == {"5.2"}


def test_changes_are_shown_with_the_words_around_them() -> None:
    old = (
        "Japan will provide five patrol vessels to the Philippines by 2028 the minister said in Tokyo on Monday after talks with her counterpart about the sea"
    )
    new = old.replace("five", "six").replace("the sea", "the strait")
    assert (
        word_changes(old, new)
        == "Japan will provide [-five-] {+six+} patrol vessels to the Philippines by … talks with her counterpart about the [-sea-] {+strait+}"
    )
    assert word_changes(old, old) == ""
    assert word_changes("a b", "") == "[-a b-]" and word_changes("", "a b") == "{+a b+}"
    assert len(word_changes("x " * 9_000, "y " * 9_000)) == LONGEST
    assert word_changes("a " * 9_000, "a b " * 9_000).startswith("a [-a a")  # one word over and over: minutes, if each place were tried
