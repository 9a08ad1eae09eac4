"""What the commands print: Rich tables for people, JSON lines for pipes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.canonical import to_json
from pipeline.model import Report, Story
from pipeline.settings import load_settings

out, err = Console(), Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Tells on stderr what is being done."""
    err.print(f"[bold]·[/bold] {text}")


def use_embedded() -> None:
    """Points the settings at the embedded warehouse where none is named and one runs here."""
    from pipeline.local.postgres import embedded_settings

    for name, value in embedded_settings(load_settings()).items():
        os.environ.setdefault(name, value)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its moments as ISO 8601."""
    return {k: v.isoformat() if isinstance(v, dt.datetime) else v for k, v in row.items()}


def print_rows(rows: list[dict[str, Any]], title: str, columns: Iterable[str] | None = None) -> None:
    """Rows as a table, or as JSON lines where nobody watches."""
    if not out.is_terminal:
        for row in rows:
            print(to_json(plain(row)))
        return
    table = Table(title=title)
    names = list(columns or (rows[0] if rows else ()))
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(str(plain(row)[name]) for name in names))
    out.print(table)


def print_counts(reports: list[Report]) -> None:
    """What each stage did."""
    table = Table(title="Stages")
    for name in ("stage", "batch", "counts"):
        table.add_column(name, overflow="fold")
    for report in reports:
        table.add_row(report.stage, report.batch_key, ", ".join(f"{k} {v}" for k, v in report.counts.items()))
    out.print(table)


def print_trace(stories: Iterable[Story], outside: Iterable[str]) -> None:
    """What cleaning took out of stories, rule by rule, and the page's text around them, on stderr."""
    for story in stories:
        table = Table(title=f"Taken out of “{story.headline}”; the published time is from: {story.date_basis}")
        table.add_column("rule", no_wrap=True)
        table.add_column("text", overflow="fold")
        for removed in story.removed:
            table.add_row(escape(removed.rule), escape(removed.text))
        err.print(table)
    around = Table(title="Around the article, by the page's own structure")
    around.add_column("text", overflow="fold")
    for text in outside:
        around.add_row(escape(text))
    if around.row_count:
        err.print(around)
