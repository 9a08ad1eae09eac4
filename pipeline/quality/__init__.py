"""Quality: Great Expectations suites over a batch, and their pages. Floor 4; the only great_expectations, imported when first needed.

Importing it takes 3.5 s and 230 MB, which a dag file or a quick command must not pay.

suites.py      what is expected of each story and event
docs.py        data docs of a day
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.model import Event, QualityResult, Story
from pipeline.quality.docs import INDEX, SITE, build_docs
from pipeline.quality.suites import event_expectations, event_rows, frame_of, gx, story_expectations, story_rows

__all__ = ["INDEX", "SITE", "build_docs", "check_events", "check_stories"]


def check_stories(stories: Sequence[tuple[str, Story]], now: dt.datetime) -> list[QualityResult]:
    """The suite of stories over (story key, story) pairs; `failed` holds positions in `stories`."""
    return _validate("stories", story_rows(stories), lambda: story_expectations(now))


def check_events(events: Sequence[tuple[str, Event]]) -> list[QualityResult]:
    """The suite of events over (body, event) pairs; `failed` holds positions in `events`."""
    return _validate("events", event_rows(events), event_expectations)


def _validate(suite_name: str, rows: list[dict[str, Any]], expectations: Callable[[], list[Any]]) -> list[QualityResult]:
    if not rows:
        return []  # without the import: most quarter-hours bring nothing
    library = gx()
    context = library.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    frame = frame_of(rows)
    batch = context.data_sources.add_pandas("batch").add_dataframe_asset(suite_name).add_batch_definition_whole_dataframe("all")
    suite = library.ExpectationSuite(name=suite_name, expectations=expectations())
    outcome = batch.get_batch(batch_parameters={"dataframe": frame}).validate(suite, result_format="COMPLETE")
    results = []
    for result in outcome.results:
        config = result.expectation_config
        column = config.kwargs.get("column", "")
        name = "".join(f"_{c.lower()}" if c.isupper() else c for c in config.type).lstrip("_")
        raised = next(iter((result.exception_info or {}).values()), None) if not result.result else None
        if raised is not None:
            raise RuntimeError(f"the expectation {name} on {column} could not be checked: {raised}")
        failed = tuple(int(i) for i in result.result.get("unexpected_index_list") or ())
        if len(failed) != result.result.get("unexpected_count", 0):
            raise RuntimeError(f"the expectation {name} on {column} counts {result.result.get('unexpected_count')} rows and names {len(failed)}")
        results.append(QualityResult(suite_name, f"{name}({column})", len(rows), failed))
    return results
