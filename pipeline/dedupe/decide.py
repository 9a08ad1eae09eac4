"""What a story is: new, another report, a revision, a copy or a repeat. Pure: the same story and knowledge give the same answer.

Roles do not depend on the order of arrival. Of stories that are one report, the original is that of the agency that
signs it, else the earliest; whatever is held as original before the true one comes is then adopted by it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.dedupe.changes import word_changes
from pipeline.dedupe.fingerprint import contained, facts, fold, shingles, slots, text_sha256
from pipeline.model import Adopted, CopyKind, Decision, Known, Story

# Thresholds from the project's measurements on labelled wire days, hand-written pairs and samples/duplicates.py.
SAME_5 = 0.6
"""Containment of five-word shingles from which two texts are one report."""
SAME_3 = 0.4
"""Containment of three-word shingles that suffices when the facts agree too."""
FACTS_AGREE = 0.7
"""Share of names and numbers below which likeness is a template's: another quake, another launch."""
FACTS_REWORDED = 0.85
"""Share of names and numbers that only a reworded copy of the same report has."""
FEWEST_CONFLICTS, CONFLICTS = 2, 0.13
"""Places between the same words that two texts fill with other names or numbers, as a count and as a share of the places
that they have in common, from which they tell of two things: a correction changes a few of many, a template most."""
FACTS_OF_HEAD = 0.5
"""Share of the names and numbers of two leads from which two reports are of one happening."""
FEWEST_HEAD_FACTS = 4
HEAD_WORDS = 70
SHORTER = 0.7
"""Share of the words below which the same outlet's print is a summary, as in a digest, not a version."""
REVISION_WINDOW = dt.timedelta(days=7)
COPY_WINDOW = dt.timedelta(days=30)
HAPPENING_WINDOW = dt.timedelta(hours=36)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Stands for a time that nobody states."""
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
"""Every report of a day names it."""
_MARKED = frozenset(("correction", "update", "kill"))


@dataclass(frozen=True)
class _Likeness:
    known: Known
    five: float
    three: float
    facts: float
    facts_missed: int
    """Names and numbers of the shorter list that the other text has not."""
    in_conflict: bool
    is_exact: bool
    is_shorter: bool
    is_longer: bool
    reworded: bool
    is_same_happening: bool

    @property
    def is_same_report(self) -> bool:
        texts_agree = (self.five >= SAME_5 or self.three >= SAME_3) and (self.facts >= FACTS_AGREE or self.facts_missed <= 1 or self.five >= 0.85)
        return self.is_exact or ((texts_agree or self.reworded) and not self.in_conflict)

    @property
    def kind(self) -> CopyKind:
        """Runs of five words survive trimming; where they do not, the words were changed."""
        return "exact" if self.is_exact else "trimmed" if self.five >= SAME_5 else "reworded"

    @property
    def score(self) -> float:
        return self.facts if self.kind == "reworded" else self.five

    @property
    def reason(self) -> str:
        if self.is_exact:
            return f"the same words as {self.known.story_key}"
        return (
            f"against {self.known.story_key}: {self.five:.2f} of the five-word and {self.three:.2f} of the three-word"
            f" runs, {self.facts:.2f} of the names and numbers"
        )


def decide(story: Story, key: str, known: Sequence[Known]) -> Decision:
    """What `story` is, given the stories that share its key, its text or enough of its sketch, and the originals of those."""
    for one in known:
        if key in one.keys:
            if story.body_sha256 in one.past_sha256:
                return Decision("repeat", "the same text under the same address", one.story_key, 1.0)
            return Decision("revision", "changed text under the same address", one.story_key, 1.0, original_key=one.copy_of_key, changes=_changes(one, story))
    for one in known:
        if one.outlet == story.outlet and story.body_sha256 in one.past_sha256:
            return Decision("repeat", "a text that the same outlet has already sent, under another address", one.story_key, 1.0)
    likes = sorted((_compare(story, k) for k in known), key=lambda x: (x.is_exact, x.five, x.three, x.facts, x.known.story_key), reverse=True)
    same = [like for like in likes if like.is_same_report]
    by_key = {k.story_key: k for k in known}
    others = [k for k in same if k.known.outlet != story.outlet and (k.known.wire == story.wire or k.five >= SAME_5 or k.reworded)]
    own = [(k, decision) for k in same if k.known.outlet == story.outlet and (decision := _own(story, k))]
    if own:
        # A summary that came before stands back: the version is one of a whole report.
        target, decision = min(own, key=lambda pair: pair[0].is_longer)
        report = target.known.copy_of_key or target.known.story_key
        if decision.relation == "revision":
            decision = dataclasses.replace(decision, changes=_changes(target.known, story))
        return dataclasses.replace(decision, adopts=_joined(report, [k for k, _ in own], others, by_key))
    if others:
        return _place(story, key, others, by_key)
    for like in likes:
        if like.is_same_happening:
            return Decision("report", f"another report of what {like.known.story_key} tells", like.known.copy_of_key or like.known.story_key, like.facts)
    return Decision("new", "nothing held is like it" if not likes else "like no other report closely enough: " + likes[0].reason)


def _own(story: Story, like: _Likeness) -> Decision | None:
    """A report of the same outlet under another address: a revision if marked or the facts are the same, else a template."""
    known = like.known
    if abs(_age(story, known)) > REVISION_WINDOW:
        return None
    is_marked, was_marked = story.signal in _MARKED, known.signal in _MARKED
    is_same = like.is_exact or (like.facts >= 0.95 and like.five >= SAME_5)
    if not (is_marked or was_marked or is_same):
        return None
    if like.is_exact and not is_marked:
        return Decision("repeat", "the same text from the same outlet under another address", known.story_key, 1.0)
    if like.is_shorter and not is_marked:
        return Decision("repeat", f"a shorter print of what is held; {like.reason}", known.story_key, like.score)
    is_fuller = like.is_longer and not was_marked  # the whole report after its summary, whatever their clocks say
    if _age(story, known) < dt.timedelta(0) and not (is_marked and not was_marked) and not is_fuller:
        return Decision("repeat", f"an earlier version of what is held; {like.reason}", known.story_key, like.score)
    reason = f"marked as {story.signal}{', the text unchanged' if like.is_exact else ''}" if is_marked else "the same report with the same facts"
    return Decision("revision", f"{reason}; {like.reason}", known.story_key, like.score, original_key=known.copy_of_key)


def _changes(known: Known, story: Story) -> str:
    """What a revision changes in headline and body."""
    return " ‖ ".join(filter(None, (word_changes(known.headline, story.headline), word_changes(known.body, story.body))))


def _place(story: Story, key: str, likes: Sequence[_Likeness], by_key: dict[str, Known]) -> Decision:
    """The part of a story in the reports that it is like: a copy of the foremost original, or that original, which adopts the others."""
    originals = {k.known.copy_of_key or k.known.story_key: k for k in reversed(likes)}  # the likest last, and so kept
    ranks = {name: _rank_of(by_key[name]) if name in by_key else (False, EPOCH, name) for name in originals}
    best = min(ranks, key=lambda name: ranks[name])
    mine = _rank(story, key)
    is_first = mine < ranks[best]
    adopted: list[Adopted] = []
    for name, like in originals.items():
        if name == best and not is_first:
            continue
        is_agencys = not ranks[name][0]
        if name == like.known.story_key or not is_agencys:
            # An agency's own report is never made a copy because somebody copied from both.
            if is_first or not is_agencys:
                adopted.append(Adopted(name, like.kind, like.score, like.reason))
        elif is_first:
            adopted += [Adopted(k.known.story_key, k.kind, k.score, k.reason) for k in likes if k.known.copy_of_key == name]
    if is_first:
        return Decision("new", f"the original of {', '.join(a.story_key for a in adopted)}, which came before it", adopts=tuple(adopted))
    like = originals[best]
    return Decision("copy", like.reason, best, like.score, copy_kind=like.kind, adopts=tuple(adopted))


def _joined(report: str, own: Sequence[_Likeness], others: Sequence[_Likeness], by_key: dict[str, Known]) -> tuple[Adopted, ...]:
    """Reports that a version shows to be the one that it belongs to: other outlets' prints, and what the outlet sent beside it."""
    adopted: dict[str, Adopted] = {}
    for like in (*own, *others):
        name = like.known.copy_of_key or like.known.story_key
        is_agencys = name not in by_key or not _rank_of(by_key[name])[0]
        if name != report and (like in own or not is_agencys):
            adopted.setdefault(name, Adopted(name, like.kind, like.score, like.reason))
    return tuple(adopted.values())


def _rank(story: Story, key: str) -> tuple[bool, dt.datetime, str]:
    return story.outlet != story.wire, story.published_at or EPOCH, key


def _rank_of(known: Known) -> tuple[bool, dt.datetime, str]:
    return known.outlet != known.wire, known.published_at, known.story_key


@dataclass(frozen=True)
class _Profile:
    """A text as it is compared: one text is compared with many."""

    text: str
    words: int
    fives: frozenset[int]
    threes: frozenset[int]
    facts: frozenset[str]
    head: frozenset[str]
    slots: dict[tuple[str, ...], frozenset[str]]


@lru_cache(maxsize=1_000)
def _profile(body: str) -> _Profile:
    words = fold(body)
    head = facts(" ".join(body.split()[:HEAD_WORDS])) - _DAYS
    return _Profile(text_sha256(body), len(words), frozenset(shingles(words, 5)), frozenset(shingles(words, 3)), facts(body), head, slots(body))


def _compare(story: Story, known: Known) -> _Likeness:
    mine, theirs = _profile(story.body), _profile(known.body)
    five, three = contained(mine.fives, theirs.fives), contained(mine.threes, theirs.threes)
    shared = contained(mine.facts, theirs.facts)
    lengths = min(mine.words, theirs.words) / max(mine.words, theirs.words, 1)
    age = abs(_age(story, known))
    # Rewording changes the words and leaves names, numbers and length: few texts but a copy agree in all of them.
    reworded = (
        shared >= FACTS_REWORDED
        and len(mine.facts & theirs.facts) >= 8
        and len(mine.facts & theirs.facts) / max(len(mine.facts | theirs.facts), 1) >= 0.6
        and three >= 0.06
        and lengths >= 0.6
        and age <= COPY_WINDOW
        and known.outlet != story.outlet
    )
    common = [(fillings, theirs.slots[around]) for around, fillings in mine.slots.items() if around in theirs.slots]
    conflicts = sum(not one & other for one, other in common)
    in_conflict = conflicts >= FEWEST_CONFLICTS and conflicts >= CONFLICTS * len(common)
    heads = mine.head & theirs.head
    is_same_happening = (
        known.wire != story.wire
        and not in_conflict
        and len(heads) >= FEWEST_HEAD_FACTS
        and contained(mine.head, theirs.head) >= FACTS_OF_HEAD
        and age <= HAPPENING_WINDOW
    )
    return _Likeness(
        known=known,
        five=five,
        three=three,
        facts=shared,
        facts_missed=min(len(mine.facts - theirs.facts), len(theirs.facts - mine.facts)),
        in_conflict=in_conflict,
        is_exact=mine.text == theirs.text,
        is_shorter=mine.words < SHORTER * theirs.words,
        is_longer=theirs.words < SHORTER * mine.words,
        reworded=reworded,
        is_same_happening=is_same_happening,
    )


def _age(story: Story, known: Known) -> dt.timedelta:
    return story.published_at - known.published_at if story.published_at else dt.timedelta(0)


def originals_of(decided: Iterable[tuple[str, Decision]]) -> dict[str, str]:
    """Story key → key of the original of its report, by decisions in the order in which they were made."""
    head: dict[str, str] = {}

    def find(name: str) -> str:
        while head.get(name, name) != name:
            name = head[name]
        return name

    for key, decision in decided:
        target = decision.target_key if decision.relation in ("copy", "revision", "repeat") else None
        own = find(target) if target else key
        head.setdefault(key, own)
        head.setdefault(own, own)
        for adopted in decision.adopts:
            head[adopted.story_key] = own
    return {key: find(key) for key in head}
