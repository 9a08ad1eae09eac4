"""Airflow on this machine: four components with LocalExecutor, and its REST API.

`airflow standalone` leaves orphans when it is ended, so each component is started by itself.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from pipeline.errors import CommuniqueError
from pipeline.local import processes
from pipeline.local.postgres import AIRFLOW, ANALYST, LOADER, WAREHOUSE, dsn
from pipeline.local.state import State
from pipeline.settings import PROJECT, inherited_environment

COMPONENTS = {
    # Their log servers listen on every address; on one machine the API server reads the files themselves.
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
    "api-server": ["api-server"],
}
"""Components by name, with their command."""
DAGS = ("code_events", "ingest_wire", "replay_archive", "maintain_warehouse")
"""In the order in which they must be unpaused: partitions that come while the consumer is paused are lost."""
PARALLELISM = 4
START_S = 180


def environment(state: State) -> dict[str, str]:
    """Settings of every component; the database's password of the warehouse is in pgpass alone."""
    port, home = state.values["airflow_port"], state.home / "airflow"
    warehouse = f"@127.0.0.1:{state.values['postgres_port']}/{WAREHOUSE}"
    return inherited_environment() | {
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "PYTHONPATH": str(PROJECT),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(PARALLELISM),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "AIRFLOW__CORE__FERNET_KEY": state.values["fernet_key"],
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        # Bare postgresql:// would choose another driver under SQLAlchemy 2.1.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": dsn(state, AIRFLOW, "airflow").replace("postgresql://", "postgresql+psycopg2://"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": state.values["api_secret"],
        "AIRFLOW__API_AUTH__JWT_SECRET": state.values["jwt_secret"],
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "COMMUNIQUE_DSN": f"postgresql://{LOADER}{warehouse}",
        "COMMUNIQUE_ANALYST_DSN": f"postgresql://{ANALYST}{warehouse}",
        "PGPASSFILE": str(state.home / "pgpass"),
        "COMMUNIQUE_HOME": str(state.home),
        **state.values.get("settings", {}),
    }


def start_airflow(state: State) -> None:
    """Starts what does not run yet and waits until all components are healthy. Raises CommuniqueError, naming the log."""
    if is_running(state):
        return
    stop_airflow(state)
    state.port("airflow_port", 8080)
    home = state.home / "airflow"
    home.mkdir(exist_ok=True)
    passwords = home / "passwords.json"
    passwords.touch(mode=0o600)
    passwords.write_text(json.dumps({"admin": state.values["ui_password"]}))
    _migrate(state)
    for component, command in COMPONENTS.items():
        processes.start(state.home, component, [_airflow(), *command], environment(state), cwd=PROJECT)
    deadline = time.monotonic() + START_S
    while not _is_healthy(state):
        dead = [c for c in COMPONENTS if processes.find(state.home, c) is None]
        if dead or time.monotonic() > deadline:
            what = f"{dead[0]} ended" if dead else f"not healthy within {START_S} s"
            raise CommuniqueError(f"Airflow did not start ({what}): see {state.home / 'logs' / (dead[0] if dead else 'scheduler')}.log")
        time.sleep(0.3)


def is_running(state: State) -> bool:
    """Whether all four components that we started run and answer."""
    return all(processes.find(state.home, c) for c in COMPONENTS) and _is_healthy(state)


def stop_airflow(state: State) -> None:
    """Ends the components and everything they started."""
    for component in COMPONENTS:
        processes.stop(state.home, component)


class Api:
    """Airflow's REST API as the administrator."""

    def __init__(self, state: State) -> None:
        self.base = f"http://127.0.0.1:{state.values['airflow_port']}"
        self._session = requests.Session()
        self._session.trust_env = False
        answer = self._session.post(f"{self.base}/auth/token", json={"username": "admin", "password": state.values["ui_password"]}, timeout=30)
        answer.raise_for_status()
        self.token = answer.json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {self.token}"

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, **parameters: Any) -> Any:
        """One call under /api/v2. Raises CommuniqueError with Airflow's words for an error."""
        answer = self._session.request(method, f"{self.base}/api/v2{path}", json=body, params=parameters, timeout=60)
        if answer.status_code >= 400:
            raise CommuniqueError(f"Airflow refused {method} {path} ({answer.status_code}): {answer.text[:500]}")
        return answer.json() if answer.content else None

    def unpause(self) -> None:
        """Unpauses our dags, the consumer first; waits until each has been read."""
        for dag_id in DAGS:
            deadline = time.monotonic() + START_S
            while True:
                try:
                    self.call("PATCH", f"/dags/{dag_id}", {"is_paused": False})
                    break
                except CommuniqueError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.5)

    def trigger(self, dag_id: str, partition_key: str | None, conf: Mapping[str, Any] | None = None) -> str:
        """Starts a run, for a partition where the dag has those; gives its id."""
        body = {"logical_date": None, "partition_key": partition_key, "conf": dict(conf or {})}
        return str(self.call("POST", f"/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Runs of a dag, newest first."""
        return list(self.call("GET", f"/dags/{dag_id}/dagRuns", limit=100, order_by="-run_after")["dag_runs"])


def _is_healthy(state: State) -> bool:
    try:
        answer = requests.get(f"http://127.0.0.1:{state.values.get('airflow_port', 0)}/api/v2/monitor/health", timeout=5)
        health = answer.json()
    except (requests.RequestException, ValueError):
        return False
    return all((health.get(part) or {}).get("status") == "healthy" for part in ("metadatabase", "scheduler", "triggerer", "dag_processor"))


def _migrate(state: State) -> None:
    """Airflow's own migration, which takes 6 s even where nothing is to do: skipped for a version already done."""
    import importlib.metadata
    import subprocess

    version = importlib.metadata.version("apache-airflow-core")
    if state.values.get("airflow_migrated") == version:
        return
    outcome = subprocess.run([_airflow(), "db", "migrate"], env=environment(state), capture_output=True, text=True, cwd=PROJECT)
    if outcome.returncode != 0:
        raise CommuniqueError(f"airflow db migrate failed: {outcome.stderr[-2000:]}")
    state.values["airflow_migrated"] = version
    state.save()


def _airflow() -> str:
    return str(Path(sys.executable).parent / "airflow")
