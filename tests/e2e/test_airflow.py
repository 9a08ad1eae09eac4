"""The demo as a newcomer runs it, and what a user does in Airflow afterwards: real scheduler, real UI."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import psycopg2
import pytest
import requests

from pipeline.local import processes
from pipeline.local.airflow import COMPONENTS
from pipeline.model import Batch
from tests.e2e.browser import browser, find_chromium
from tests.e2e.conftest import Stack, add_stories, communique, wait_until


def test_the_demo_says_what_it_did(stack: Stack) -> None:
    for words in (
        "events in the warehouse, with the words that prove them", "SUMMIT_TALKS", "their meeting in Tokyo", "Stages of batch", "43 items", "Quarantine", "no_story",
        "43 items → 37 stories in 39 revisions, 4 copies, 2 items quarantined", f"http://127.0.0.1:{stack.state.values['airflow_port']}", "psql", "make down", "make clean",
        "Live feeds: left out, as asked.",
    ):  # fmt: skip
        assert words in " ".join(stack.output.split()), words


def test_the_psql_line_works(stack: Stack) -> None:
    line = next(one for one in stack.output.splitlines() if one.startswith("psql "))
    shell = f"{line.removeprefix('psql').strip()} -At -c 'select count(*) > 80 from warehouse.events_current'"
    assert subprocess.run(["bash", "-c", shell], capture_output=True, text=True).stdout.strip() == "t"
    answer = communique(stack.home, "db", "psql", "--", "-At", "-c", "select count(*) > 80 from warehouse.events_current")
    assert answer.stdout.strip() == "t", answer.stderr


def test_no_secret_is_in_a_log_or_readable_by_others(stack: Stack) -> None:
    secrets = [str(v) for k, v in stack.state.values.items() if k.endswith(("_password", "_secret", "_key"))]
    assert len(secrets) >= 8
    for path in [*(stack.home / "logs").glob("*.log"), *(stack.home / "airflow" / "logs").rglob("*.log")]:
        text = path.read_text("utf-8", "replace")
        assert not [s for s in secrets if s in text], path
    for name in ("state.json", "pgpass", "airflow/passwords.json"):
        assert (stack.home / name).stat().st_mode & 0o077 == 0, name


def test_everything_listens_on_loopback_alone(stack: Stack) -> None:
    mine = {int(v) for k, v in stack.state.values.items() if k.endswith("_port")}
    rows = [line.split() for table in ("/proc/net/tcp", "/proc/net/tcp6") for line in Path(table).read_text().splitlines()[1:]]
    listening = [(address.rpartition(":")[0], int(address.rpartition(":")[2], 16)) for _, address, _, state, *_ in rows if state == "0A"]
    assert {host for host, port in listening if port in mine} <= {"0100007F"}


def test_a_second_demo_is_quick_and_adds_no_row(stack: Stack) -> None:
    before, pids = stack.database.contents(), {c: processes.find(stack.home, c) for c in (*COMPONENTS, "postgres")}
    again = communique(stack.home, "local", "demo", "--no-live")
    assert again.returncode == 0, again.stderr
    assert "Nothing new came" in again.stderr and "43 candidates" in again.stdout
    assert {c: processes.find(stack.home, c) for c in pids} == pids  # nothing was started anew
    assert stack.database.contents() == before


def test_a_backfill_of_the_five_days_leads_to_the_same_rows(stack: Stack) -> None:
    before = stack.database.contents()
    wanted = {f"2026-03-0{n}" for n in range(2, 7)}
    body = {"dag_id": "replay_archive", "from_date": "2026-03-02T00:00:00Z", "to_date": "2026-03-06T23:59:59Z", "run_backwards": False, "max_active_runs": 5}
    backfill = stack.api.call("POST", "/backfills", body)
    wait_until(lambda: {r["partition_key"] for r in stack.api.runs("replay_archive") if r["state"] == "success"} >= wanted, "the backfill's runs")
    wait_until(lambda: {r["partition_key"] for r in stack.api.runs("code_events") if r["state"] == "success"} >= wanted, "a coding run for each day")
    wait_until(lambda: stack.api.call("GET", f"/backfills/{backfill['id']}")["completed_at"], "the backfill to be complete")
    coded = stack.database.value("select sum((counts ->> 'candidates')::int) from ops.run where stage = 'load' and batch_key = any(%s)", sorted(wanted))
    assert coded == 43  # the days were really coded, every candidate of them
    assert stack.database.contents() == before


def test_a_cleared_run_leads_to_the_same_rows(stack: Stack) -> None:
    before = stack.database.contents()
    run_id = next(r["dag_run_id"] for r in stack.api.runs("code_events") if r["state"] == "success")
    stack.api.call("POST", f"/dags/code_events/dagRuns/{run_id}/clear", {"dry_run": False})
    wait_until(lambda: stack.api.call("GET", f"/dags/code_events/dagRuns/{run_id}")["state"] != "success", "the run to start again")
    wait_until(lambda: stack.api.call("GET", f"/dags/code_events/dagRuns/{run_id}")["state"] == "success", "the cleared run")
    assert stack.database.contents() == before


def test_a_load_killed_half_way_is_made_good_by_a_clear(stack: Stack) -> None:
    text = (
        "<p>LIMA - Peru and Chile signed a treaty on fisheries on Saturday, the two governments said.</p>"
        "<p>Peruvian President Ana Quispe praised Chile for its patience in the talks.</p>"
    )
    add_stories(stack, Batch("2026-03-07T10:00"), [("http://127.0.0.1:1/late", "Peru, Chile sign fisheries treaty", text)])
    events = "select event_type from warehouse.events_current where event_on = '2026-03-07' order by 1"
    assert stack.database.rows(events) == []
    blocker = psycopg2.connect(stack.database.admin)
    with blocker.cursor() as cursor:
        cursor.execute("lock table core.event_mention in access exclusive mode")
    stack.api.trigger("replay_archive", "2026-03-07")
    loading = "select r.process_id from ops.run r where stage = 'load' and batch_key = '2026-03-07' and state = 'running'"
    blocked = "select count(*) from pg_stat_activity where datname = 'communique' and application_name = 'communique' and wait_event_type = 'Lock' and wait_event = 'relation'"
    wait_until(lambda: stack.database.rows(loading) and stack.database.value(blocked), "load to be in the middle of its transaction")
    os.kill(int(str(stack.database.value(loading))), signal.SIGKILL)
    blocker.rollback()
    blocker.close()
    run_id = next(r["dag_run_id"] for r in stack.api.runs("code_events") if r["partition_key"] == "2026-03-07")
    path = f"/dags/code_events/dagRuns/{run_id}"
    wait_until(lambda: stack.api.call("GET", f"{path}/taskInstances/load")["state"] in ("up_for_retry", "failed"), "Airflow to notice")
    assert stack.database.rows(events) == []  # all or nothing
    stack.api.call(
        "POST",
        "/dags/code_events/clearTaskInstances",
        {"dry_run": False, "dag_run_id": run_id, "task_ids": ["load"], "only_failed": False, "reset_dag_runs": True},
    )
    wait_until(lambda: stack.api.call("GET", path)["state"] == "success", "the cleared load")
    assert stack.database.rows(events) == [("PRAISE",), ("TREATY_SIGNED",)]
    before = stack.database.contents()
    stack.api.trigger("replay_archive", "2026-03-07")
    wait_until(
        lambda: len([r for r in stack.api.runs("code_events") if r["partition_key"] == "2026-03-07" and r["state"] == "success"]) == 2,
        "a second run of the day",
    )
    assert stack.database.contents() == before


def test_the_past_is_coded_anew_and_quarantine_replayed_from_airflow(stack: Stack) -> None:
    before = stack.database.contents()
    for name in ("recode_events", "replay_quarantine"):
        stack.api.call("PATCH", f"/dags/{name}", {"is_paused": False})
    started = [
        ("recode_events", stack.api.trigger("recode_events", "2026-03-02")),
        ("replay_quarantine", stack.api.trigger("replay_quarantine", None, {"reason": "no_story"})),
    ]
    for name, run_id in started:
        wait_until(lambda path=f"/dags/{name}/dagRuns/{run_id}": stack.api.call("GET", path)["state"] == "success", f"{name}")  # type: ignore[misc]
    ((coded,),) = stack.database.rows(
        "select (counts ->> 'stories')::int from ops.run where stage = 'recode' and batch_key = '2026-03-02' and state = 'success'"
    )
    assert int(str(coded)) >= 6
    assert stack.database.value("select min(attempt_count) from ops.quarantine where reason_code = 'no_story' and status = 'open'") >= 2  # type: ignore[operator]
    assert stack.database.contents() == before  # the same coder says the same; what was refused is refused again


def test_the_api_and_the_ui_want_a_password(stack: Stack) -> None:
    assert requests.get(f"{stack.api.base}/api/v2/dags", timeout=30).status_code == 401


def test_the_ui_in_a_browser(stack: Stack, tmp_path: Path) -> None:
    if find_chromium() is None:
        pytest.skip("chromium is not installed; `apt-get install chromium` brings it")
    pictures = Path(os.environ.get("COMMUNIQUE_PICTURES", tmp_path))
    run = next(r for r in stack.api.runs("code_events") if r["state"] == "success")
    with browser(tmp_path / "profile") as page:
        page.call("Network.setCookie", name="_token", value=stack.api.token, url=stack.api.base)
        page.open(f"{stack.api.base}/dags")
        page.wait_for("code_events", "ingest_wire", "replay_archive")
        page.save(pictures / "dags.png")
        page.open(f"{stack.api.base}/dags/code_events/runs/{run['dag_run_id']}")
        page.wait_for("clean", "dedupe", "validate_stories", "extract", "validate_events", "load", "Success")
        page.save(pictures / "run.png")
        page.open(f"{stack.api.base}/assets")
        page.wait_for("communique_items")
        asset = stack.api.call("GET", "/assets")["assets"][0]
        page.open(f"{stack.api.base}/assets/{asset['id']}")
        page.wait_for("communique_items", "ingest_wire", "replay_archive", "code_events")
        page.save(pictures / "asset.png")
