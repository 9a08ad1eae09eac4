"""READ FIRST. One function a stage: batch in, report out. Nothing else composes stages. Floor 5.

    plan → fetch → ┊ clean → dedupe → validate_stories → extract → validate_events → load
       poll.py     ┊                     code.py                                   load.py

Left of the line cannot be repeated: a feed shows only now. Right of it everything is in Postgres, keyed
by batch, and each stage can be run again: it reads what the stage before it left, decides without
looking at anything else, and writes in one transaction. Every run is a row of ops.run with its counts;
what a stage refuses goes to ops.quarantine and the others go on (stage.py). What was done is done again
in again.py: days coded anew, recoding, and replay from quarantine. What watches over it all is in watch.py.
"""

from pipeline.run.again import code_since, recode, replay, replay_open, replay_rows
from pipeline.run.code import clean, dedupe, extract, validate_events, validate_stories
from pipeline.run.load import load
from pipeline.run.poll import fetch, find_stranded, plan
from pipeline.run.watch import build_docs, find_alerts, watch
from pipeline.run.whole import code_batch

__all__ = [
    "build_docs", "clean", "code_batch", "code_since", "dedupe", "extract", "fetch", "find_alerts", "find_stranded", "load", "plan", "recode",
    "replay", "replay_open", "replay_rows", "validate_events", "validate_stories", "watch",
]  # fmt: skip
