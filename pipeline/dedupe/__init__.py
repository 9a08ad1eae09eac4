"""Dedupe: a story against what is held → new, another report, revision, copy or repeat, with the reason. Floor 4.

fingerprint.py   folded text, sketches, facts
decide.py        the decision on one story; pure
changes.py       what a revision changed, for people
batch.py         a batch in order; pure
"""

from pipeline.dedupe.batch import decide_batch, in_order, replayed
from pipeline.dedupe.decide import decide
from pipeline.dedupe.fingerprint import FEWEST_SHARED, sketch, story_key, text_sha256

__all__ = ["FEWEST_SHARED", "decide", "decide_batch", "in_order", "replayed", "sketch", "story_key", "text_sha256"]
