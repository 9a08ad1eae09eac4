"""What analysts read of the sample wire: as-of, lineage, pairs, sources, visits, agreements, aid, statements, others' columns."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import run
from pipeline.errors import CommuniqueError
from pipeline.warehouse.export import dictionary_page, export_view
from pipeline.warehouse.sql import transaction
from tests.conftest import ROOT, Database
from tests.integration.test_roles import BODY, FIRST, SECOND, THIRD


def test_as_of_gives_what_was_held(publish: Callable[..., dict[str, int]], database: Database) -> None:
    publish(FIRST, "kyodo", "/k/1", BODY)
    then = database.value("select clock_timestamp()")
    before = database.rows("select event_id, event_type, actors, recipients, event_on, status, evidence from warehouse.events_current order by 1")
    publish(SECOND, "kyodo", "/k/2", BODY.split("\n\n")[0].replace("12 million", "15 million"), "CORRECTED: Japan condemns Russia over flight")
    publish(THIRD, "kyodo", "/k/3", BODY.split("\n\n")[0], "KILL: Japan condemns Russia over flight")
    assert database.value("select count(*) from warehouse.events_current") == 0
    asked = "select event_id, event_type, actors, recipients, event_on, status, evidence from warehouse.events_as_of(%s) order by 1"
    assert database.rows(asked, then) == before and len(before) >= 3
    assert database.value("select count(*) from warehouse.events_as_of(now())") == 0
    assert database.value("select count(*) from warehouse.events_as_of('2000-01-01')") == 0


def test_every_event_has_its_lineage(coded: Database) -> None:
    assert coded.value("select count(*) from warehouse.event_lineage") == coded.value("select count(*) from core.event_version")
    assert (
        coded.value("select count(*) from warehouse.event_lineage where sha256 is null or fetch_run_id is null or load_run_id is null or feed_slug is null")
        == 0
    )


def test_friends_that_share_a_concern_are_no_enemies(coded: Database) -> None:
    """The joint concern of Japan and Vietnam about the South China Sea sets neither against the other."""
    together = coded.value(
        "select count(*) from warehouse.events_current where event_type = 'CONCERN_EXPRESSED' and 'JPN' = any(actors) and cardinality(actors) > 1"
    )
    assert together  # it is there
    hostile = "select count(*) from warehouse.dyads where source = 'JPN' and target in ('VNM', 'PHL') and class in ('ACCUSE', 'REQUEST') and not is_implied"
    assert coded.value(hostile) == 0
    assert coded.rows("select distinct target from warehouse.dyads where is_implied") == [("CHN",)]


def test_what_two_do_to_each_other_is_of_the_pair(publish: Callable[..., dict[str, int]], database: Database) -> None:
    """An exchange of fire has actors and no recipient; each is source and target, in the pairs, the days and GDELT's columns."""
    body = (
        "Thai and Cambodian troops exchanged artillery fire along their border on Monday, officials of both countries said, and thousands fled their villages.\n\n"
        "The guns fell silent in the afternoon. Nobody was reported hurt, but schools near the frontier stayed shut and buses took the old and the sick to the towns."
    )
    publish(FIRST, "kyodo", "/k/1", body, "Thai, Cambodian troops exchange fire")
    assert database.rows("select actors, recipients from warehouse.events_current where event_type = 'ARMED_CLASH'") == [(["THA", "KHM"], [])]
    both = [("KHM", "THA"), ("THA", "KHM")]
    assert database.rows("select source, target from warehouse.dyads where event_type = 'ARMED_CLASH' order by 1") == both
    assert database.rows("select source, target from warehouse.dyad_day where class = 'ASSAULT' order by 1") == both
    assert database.rows('select "Actor1CountryCode", "Actor2CountryCode" from warehouse.events_gdelt where "EventRootCode" = \'19\'') == [("KHM", "THA")]


def test_dyad_day_is_what_the_views_say(coded: Database) -> None:
    counted = (
        "select source, target, event_on, class, is_implied, count(distinct event_id) from warehouse.dyads"
        " where not is_background and event_on is not null group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5"
    )
    held = "select source, target, event_on, class, is_implied, event_count from warehouse.dyad_day order by 1, 2, 3, 4, 5"
    assert coded.rows(held) == coded.rows(counted)
    assert coded.value("select count(*) from warehouse.dyad_day") > 50
    assert coded.value("select min(source_count) from warehouse.dyad_day") == 1


def test_kinds_of_events_have_views_of_their_own(coded: Database) -> None:
    visits = coded.rows(
        "select visitors, hosts, from_on::text, until_on::text from warehouse.visits where 'VNM' = any(visitors) and status <> 'planned' and not is_background"
    )
    assert (["VNM"], ["JPN"], "2026-03-02", "2026-03-05") in [tuple(v) for v in visits]
    assert coded.value("select count(*) from warehouse.agreements where 'JPN' = any(parties) and 'VNM' = any(parties)") >= 2
    ((value, unit, kind),) = coded.rows("select value::int, unit, kind from warehouse.aid where 'TUR' = any(recipients) and event_type = 'AID_PLEDGED'")
    assert (value, unit, kind) == (3_000_000, "USD", "increment")
    assert coded.value("select bool_or(is_without_delivery) from warehouse.aid where 'TUR' = any(recipients)") is False  # a delivery followed
    assert coded.value("select bool_or(is_without_delivery) from warehouse.aid where 'PHL' = any(recipients)") is True
    rungs = dict(coded.rows("select event_type, rung from warehouse.statements where rung is not null group by 1, 2"))  # type: ignore[arg-type]
    assert rungs["CONDEMN"] == 3 and rungs["FORMAL_PROTEST"] == 4  # type: ignore[comparison-overlap]


def columns(database: Database, view: str) -> list[object]:
    return [name for (name,) in database.rows("select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 order by attnum", view)]


def test_the_columns_of_others(coded: Database) -> None:
    gdelt, polecat = columns(coded, "warehouse.events_gdelt"), columns(coded, "warehouse.events_polecat")
    assert len(gdelt) == 61 and (gdelt[0], gdelt[5], gdelt[25], gdelt[26], gdelt[29], gdelt[30], gdelt[34], gdelt[35], gdelt[51], gdelt[60]) == (
        "GLOBALEVENTID", "Actor1Code", "IsRootEvent", "EventCode", "QuadClass", "GoldsteinScale", "AvgTone", "Actor1Geo_Type", "ActionGeo_Type", "SOURCEURL",
    )  # fmt: skip
    assert len(polecat) == 40 and (polecat[0], polecat[7], polecat[15], polecat[23], polecat[33], polecat[39]) == (
        "Event ID", "Actor Name", "Recipient Name", "Placename", "Source", "Version",
    )  # fmt: skip
    assert coded.value('select count(*) - count(distinct "GLOBALEVENTID") from warehouse.events_gdelt') == 0
    assert (
        coded.value(
            "select count(*) from warehouse.events_gdelt where \"Actor1CountryCode\" = 'JPN' and \"Actor2CountryCode\" = 'PRK' and \"EventCode\" = '111'"
        )
        >= 1
    )
    assert coded.value("select count(*) from warehouse.events_polecat") > 50
    assert coded.rows('select "Actor Country", "Recipient Country" from warehouse.events_polecat where "Event Type" = \'SANCTION\' limit 1')


@pytest.fixture
def two_agencies(publish: Callable[..., dict[str, int]], database: Database) -> Database:
    """Kyodo tells of a condemnation over a flight, Reuters of the same a day later in other words."""
    publish(FIRST, "kyodo", "/k/1", BODY)
    own = (
        "MOSCOW, March 2 (Reuters) - Tokyo condemned Moscow on Monday, Japanese officials told reporters at a briefing on tents and blankets that have not come. "
        "Turkey waits for them, and for a speaker of the Japanese parliament."
    )
    publish(SECOND, "reuters", "/r/1", own, "Tents wait", hour=36, wire="reuters")
    return database


def test_reports_of_one_happening_count_as_sources_of_one_event(two_agencies: Database) -> None:
    condemned = (
        "select source_count, report_count, sources from warehouse.event_sources join warehouse.events_current using (event_id) where event_type = 'CONDEMN'"
    )
    assert {(count, tuple(sources)) for count, _, sources in two_agencies.rows(condemned)} == {(2, ("kyodo", "reuters"))}  # type: ignore[arg-type]
    assert two_agencies.value("select source_count from warehouse.dyad_day where source = 'JPN' and target = 'RUS' and class = 'ACCUSE'") == 2
    assert (
        two_agencies.value("select max(source_count) from warehouse.event_sources join warehouse.events_current using (event_id) where event_type <> 'CONDEMN'")
        == 1
    )
    ((reason,),) = two_agencies.rows("select reason from core.event_link")
    assert reason == "CONDEMN of the same parties, the same day, by kyodo and reuters"
    two_agencies.rows("update core.event_link set undone_at = now(), undone_reason = 'a test'")
    assert {count for count, *_ in two_agencies.rows(condemned)} == {1}
    run.code_batch(SECOND)
    assert two_agencies.value("select undone_at is not null from core.event_link") is True


def test_the_loader_can_count_days_and_not_undo_links(two_agencies: Database) -> None:
    with transaction(two_agencies.loader) as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("update core.event_link set undone_at = now()")


QUERIES = sorted((ROOT / "sql" / "queries").glob("*.sql"))
ANSWERS = ROOT / "tests" / "golden" / "queries"


def test_the_worked_questions_have_their_answers(coded: Database, request: pytest.FixtureRequest) -> None:
    """Each file runs as it stands for the analyst, and gives tests/golden/queries; `--write-answers` writes them anew, to be read before they are kept."""
    assert len(QUERIES) == 25
    wrong = []
    connection = psycopg2.connect(coded.analyst)
    for path in QUERIES:
        statement = path.read_text("utf-8")
        assert re.match(r"-- .+\?\n", statement), path.name
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.description
            lines = ["\t".join(column.name for column in cursor.description), *("\t".join(map(str, row)) for row in cursor.fetchall())]
        connection.rollback()
        answer = ANSWERS / f"{path.stem}.tsv"
        if request.config.getoption("--write-answers"):
            answer.parent.mkdir(exist_ok=True)
            answer.write_text("\n".join(lines) + "\n", "utf-8")
        elif answer.read_text("utf-8").splitlines() != lines:
            wrong.append(path.stem)
    connection.close()
    assert wrong == []


def test_a_view_is_exported_in_three_formats(coded: Database, tmp_path: Path) -> None:
    count = coded.value("select count(*) from warehouse.events_current")
    for kind in ("parquet", "csv", "jsonl"):
        assert export_view(coded.analyst, "events_current", kind, tmp_path / f"e.{kind}") == count  # type: ignore[arg-type]
    table = pq.read_table(tmp_path / "e.parquet")
    assert table.num_rows == count and table.schema.field("actors").type == pa.list_(pa.string()) and table.schema.field("event_on").type == pa.date32()
    with (tmp_path / "e.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text().splitlines()]
    by_id = {row["event_id"]: row for row in table.to_pylist()}
    assert {r["event_id"] for r in rows} == {one["event_id"] for one in lines} == set(by_id)
    for one in lines:
        assert by_id[one["event_id"]]["actors"] == one["actors"] and str(by_id[one["event_id"]]["event_on"]) == str(one["event_on"])
    assert export_view(coded.analyst, "events_current", "csv", tmp_path / "none.csv", dt.datetime(2099, 1, 1, tzinfo=dt.UTC)) == 0
    assert export_view(coded.analyst, "visits", "csv", tmp_path / "v.csv", dt.datetime(2026, 3, 5, tzinfo=dt.UTC)) < coded.value(
        "select count(*) from warehouse.visits"
    )  # type: ignore[operator]
    with pytest.raises(CommuniqueError, match="there is no view events; there are: agreements"):
        export_view(coded.analyst, "events", "csv", tmp_path / "x.csv")
    with pytest.raises(CommuniqueError, match="no column that says since when"):
        export_view(coded.analyst, "event_sources", "csv", tmp_path / "x.csv", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_the_dictionary_is_made_from_the_comments(database: Database) -> None:
    assert (ROOT / "docs" / "warehouse.md").read_text("utf-8") == dictionary_page(database.analyst), "run: communique db dictionary > docs/warehouse.md"
