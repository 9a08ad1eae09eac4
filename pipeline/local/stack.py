"""Up, down, clean: the whole embedded default. Each is safe to run twice."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from pipeline.local import processes
from pipeline.local.airflow import Api, start_airflow, stop_airflow
from pipeline.local.postgres import remove_postgres, start_postgres, stop_postgres
from pipeline.local.state import State
from pipeline.settings import PROJECT, inherited_environment, load_settings

SAMPLES = PROJECT / "samples"


def up(say: Callable[[str], None], settings: dict[str, str]) -> State:
    """Starts Postgres and Airflow with our dags unpaused; `settings` are COMMUNIQUE_ variables for the dags.

    Airflow that runs with other settings is started anew: its components read them once.
    """
    state = State.open(load_settings().home)
    if state.values.get("settings") != settings:
        stop_airflow(state)
        state.values["settings"] = settings
        state.save()
    say("Postgres: starting the embedded cluster and applying migrations")
    start_postgres(state)
    say("Airflow: starting scheduler, dag processor, triggerer and API server")
    start_airflow(state)
    Api(state).unpause()
    return state


def start_sample_wire(state: State) -> int:
    """Serves the sample wire on loopback; gives its port, which stays the same between starts where it is free."""
    if processes.find(state.home, "sample-wire") is None:
        port = state.port("sample_port")
        processes.start(state.home, "sample-wire", [sys.executable, str(SAMPLES / "server.py"), str(port)], inherited_environment())
    return int(state.values["sample_port"])


def write_sample_feeds(state: State, port: int) -> str:
    """Writes the sample feeds with their port; gives the folder."""
    folder = state.home / "feeds"
    folder.mkdir(exist_ok=True)
    for path in sorted((SAMPLES / "feeds").glob("*.toml")):
        (folder / path.name).write_text(path.read_text("utf-8").replace("{port}", str(port)))
    return str(folder)


def down(say: Callable[[str], None]) -> None:
    """Ends all that was started, to the last process."""
    home = load_settings().home
    if not (home / "state.json").exists():
        say("Nothing was started here.")
        return
    state = State.open(home)
    say("Airflow: stopping")
    stop_airflow(state)
    say("Postgres: stopping")
    for name in processes.names(home):
        if name != "postgres":
            processes.stop(home, name)
    stop_postgres(state)
    say("All stopped.")


def clean(say: Callable[[str], None]) -> None:
    """Ends all and removes the data."""
    down(say)
    home = load_settings().home
    if (home / "state.json").exists():
        remove_postgres(State.open(home))
    shutil.rmtree(home, ignore_errors=True)
    say(f"Removed {home}.")
