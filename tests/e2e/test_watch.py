"""What watches over the warehouse, in Airflow: a load that waits for a person, alerts that reach somebody, data docs in the UI."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from pipeline.model import Batch
from tests.e2e.browser import browser, find_chromium
from tests.e2e.conftest import Stack, add_stories, wait_until

KILLS = Batch("2026-03-08T10:00")


@pytest.fixture
def inbox() -> Iterator[tuple[int, list[dict[str, str]]]]:
    """A port that takes in what is posted to it, as JSON."""
    received: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], received
    server.shutdown()
    server.server_close()


def _withdraw_a_day(stack: Stack) -> tuple[str, int]:
    """Kills, by their own addresses, of all stories that report events of the busiest day; gives the day and its events."""
    ((day, count),) = stack.database.rows("select event_on::text, count(*)::int from warehouse.events_current group by 1 order by 2 desc limit 1")
    told = stack.database.rows(
        "select distinct s.url, s.headline, s.body from warehouse.story_current s join warehouse.events_current v using (story_id) where v.event_on = %s",
        day,
    )
    add_stories(stack, KILLS, [(str(url), f"KILL: {headline}", f"<p>{str(body).replace(chr(10) * 2, '</p><p>')}</p>") for url, headline, body in told])
    return str(day), int(str(count))


def test_a_load_that_would_end_a_day_waits_and_somebody_hears_of_it(stack: Stack, inbox: tuple[int, list[dict[str, str]]], tmp_path: Path) -> None:
    day, count = _withdraw_a_day(stack)
    assert count >= 25
    before = {table: rows for table, rows in stack.database.contents().items() if table.startswith("core.")}
    stack.api.trigger("replay_archive", KILLS.key[:10])
    coding = wait_until(lambda: next((r for r in stack.api.runs("code_events") if r["partition_key"] == KILLS.key[:10]), None), "the coding of the kills")
    path = f"/dags/code_events/dagRuns/{coding['dag_run_id']}"
    waiting = wait_until(
        lambda: next((t for t in [stack.api.call("GET", f"{path}/taskInstances/approve")] if t["state"] in ("awaiting_input", "deferred")), None),
        "the question",
    )
    assert waiting["state"] in ("awaiting_input", "deferred")
    assert {table: rows for table, rows in stack.database.contents().items() if table.startswith("core.")} == before
    assert stack.database.value("select detail from ops.quarantine where reason_code = 'ends_too_much' and status = 'open'")

    # The day's report says that a load is held, and the alert reaches whom the connection names.
    port, received = inbox
    extra = {"config": {"path": f"json://127.0.0.1:{port}/", "tag": "all"}}
    stack.api.call("POST", "/connections", {"connection_id": "communique_alerts", "conn_type": "apprise", "extra": json.dumps(extra)})
    stack.api.call("PATCH", "/dags/maintain_warehouse", {"is_paused": False})
    today = dt.datetime.now(dt.UTC).date().isoformat()
    watching = stack.api.trigger("maintain_warehouse", today)
    wait_until(lambda: stack.api.call("GET", f"/dags/maintain_warehouse/dagRuns/{watching}")["state"] == "failed", "the day to be judged")
    states = {t["task_id"]: t["state"] for t in stack.api.call("GET", f"/dags/maintain_warehouse/dagRuns/{watching}/taskInstances")["task_instances"]}
    assert states == {"watch": "success", "find_alerts": "success", "judge": "failed", "build_docs": "success"}
    (note,) = wait_until(lambda: [one for one in received if today in one["title"]], "the alert")
    assert "held_load_count is 1.00, over 0.00" in note["message"]

    # A person agrees.
    then = stack.database.value("select clock_timestamp()")
    stack.api.call("PATCH", f"{path}/taskInstances/approve/-1/hitlDetails", {"chosen_options": ["Approve"], "params_input": {}})
    wait_until(lambda: stack.api.call("GET", path)["state"] == "success", "the approved load")
    # What a story that was not withdrawn tells as well is kept.
    left = stack.database.rows("select event_id from warehouse.events_current where event_on = %s", day)
    assert len(left) <= 2 and all(stack.database.value("select count(*) from warehouse.event_mentions where event_id = %s", one) for (one,) in left)
    assert stack.database.value("select status from ops.quarantine where reason_code = 'ends_too_much'") == "released"
    assert stack.database.value("select count(*) from warehouse.events_as_of(%s) where event_on = %s", then, day) == count


def test_data_docs_are_in_the_ui_for_those_who_are_logged_in(stack: Stack, tmp_path: Path) -> None:
    pages = f"{stack.api.base}/communique/data-docs"
    assert requests.get(f"{pages}/", timeout=30).status_code == 401
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {stack.api.token}"
    answer = session.get(f"{pages}/", timeout=30)
    assert answer.status_code == 200 and "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for outside in ("%2e%2e/%2e%2e/%2e%2e/great_expectations.yml", "..%2f..%2f..%2fgreat_expectations.yml", "nothing.html"):
        assert session.get(f"{pages}/{outside}", timeout=30).status_code == 404, outside
    if find_chromium() is None:
        pytest.skip("chromium is not installed; `apt-get install chromium` brings it")
    pictures = Path(os.environ.get("COMMUNIQUE_PICTURES", tmp_path))
    today = dt.datetime.now(dt.UTC).date().isoformat()
    with browser(tmp_path / "profile") as page:
        page.call("Network.setCookie", name="_token", value=stack.api.token, url=stack.api.base)
        page.open(f"{pages}/")
        page.wait_for(today, "stories", "events")
        page.save(pictures / "data-docs.png")
        shown = next(p for p in (stack.home / "data_docs").rglob("*.html") if p.parent.parent.name == today and "stories" in p.name)
        page.open(f"{pages}/{shown.relative_to(stack.home / 'data_docs/gx/uncommitted/data_docs/local_site')}")
        page.wait_for("headline", "published_at", "word_count")
        page.save(pictures / "data-docs-stories.png")
        page.open(f"{stack.api.base}/plugin/data-docs")
        wait_until(lambda: page.evaluate("document.querySelector('iframe') !== null"), "the frame in the UI")
        page.save(pictures / "data-docs-in-airflow.png")
