"""Codes the items of one partition: clean → dedupe → validate → extract → validate → load.

Runs once for each partition that `ingest_wire` or `replay_archive` emits. Each task can be cleared and
run again: it reads what the one before it left in Postgres and writes the same rows.
"""

from __future__ import annotations

import datetime as dt

from airflow.sdk import Asset, IdentityMapper, PartitionedAssetTimetable, dag, get_current_context, task

from pipeline.model import BATCH_ASSET, Batch, Origin

ITEMS = Asset(BATCH_ASSET)


def _run(stage: str) -> dict[str, int]:
    from pipeline import run

    context = get_current_context()
    dag_run = context["dag_run"]
    origin = Origin(dag_run.dag_id, dag_run.run_id, context["ti"].try_number)
    return dict(getattr(run, stage)(Batch(str(dag_run.partition_key)), origin).counts)


@dag(
    schedule=PartitionedAssetTimetable(assets=ITEMS, default_partition_mapper=IdentityMapper()),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=2,
    default_args={
        "retries": 3,
        "retry_delay": dt.timedelta(seconds=15),
        "retry_exponential_backoff": True,
        "max_retry_delay": dt.timedelta(minutes=5),
        "execution_timeout": dt.timedelta(minutes=30),
    },
    tags=["communique"],
    doc_md=__doc__,
)
def code_events() -> None:
    @task
    def clean() -> dict[str, int]:
        return _run("clean")

    @task
    def dedupe() -> dict[str, int]:
        return _run("dedupe")

    @task
    def validate_stories() -> dict[str, int]:
        return _run("validate_stories")

    @task
    def extract() -> dict[str, int]:
        return _run("extract")

    @task
    def validate_events() -> dict[str, int]:
        return _run("validate_events")

    @task
    def load() -> dict[str, int]:
        return _run("load")

    clean() >> dedupe() >> validate_stories() >> extract() >> validate_events() >> load()


code_events()
