"""The dags as Airflow reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

LOAD = """
import json, sys, time
started = time.process_time()
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
heavy = sorted(m for m in ("great_expectations", "spacy", "pandas", "trafilatura", "psycopg2", "feedparser") if m in sys.modules and m not in ("pandas", "psycopg2"))
print("RESULT" + json.dumps({
    "errors": {k: str(v) for k, v in bag.import_errors.items()},
    "dags": {d.dag_id: {"tasks": {t.task_id: sorted(t.upstream_task_ids) for t in d.tasks}, "retries": {t.task_id: t.retries for t in d.tasks},
             "backoff": all(bool(t.retry_exponential_backoff) for t in d.tasks), "timetable": type(d.timetable).__name__, "catchup": d.catchup,
             "outlets": {t.task_id: [o.name for o in t.outlets] for t in d.tasks if t.outlets}} for d in bag.dags.values()},
    "heavy": heavy,
}))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    import json

    home = tmp_path_factory.mktemp("airflow")
    environment = os.environ | {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", LOAD, str(ROOT / "dags")], env=environment, capture_output=True, text=True, timeout=180)
    line = next((one for one in done.stdout.splitlines() if one.startswith("RESULT")), None)
    assert line, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(line.removeprefix("RESULT"))  # type: ignore[no-any-return]


def test_all_dags_load_without_heavy_imports(loaded: dict[str, dict[str, dict[str, object]]]) -> None:
    assert loaded["errors"] == {}
    assert set(loaded["dags"]) == {"ingest_wire", "code_events", "replay_archive", "recode_events", "replay_quarantine", "maintain_warehouse"}
    assert loaded["heavy"] == []


def test_shapes(loaded: dict[str, dict[str, dict[str, dict[str, object]]]]) -> None:
    dags = loaded["dags"]
    assert dags["ingest_wire"]["tasks"] == {"plan": [], "fetch": ["plan"], "publish": ["fetch"]}
    assert dags["code_events"]["tasks"] == {
        "clean": [], "dedupe": ["clean"], "validate_stories": ["dedupe"], "extract": ["validate_stories"], "validate_events": ["extract"], "load": ["validate_events"],
        "is_held": ["load"], "approve": ["is_held"], "load_approved": ["approve"],
    }  # fmt: skip
    assert dags["ingest_wire"]["outlets"] == {"publish": ["communique_items"]} == dags["replay_archive"]["outlets"]
    assert dags["replay_quarantine"]["tasks"] == {"replay": []}
    assert dags["recode_events"]["tasks"] == {"recode": [], "is_held": ["recode"], "approve": ["is_held"], "recode_approved": ["approve"]}
    assert dags["maintain_warehouse"]["tasks"] == {"watch": [], "build_docs": [], "find_alerts": ["watch"], "judge": ["find_alerts"]}
    assert {dags[name]["timetable"] for name in ("ingest_wire", "replay_archive", "recode_events", "maintain_warehouse")} == {"CronPartitionTimetable"}
    assert dags["code_events"]["timetable"] == "PartitionedAssetTimetable"
    for dag in dags.values():
        assert dag["catchup"] is False and dag["backoff"] is True
        assert all(int(str(n)) >= 2 for name, n in dag["retries"].items() if name != "judge")
