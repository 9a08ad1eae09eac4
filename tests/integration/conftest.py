"""The sample wire polled and coded, and stories that a test publishes one by one."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline import run
from pipeline.model import Batch
from tests.conftest import ROOT, Answer, Database, Web

BATCH = Batch("2026-03-09T08:15")


def _server_module() -> Any:
    spec = importlib.util.spec_from_file_location("sample_server", ROOT / "samples" / "server.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["sample_server"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sample_port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _server_module().Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def sample_feeds(tmp_path: Path, sample_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sample-feeds"
    folder.mkdir()
    for path in (ROOT / "samples" / "feeds").glob("*.toml"):
        (folder / path.name).write_text(path.read_text().replace("{port}", str(sample_port)))
    monkeypatch.setenv("COMMUNIQUE_FEEDS_DIRS", str(folder))
    monkeypatch.setenv("COMMUNIQUE_ALLOWED_HOSTS", f"127.0.0.1:{sample_port}")


@pytest.fixture
def polled(database: Database, sample_feeds: None) -> Database:
    for slugs in run.plan(BATCH):
        run.fetch(BATCH, slugs)
    return database


@pytest.fixture
def coded(polled: Database) -> Database:
    run.code_batch(BATCH)
    return polled


@pytest.fixture
def publish(web: Web, database: Database, feed_files: Callable[..., None]) -> Callable[..., dict[str, int]]:
    """Publishes one story of an outlet (its first hour is that of March 2, Tokyo time), polls it alone and codes the batch; gives what load counted."""

    def publish(
        batch: Batch, outlet: str, path: str, body: str, headline: str = "Japan condemns Russia over flight", hour: int = 10, wire: str = "kyodo"
    ) -> dict[str, int]:
        feed_files(outlet, f"{web.base}/{outlet}.rss", wire=wire)
        published = dt.datetime(2026, 3, 2, tzinfo=dt.timezone(dt.timedelta(hours=9))) + dt.timedelta(hours=hour)
        web.routes[path] = Answer(
            f'<html lang="en"><h1>{headline}</h1><time datetime="{published.isoformat()}"></time><div class="article-body">'
            f"{''.join(f'<p>{p}</p>' for p in body.split(chr(10) * 2))}</div></html>".encode(),
            headers={"Content-Type": "text/html"},
        )
        item = f"<item><title>{headline}</title><link>{web.base}{path}</link><pubDate>{format_datetime(published)}</pubDate></item>"
        web.routes[f"/{outlet}.rss"] = Answer(f"<rss version='2.0'><channel><title>t</title>{item}</channel></rss>".encode())
        for slugs in run.plan(batch, is_forced=True, only=[outlet]):
            run.fetch(batch, slugs, is_forced=True)
        return dict(run.code_batch(batch)[-1].counts)

    return publish
