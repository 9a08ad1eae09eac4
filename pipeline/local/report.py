"""What the demo shows at its end: the events with their evidence, and the counts in and out of every stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.local.postgres import LOADER, dsn
from pipeline.local.state import State
from pipeline.model import Batch
from pipeline.warehouse.sql import rows, transaction


def print_report(state: State, batch: Batch, live: str) -> None:
    """Prints the report of a batch; counts are read from the warehouse, not remembered."""
    console = Console(width=None if Console().is_terminal else 170)
    with transaction(dsn(state, LOADER)) as cursor:
        events = rows(cursor, "report_events")
        runs = rows(cursor, "report_runs", batch_key=batch.key)
        refused = rows(cursor, "report_quarantine")
        live_outcomes = rows(cursor, "report_live_feeds")
        copies, changes = rows(cursor, "report_copies"), rows(cursor, "report_changes")
        totals = rows(cursor, "report_totals")[0]
    table = Table(title=f"{len(events)} events in the warehouse, with the words that prove them")
    for name, style in (("when", "cyan"), ("type", "bold"), ("who", ""), ("to whom", ""), ("about", "dim"), ("evidence", "italic")):
        table.add_column(name, style=style, overflow="fold")
    for when, kind, status, actors, recipients, implied, about, evidence, sentence, stories in events:
        whom = ", ".join(recipients) + (f" (means {', '.join(implied)})" if implied else "")
        table.add_row(
            when,
            f"{kind}\n[dim]{status}[/dim]",
            ", ".join(actors),
            whom,
            about,
            f"{mark_quote(sentence, evidence)}{f' [dim]+{stories - 1} copies[/dim]' if stories > 1 else ''}",
        )
    console.print(table)
    counts = Table(title=f"Stages of batch {batch.key}")
    for name in ("stage", "in", "out"):
        counts.add_column(name, overflow="fold")
    for stage, found in runs:
        counts.add_row(stage, *_in_and_out(stage, found))
    console.print(counts)
    if refused:
        console.print(_table("Quarantine", ("stage", "reason", "items", "for example"), refused))
    if copies:
        console.print(_table("Copies: not coded again, each names its original", ("who", "kind", "copy", "original"), copies))
    if changes:
        console.print(_table("Revisions, and the words that they changed", ("story", "kind", "[-gone-] {+come+}"), changes))
    items, stories, revisions, copies, quarantined = totals
    console.print(
        f"Whole warehouse: {items} items → {stories} stories in {revisions} revisions, {copies} copies, {quarantined} items quarantined, {len(events)} events."
    )
    console.print(live)
    for slug, outcome, detail in live_outcomes:
        console.print(f"  {slug}: {outcome} ({detail})", highlight=False, markup=False)


def _table(title: str, columns: tuple[str, ...], found: Iterable[Sequence[Any]]) -> Table:
    table = Table(title=title)
    for name in columns:
        table.add_column(escape(name), overflow="fold")
    for row in found:
        table.add_row(*(escape(str(cell)) for cell in row))
    return table


def _in_and_out(stage: str, counts: dict[str, Any]) -> tuple[str, str]:
    came = {"fetch": "feeds", "clean": "items", "validate_events": "events", "extract": "candidates"}.get(stage, "candidates")
    rest = ", ".join(f"{v} {k.replace('_', ' ')}" for k, v in counts.items() if k != came and v)
    return f"{counts.get(came, 0)} {came}", rest or "nothing new"


def mark_quote(sentence: str | None, quote: str | None, width: int = 150) -> str:
    """The sentence with the words that prove the event in bold, cut between words on both sides to about `width` characters."""
    sentence, quote = " ".join((sentence or "").split()), " ".join((quote or "").split())
    at = sentence.find(quote)
    if at < 0:
        return escape(shorten(quote, width, placeholder="…"))
    room = max(0, width - len(quote)) // 2
    before, after = sentence[:at], sentence[at + len(quote) :]
    if len(before) > room:
        before = "…" + before[len(before) - room - 1 :].partition(" ")[2]
    if len(after) > room:
        after = after[: room + 1].rpartition(" ")[0] + "…"
    return f"{escape(before)}[bold]{escape(shorten(quote, width, placeholder='…'))}[/bold]{escape(after)}"
