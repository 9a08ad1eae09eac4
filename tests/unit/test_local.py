"""What the embedded default remembers, and how it starts and ends processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from pipeline.local import processes
from pipeline.local.state import State
from pipeline.settings import inherited_environment, load_settings


def test_state_is_kept_and_is_the_owners_alone(tmp_path: Path) -> None:
    state = State.open(tmp_path / "home")
    assert (tmp_path / "home" / "state.json").stat().st_mode & 0o777 == 0o600
    assert State.open(tmp_path / "home").values == state.values
    assert len({v for k, v in state.values.items() if k.endswith("password")}) == 5


def test_a_taken_port_is_stepped_around(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert state.port("airflow_port", taken) not in (taken, 0)
        remembered = state.port("airflow_port", taken)
        assert State.open(tmp_path).values["airflow_port"] == remembered == state.port("airflow_port", taken)


# One write a process: the words of one unbuffered print would mingle with those of the other.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, b"ready %d\\n" % os.getpid())
time.sleep(600)
"""


def _pids(home: Path, name: str, count: int) -> list[int]:
    log = home / "logs" / f"{name}.log"
    deadline = time.monotonic() + 30
    while len(lines := log.read_text().splitlines() if log.exists() else []) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(line.split()[1]) for line in lines]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_that_will_not_end_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_S", 0.3)
    pid = processes.start(tmp_path, "stubborn", [sys.executable, "-c", STUBBORN], inherited_environment())
    both = _pids(tmp_path, "stubborn", 2)
    assert processes.find(tmp_path, "stubborn") == pid and processes.names(tmp_path) == ["stubborn"]
    processes.stop(tmp_path, "stubborn")
    assert processes.find(tmp_path, "stubborn") is None and processes.names(tmp_path) == []
    deadline = time.monotonic() + 10
    while any(map(_is_alive, both)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_another_process_with_the_same_pid_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "x.json").write_text(json.dumps({"pid": os.getpid(), "started": 1}))
    assert processes.find(tmp_path, "x") is None
    assert processes.find(tmp_path, "never") is None
    processes.stop(tmp_path, "never", signal.SIGTERM)  # nothing to do, no error


def test_secrets_are_not_handed_to_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_DSN", "postgresql://u:hunter2@h/d")
    assert "hunter2" not in json.dumps(inherited_environment())
    assert load_settings({"COMMUNIQUE_HOME": "x"}).home.is_absolute()
