"""Data docs: a day's stories and events against the suites, as pages that stay."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.model import Event, Story
from pipeline.quality.suites import event_expectations, event_rows, frame_of, gx, story_expectations, story_rows

SITE = Path("gx") / "uncommitted" / "data_docs" / "local_site"
"""Where the pages lie in the folder that `build_docs` is given; they begin at INDEX."""
INDEX = "days.html"
"""Our own list of the days: the library's index is made by scripts of other hosts, which we do not load."""
_STYLE = (
    "<style>body { font: 15px sans-serif; margin: 2em } td, th { padding: .3em 1.2em .3em 0; text-align: left; vertical-align: top }"
    " h1, h2, h3, h4, h5, h6 { font-size: 17px } footer, .modal, .ge-breadcrumbs, .carousel, img { display: none }</style>"
)
"""The library's own styles come from other hosts as well."""
KEEP_DAYS = 60
"""Pages of older days are removed: a day takes about half a megabyte."""


def build_docs(folder: Path, day: dt.date, stories: Sequence[tuple[str, Story]], events: Sequence[tuple[str, Event]], now: dt.datetime) -> dict[str, int]:
    """Adds the pages of a day to those in `folder`, in place of what they said of it before; counts rows, and expectations that some row failed."""
    folder.mkdir(parents=True, exist_ok=True)
    # A backfill builds several days at once, and the library writes its configuration in place.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _build(folder, day, stories, events, now)


def _build(folder: Path, day: dt.date, stories: Sequence[tuple[str, Story]], events: Sequence[tuple[str, Event]], now: dt.datetime) -> dict[str, int]:
    library = gx()
    context = library.get_context(mode="file", project_root_dir=folder)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_or_update_pandas("communique")
    counts: dict[str, int] = {}
    suites: tuple[tuple[str, list[dict[str, Any]], list[Any]], ...] = (
        ("stories", story_rows(stories), story_expectations(now)),
        ("events", event_rows(events), event_expectations()),
    )
    for name, rows, expectations in suites:
        _remove(folder, name, day)
        counts[name] = len(rows)
        if not rows:
            continue
        suite = context.suites.add_or_update(library.ExpectationSuite(name=name, expectations=expectations))
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("day")
        definition = context.validation_definitions.add_or_update(library.ValidationDefinition(name=name, data=batch, suite=suite))
        outcome = context.checkpoints.add_or_update(
            library.Checkpoint(name=name, validation_definitions=[definition], actions=[library.checkpoint.UpdateDataDocsAction(name="docs")])
        ).run(
            batch_parameters={"dataframe": frame_of(rows)},
            run_id=library.RunIdentifier(run_name=day.isoformat(), run_time=dt.datetime.combine(day, dt.time(), dt.UTC)),
        )
        counts[f"{name}_expectations_failed"] = sum(not one.success for result in outcome.run_results.values() for one in result.results)
    for page in (folder / SITE).rglob("*.html"):
        if _STYLE not in (text := page.read_text("utf-8")):
            page.write_text(text.replace("</head>", f"{_STYLE}</head>", 1), "utf-8")
    _write_index(folder)
    return counts


def _write_index(folder: Path) -> None:
    rows = []
    for kept in sorted(
        (folder / "gx" / "uncommitted" / "validations").glob("*/????-??-??/*/*.json"), key=lambda path: (path.parts[-3], path.parts[-4]), reverse=True
    ):
        outcome = json.loads(kept.read_text("utf-8"))
        told = outcome["statistics"]
        page = kept.relative_to(folder / "gx" / "uncommitted").with_suffix(".html")
        rows.append(
            f'<tr><td>{kept.parts[-3]}</td><td><a href="{page}">{kept.parts[-4]}</a></td><td>{told["successful_expectations"]} of'
            f" {told['evaluated_expectations']}</td><td>{'all met' if outcome['success'] else 'not all met'}</td></tr>"
        )
    (folder / SITE / INDEX).write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Data docs</title>{_STYLE}<h1>Data docs</h1>'
        "<p>What went through the suites each day (UTC), what was refused included.</p>"
        f"<table><tr><th>Day</th><th>Suite</th><th>Expectations met</th><th></th></tr>{''.join(rows)}</table></html>",
        "utf-8",
    )


def _remove(folder: Path, suite: str, day: dt.date) -> None:
    """Takes away what is there of a day, and of days that are long past."""
    for place in (folder / "gx" / "uncommitted" / "validations" / suite, folder / SITE / "validations" / suite):
        for made in place.glob("????-??-??"):
            told_of = dt.date.fromisoformat(made.name)
            if told_of == day or told_of < day - dt.timedelta(days=KEEP_DAYS):
                shutil.rmtree(made)
