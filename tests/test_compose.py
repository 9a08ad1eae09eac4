"""docker-compose.yml: what can be told of it without an engine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE = yaml.safe_load(TEXT)


def test_it_meets_the_compose_specification() -> None:
    tool = Path(sys.executable).parent / "check-jsonschema"
    outcome = subprocess.run([tool, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"], capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout


def test_its_parts() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"postgres", "redis", "init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
    assert int(re.search(r"postgres:(\d+)", services["postgres"]["image"])[1]) >= 16  # type: ignore[index]
    assert {n for n, s in services.items() if "healthcheck" not in s} == {"init"}
    assert all(s["environment"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor" for n, s in services.items() if n not in ("postgres", "redis"))


def test_ports_are_on_loopback() -> None:
    ports = [p for s in COMPOSE["services"].values() for p in s.get("ports", ())]
    assert ports and all(p.startswith("127.0.0.1:") for p in ports)


def test_no_secret_has_a_default() -> None:
    """Each variable is required where it first stands, and .env.example names it without a value."""
    names = set(re.findall(r"(?<!\$)\$\{(\w+)", TEXT))
    assert len(names) == 9
    example = dict(line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line and not line.startswith("#"))
    for name in names:
        assert re.search(rf"\$\{{{name}:\?", TEXT) or re.search(rf"\$\{{{name}\}}", TEXT), name
        assert ":-" not in TEXT
        assert example[name] == ""
    required = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert names == required
