"""The shell's way in. Rich tables for people, JSON lines for pipes. Floor 7.

Exit status: 0 when all went well, 1 when some input was refused, 2 for a usage error. Errors are one
line on stderr that says what to do.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from pipeline.errors import CleanError, CommuniqueError, FeedFileError, SettingError
from pipeline.model import Batch, Event, Origin, Report, Story, to_json
from pipeline.settings import inherited_environment, load_settings

app = typer.Typer(help="Diplomatic events from the wire.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
db = typer.Typer(help="The warehouse.", no_args_is_help=True)
quarantine = typer.Typer(help="What the stages refused.", no_args_is_help=True)
local = typer.Typer(help="The embedded default: Postgres and Airflow on this machine.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(quarantine, name="quarantine")
app.add_typer(local, name="local")

out, err = Console(), Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Entry point: turns every error into one line and an exit status."""
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:  # usage errors; their class is not public, what they offer is
        message = str(getattr(error, "format_message", error.__str__)())
        context = getattr(error, "ctx", None)
        if message.startswith("Usage:"):
            err.print(message, markup=False)  # a command that wants a sub-command
        else:
            err.print(f"communique: {' '.join(message.split())} ({context.command_path if context else 'communique'} --help says more)", markup=False)
        sys.exit(2)
    except CommuniqueError as error:
        err.print(f"communique: {error}", markup=False)
        sys.exit(2 if isinstance(error, SettingError | FeedFileError) else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:
        status = 130
    sys.exit(status if isinstance(status, int) else 0)


# ------------------------------------------------------------------------------------------------ the main job


@app.command()
def run(
    feed: Annotated[list[str] | None, typer.Option(help="Only this feed; may be given several times.")] = None,
    since: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Code stored items again from this day (UTC) on; nothing is fetched.")] = None,
) -> None:
    """The whole main job once: poll the feeds, clean, dedupe, validate, extract, load."""
    from pipeline import run as stages

    _use_embedded()
    origin = Origin("cli", f"cli__{dt.datetime.now(dt.UTC).isoformat(timespec='seconds')}")
    reports: list[Report] = []
    if since is not None:
        today = dt.datetime.now(dt.UTC).date()
        days = [since.date() + dt.timedelta(days=n) for n in range((today - since.date()).days + 1)]
        if not days:
            raise typer.BadParameter("the day is in the future", param_hint="--since")
        for day in days:
            reports += stages.code_batch(Batch(day.isoformat()), origin)
    else:
        batch = Batch.live(dt.datetime.now(dt.UTC))
        _check_feeds(feed or [])
        for slugs in stages.plan(batch, is_forced=True, only=feed or []):
            reports.append(stages.fetch(batch, slugs, origin, is_forced=True))
        reports += stages.code_batch(batch, origin)
    if out.is_terminal:
        _print_counts(reports)
    else:
        for report in reports:
            print(to_json(report))
    if any(report.counts.get("quarantined") for report in reports):
        err.print("communique: some input was refused: `communique quarantine list` says what and why")
        raise typer.Exit(1)


def _check_feeds(slugs: Iterable[str]) -> None:
    from pipeline.feeds import load_feeds

    known = load_feeds(load_settings().feeds_dirs)
    for slug in slugs:
        if slug not in known:
            raise typer.BadParameter(f"there is no feed {slug}; there are: {', '.join(known)}", param_hint="--feed")


Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Pages or text files.")]


@app.command()
def clean(files: Files, url: Annotated[str | None, typer.Option(help="Where the page came from.")] = None) -> None:
    """Page or text → one JSON story a line."""
    is_refused = False
    for path in files:
        try:
            for story in _stories(path, url, "any"):
                print(to_json(_story_json(story, path)))
        except CleanError as error:
            err.print(f"communique: {path}: {error.detail} ({error.reason_code})", markup=False)
            is_refused = True
    raise typer.Exit(int(is_refused))


@app.command()
def code(
    files: Files,
    published: Annotated[str | None, typer.Option(help="Published time, ISO 8601 with zone.")] = None,
    wire: Annotated[str | None, typer.Option(help="Agency, e.g. kyodo.")] = None,
) -> None:
    """Story text or page → one JSON event a line."""
    import dataclasses

    from pipeline.extract import extract_events
    from pipeline.wires.times import read_time

    given = read_time(published, "UTC") if published else None
    if published and given is None:
        raise typer.BadParameter(f"{published!r} is not a time: write e.g. 2021-11-24T14:00:00Z", param_hint="--published")
    is_refused = False
    for path in files:
        try:
            for story in _stories(path, None, wire or "any"):
                moment = given or story.published_at
                if moment is None:
                    raise CleanError("no_published_time", f"{path} states no published time: give --published")
                for event in extract_events(dataclasses.replace(story, published_at=moment, wire=wire or story.wire)):
                    print(to_json(_event_json(event, path)))
        except CleanError as error:
            err.print(f"communique: {path}: {error.detail} ({error.reason_code})", markup=False)
            is_refused = True
    raise typer.Exit(int(is_refused))


def _stories(path: Path, url: str | None, wire: str) -> list[Story]:
    from pipeline.clean import clean_copy, clean_page, clean_text
    from pipeline.fetch.parse import decode

    data = path.read_bytes()
    text = decode(data, None)
    if re.search(r"<(?:!doctype html|html|body|article|p|div)\b", text[:2000], re.IGNORECASE):
        raw = clean_page(data, None, "UTC", "en", dt.datetime.now(dt.UTC))
    else:
        raw = clean_text(text)
    return clean_copy(raw, wire=wire, outlet=wire, url=url)


def _story_json(story: Story, path: Path) -> dict[str, Any]:
    return {
        "headline": story.headline,
        "dateline": story.dateline,
        "byline": story.byline,
        "published_at": story.published_at,
        "language": story.language,
        "body": story.body,
        "captions": story.captions,
        "related": story.related,
        "wire": story.wire,
        "genre": story.genre,
        "signal": story.signal,
        "input": str(path),
    }


def _event_json(event: Event, path: Path) -> dict[str, Any]:
    import dataclasses

    data = dataclasses.asdict(event)
    first = event.evidence[0]
    data["evidence"] = {"sentence": first.sentence, "start": first.start, "end": first.end, "quote": first.quote}
    data["input"] = str(path)
    return data


# ------------------------------------------------------------------------------------------------ the warehouse


@db.command("migrate")
def db_migrate() -> None:
    """Bring the warehouse to the newest schema; as COMMUNIQUE_ADMIN_DSN says."""
    from pipeline.warehouse.migrate import migrate

    _use_embedded()
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

    _use_embedded()
    command = [find_psql(), *(arguments or []), load_settings().require_dsn("analyst")]
    raise typer.Exit(subprocess.run(command, env=inherited_environment()).returncode)


@db.command("status")
def db_status() -> None:
    """What the warehouse holds."""
    from pipeline.warehouse.batches import summarise
    from pipeline.warehouse.sql import transaction

    _use_embedded()
    with transaction(load_settings().require_dsn()) as cursor:
        counts = summarise(cursor)
    _print_rows([{"what": name, "count": count} for name, count in counts.items()], "In the warehouse")


@quarantine.command("list")
def quarantine_list(
    reason: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
    status: Annotated[str, typer.Option(help="open, released, discarded or all.")] = "open",
) -> None:
    """What waits, newest first."""
    from pipeline.warehouse.batches import find_quarantine
    from pipeline.warehouse.sql import transaction

    _use_embedded()
    with transaction(load_settings().require_dsn()) as cursor:
        found = find_quarantine(cursor, reason, feed, None, None if status == "all" else status)
    _print_rows(found, "Quarantine", ("quarantine_id", "stage", "reason_code", "feed_slug", "item_key", "detail", "attempt_count", "last_at"))


@quarantine.command("show")
def quarantine_show(quarantine_id: int, raw: Annotated[bool, typer.Option("--raw", help="The bytes alone, to stdout.")] = False) -> None:
    """One row with what was refused."""
    from pipeline.warehouse.batches import find_quarantine, load_quarantined
    from pipeline.warehouse.sql import transaction

    _use_embedded()
    with transaction(load_settings().require_dsn()) as cursor:
        rows = find_quarantine(cursor, quarantine_id=quarantine_id, status=None)
        if not rows:
            raise typer.BadParameter(f"there is no row {quarantine_id}")
        payload, url, content_type, body = load_quarantined(cursor, quarantine_id)
    if raw:
        sys.stdout.buffer.write(body or b"")
        return
    text = body[:4000].decode("utf-8", "replace") if body is not None else None
    print(to_json({**_plain(rows[0]), "payload": payload, "url": url, "content_type": content_type, "byte_count": len(body or b""), "begins": text}))


@quarantine.command("replay")
def quarantine_replay(
    quarantine_ids: Annotated[list[int] | None, typer.Argument(help="Rows; none for all that the options select.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
) -> None:
    """Put what waits through its stage again; what passes leaves quarantine."""
    from pipeline import run as stages
    from pipeline.warehouse.batches import find_quarantine
    from pipeline.warehouse.sql import transaction

    _use_embedded()
    dsn = load_settings().require_dsn()
    with transaction(dsn) as cursor:
        ids = quarantine_ids or [row["quarantine_id"] for row in find_quarantine(cursor, reason, feed)]
    stages.replay(ids, Origin("cli", "replay"))
    with transaction(dsn) as cursor:
        left = [row for one in ids for row in find_quarantine(cursor, quarantine_id=one)]
    err.print(f"communique: {len(ids) - len(left)} of {len(ids)} left quarantine")
    raise typer.Exit(int(bool(left)))


# ------------------------------------------------------------------------------------------------ the embedded default


@local.command("up")
def local_up() -> None:
    """Start Postgres and Airflow with the live feeds."""
    from pipeline.local.stack import up

    _print_where(up(_say, {}))


@local.command("down")
def local_down() -> None:
    """End all that was started, to the last process."""
    from pipeline.local.stack import down

    down(_say)
    _say("The data stays; `make clean` removes it.")


@local.command("clean")
def local_clean() -> None:
    """End all and remove the data."""
    from pipeline.local.stack import clean as remove

    remove(_say)


@local.command("demo")
def local_demo(live: Annotated[bool, typer.Option(help="Also poll the live feeds where they can be reached.")] = True) -> None:
    """The main job from nothing: sample wire, Airflow, Postgres, and a table of events."""
    from pipeline.local.demo import demo
    from pipeline.local.report import print_report

    state, batch, word = demo(_say, live)
    print_report(state, batch, word)
    _print_where(state)


def _say(text: str) -> None:
    err.print(f"[bold]·[/bold] {text}")


def _print_where(state: Any) -> None:
    from pipeline.local.postgres import psql_command

    url = f"http://127.0.0.1:{state.values['airflow_port']}"
    err.print()
    err.print(f"Airflow   {url}   user admin, password {state.values['ui_password']}", markup=False)
    err.print(f"psql      {psql_command(state)}", markup=False)
    err.print("Events    communique db psql -- -c 'select * from warehouse.events_current'", markup=False)
    err.print("Stop      make down        Remove   make clean")


def _use_embedded() -> None:
    """Points the settings at the embedded warehouse where none is named and one runs here."""
    from pipeline.local.postgres import embedded_settings

    for name, value in embedded_settings(load_settings()).items():
        os.environ.setdefault(name, value)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, dt.datetime) else v for k, v in row.items()}


def _print_rows(rows: list[dict[str, Any]], title: str, columns: Iterable[str] | None = None) -> None:
    if not out.is_terminal:
        for row in rows:
            print(to_json(_plain(row)))
        return
    table = Table(title=title)
    names = list(columns or (rows[0] if rows else ()))
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(str(_plain(row)[name]) for name in names))
    out.print(table)


def _print_counts(reports: list[Report]) -> None:
    table = Table(title="Stages")
    for name in ("stage", "batch", "counts"):
        table.add_column(name, overflow="fold")
    for report in reports:
        table.add_row(report.stage, report.batch_key, ", ".join(f"{k} {v}" for k, v in report.counts.items()))
    out.print(table)


if __name__ == "__main__":
    main()
