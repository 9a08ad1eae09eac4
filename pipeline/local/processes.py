"""Processes that we started: each leads a session of its own, and is known by pid and start time.

Airflow's components rename themselves and leave workers behind, so neither a command line nor the
end of the leader is proof of anything: the whole session is ended, first kindly.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

GRACE_S = 15.0
"""Seconds between asking and killing; Airflow's scheduler takes up to 13 s to end."""


def start(home: Path, name: str, command: Sequence[str], environment: Mapping[str, str], user: int | None = None, cwd: Path | None = None) -> int:
    """Starts a process in its own session with its output in logs/; gives its pid, which is kept in run/."""
    (home / "run").mkdir(exist_ok=True)
    (home / "logs").mkdir(exist_ok=True)
    with (home / "logs" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=cwd,
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
        )
    (home / "run" / f"{name}.json").write_text(json.dumps({"pid": process.pid, "started": _started(process.pid)}))
    return int(process.pid)


def find(home: Path, name: str) -> int | None:
    """Pid of a process that we started and that still runs, else None."""
    path = home / "run" / f"{name}.json"
    if not path.exists():
        return None
    record = json.loads(path.read_text())
    is_same = record["started"] is not None and _started(record["pid"]) == record["started"]
    return int(record["pid"]) if is_same else None


def stop(home: Path, name: str, kindly: signal.Signals = signal.SIGTERM) -> None:
    """Ends a process and its whole session: asks, waits, kills what is left."""
    path = home / "run" / f"{name}.json"
    if not path.exists():
        return
    leader = int(json.loads(path.read_text())["pid"])
    if find(home, name) is not None:
        os.kill(leader, kindly)
        deadline = time.monotonic() + GRACE_S
        while find(home, name) is not None and time.monotonic() < deadline:
            _reap(leader)
            time.sleep(0.1)
    for pid in _session(leader):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended by itself
    _reap(leader)
    path.unlink()


def names(home: Path) -> list[str]:
    """Names of everything started and not stopped."""
    return sorted(path.stem for path in (home / "run").glob("*.json"))


def _reap(pid: int) -> None:
    """Takes the exit status of a child of ours, so that it is not a zombie that looks alive."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # another command started it


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def _started(pid: int) -> int | None:
    """Start time in clock ticks since boot; None for a process that is gone or a zombie."""
    fields = _stat(pid)
    return int(fields[19]) if fields and fields[0] != "Z" else None


def _session(leader: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(path.name))
        if fields and int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(path.name))
    return found
