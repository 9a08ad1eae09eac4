"""Whatever text comes is in the table as it came, less NUL, which Postgres has no place for."""

from __future__ import annotations

import datetime as dt
from array import array

import psycopg2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Event, Evidence, Party, Place, Quantity
from pipeline.warehouse.copying import composite, copy_packed, copy_rows, pack_numbers
from pipeline.warehouse.sql import adapt
from pipeline.warehouse.versions import MENTION_COLUMNS, VERSION_COLUMNS, Version, Words, content_sha256, mention_rows, version_rows
from tests.conftest import Database

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "NULL", "\\N", "\\.", "a\tb\nc\rd", '{"x","y"}', '(a,"b")', "\\", '"', ",", " ", "\0", "a\0b", "\\u0000", "\\\0", "\\\\u0000\0"]
)
ROW = st.tuples(
    TEXT | st.none(), st.lists(TEXT, max_size=3), st.lists(st.tuples(TEXT, TEXT | st.none()), max_size=2), st.integers(-(2**31), 2**31 - 1), st.floats(allow_nan=False),
    st.booleans(), st.dates(dt.date(1, 1, 1)), st.datetimes(dt.datetime(1900, 1, 1), timezones=st.just(dt.UTC)), st.dictionaries(TEXT, TEXT, max_size=2),
)  # fmt: skip


def test_copy_keeps_every_character(database: Database) -> None:
    connection = psycopg2.connect(database.admin)
    cursor = connection.cursor()
    cursor.execute(
        "set timezone to 'UTC'; create temporary table kept (n int, t text, a text[], p core.party[], i int, f float8, b bool, d date, m timestamptz, j jsonb)"
    )

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ROW, min_size=1, max_size=4))
    def check(rows: list[tuple[object, ...]]) -> None:
        cursor.execute("truncate kept")
        sent = [
            (n, t, a, [composite("actor", None, name, text, None, "GOV") for name, text in p], i, f, b, d, m, j)  # type: ignore[attr-defined]
            for n, (t, a, p, i, f, b, d, m, j) in enumerate(rows)
        ]
        assert copy_rows(cursor, "kept", ("n", "t", "a", "p", "i", "f", "b", "d", "m", "j"), sent) == len(rows)
        cursor.execute(
            "select t, a, (select jsonb_agg(jsonb_build_array(x.name, x.text, x.role, x.sector)) from unnest(p) x), i, f, b, d, m, j from kept order by n"
        )
        for (t, a, p, *rest, j), got in zip(rows, cursor.fetchall(), strict=True):
            clean = [None if one is None else one.replace("\0", "") for one in (t, *a)]  # type: ignore[misc, union-attr]
            assert [got[0], *got[1]] == clean
            assert (got[2] or []) == [[name.replace("\0", ""), text and text.replace("\0", ""), None, "GOV"] for name, text in p]  # type: ignore[attr-defined]
            assert list(got[3:8]) == rest
            if len({k.replace("\0", "") for k in j}) == len(j):  # type: ignore[attr-defined]
                assert got[8] == {k.replace("\0", ""): v.replace("\0", "") for k, v in j.items()}  # type: ignore[attr-defined]

    check()
    connection.close()


def test_numbers_go_in_sorted_and_whole(database: Database) -> None:
    connection = psycopg2.connect(database.admin)
    cursor = connection.cursor()
    cursor.execute("create temporary table numbers (place int generated always as identity, hash bigint, story_id bigint)")
    big = st.integers(-(2**63), 2**63 - 1)

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.tuples(big, big), max_size=40))
    def check(pairs: list[tuple[int, int]]) -> None:
        cursor.execute("truncate numbers")
        columns = {"hash": array("q", [h for h, _ in pairs]), "story_id": array("q", [s for _, s in pairs])}
        copy_packed(cursor, "numbers", list(columns), pack_numbers(columns))
        cursor.execute("select hash, story_id from numbers order by place")
        assert cursor.fetchall() == sorted(pairs)

    check()
    connection.close()


def test_rows_of_events_and_mentions_keep_every_character(database: Database) -> None:
    """They are put together from parts that are made once: whatever text a story has, each stands in its own column."""
    connection = psycopg2.connect(database.admin)
    cursor = connection.cursor()
    cursor.execute("create temporary table v as table core.event_version with no data; create temporary table m as table core.event_mention with no data")
    words = TEXT.map(lambda text: text.replace("\0", ""))
    parties = st.lists(st.builds(Party, words, words, st.sampled_from(["JPN", "TUR", None]), words | st.none(), words | st.none()), max_size=3).map(tuple)
    evidence = st.builds(Evidence, words, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), words, words)
    events = st.builds(
        Event, words, st.just("AID_PLEDGED"), st.just("AID"), words | st.none(), st.just("033"), st.just(1), st.none(), st.sampled_from([None, -9.5, 3.4]), st.none(),
        st.just("done"), st.booleans(), words, parties, parties, parties, st.dates(dt.date(1, 1, 1)) | st.none(), st.none(), st.just("day"), words,
        st.builds(Place, words, st.sampled_from(["TUR", None]), st.floats(-90, 90), st.none()) | st.none(),
        st.lists(st.builds(Quantity, words, st.integers(0, 9), words, st.just("increment"), st.booleans(), words), max_size=2).map(tuple),
        st.lists(words, max_size=2).map(tuple), st.lists(evidence, max_size=2).map(tuple), st.floats(0, 1, width=32), words,
    )  # fmt: skip

    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(events, min_size=1, max_size=3), words, words | st.none())
    def check(found: list[Event], note: str, parent_id: str | None) -> None:
        cursor.execute("truncate v, m")
        moment = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
        known: set[Words] = set()
        versions = [Version(e.event_id, n, moment, "new", note, 7, 2, e, parent_id) for n, e in enumerate(found)]
        copy_rows(cursor, "v", VERSION_COLUMNS, version_rows(versions, known, 5))
        cursor.execute(
            "select event_id, change_note, plover_mode, object_key, event_on, date_basis, place_name, place_country_code, place_latitude, coder_version,"
            " actors, recipients, implied, actor_names, recipient_names, contexts, parent_event_id, known_from, known_to = 'infinity', is_veiled, goldstein, run_id,"
            " (select jsonb_agg(jsonb_build_array(p.side, p.country_code, p.name, p.text, p.role, p.sector)) from unnest(parties) p),"
            " (select jsonb_agg(jsonb_build_array(q.measure, q.value, q.unit, q.is_approximate, q.text)) from unnest(quantities) q), content_sha256 from v order by version"
        )
        for e, got in zip(found, cursor.fetchall(), strict=True):
            sides = (("actor", e.actors), ("recipient", e.recipients), ("implied", e.implied))
            assert got == (
                e.event_id, note or None, e.plover_mode, e.object_key, e.date_start, e.date_basis, e.place and e.place.name, e.place and e.place.country,
                e.place and e.place.latitude, e.coder_version, *([p.country or p.name for p in side] for _, side in sides),
                [p.name for p in e.actors], [p.name for p in e.recipients], sorted(set(e.contexts)), parent_id or None, moment, True, bool(e.implied), e.goldstein, 5,
                [[side, p.country, p.name, p.text, p.role, p.sector] for side, parties in sides for p in parties] or None,
                [[q.measure, q.value, q.unit, q.is_approximate, q.text] for q in e.quantities] or None, content_sha256(e),
            )  # fmt: skip
        tellings = [(e.event_id, 7, 2, one, e.coder_version) for e in found for one in e.evidence]
        copy_rows(cursor, "m", MENTION_COLUMNS, mention_rows(tellings, known, 5))
        words = "event_id, start_char, end_char, quote, sentence_start, sentence_end, pattern_id, coder_version"
        cursor.execute(f"select {words} from v where quote is not null union all select {words} from m")
        first = [(e.event_id, 7, 2, e.evidence[0], e.coder_version) for e in found if e.evidence]
        kept = {
            (i, x.start, x.end): (i, x.start, x.end, x.quote, x.sentence_start, x.sentence_start + len(x.sentence), x.pattern_id, coder)
            for i, _, _, x, coder in reversed(first + tellings)
        }
        assert sorted(cursor.fetchall()) == sorted(kept.values())

    check()
    connection.close()


def test_lists_arrive_as_they_are(database: Database) -> None:
    connection = psycopg2.connect(database.admin)
    cursor = connection.cursor()

    @settings(max_examples=100, deadline=None)
    @given(st.lists(TEXT.map(lambda text: text.replace("\0", "")) | st.none(), max_size=4))
    def check(sent: list[str | None]) -> None:
        cursor.execute("select %(sent)s::text[]", {"sent": adapt(sent)})
        assert cursor.fetchall() == [(sent,)]

    check()
    moments = [dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC), dt.datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC)]
    cursor.execute(
        "select %s::timestamptz[], %s::date[], %s::bigint[], %s::real[]", [adapt(one) for one in (moments, [moments[0].date()], [-1, 2**62], [0.5, 1e30])]
    )
    assert cursor.fetchall() == [(moments, [moments[0].date()], [-1, 2**62], [0.5, 1e30])]
    connection.close()
