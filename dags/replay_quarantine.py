"""Puts what waits in quarantine through its stage again, after a fix: by reason, feed or day of the first refusal.

Trigger it with parameters; without any, everything that waits is tried. What passes leaves quarantine with its history,
what does not stays there with one attempt more.
"""

from __future__ import annotations

import datetime as dt

from airflow.sdk import Param, dag, get_current_context, task

from pipeline.model import Origin


@dag(
    schedule=None,
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": dt.timedelta(seconds=15), "retry_exponential_backoff": True, "execution_timeout": dt.timedelta(hours=1)},
    params={
        "reason": Param(None, type=["null", "string"], description="Reason code, e.g. no_story; all where it is left empty"),
        "feed": Param(None, type=["null", "string"], description="Slug of a feed; all where it is left empty"),
        "is_approved": Param(False, type="boolean", description="Let pass what was held since it would end many events"),
        "day": Param(None, type=["null", "string"], format="date", description="Day of the first refusal, UTC; all where it is left empty"),
    },
    tags=["communique"],
    doc_md=__doc__,
)
def replay_quarantine() -> None:
    @task
    def replay() -> dict[str, int]:
        from pipeline import run

        context = get_current_context()
        chosen, dag_run = context["params"], context["dag_run"]
        day = dt.date.fromisoformat(chosen["day"]) if chosen["day"] else None
        origin = Origin(dag_run.dag_id, dag_run.run_id, context["ti"].try_number)
        return dict(run.replay_open(chosen["reason"] or None, chosen["feed"] or None, day, origin, chosen["is_approved"]).counts)

    replay()


replay_quarantine()
