"""What a story is: new, a revision, a copy or a repeat. Pure: the same story and knowledge give the same answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.dedupe.fingerprint import contained, facts, fold, shingles, text_sha256
from pipeline.model import Decision, Known, Story

# Thresholds from the project's measurements on labelled wire days and hand-written pairs.
SAME_5 = 0.6
"""Containment of five-word shingles from which two texts are one report."""
SAME_3 = 0.4
"""Containment of three-word shingles that suffices when the facts agree too."""
FACTS_AGREE = 0.7
"""Share of names and numbers below which likeness is a template's: another quake, another launch."""
FACTS_REWORDED = 0.85
"""Share of names and numbers that only a reworded copy of the same report has."""
REVISION_WINDOW = dt.timedelta(days=7)
COPY_WINDOW = dt.timedelta(days=30)


@dataclass(frozen=True)
class _Likeness:
    known: Known
    five: float
    three: float
    facts: float
    reworded: bool

    @property
    def is_same_report(self) -> bool:
        texts_agree = self.five >= SAME_5 or self.three >= SAME_3
        return (texts_agree and (self.facts >= FACTS_AGREE or self.five >= 0.85)) or self.reworded


def decide(story: Story, key: str, known: Sequence[Known]) -> Decision:
    """What `story` is, given the stories that share its key, its text or enough of its sketch."""
    for one in known:
        if key in one.keys:
            if story.body_sha256 in one.past_sha256:
                return Decision("repeat", "the same text under the same address", one.story_key, 1.0)
            return Decision("revision", "changed text under the same address", one.story_key, 1.0, original_key=one.copy_of_key)
    for one in known:
        if one.outlet == story.outlet and story.body_sha256 in one.past_sha256:
            return Decision("repeat", "a text that the same outlet has already sent, under another address", one.story_key, 1.0)
    text = text_sha256(story.body)
    exact = sorted((k for k in known if text_sha256(k.body) == text), key=lambda k: (k.copy_of_key is not None, k.published_at))
    for one in exact:
        if one.outlet == story.outlet:
            if story.signal in ("correction", "update", "kill") and story.body_sha256 not in one.past_sha256:
                return Decision("revision", f"marked as {story.signal}, the text unchanged", one.story_key, 1.0, original_key=one.copy_of_key)
            return Decision("repeat", "the same text from the same outlet under another address", one.story_key, 1.0)
    if exact:
        return _copy(exact[0], "exact", 1.0, f"the same words as {exact[0].story_key}")
    likes = sorted((_compare(story, k) for k in known), key=lambda x: (x.five, x.three, x.facts, x.known.story_key), reverse=True)
    for like in likes:
        if not like.is_same_report:
            continue
        if like.known.outlet == story.outlet:
            if decision := _own(story, like):
                return decision
        elif like.known.wire == story.wire or like.five >= SAME_5 or like.reworded:
            # Runs of five words survive trimming; where they do not, the words were changed.
            if like.five >= SAME_5:
                return _copy(like.known, "trimmed", like.five, _because(like))
            return _copy(like.known, "reworded", like.facts, _because(like))
    return Decision("new", "nothing held is like it" if not likes else "like no other report closely enough: " + _because(likes[0]))


def _own(story: Story, like: _Likeness) -> Decision | None:
    """A report of the same outlet under another address: a revision if marked or the facts are the same, else a template."""
    if abs(_age(story, like.known)) > REVISION_WINDOW:
        return None
    if story.signal in ("correction", "update", "kill"):
        return Decision("revision", f"marked as {story.signal}; {_because(like)}", like.known.story_key, like.five, original_key=like.known.copy_of_key)
    if like.facts >= 0.95 and like.five >= SAME_5:
        return Decision(
            "revision", f"the same report with the same facts; {_because(like)}", like.known.story_key, like.five, original_key=like.known.copy_of_key
        )
    return None


def _copy(original: Known, kind: Literal["exact", "trimmed", "reworded"], score: float, reason: str) -> Decision:
    """A copy of an original; where what it is like is itself a copy, of that one's original."""
    return Decision("copy", reason, original.copy_of_key or original.story_key, score, copy_kind=kind)


@lru_cache(maxsize=1_000)
def _profile(body: str) -> tuple[int, frozenset[int], frozenset[int], frozenset[str]]:
    """Words, five- and three-word runs, facts: one text is compared with many."""
    words = fold(body)
    return len(words), frozenset(shingles(words, 5)), frozenset(shingles(words, 3)), facts(body)


def _compare(story: Story, known: Known) -> _Likeness:
    mine, my_fives, my_threes, my_facts = _profile(story.body)
    theirs, their_fives, their_threes, their_facts = _profile(known.body)
    five, three = contained(my_fives, their_fives), contained(my_threes, their_threes)
    shared = contained(my_facts, their_facts)
    lengths = min(mine, theirs) / max(mine, theirs, 1)
    # Rewording changes the words and leaves names, numbers and length: few texts but a copy agree in all of them.
    reworded = (
        shared >= FACTS_REWORDED
        and len(my_facts & their_facts) >= 8
        and len(my_facts & their_facts) / max(len(my_facts | their_facts), 1) >= 0.6
        and three >= 0.06
        and lengths >= 0.6
        and abs(_age(story, known)) <= COPY_WINDOW
        and known.outlet != story.outlet
    )
    return _Likeness(known, five, three, shared, reworded)


def _age(story: Story, known: Known) -> dt.timedelta:
    return story.published_at - known.published_at if story.published_at else dt.timedelta(0)


def _because(like: _Likeness) -> str:
    return (
        f"against {like.known.story_key}: {like.five:.2f} of the five-word and {like.three:.2f} of the three-word"
        f" runs, {like.facts:.2f} of the names and numbers"
    )
