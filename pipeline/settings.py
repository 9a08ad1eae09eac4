"""Settings: the only reader of the environment. Floor 1.

Every setting is an environment variable that starts with COMMUNIQUE_; a wrong one raises
SettingError, which names it and says what it should be.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SettingError

PROJECT = Path(__file__).resolve().parent.parent
SQL = next(path for path in (PROJECT / "sql", PROJECT / "pipeline" / "_sql") if path.is_dir())
"""The SQL folder: beside the package in a checkout, inside it in a wheel."""


@dataclass(frozen=True)
class Settings:
    """What can be set from outside."""

    dsn: str | None
    """libpq connection string of the warehouse as the loader (COMMUNIQUE_DSN)."""
    admin_dsn: str | None
    """The same as the administrator who migrates (COMMUNIQUE_ADMIN_DSN)."""
    analyst_dsn: str | None
    """The same as the analyst who reads (COMMUNIQUE_ANALYST_DSN)."""
    feeds_dirs: tuple[Path, ...]
    """Folders of feed files (COMMUNIQUE_FEEDS_DIRS, parted by colons); default: pipeline/feeds."""
    actor_files: tuple[Path, ...]
    """Users' own actors beside the coder's tables (COMMUNIQUE_ACTOR_FILES, parted by colons): TSV or PETRARCH dictionaries."""
    allowed_hosts: frozenset[str]
    """host:port pairs that may be asked although their address is not public (COMMUNIQUE_ALLOWED_HOSTS)."""
    user_agent: str
    """How we name ourselves to servers (COMMUNIQUE_USER_AGENT)."""
    host_delay_s: float
    """Seconds between two requests to one host (COMMUNIQUE_HOST_DELAY_S)."""
    most_ended: float
    """A load that would end more than this share of a day's events waits for a person (COMMUNIQUE_MOST_ENDED, 0 to 1)."""
    data_docs: Path
    """Folder of Great Expectations' data docs (COMMUNIQUE_DATA_DOCS); default: data_docs in the data folder."""
    home: Path
    """Data folder of the embedded default (COMMUNIQUE_HOME); default: .communique in the project."""

    def require_dsn(self, role: str = "loader") -> str:
        """The connection string of a role; raises SettingError where it is not set."""
        dsn, name = {
            "loader": (self.dsn, "COMMUNIQUE_DSN"),
            "admin": (self.admin_dsn, "COMMUNIQUE_ADMIN_DSN"),
            "analyst": (self.analyst_dsn, "COMMUNIQUE_ANALYST_DSN"),
        }[role]
        if not dsn:
            raise SettingError(
                f"{name} is not set: give a libpq connection string, e.g. postgresql://communique_{role}@127.0.0.1/communique,"
                " or start the embedded default with `make up`"
            )
        return dsn

    def role_passwords(self, names: Mapping[str, str]) -> dict[str, str]:
        """Passwords to give to roles, from the environment variable named for each; roles without one are left alone."""
        return {role: os.environ[name] for role, name in names.items() if os.environ.get(name)}


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads the environment. Raises SettingError, naming the setting, for a value that cannot be used."""
    env = os.environ if environment is None else environment
    folders = tuple(Path(p) for p in env.get("COMMUNIQUE_FEEDS_DIRS", str(PROJECT / "pipeline" / "feeds")).split(":") if p)
    for folder in folders:
        if not folder.is_dir():
            raise SettingError(f"COMMUNIQUE_FEEDS_DIRS names {folder}, which is not a folder")
    actor_files = tuple(Path(p) for p in env.get("COMMUNIQUE_ACTOR_FILES", "").split(":") if p)
    for file in actor_files:
        if not file.is_file():
            raise SettingError(f"COMMUNIQUE_ACTOR_FILES names {file}, which is not a file")
    hosts = frozenset(h for h in env.get("COMMUNIQUE_ALLOWED_HOSTS", "").split(",") if h)
    for host in hosts:
        if not host.rpartition(":")[2].isdigit():
            raise SettingError(f"COMMUNIQUE_ALLOWED_HOSTS has {host!r}: write host:port, parted by commas")
    share = env.get("COMMUNIQUE_MOST_ENDED", "0.2")
    try:
        most_ended = float(share)
    except ValueError:
        most_ended = -1
    if not 0 <= most_ended <= 1:
        raise SettingError(f"COMMUNIQUE_MOST_ENDED is {share!r}: give a share from 0 to 1")
    delay = env.get("COMMUNIQUE_HOST_DELAY_S", "1")
    try:
        host_delay_s = float(delay)
    except ValueError:
        raise SettingError(f"COMMUNIQUE_HOST_DELAY_S is {delay!r}: give seconds as a number") from None
    home = Path(env.get("COMMUNIQUE_HOME", str(PROJECT / ".communique"))).absolute()
    return Settings(
        dsn=env.get("COMMUNIQUE_DSN"),
        admin_dsn=env.get("COMMUNIQUE_ADMIN_DSN"),
        analyst_dsn=env.get("COMMUNIQUE_ANALYST_DSN"),
        feeds_dirs=folders,
        actor_files=actor_files,
        allowed_hosts=hosts,
        user_agent=env.get("COMMUNIQUE_USER_AGENT", "communique/0.1 (news event research; contact: see server operator)"),
        host_delay_s=host_delay_s,
        most_ended=most_ended,
        data_docs=Path(env.get("COMMUNIQUE_DATA_DOCS", str(home / "data_docs"))).absolute(),
        home=home,
    )


def inherited_environment() -> dict[str, str]:
    """A copy of the environment for child processes, less passwords, and less Airflow settings, which the embedded default gives itself."""
    return {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW") and not (k.startswith("COMMUNIQUE_") and k.endswith(("_DSN", "_PASSWORD")))}
