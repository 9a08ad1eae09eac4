"""Looks after the warehouse once a day: measures the day, builds its data docs, and says when something is out of bounds.

The partition key is the day (UTC) that is looked at; a backfill measures past days anew. An alert fails
the task `judge` and is sent by Apprise to the Airflow connection `communique_alerts`, where there is one.
"""

from __future__ import annotations

import datetime as dt

from airflow.providers.apprise.notifications.apprise import send_apprise_notification
from airflow.sdk import CronPartitionTimetable, dag, get_current_context, task

from pipeline.model import Batch, Origin


def _day() -> tuple[Batch, Origin]:
    context = get_current_context()
    run = context["dag_run"]
    if not run.partition_key:
        raise ValueError("trigger this dag with a partition key: the day to look at, e.g. 2026-03-02")
    return Batch(str(run.partition_key)), Origin(run.dag_id, run.run_id, context["ti"].try_number)


@dag(
    schedule=CronPartitionTimetable("20 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": dt.timedelta(seconds=15),
        "retry_exponential_backoff": True,
        "execution_timeout": dt.timedelta(minutes=30),
    },
    tags=["communique"],
    doc_md=__doc__,
)
def maintain_warehouse() -> None:
    @task
    def watch() -> dict[str, int]:
        from pipeline import run

        return dict(run.watch(*_day()).counts)

    @task
    def build_docs() -> dict[str, int]:
        from pipeline import run

        return dict(run.build_docs(*_day()).counts)

    @task
    def find_alerts() -> list[str]:
        from pipeline import run

        return run.find_alerts(_day()[0])

    # Trying again finds the same.
    @task(
        retries=0,
        on_failure_callback=[
            send_apprise_notification(
                title="Communiqué: {{ dag_run.partition_key }} is out of bounds",
                body="{{ ti.xcom_pull(task_ids='find_alerts') | join('\n') }}",
                apprise_conn_id="communique_alerts",
            )
        ],
    )
    def judge() -> None:
        if alerts := get_current_context()["ti"].xcom_pull(task_ids="find_alerts"):
            raise ValueError("out of bounds: " + "; ".join(alerts))

    watch() >> find_alerts() >> judge()
    build_docs()


maintain_warehouse()
