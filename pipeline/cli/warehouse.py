"""`communique db`, `communique export` and `communique quarantine`."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.canonical import to_json
from pipeline.cli.output import err, plain, print_rows, use_embedded
from pipeline.model import Origin
from pipeline.settings import inherited_environment, load_settings

app = typer.Typer()
db = typer.Typer(help="The warehouse.", no_args_is_help=True)
quarantine = typer.Typer(help="What the stages refused.", no_args_is_help=True)


class ExportFormat(StrEnum):
    """Formats of `communique export`."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"


@db.command("migrate")
def db_migrate() -> None:
    """Bring the warehouse to the newest schema; as COMMUNIQUE_ADMIN_DSN says."""
    from pipeline.warehouse.migrate import migrate

    use_embedded()
    names = {"communique_loader": "COMMUNIQUE_LOADER_PASSWORD", "communique_analyst": "COMMUNIQUE_ANALYST_PASSWORD"}
    migrate(load_settings().require_dsn("admin"), load_settings().role_passwords(names))
    err.print("communique: the schema is up to date")


@db.command("create-airflow")
def db_create_airflow() -> None:
    """Make Airflow's own database beside the warehouse, with the role `airflow` and the password in AIRFLOW_DB_PASSWORD."""
    from pipeline.warehouse.migrate import make_database

    settings = load_settings()
    passwords = settings.role_passwords({"airflow": "AIRFLOW_DB_PASSWORD"})
    make_database(settings.require_dsn("admin"), "airflow", "airflow", passwords.get("airflow"))


@db.command("psql")
def db_psql(arguments: Annotated[list[str] | None, typer.Argument(help="Arguments for psql, e.g. -c 'select 1'.")] = None) -> None:
    """Open psql as the analyst."""
    from pipeline.local.postgres import find_psql

    use_embedded()
    command = [find_psql(), *(arguments or []), load_settings().require_dsn("analyst")]
    raise typer.Exit(subprocess.run(command, env=inherited_environment()).returncode)


@db.command("status")
def db_status() -> None:
    """What the warehouse holds."""
    from pipeline.warehouse.batches import summarise
    from pipeline.warehouse.sql import transaction

    use_embedded()
    with transaction(load_settings().require_dsn()) as cursor:
        counts = summarise(cursor)
    print_rows([{"what": name, "count": count} for name, count in counts.items()], "In the warehouse")


@db.command("dictionary")
def db_dictionary() -> None:
    """What each view and column is, as Markdown: docs/warehouse.md is this command's output."""
    from pipeline.warehouse.export import dictionary_page

    use_embedded()
    print(dictionary_page(load_settings().require_dsn("analyst")), end="")


@app.command()
def export(
    view: Annotated[str, typer.Option(help="View of the schema warehouse, e.g. events_current.")],
    output: Annotated[Path, typer.Option(dir_okay=False, help="File to write.")],
    format: Annotated[ExportFormat, typer.Option(help="parquet, csv or jsonl.")] = ExportFormat.parquet,
    since: Annotated[dt.datetime | None, typer.Option(help="Only what is known, or happened, since; UTC.")] = None,
) -> None:
    """Write a view to a file, in one snapshot."""
    from pipeline.warehouse.export import export_view

    use_embedded()
    moment = since.replace(tzinfo=dt.UTC) if since else None
    count = export_view(load_settings().require_dsn("analyst"), view, format.value, output, moment)
    err.print(f"communique: {count:,} rows of warehouse.{view} in {output}", markup=False)


@quarantine.command("list")
def quarantine_list(
    reason: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
    status: Annotated[str, typer.Option(help="open, released, discarded or all.")] = "open",
) -> None:
    """What waits, newest first."""
    from pipeline.warehouse.batches import find_quarantine
    from pipeline.warehouse.sql import transaction

    use_embedded()
    with transaction(load_settings().require_dsn()) as cursor:
        found = find_quarantine(cursor, reason, feed, None, None if status == "all" else status)
    print_rows(found, "Quarantine", ("quarantine_id", "stage", "reason_code", "feed_slug", "item_key", "detail", "attempt_count", "last_at"))


@quarantine.command("show")
def quarantine_show(quarantine_id: int, raw: Annotated[bool, typer.Option("--raw", help="The bytes alone, to stdout.")] = False) -> None:
    """One row with what was refused."""
    from pipeline.warehouse.batches import find_quarantine, load_quarantined
    from pipeline.warehouse.sql import transaction

    use_embedded()
    with transaction(load_settings().require_dsn()) as cursor:
        rows = find_quarantine(cursor, quarantine_id=quarantine_id, status=None)
        if not rows:
            raise typer.BadParameter(f"there is no row {quarantine_id}")
        payload, url, content_type, body = load_quarantined(cursor, quarantine_id)
    if raw:
        sys.stdout.buffer.write(body or b"")
        return
    text = body[:4000].decode("utf-8", "replace") if body is not None else None
    print(to_json({**plain(rows[0]), "payload": payload, "url": url, "content_type": content_type, "byte_count": len(body or b""), "begins": text}))


@quarantine.command("replay")
def quarantine_replay(
    quarantine_ids: Annotated[list[int] | None, typer.Argument(help="Rows; none for all that the options select.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
    day: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was first refused on this day, UTC.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Let pass what was held since it would end many events.")] = False,
) -> None:
    """Put what waits through its stage again; what passes leaves quarantine."""
    from pipeline import run as stages

    use_embedded()
    origin = Origin("cli", "replay")
    if quarantine_ids:
        counts = stages.replay_rows(quarantine_ids, origin, approve).counts
    else:
        counts = stages.replay_open(reason, feed, day.date() if day else None, origin, approve).counts
    err.print(f"communique: {counts['released']} of {counts['replayed']} left quarantine")
    raise typer.Exit(int(bool(counts["still_refused"])))
