"""A batch of candidates, each decided against what is held and what came before it in the batch. Pure."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipeline.dedupe.decide import EPOCH, decide, originals_of
from pipeline.dedupe.fingerprint import FEWEST_SHARED, sketch
from pipeline.model import Adopted, Candidate, Decision, Known

MOST_COMPARED = 20
"""As many as the statement find_matches gives for one candidate."""
_SIGNALS = {"new": 0, "reclean": 1, "update": 2, "correction": 3, "kill": 4}


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The order of decision: an agency's own reports first, then by time, so that an original is known before its copies."""
    return sorted(
        candidates,
        key=lambda c: (c.story.outlet != c.story.wire, c.story.published_at or EPOCH, _SIGNALS[c.story.signal], c.item_id, c.position),
    )


def decide_batch(
    ordered: Sequence[Candidate],
    sketches: Sequence[Sequence[int]],
    held: Sequence[Sequence[Known]],
    recorded: Mapping[tuple[int, int], tuple[str, Decision]],
) -> list[tuple[Candidate, Decision]]:
    """Decisions in the order given.

    `sketches` and `held` go with `ordered`, one each; `recorded` has the earlier decision of an item and
    the hash of the text it was made on: the same text gets the same answer, for ever. A story that a later
    one of the batch adopts is decided as its copy, so `adopts` names only stories that are held.
    """
    here = _Here()
    moved: dict[str, str] = {}
    taken: dict[str, Adopted] = {}
    decided: list[tuple[Candidate, Decision]] = []
    for candidate, postings, known in zip(ordered, sketches, held, strict=True):
        sha256, earlier = recorded.get((candidate.item_id, candidate.position), ("", None))
        if earlier is not None and sha256 == candidate.story.body_sha256:
            decided.append((candidate, earlier))
            continue
        mine = set(postings)
        near = here.near(candidate.story_key, mine)
        own = {k.story_key for k in near}
        everything = [_moved(k, moved) for k in (*near, *(k for k in known if k.story_key not in own))]
        decision = decide(candidate.story, candidate.story_key, everything)
        if earlier is not None and decision.relation == "revision":
            # The same item as before: the wire has said nothing new, our cleaning has.
            candidate = dataclasses.replace(candidate, story=dataclasses.replace(candidate.story, signal="reclean"))
        decided.append((candidate, decision))
        for adopted in decision.adopts:
            moved[adopted.story_key] = decision.original_key or decision.target_key or candidate.story_key
            taken[adopted.story_key] = adopted
        if decision.relation != "repeat":
            key = candidate.story_key if decision.relation in ("new", "report", "copy") else decision.target_key or candidate.story_key
            before = here.get(key) or next((k for k in known if k.story_key == key), None)
            here.put(key, _as_known(candidate, decision, key, before), mine)
    return _settled(decided, moved, taken)


def replayed(candidates: Sequence[Candidate]) -> list[str]:
    """The original of each story's report, were they to arrive in this order with nothing held."""
    sketches = [sketch(c.story.body) for c in candidates]
    decided = decide_batch(candidates, sketches, [[]] * len(candidates), {})
    originals = originals_of((c.story_key, d) for c, d in decided)
    return [originals[c.story_key] for c, _ in decided]


def _settled(decided: Sequence[tuple[Candidate, Decision]], moved: Mapping[str, str], taken: Mapping[str, Adopted]) -> list[tuple[Candidate, Decision]]:
    """The decisions as they stand at the end of the batch, after all adoptions."""
    if not moved:
        return list(decided)
    fresh = {c.story_key for c, d in decided if d.relation in ("new", "report", "copy") and not d.is_recorded}
    settled = []
    for candidate, decision in decided:
        if decision.is_recorded:
            settled.append((candidate, decision))
            continue
        key = candidate.story_key
        if decision.relation in ("new", "report") and key in moved:
            one = taken[key]
            decision = Decision("copy", one.reason, _end(key, moved), one.score, copy_kind=one.copy_kind, adopts=decision.adopts)
        elif decision.relation == "copy" and key in moved:
            one = taken[key]
            decision = dataclasses.replace(decision, target_key=_end(key, moved), reason=one.reason, score=one.score, copy_kind=one.copy_kind)
        elif decision.relation in ("copy", "report") and decision.target_key:
            decision = dataclasses.replace(decision, target_key=_end(decision.target_key, moved))
        elif decision.relation == "revision" and decision.target_key:
            original = _end(decision.original_key or decision.target_key, moved)
            decision = dataclasses.replace(decision, original_key=original if original != decision.target_key else None)
        decision = dataclasses.replace(decision, adopts=tuple(a for a in decision.adopts if a.story_key not in fresh))
        settled.append((candidate, decision))
    return settled


def _end(key: str, moved: Mapping[str, str]) -> str:
    while key in moved:
        key = moved[key]
    return key


def _moved(known: Known, moved: Mapping[str, str]) -> Known:
    """What is held, with the role that this batch has given it."""
    if not moved:
        return known
    original = _end(known.copy_of_key or known.story_key, moved)
    return dataclasses.replace(known, copy_of_key=original if original != known.story_key else None)


class _Here:
    """Stories of this batch so far, found by key and by the hashes of their sketches."""

    def __init__(self) -> None:
        self._stories: dict[str, tuple[Known, set[int]]] = {}
        self._places: dict[str, int] = {}
        self._with_hash: dict[int, set[str]] = {}
        self._with_key: dict[str, set[str]] = {}

    def get(self, key: str) -> Known | None:
        """The story of this key."""
        return self._stories[key][0] if key in self._stories else None

    def put(self, key: str, known: Known, sketch: set[int]) -> None:
        """A story as it stands now; its keys only become more."""
        for gone in self._stories[key][1] if key in self._stories else ():
            self._with_hash[gone].discard(key)
        self._stories[key] = (known, sketch)
        self._places.setdefault(key, len(self._places))
        for one in sketch:
            self._with_hash.setdefault(one, set()).add(key)
        for name in known.keys:
            self._with_key.setdefault(name, set()).add(key)

    def near(self, story_key: str, sketch: set[int]) -> list[Known]:
        """Stories to compare with, in the order in which they came: of the same key, and the most alike by sketch, as the held ones are found."""
        shared = Counter(key for one in sketch for key in self._with_hash.get(one, ()))
        alike = sorted(((count, key) for key, count in shared.items() if count >= FEWEST_SHARED), reverse=True)[:MOST_COMPARED]
        keys = {key for _, key in alike}
        keys |= {original for key in keys if (original := self._stories[key][0].copy_of_key) is not None and original in self._stories}
        keys |= self._with_key.get(story_key, set())
        return [self._stories[key][0] for key in sorted(keys, key=self._places.__getitem__)]


def _as_known(candidate: Candidate, decision: Decision, key: str, before: Known | None) -> Known:
    story = candidate.story
    return Known(
        keys=frozenset({key, candidate.story_key, *(before.keys if before else ())}),
        story_key=key,
        outlet=story.outlet,
        wire=story.wire,
        headline=story.headline,
        body=story.body,
        published_at=story.published_at or EPOCH,
        past_sha256=frozenset({story.body_sha256, *(before.past_sha256 if before else ())}),
        copy_of_key=decision.target_key if decision.relation == "copy" else before.copy_of_key if before else None,
        signal=story.signal,
    )
