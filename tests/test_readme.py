"""The README against what there is: every command, feed, view, dag, reason code and make target."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import typer

from pipeline.cli import app
from pipeline.feeds import load_feeds
from pipeline.quality.suites import event_expectations, story_expectations
from pipeline.settings import SQL, load_settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_command_is_told_of() -> None:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        for sub in getattr(command, "commands", {"": None}):
            assert f"communique {name} {sub}".strip() in README, f"communique {name} {sub}"


def test_every_view_and_dag_is_told_of() -> None:
    views = re.findall(r"create or replace view (warehouse\.\w+)", "\n".join(p.read_text() for p in (SQL / "views").glob("*.sql")))
    assert len(views) >= 8
    for name in [*views, *(p.stem for p in (ROOT / "dags").glob("*.py"))]:
        assert f"`{name}`" in README, name


def test_every_feed_is_told_of() -> None:
    for slug in load_feeds(load_settings({}).feeds_dirs):
        assert f"`{slug}`" in README, slug


def test_every_reason_code_is_told_of() -> None:
    sources = "\n".join(p.read_text("utf-8") for p in (ROOT / "pipeline").rglob("*.py"))
    codes = set(re.findall(r'(?:ParseError|CleanError|FetchError)\(\s*"(\w+)"', sources)) | set(re.findall(r'return "(\w+)", f?"', sources))
    codes = {c for c in codes if c.islower()}  # capitals are event types
    assert len(codes) >= 20
    for code in codes - {"ok"}:
        assert f"`{code}`" in README, code


def test_every_setting_is_told_of() -> None:
    for name in set(re.findall(r"COMMUNIQUE_[A-Z_]+", (ROOT / "pipeline" / "settings.py").read_text())):
        if name != "COMMUNIQUE_":
            assert name in README, name


def test_every_make_target_is_told_of() -> None:
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = [line.split()[0] for line in listed.splitlines() if line.strip()]
    assert {"demo", "test", "up", "down", "lint", "bench", "clean"} <= set(targets)
    for target in targets:
        assert f"make {target}" in README, target


def test_the_number_of_expectations_is_right() -> None:
    import datetime as dt

    stories, events = len(story_expectations(dt.datetime.now(dt.UTC))), len(event_expectations())
    assert f"{stories} expectations on stories and {events} on events" in README


def test_every_path_exists() -> None:
    for path in re.findall(r"`((?:pipeline|dags|sql|samples|tests)/[\w./-]*)`", README):
        assert (ROOT / path).exists(), path
