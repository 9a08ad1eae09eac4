"""The command line as a shell sees it: output, errors, exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Answer, Database, Web

STORY = "Japan condemned North Korea on Monday for firing two missiles, the Japanese government said in Tokyo, and called the launches a threat to the region."
PAGE = f'<html lang="en"><h1>Japan condemns launch</h1><time datetime="2026-03-03T10:00:00+09:00"></time><article><p>TOKYO - {STORY}</p></article></html>'


def communique(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, arguments)], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=300
    )


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_the_users_story(shared: Path) -> None:
    path = shared / "seed" / "story.txt"
    (story,) = lines(communique("clean", path).stdout)
    assert set(story) >= {"headline", "dateline", "byline", "published_at", "language", "body", "captions", "related", "wire", "input"}
    assert story["body"].split() == (shared / "seed" / "clean.txt").read_text("utf-8").split()
    assert (story["wire"], story["input"]) == ("kyodo", str(path))
    done = communique("code", "--published", "2021-11-24T14:00:00Z", path)
    assert done.returncode == 0, done.stderr
    events = lines(done.stdout)
    gold = json.loads((shared / "seed" / "gold.json").read_text("utf-8"))
    must = {g["type"] for g in gold["events"] if g["tier"] == "must"}
    assert must <= {e["event_type"] for e in events}
    assert not [e for e in events if any(p["country"] == "CHN" for p in e["actors"] + e["recipients"])]
    assert set(events[0]) >= {
        "event_id", "event_type", "plover_type", "plover_mode", "cameo_code", "quad_plover", "quad_cameo", "goldstein", "status", "is_background", "object_key", "actors",
        "recipients", "implied", "date_start", "date_end", "date_precision", "date_basis", "place", "quantities", "contexts", "evidence", "confidence", "coder_version", "input",
    }  # fmt: skip
    assert set(events[0]["actors"][0]) == {"text", "name", "country", "role", "sector"}
    assert set(events[0]["evidence"]) == {"sentence", "start", "end", "quote"}
    for event in events:
        assert story["body"][event["evidence"]["start"] : event["evidence"]["end"]] == event["evidence"]["quote"]


def test_a_page_and_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.txt").write_text(f"Japan condemns launch\n\nTOKYO - {STORY}")
    first, second = lines(communique("clean", "--url", "https://a.example/1", tmp_path / "a.html", tmp_path / "b.txt").stdout)
    assert (first["headline"], first["dateline"]["place"], first["published_at"]) == ("Japan condemns launch", "Tokyo", "2026-03-03T01:00:00+00:00")
    assert second["headline"] == "Japan condemns launch" and second["body"] == first["body"] == STORY
    events = lines(communique("code", "--wire", "kyodo", tmp_path / "a.html").stdout)
    assert [(e["event_type"], e["date_start"]) for e in events] == [("CONDEMN", "2026-03-02"), ("MISSILE_TEST", "2026-03-02")]


def test_input_that_is_refused_gives_1_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("Too short.")
    (tmp_path / "good.txt").write_text(STORY)
    done = communique("clean", tmp_path / "bad.txt", tmp_path / "good.txt")
    assert done.returncode == 1 and len(lines(done.stdout)) == 1
    (line,) = done.stderr.strip().splitlines()
    assert "bad.txt" in line and "no_story" in line
    undated = communique("code", tmp_path / "good.txt")
    assert undated.returncode == 1 and "give --published" in undated.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "/nowhere.txt"],
        ["code", "--published", "soon", __file__],
        ["nonsense"],
        ["run", "--since", "soon"],
        ["quarantine", "show"],
        ["run", "--feed", "no-such-feed"],
    ],
)
def test_usage_errors_give_2(database: Database, arguments: list[str]) -> None:
    done = communique(*arguments)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("communique: ") and "--help says more" in line


def test_a_missing_setting_is_one_line(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_")} | {"COMMUNIQUE_HOME": str(tmp_path / "none")}
    done = subprocess.run([sys.executable, "-m", "pipeline.cli", "db", "status"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert "COMMUNIQUE_DSN is not set" in line


def test_the_main_job_and_quarantine(web: Web, database: Database, feed_files: Any, tmp_path: Path) -> None:
    feed_files("one", web.base + "/one")
    feed_files("two", web.base + "/two")
    item = "<item><title>Japan condemns launch</title><link>{}/page</link><pubDate>Tue, 03 Mar 2026 10:00:00 +0900</pubDate></item>"
    web.routes["/one"] = Answer(f"<rss version='2.0'><channel><title>t</title>{item.format(web.base)}</channel></rss>".encode())
    web.routes["/two"] = Answer(b"this is no feed")
    web.routes["/page"] = Answer(PAGE.encode(), headers={"Content-Type": "text/html"})
    done = communique("run")
    assert done.returncode == 1 and "quarantine list" in done.stderr
    reports = lines(done.stdout)
    assert [r["stage"] for r in reports] == ["fetch", "clean", "dedupe", "validate_stories", "extract", "validate_events", "load"]
    assert reports[-1]["counts"]["events_new"] == 2
    (waiting,) = lines(communique("quarantine", "list").stdout)
    assert (waiting["stage"], waiting["reason_code"], waiting["feed_slug"]) == ("parse", "not_a_feed", "two")
    (shown,) = lines(communique("quarantine", "show", str(waiting["quarantine_id"])).stdout)
    assert shown["begins"] == "this is no feed"
    assert communique("quarantine", "show", "--raw", str(waiting["quarantine_id"])).stdout == "this is no feed"
    assert communique("quarantine", "replay", str(waiting["quarantine_id"])).returncode == 1  # still no feed
    feed = f"<rss version='2.0'><channel><title>t</title>{item.format(web.base)}</channel></rss>"
    database.rows("update raw.document_bytes b set bytes = %s from ops.quarantine q where q.document_id = b.document_id", feed.encode())
    assert communique("quarantine", "replay").returncode == 0
    assert database.rows("select status from ops.quarantine") == [("released",)]
    assert database.value("select count(*) from raw.item where feed_slug = 'two'") == 1
    only = communique("run", "--feed", "one")
    assert only.returncode == 0 and [r["stage"] for r in lines(only.stdout)].count("fetch") == 1
    since = communique("run", "--since", "2026-11-01")
    assert since.returncode == 0, since.stderr
    status = {row["what"]: row["count"] for row in lines(communique("db", "status").stdout)}
    assert (status["stories"], status["events"], status["quarantined"]) == (1, 2, 0)
    answer = communique("db", "psql", "--", "-At", "-c", "select event_type from warehouse.events_current order by 1")
    assert answer.stdout.split() == ["CONDEMN", "MISSILE_TEST"]
    assert communique("db", "migrate").returncode == 0
