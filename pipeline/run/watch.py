"""What watches over a day's data: the report on quality, its alerts, and data docs."""

from __future__ import annotations

import datetime as dt

from pipeline import quality
from pipeline.model import Batch, Origin, Report
from pipeline.run.stage import COMMAND, now, stage
from pipeline.settings import load_settings
from pipeline.warehouse import quality as reports
from pipeline.warehouse.sql import transaction


def watch(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Measures completeness, freshness, duplicates and drift of a day (UTC) anew: `warehouse.quality_report`. Counts measures and alerts."""
    settings = load_settings()
    day = dt.date.fromisoformat(batch.key)
    with stage(settings, "watch", batch, origin) as run, transaction(settings.require_dsn()) as cursor:
        run.counts["measures"] = reports.report_quality(cursor, day, run.run_id)
        run.counts["alerts"] = len(reports.find_alerts(cursor, day))
    return Report("watch", batch.key, dict(run.counts))


def find_alerts(batch: Batch) -> list[str]:
    """What of a day's report is out of bounds, a sentence each."""
    with transaction(load_settings().require_dsn()) as cursor:
        return reports.find_alerts(cursor, dt.date.fromisoformat(batch.key))


def build_docs(batch: Batch, origin: Origin = COMMAND) -> Report:
    """Data docs of what went through the suites on a day (UTC), in the folder COMMUNIQUE_DATA_DOCS; a day on which nothing came has none. Counts rows and failed expectations."""
    settings = load_settings()
    day = dt.date.fromisoformat(batch.key)
    with stage(settings, "build_docs", batch, origin) as run:
        with transaction(settings.require_dsn()) as cursor:
            stories, events = reports.find_checked(cursor, day)
        if stories:  # a day on which nothing came has no pages, and needs no library
            run.counts.update(quality.build_docs(settings.data_docs, day, stories, events, now()))
    return Report("build_docs", batch.key, dict(run.counts))
