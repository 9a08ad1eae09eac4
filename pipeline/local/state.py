"""What the embedded default remembers between commands. The folder is readable by its owner alone."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

_SECRETS: dict[str, Callable[[], str]] = {
    "admin_password": lambda: secrets.token_urlsafe(18),
    "loader_password": lambda: secrets.token_urlsafe(18),
    "analyst_password": lambda: secrets.token_urlsafe(18),
    "airflow_db_password": lambda: secrets.token_urlsafe(18),
    "ui_password": lambda: secrets.token_urlsafe(9),
    "jwt_secret": lambda: secrets.token_urlsafe(32),
    "api_secret": lambda: secrets.token_urlsafe(32),
    "fernet_key": lambda: Fernet.generate_key().decode(),
}


@dataclass
class State:
    """Ports and secrets of one data folder, kept in state.json (mode 0600)."""

    home: Path
    values: dict[str, Any]

    @staticmethod
    def open(home: Path) -> State:
        """The state of a data folder; secrets are made at first use."""
        home.mkdir(parents=True, exist_ok=True)
        path = home / "state.json"
        values = json.loads(path.read_text()) if path.exists() else {}
        state = State(home, values)
        for name, make in _SECRETS.items():
            values.setdefault(name, make())
        state.save()
        return state

    def save(self) -> None:
        """Writes the file anew, whole or not at all."""
        path = self.home / "state.json"
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.values, file, indent=1)
        draft.replace(path)

    def port(self, name: str, preferred: int = 0) -> int:
        """The port remembered under a name if it is still free, else the preferred, else any free one."""
        for candidate in (self.values.get(name), preferred, 0):
            if candidate is not None and (found := _free_port(candidate)):
                self.values[name] = found
                self.save()
                return found
        raise OSError("no free port on loopback")


def _free_port(port: int) -> int | None:
    with socket.socket() as probe:
        # As servers do: a port whose last connection lingers may be bound again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        return int(probe.getsockname()[1])
