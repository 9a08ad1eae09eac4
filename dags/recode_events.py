"""Codes stored stories of a day anew under the present coder: a dag to backfill after the coder has changed.

The partition key is the day (UTC) on which stories were first published. The old coding is kept as
earlier versions; `warehouse.coding_changes` shows what changed. Nothing is fetched or cleaned.
"""

from __future__ import annotations

import datetime as dt

from airflow.sdk import CronPartitionTimetable, dag, get_current_context, task

from pipeline.model import Batch, Origin


@dag(
    schedule=CronPartitionTimetable("40 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=2,
    default_args={
        "retries": 2,
        "retry_delay": dt.timedelta(seconds=15),
        "retry_exponential_backoff": True,
        "execution_timeout": dt.timedelta(hours=2),
    },
    tags=["communique"],
    doc_md=__doc__,
)
def recode_events() -> None:
    @task
    def recode() -> dict[str, int]:
        from pipeline import run

        context = get_current_context()
        dag_run = context["dag_run"]
        if not dag_run.partition_key:
            raise ValueError("trigger this dag with a partition key: the day to code anew, e.g. 2026-03-02")
        origin = Origin(dag_run.dag_id, dag_run.run_id, context["ti"].try_number)
        return dict(run.recode(Batch(str(dag_run.partition_key)), origin).counts)

    recode()


recode_events()
