"""Polls every feed that is due, stores documents and items, and says so on the asset, per quarter-hour.

A backfill of this dag never polls: a feed shows only now. It emits its partition again, so that
`code_events` codes the stored items of that quarter-hour anew.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from airflow.sdk import Asset, CronPartitionTimetable, Param, dag, get_current_context, task

from pipeline.model import BATCH_ASSET, Batch, Origin

ITEMS = Asset(BATCH_ASSET)


def _batch(context: Any) -> Batch:
    run = context["dag_run"]
    return Batch(run.partition_key) if run.partition_key else Batch.live(run.run_after)


def _origin(context: Any) -> Origin:
    run = context["dag_run"]
    return Origin(run.dag_id, run.run_id, context["ti"].try_number)


@dag(
    schedule=CronPartitionTimetable("*/15 * * * *", timezone="UTC", key_format="%Y-%m-%dT%H:%M"),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": dt.timedelta(seconds=20),
        "retry_exponential_backoff": True,
        "max_retry_delay": dt.timedelta(minutes=5),
        "execution_timeout": dt.timedelta(minutes=20),
    },
    params={"is_forced": Param(False, type="boolean", description="Poll feeds that are not yet due")},
    tags=["communique"],
    doc_md=__doc__,
)
def ingest_wire() -> None:
    @task
    def plan() -> list[list[str]]:
        from pipeline import run

        context = get_current_context()
        if context["dag_run"].run_type == "backfill":
            return []
        return run.plan(_batch(context), context["params"]["is_forced"])

    @task(map_index_template="{{ task.op_kwargs['slugs'] | join(', ') }}")
    def fetch(slugs: list[str]) -> dict[str, int]:
        from pipeline import run

        context = get_current_context()
        return dict(run.fetch(_batch(context), slugs, _origin(context), context["params"]["is_forced"]).counts)

    # A host that fails for good must not hold back what the others brought.
    @task(outlets=[ITEMS], trigger_rule="all_done")
    def publish() -> list[str]:
        from pipeline import run

        context = get_current_context()
        batch = _batch(context)
        keys = [batch.key, *run.find_stranded(batch)]
        context["outlet_events"][ITEMS].add_partitions(keys)
        return keys

    fetch.expand(slugs=plan()) >> publish()


ingest_wire()
