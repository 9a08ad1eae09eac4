"""Hands a day of stored items to `code_events` again: the dag to backfill.

The partition key is the day (UTC) on which items were published. Nothing is fetched: a backfill over
any range re-reads `raw`, and leaves the same rows where nothing has changed.
"""

from __future__ import annotations

import datetime as dt

from airflow.sdk import Asset, CronPartitionTimetable, dag, get_current_context, task

from pipeline.model import BATCH_ASSET, Batch

ITEMS = Asset(BATCH_ASSET)


@dag(
    schedule=CronPartitionTimetable("10 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=4,
    default_args={"retries": 2, "retry_delay": dt.timedelta(seconds=15), "retry_exponential_backoff": True},
    tags=["communique"],
    doc_md=__doc__,
)
def replay_archive() -> None:
    @task(outlets=[ITEMS])
    def publish() -> str:
        context = get_current_context()
        key = context["dag_run"].partition_key
        if not key:
            raise ValueError("trigger this dag with a partition key: the day to replay, e.g. 2026-03-02")
        day = Batch(key)
        context["outlet_events"][ITEMS].add_partitions(day.key)
        return day.key

    publish()


replay_archive()
