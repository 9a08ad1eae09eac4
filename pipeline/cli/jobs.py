"""`communique run`, `clean` and `code`: the main job, and two of its stages by hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.canonical import to_json
from pipeline.cli.output import err, out, print_counts, print_trace, use_embedded
from pipeline.encoding import decode
from pipeline.errors import CleanError
from pipeline.model import Batch, Event, Origin, Report, Story
from pipeline.settings import load_settings

app = typer.Typer()


@app.command()
def run(
    feed: Annotated[list[str] | None, typer.Option(help="Only this feed; may be given several times.")] = None,
    since: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Code stored items again from this day (UTC) on; nothing is fetched.")] = None,
) -> None:
    """The whole main job once: poll the feeds, clean, dedupe, validate, extract, load."""
    from pipeline import run as stages

    use_embedded()
    origin = Origin("cli", f"cli__{dt.datetime.now(dt.UTC).isoformat(timespec='seconds')}")
    reports: list[Report] = []
    if since is not None:
        if since.date() > dt.datetime.now(dt.UTC).date():
            raise typer.BadParameter("the day is in the future", param_hint="--since")
        reports += stages.code_since(since.date(), origin)
        if not reports:
            err.print(f"communique: no items are stored from {since.date()} on")
    else:
        batch = Batch.live(dt.datetime.now(dt.UTC))
        _check_feeds(feed or [])
        for slugs in stages.plan(batch, is_forced=True, only=feed or []):
            reports.append(stages.fetch(batch, slugs, origin, is_forced=True))
        reports += stages.code_batch(batch, origin)
    if out.is_terminal:
        print_counts(reports)
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
def clean(
    files: Files,
    url: Annotated[str | None, typer.Option(help="Where the page came from.")] = None,
    trace: Annotated[bool, typer.Option(help="Tell what was taken out of each story and by which rule, on stderr.")] = False,
) -> None:
    """Page or text → one JSON story a line."""
    from pipeline.clean import left_out

    is_refused = False
    for path in files:
        try:
            data = path.read_bytes()
            stories = _stories(data, url, "any")
            for story in stories:
                print(to_json(_story_json(story, path)))
            if trace:
                print_trace(stories, left_out(data, None, stories) if _is_page(decode(data, None)) else [])
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
            for story in _stories(path.read_bytes(), None, wire or "any"):
                moment = given or story.published_at
                if moment is None:
                    raise CleanError("no_published_time", f"{path} states no published time: give --published")
                for event in extract_events(dataclasses.replace(story, published_at=moment, wire=wire or story.wire)):
                    print(to_json(_event_json(event, path)))
        except CleanError as error:
            err.print(f"communique: {path}: {error.detail} ({error.reason_code})", markup=False)
            is_refused = True
    raise typer.Exit(int(is_refused))


def _stories(data: bytes, url: str | None, wire: str) -> list[Story]:
    from pipeline.clean import clean_copy, clean_page, clean_text

    text = decode(data, None)
    raw = clean_page(data, None, "UTC", "en", dt.datetime.now(dt.UTC)) if _is_page(text) else clean_text(text)
    return clean_copy(raw, wire=wire, outlet=wire, url=url)


def _is_page(text: str) -> bool:
    return re.search(r"<(?:!doctype html|html|body|article|p|div)\b", text[:2000], re.IGNORECASE) is not None


def _story_json(story: Story, path: Path) -> dict[str, Any]:
    return {
        "headline": story.headline,
        "dateline": story.dateline,
        "byline": story.byline,
        "standfirst": story.standfirst,
        "section": story.section,
        "published_at": story.published_at,
        "language": story.language,
        "body": story.body,
        "captions": story.captions,
        "related": story.related,
        "wire": story.wire,
        "genre": story.genre,
        "signal": story.signal,
        "date_basis": story.date_basis,
        "modified_at": story.modified_at,
        "input": str(path),
    }


def _event_json(event: Event, path: Path) -> dict[str, Any]:
    import dataclasses

    data = dataclasses.asdict(event)
    first = event.evidence[0]
    data["evidence"] = {"sentence": first.sentence, "start": first.start, "end": first.end, "quote": first.quote}
    data["input"] = str(path)
    return data
