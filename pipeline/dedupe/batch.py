"""A batch of candidates, each decided against what is held and what came before it in the batch. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from pipeline.dedupe.decide import decide
from pipeline.dedupe.fingerprint import FEWEST_SHARED
from pipeline.model import Candidate, Decision, Known

MOST_COMPARED = 20
"""As many as the statement find_matches gives for one candidate."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SIGNALS = {"new": 0, "reclean": 1, "update": 2, "correction": 3, "kill": 4}


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The order of decision: an agency's own reports first, then by time, so that an original is known before its copies."""
    return sorted(
        candidates,
        key=lambda c: (c.story.outlet != c.story.wire, c.story.published_at or _EPOCH, _SIGNALS[c.story.signal], c.item_id, c.position),
    )


def decide_batch(
    ordered: Sequence[Candidate],
    sketches: Sequence[Sequence[int]],
    held: Sequence[Sequence[Known]],
    recorded: Mapping[tuple[int, int], tuple[str, Decision]],
) -> list[tuple[Candidate, Decision]]:
    """Decisions in the order given.

    `sketches` and `held` go with `ordered`, one each; `recorded` has the earlier decision of an item and
    the hash of the text it was made on: the same text gets the same answer, for ever.
    """
    here: dict[str, tuple[Known, set[int]]] = {}
    decided: list[tuple[Candidate, Decision]] = []
    for candidate, sketch, known in zip(ordered, sketches, held, strict=True):
        sha256, earlier = recorded.get((candidate.item_id, candidate.position), ("", None))
        if earlier is not None and sha256 == candidate.story.body_sha256:
            decided.append((candidate, earlier))
            continue
        mine = set(sketch)
        near = _near(candidate, mine, here)
        own = {k.story_key for k in near}
        decision = decide(candidate.story, candidate.story_key, [*near, *(k for k in known if k.story_key not in own)])
        if earlier is not None and decision.relation == "revision":
            # The same item as before: the wire has said nothing new, our cleaning has.
            candidate = dataclasses.replace(candidate, story=dataclasses.replace(candidate.story, signal="reclean"))
        decided.append((candidate, decision))
        if decision.relation != "repeat":
            key = candidate.story_key if decision.relation in ("new", "copy") else decision.target_key or candidate.story_key
            before = here[key][0] if key in here else next((k for k in known if k.story_key == key), None)
            here[key] = (_as_known(candidate, decision, key, before), mine)
    return decided


def _near(candidate: Candidate, mine: set[int], here: Mapping[str, tuple[Known, set[int]]]) -> list[Known]:
    """Stories of this batch to compare with: of the same key or text, and the most alike by sketch, as the held ones are found."""
    shared = sorted(((len(mine & sketch), key) for key, (_, sketch) in here.items()), reverse=True)[:MOST_COMPARED]
    keys = {key for count, key in shared if count >= FEWEST_SHARED}
    return [known for key, (known, _) in here.items() if key in keys or candidate.story_key in known.keys]


def _as_known(candidate: Candidate, decision: Decision, key: str, before: Known | None) -> Known:
    story = candidate.story
    return Known(
        keys=frozenset({key, candidate.story_key, *(before.keys if before else ())}),
        story_key=key,
        outlet=story.outlet,
        wire=story.wire,
        headline=story.headline,
        body=story.body,
        published_at=story.published_at or _EPOCH,
        past_sha256=frozenset({story.body_sha256, *(before.past_sha256 if before else ())}),
        copy_of_key=decision.target_key if decision.relation == "copy" else before.copy_of_key if before else None,
    )
