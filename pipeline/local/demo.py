"""The main job from nothing: the sample wire (and the live feeds, where they can be reached) through Airflow."""

from __future__ import annotations

import datetime as dt
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from pipeline.errors import CommuniqueError
from pipeline.feeds import load_feeds
from pipeline.local.airflow import Api
from pipeline.local.postgres import LOADER, dsn
from pipeline.local.stack import start_sample_wire, up, write_sample_feeds
from pipeline.local.state import State
from pipeline.model import Batch
from pipeline.settings import PROJECT, load_settings
from pipeline.warehouse.sql import rows, transaction

RUN_S = 1200
"""Seconds that a run may take: live feeds are asked once a second a host, and a first poll has hundreds of pages."""
LIVE = PROJECT / "pipeline" / "feeds"


def demo(say: Callable[[str], None], with_live_feeds: bool) -> tuple[State, Batch, str]:
    """Starts everything, polls once, codes, and gives the state, the batch and a word on the live feeds.

    Raises CommuniqueError, naming the dag and the run, where a run does not end well.
    """
    state = State.open(load_settings().home)
    port = start_sample_wire(state)
    say(f"Sample wire: serving samples/ on http://127.0.0.1:{port}")
    folders = [write_sample_feeds(state, port)]
    reached, total = _reach() if with_live_feeds else ([], 0)
    if not with_live_feeds:
        live = "Live feeds: left out, as asked."
    elif reached:
        live = f"Live feeds: {len(reached)} of {total} hosts can be reached from here; they are polled like the sample wire."
        folders.append(str(LIVE))
    else:
        live = f"Live feeds: none of the {total} hosts can be reached from here; only the sample wire is polled."
    say(live)
    settings = {"COMMUNIQUE_FEEDS_DIRS": ":".join(folders), "COMMUNIQUE_ALLOWED_HOSTS": f"127.0.0.1:{port}", "COMMUNIQUE_HOST_DELAY_S": "0.05"}
    if reached:
        settings["COMMUNIQUE_HOST_DELAY_S"] = "1"
    up(say, settings)
    state = State.open(state.home)
    api = Api(state)
    batch = Batch.live(dt.datetime.now(dt.UTC))
    say(f"ingest_wire: polling the feeds for {batch.key}")
    ingest = api.trigger("ingest_wire", batch.key, {"is_forced": True})
    _wait(api, "ingest_wire", lambda run: run["dag_run_id"] == ingest)
    if _has_uncoded(state):
        say("code_events: clean, dedupe, validate, extract, validate, load")
        _wait_coded(api, state)
    else:
        say("Nothing new came: the events are those of the last run that brought some")
    return state, _last_coded(state) or batch, live


def _has_uncoded(state: State) -> bool:
    """Whether an item has yet to be coded: of this run, or of one that the schedule started beside it."""
    with transaction(dsn(state, LOADER)) as cursor:
        return bool(rows(cursor, "has_uncoded")[0][0])


def _last_coded(state: State) -> Batch | None:
    """The newest batch that was loaded with something in it."""
    with transaction(dsn(state, LOADER)) as cursor:
        found = rows(cursor, "find_last_coded")
    return Batch(found[0][0]) if found else None


def _wait_coded(api: Api, state: State) -> None:
    """Waits until every item is coded and no coding runs. Raises CommuniqueError where one failed or none ends."""
    deadline = time.monotonic() + RUN_S
    while time.monotonic() < deadline:
        states = [run["state"] for run in api.runs("code_events")]
        if states and not _has_uncoded(state) and not {"queued", "running"} & set(states):
            return
        if states and states[0] == "failed":
            raise CommuniqueError(f"code_events failed: open {api.base}/dags/code_events and look at the red task's log")
        time.sleep(0.5)
    raise CommuniqueError(f"code_events did not end within {RUN_S} s: open {api.base}/dags/code_events")


def _reach() -> tuple[list[str], int]:
    """Hosts of the live feeds that accept a connection within 3 s."""
    hosts = sorted({urlsplit(feed.url).hostname or "" for feed in load_feeds([LIVE]).values()})

    def is_open(host: str) -> bool:
        try:
            with socket.create_connection((host, 443), timeout=3):
                return True
        except OSError:
            return False

    # Not waited for beyond 10 s in all: a resolver that does not answer must not hold up the demo.
    pool = ThreadPoolExecutor(len(hosts))
    answers = [(host, pool.submit(is_open, host)) for host in hosts]
    deadline = time.monotonic() + 10
    reached = []
    for host, answer in answers:
        try:
            if answer.result(max(0.0, deadline - time.monotonic())):
                reached.append(host)
        except TimeoutError:
            continue
    pool.shutdown(wait=False, cancel_futures=True)
    return reached, len(hosts)


def _wait(api: Api, dag_id: str, is_it: Callable[[dict[str, str]], bool]) -> None:
    deadline = time.monotonic() + RUN_S
    while time.monotonic() < deadline:
        runs: Sequence[dict[str, str]] = [run for run in api.runs(dag_id) if is_it(run)]
        if runs and all(run["state"] == "success" for run in runs):
            return
        if any(run["state"] == "failed" for run in runs):
            raise CommuniqueError(f"{dag_id} failed: open {api.base}/dags/{dag_id} and look at the red task's log")
        time.sleep(0.5)
    raise CommuniqueError(f"{dag_id} did not end within {RUN_S} s: open {api.base}/dags/{dag_id}")
