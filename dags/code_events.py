"""Codes the items of one partition: clean → dedupe → validate → extract → validate → load.

Runs once for each partition that `ingest_wire` or `replay_archive` emits. Each task can be cleared and
run again: it reads what the one before it left in Postgres and writes the same rows. A load that would end
many events of a day is held, and `approve` asks a person: Approve loads it, Reject leaves it in quarantine.
"""

from __future__ import annotations

import datetime as dt

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Asset, IdentityMapper, PartitionedAssetTimetable, chain, dag, get_current_context, task

from pipeline.model import BATCH_ASSET, Batch, Origin

ITEMS = Asset(BATCH_ASSET)


def _run(stage: str, **options: bool) -> dict[str, int]:
    from pipeline import run

    context = get_current_context()
    dag_run = context["dag_run"]
    origin = Origin(dag_run.dag_id, dag_run.run_id, context["ti"].try_number)
    return dict(getattr(run, stage)(Batch(str(dag_run.partition_key)), origin, **options).counts)


@dag(
    schedule=PartitionedAssetTimetable(assets=ITEMS, default_partition_mapper=IdentityMapper()),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    # Loads wait for each other in Postgres; runs that wait for a person must not stop those that need none.
    max_active_runs=16,
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
    def run_stage(stage: str) -> dict[str, int]:
        return _run(stage)

    @task.short_circuit
    def is_held() -> bool:
        return bool(get_current_context()["ti"].xcom_pull(task_ids="load").get("held"))

    approve = ApprovalOperator(
        task_id="approve",
        subject="End {{ ti.xcom_pull(task_ids='load')['would_end'] }} events?",
        body="The load of {{ dag_run.partition_key }} would end many events of a day. `communique quarantine list --reason ends_too_much` says of which days.",
        execution_timeout=None,
        response_timeout=dt.timedelta(days=7),
        defaults="Reject",
    )

    @task
    def load_approved() -> dict[str, int]:
        return _run("load", is_approved=True)

    stages = ("clean", "dedupe", "validate_stories", "extract", "validate_events", "load")
    chain(*(run_stage.override(task_id=name)(name) for name in stages), is_held(), approve, load_approved())


code_events()
