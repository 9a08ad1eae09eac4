"""Copies, revisions, repeats and look-alikes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedupe import FEWEST_SHARED, decide, sketch, story_key, text_sha256
from pipeline.dedupe.fingerprint import facts, fold
from pipeline.model import Known, Signal, Story

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
BODY = (
    "Japanese Foreign Minister Haruto Sakai and his Philippine counterpart Elena Cruz agreed Monday to begin negotiations on a pact to protect shared military "
    "information. Sakai said Japan will provide five patrol vessels worth 38 billion yen to the Philippines by 2028. Cruz said the vessels would help her country "
    "protect its fishing grounds near Scarborough Shoal. The first round of talks will be held in Manila in January, the two ministers told a press conference in Tokyo."
)
QUAKE = "A magnitude {} earthquake struck off {} at {} on Monday, the Japan Meteorological Agency said. There is no danger of a tsunami, the agency said. No injuries were reported."


def story(body: str, outlet: str = "kyodo", headline: str = "Japan, Philippines start talks", signal: Signal = "new", when: dt.datetime = NOW) -> Story:
    return Story(headline, body, "en", "kyodo", outlet, published_at=when, signal=signal)


def known(body: str = BODY, outlet: str = "kyodo", key: str = "kyodo|1", copy_of: str | None = None) -> Known:
    return Known(frozenset({key}), key, outlet, "kyodo", "Japan, Philippines start talks", body, NOW, frozenset({story(body, outlet).body_sha256}), copy_of)


@pytest.mark.parametrize(
    ("candidate", "key", "relation"),
    [
        (story(BODY), "kyodo|1", "repeat"), (story(BODY.replace("five", "three")), "kyodo|1", "revision"), (story(BODY), "kyodo|2", "repeat"),
        (story(BODY.replace("five", "three"), signal="correction"), "kyodo|2", "revision"), (story(BODY, signal="kill"), "kyodo|2", "revision"),
        (story(BODY, "harbor"), "harbor|1", "copy"), (story(BODY[:400], "harbor"), "harbor|1", "copy"),
        (story("The city council voted to build a pier beside the market on Tuesday."), "kyodo|3", "new"),
    ],
)  # fmt: skip
def test_decisions(candidate: Story, key: str, relation: str) -> None:
    decision = decide(candidate, key, [known()])
    assert decision.relation == relation
    assert decision.reason
    assert (decision.target_key == "kyodo|1") is (relation != "new")


@pytest.mark.parametrize(("candidate", "kind"), [(story(BODY, "harbor"), "exact"), (story(BODY[:400], "harbor"), "trimmed")])
def test_kinds_of_copies(candidate: Story, kind: str) -> None:
    assert decide(candidate, "harbor|1", [known()]).copy_kind == kind


def test_a_copy_of_a_copy_copies_the_original() -> None:
    assert decide(story(BODY, "gazette"), "gazette|1", [known(BODY, "harbor", "harbor|1", "kyodo|1")]).target_key == "kyodo|1"


def test_template_stories_are_not_merged() -> None:
    first = known(QUAKE.format("5.2", "Miyagi", "8:14 a.m."))
    for outlet in ("kyodo", "harbor"):
        assert decide(story(QUAKE.format("4.9", "Fukushima", "3:40 p.m."), outlet), f"{outlet}|9", [first]).relation == "new"


def test_an_old_text_under_a_new_address_is_a_repeat() -> None:
    revised = Known(frozenset({"kyodo|1"}), "kyodo|1", "kyodo", "kyodo", "h", BODY.replace("five", "three"), NOW, frozenset({story(BODY).body_sha256, "x"}))
    assert decide(story(BODY), "kyodo|2", [revised]).relation == "repeat"


def test_hand_written_pairs(shared: Path) -> None:
    data = json.loads((shared / "data" / "duplicate-pairs.json").read_text("utf-8"))
    base = known(data["base"][1])
    wanted = {
        "corrected number": "copy", "truncated+new headline+boilerplate": "copy", "2nd lead (new top, same background)": "copy", "spun repost": "copy",
        "same event, other agency": "new", "TRANSLATION (ja)": "new", "NEG same template, other country": "new",
    }  # fmt: skip
    for name, relation in wanted.items():
        headline, body = data["variants"][name]
        assert len(set(sketch(body)) & set(sketch(base.body))) >= FEWEST_SHARED or relation == "new", name
        told = dataclasses.replace(story(body, "harbor", headline), wire="reuters" if name == "same event, other agency" else "kyodo")
        assert decide(told, "harbor|1", [base]).relation == relation, name
    corrected = data["variants"]["corrected number"]
    assert decide(story(corrected[1], headline=corrected[0], signal="correction"), "kyodo|2", [base]).relation == "revision"


def test_a_digests_item_is_linked_to_its_full_story_and_does_not_replace_it() -> None:
    item = story(". ".join(BODY.split(". ")[:2]) + ".")
    decision = decide(item, "kyodo|digest#1", [known()])
    assert (decision.relation, decision.target_key) == ("repeat", "kyodo|1") and "shorter" in decision.reason
    full = decide(story(BODY), "kyodo|1", [known(item.body, key="kyodo|digest#1")])
    assert (full.relation, full.target_key) == ("revision", "kyodo|digest#1")


def test_fingerprints_ignore_typography() -> None:
    assert text_sha256("“It’s”  a   pact.") == text_sha256('"It\'s" a pact')
    assert text_sha256("five vessels") != text_sha256("six vessels")
    assert {"sakai", "five", "38", "billion", "2028", "scarborough"} <= facts(BODY)


def test_story_keys() -> None:
    page = "https://www.wire.example/articles/-/1/?utm_source=x&b=2#top"
    assert story_key(Story("h", "b", "en", "kyodo", "kyodo", page), "guid", 0) == "kyodo|https://wire.example/articles/-/1?b=2"
    assert story_key(Story("h", "b", "en", "kyodo", "kyodo", page.replace("https", "http")), "guid", 2) == "kyodo|https://wire.example/articles/-/1?b=2#2"
    assert story_key(Story("h", "b", "en", "kyodo", "kyodo"), "guid", 0) == "kyodo|guid"


@given(st.text(max_size=300))
def test_any_text_has_a_sketch(text: str) -> None:
    assert sketch(text) == sketch(text)
    assert all(-(2**63) <= h < 2**63 for h in sketch(text))
    assert " ".join(fold(text)) == " ".join(fold(" ".join(fold(text))))
