"""The demo as a newcomer runs it, once for all tests: real scheduler, real Postgres, real UI."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.feeds import load_feeds
from pipeline.local import processes
from pipeline.local.airflow import Api
from pipeline.local.postgres import ADMIN, ANALYST, LOADER, dsn
from pipeline.local.state import State
from pipeline.model import Batch, Entry, Fetched, Origin
from pipeline.warehouse import feeds
from pipeline.warehouse.batches import start_run
from pipeline.warehouse.sql import transaction
from tests.conftest import ROOT, Database, open_folder

PATIENCE_S = 300


def communique(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_")} | {"COMMUNIQUE_HOME": str(home)}
    return subprocess.run([sys.executable, "-m", "pipeline.cli", *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=900)


@dataclass
class Stack:
    home: Path
    state: State
    output: str
    database: Database

    @property
    def api(self) -> Api:
        return Api(self.state)


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {PATIENCE_S} s for {what}"
        time.sleep(0.3)
    return found


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with open_folder() as folder:
        home = folder / "demo"
        demo = communique(home, "local", "demo", "--no-live")
        try:
            assert demo.returncode == 0, demo.stdout[-3000:] + demo.stderr[-3000:]
            state = State.open(home)
            yield Stack(home, state, demo.stdout + demo.stderr, Database(*(dsn(state, role) for role in (ADMIN, LOADER, ANALYST))))
        finally:
            started = [processes.find(home, name) for name in processes.names(home)]
            down = communique(home, "local", "down")
            assert down.returncode == 0, down.stderr
            assert not [pid for pid in started if pid and _environment(Path(f"/proc/{pid}"))]  # a zombie has none
            left = [p.name for p in Path("/proc").glob("[0-9]*") if str(home).encode() in _environment(p)]
            assert left == [], "down leaves no process behind"
            assert communique(home, "local", "clean").returncode == 0
            assert not home.exists()


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def add_stories(stack: Stack, batch: Batch, stories: Sequence[tuple[str, str, str]]) -> None:
    """Pages as (address, headline, HTML of the paragraphs) in raw, as a fetch of `sample-kyodo` would have left them."""
    now = dt.datetime.fromisoformat(batch.key).replace(tzinfo=dt.UTC)
    feed = load_feeds([stack.home / "feeds"])["sample-kyodo"]
    with transaction(stack.database.loader) as cursor:
        run_id = start_run(cursor, "fetch", batch, Origin(), feed.slug)
        document = feeds.save_fetched(cursor, feed.slug, "feed", Fetched(feed.url, "ok", "", now, 1, feed.url, 200, {}, batch.key.encode()), run_id)
        assert document is not None
        entries = [Entry(f"{batch.key} {url}", url, headline, "", None, now.isoformat(), now) for url, headline, _ in stories]
        feeds.save_items(cursor, feed, entries, document, batch, now, run_id)
        texts = {url: f'<html lang="en"><h1>{headline}</h1><div class="article-body">{text}</div></html>'.encode() for url, headline, text in stories}
        for item_id, url, _ in feeds.find_pending_pages(cursor, feed.slug, now):
            page_id = feeds.save_fetched(cursor, feed.slug, "page", Fetched(url, "ok", "", now, 1, url, 200, {"content-type": "text/html"}, texts[url]), run_id)
            feeds.save_page(cursor, item_id, page_id, "fetched", "ok", None, batch)
