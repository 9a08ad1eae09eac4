"""Codes stored stories of a day anew under the present coder: a dag to backfill after the coder has changed.

The partition key is the day (UTC) on which stories were first published. The old coding is kept as
earlier versions; `warehouse.coding_changes` shows what changed, and `warehouse.use_coder` switches back.
Nothing is fetched or cleaned. A day of which many events would end waits for a person.
"""

from __future__ import annotations

import datetime as dt

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import CronPartitionTimetable, dag, get_current_context, task

from pipeline.model import Batch, Origin


def _recode(is_approved: bool) -> dict[str, int]:
    from pipeline import run

    context = get_current_context()
    dag_run = context["dag_run"]
    if not dag_run.partition_key:
        raise ValueError("trigger this dag with a partition key: the day to code anew, e.g. 2026-03-02")
    origin = Origin(dag_run.dag_id, dag_run.run_id, context["ti"].try_number)
    return dict(run.recode(Batch(str(dag_run.partition_key)), origin, is_approved).counts)


@dag(
    schedule=CronPartitionTimetable("40 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=8,
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
        return _recode(is_approved=False)

    @task.short_circuit
    def is_held() -> bool:
        return bool(get_current_context()["ti"].xcom_pull(task_ids="recode").get("held"))

    approve = ApprovalOperator(
        task_id="approve",
        subject="End {{ ti.xcom_pull(task_ids='recode')['would_end'] }} events?",
        body="The present coder no longer finds many events of {{ dag_run.partition_key }}.",
        execution_timeout=None,
        response_timeout=dt.timedelta(days=7),
        defaults="Reject",
    )

    @task
    def recode_approved() -> dict[str, int]:
        return _recode(is_approved=True)

    recode() >> is_held() >> approve >> recode_approved()


recode_events()
