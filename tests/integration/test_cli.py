"""The command line as a shell sees it: output, errors, exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samples.pages import develop_pages
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


def test_what_cleaning_took_out_is_told(tmp_path: Path) -> None:
    (page,) = [p for p in develop_pages() if p.name == "ap-1"]
    (tmp_path / "page.html").write_bytes(page.html)
    done = communique("clean", "--trace", str(tmp_path / "page.html"))
    assert done.returncode == 0 and json.loads(done.stdout)["dateline"]["place"] == "Naha"
    told = done.stderr
    assert "page/headline" in told and "any/furniture/2" in told and "dateline" in told and "published time is from: meta" in " ".join(told.split())
    assert "Around the article" in told and "By MARI ENDO" in told


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
        ["run", "--since", "2999-01-01"],
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
    again = communique("run", "--since", "2000-01-01")  # only days with items are coded, not the ten thousand between
    assert again.returncode == 0 and {r["batch_key"] for r in lines(again.stdout)} == {"2026-03-03"}, again.stderr
    nothing = communique("run", "--since", "2026-03-04")
    assert nothing.returncode == 0 and nothing.stdout == "" and "no items are stored from 2026-03-04 on" in nothing.stderr
    status = {row["what"]: row["count"] for row in lines(communique("db", "status").stdout)}
    assert (status["stories"], status["events"], status["quarantined"]) == (1, 2, 0)
    answer = communique("db", "psql", "--", "-At", "-c", "select event_type from warehouse.events_current order by 1")
    assert answer.stdout.split() == ["CONDEMN", "MISSILE_TEST"]
    assert communique("db", "migrate").returncode == 0


def test_relate_and_its_measure(tmp_path: Path) -> None:
    file = tmp_path / "marked.tsv"
    file.write_text(
        "id\tmarked_sentence\tgold_root\tgold_penta\n"
        "1\t<s>Peru</s> accused <t>Chile</t> of fishing in its waters.\tACCUSE\t3\n"
        "2\t<s>Norway</s> bombed <t>the rebels</t> near the coast.\tASSAULT\t4\n"
        "3\t<s>Ghana</s> and <t>Togo</t> agreed to build a bridge.\tASSAULT\t4\n"
    )
    done = communique("relate", file)
    assert done.returncode == 0, done.stderr
    header, *rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert header == ["id", "marked_sentence", "gold_root", "gold_penta", "root", "penta", "confidence"]
    assert [r[4:6] for r in rows] == [["ACCUSE", "3"], ["ASSAULT", "4"], ["AGREE", "1"]] and all(0 < float(r[6]) <= 1 for r in rows)
    measured = communique("evaluate", "relate", file)
    assert measured.returncode == 0, measured.stderr
    (summary,) = lines(measured.stdout)
    assert (summary["sentences"], summary["root_micro_f1"], summary["penta_micro_f1"]) == (3, 0.6667, 0.6667)
    assert "ASSAULT" in measured.stderr and summary["sentences_per_second"] > 0
    file.write_text("marked_sentence\nnobody is marked\n")
    refused = communique("relate", file)
    assert refused.returncode == 1 and "marked.tsv:2" in refused.stderr and "Traceback" not in refused.stderr


def test_the_coders_measure() -> None:
    done = communique("evaluate", "code", ROOT / "samples" / "gold" / "held_out.jsonl")
    assert done.returncode == 0, done.stderr
    (summary,) = lines(done.stdout)
    assert summary["stories"] == 48 and 0.5 < summary["micro_f1"] <= 1 and summary["unsupported_ratio"] < 0.05
    assert {"precision", "recall", "macro_f1", "with_mode_and_date_f1", "expected_calibration_error", "stories_per_second"} <= set(summary)
    assert "missed" not in done.stderr and "missed" in communique("evaluate", "code", "--errors", ROOT / "samples" / "gold" / "develop.jsonl").stderr


def test_the_codebook_is_printed() -> None:
    assert communique("codebook").stdout == (ROOT / "docs" / "codebook.md").read_text("utf-8")


def test_an_event_is_explained(web: Web, database: Database, feed_files: Any) -> None:
    feed_files("one", web.base + "/one")
    item = f"<item><title>Japan condemns launch</title><link>{web.base}/page</link><pubDate>Tue, 03 Mar 2026 10:00:00 +0900</pubDate></item>"
    web.routes["/one"] = Answer(f"<rss version='2.0'><channel><title>t</title>{item}</channel></rss>".encode())
    web.routes["/page"] = Answer(PAGE.encode(), headers={"Content-Type": "text/html"})
    assert communique("run").returncode == 0
    event_id = database.value("select event_id from warehouse.events_current where event_type = 'CONDEMN'")
    done = communique("explain", str(event_id))
    assert done.returncode == 0, done.stderr
    assert "[actor Japan] {act condemned (recipient North Korea) <date on Monday> for firing" in done.stdout
    assert f"{event_id}  CONDEMN: " in done.stdout and "codebook row condemn: verb" in done.stdout and "Japan condemns launch" in done.stdout
    assert communique("explain", "ev-nothing").returncode == 2


def test_a_users_actor_file(tmp_path: Path) -> None:
    (tmp_path / "mine.tsv").write_text("holder\taliases\tof\trole\tfrom_on\tuntil_on\nAsel Nurova\tNurova\tKGZ\tforeign_minister\t2024-01-01\t\n")
    (tmp_path / "story.txt").write_text(
        "Nurova speaks\n\nNurova condemned Japan on Monday, an official said in Geneva, and flew home to tell the cabinet of the talks."
    )
    arguments = ("code", "--published", "2026-03-03T10:00:00Z", tmp_path / "story.txt")
    assert lines(communique(*arguments).stdout) == []
    known = lines(communique(*arguments, COMMUNIQUE_ACTOR_FILES=str(tmp_path / "mine.tsv")).stdout)
    assert [(e["event_type"], e["actors"][0]["country"]) for e in known if e["event_type"] == "CONDEMN"] == [("CONDEMN", "KGZ")]
    lost = communique(*arguments, COMMUNIQUE_ACTOR_FILES=str(tmp_path / "none.tsv"))
    assert lost.returncode == 2 and "COMMUNIQUE_ACTOR_FILES" in lost.stderr
