"""All stages from clean to load, one after another."""

from __future__ import annotations

from pipeline.model import Batch, Origin, Report
from pipeline.run.code import clean, dedupe, extract, validate_events, validate_stories
from pipeline.run.load import load
from pipeline.run.stage import COMMAND


def code_batch(batch: Batch, origin: Origin = COMMAND, is_approved: bool = False) -> list[Report]:
    """All stages from clean to load, for the command line; Airflow runs them as tasks of their own."""
    return [*(stage(batch, origin) for stage in (clean, dedupe, validate_stories, extract, validate_events)), load(batch, origin, is_approved)]
