"""Who holds which office when, users' own actor files, and PETRARCH's dictionaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.coder import actors, lexicon
from pipeline.coder.actors import find_actor, known_actors
from pipeline.coder.code import code_text
from pipeline.coder.mentions import find_mentions
from pipeline.coder.parties import Discourse
from pipeline.coder.tables import countries, read_table
from pipeline.coder.text import Text
from pipeline.errors import DataFileError, SettingError
from pipeline.settings import load_settings


@pytest.fixture
def fresh() -> Iterator[None]:
    """Caches emptied before and after: actor files are read once a process."""

    def empty() -> None:
        actors.known_actors.cache_clear()
        lexicon.names.cache_clear()

    empty()
    yield
    empty()


def who(text: str, on: dt.date, home: str | None = None) -> list[tuple[str, str | None]]:
    return [(p.key, p.role) for m in find_mentions(text, Discourse(home=home, on=on)) for p in m.parties]


@pytest.mark.parametrize(
    ("name", "on", "country", "role"),
    [
        ("Kishida", dt.date(2023, 5, 1), "JPN", "head_of_government"), ("Kishida", dt.date(2025, 5, 1), "JPN", "former_head_of_government"),
        ("Trump", dt.date(2018, 5, 1), "USA", "head_of_state"), ("Trump", dt.date(2022, 5, 1), "USA", "former_head_of_state"),
        ("Trump", dt.date(2025, 5, 1), "USA", "head_of_state"), ("Zelenskiy", dt.date(2024, 1, 1), "UKR", "head_of_state"),
    ],
)  # fmt: skip
def test_an_office_has_dates(name: str, on: dt.date, country: str, role: str) -> None:
    party = find_actor(name, name, on)
    assert party is not None and (party.country, party.role) == (country, role)


def test_nobody_holds_an_office_before_its_time() -> None:
    assert find_actor("Milei", "Milei", dt.date(2019, 1, 1)) is None


def test_the_text_itself_goes_before_the_table() -> None:
    assert ("CHL", "head_of_government") in who("Chilean Prime Minister Fumio Kishida spoke.", dt.date(2023, 5, 1))


def test_offices_are_of_countries_or_bodies_that_exist_and_do_not_end_before_they_begin() -> None:
    bodies = {row["name"] for row in read_table("organisations")}
    for row in read_table("offices"):
        assert row["of"] in countries() or row["of"] in bodies, row
        assert not row["until_on"] or dt.date.fromisoformat(row["from_on"]) < dt.date.fromisoformat(row["until_on"]), row


def test_every_country_is_found_by_name_demonym_and_seat() -> None:
    forms = {
        "names": "{} accused Japan of meddling.",
        "demonyms": "The {} government said so.",
        "seats": "Officials in {} said so.",
    }
    shared = {"COG", "CHN", "TWN"}  # Congolese is rather of Kinshasa; the Republic of China is another
    for row in read_table("countries"):
        for column, sentence in forms.items():
            for name in filter(None, row[column].split("|")):
                found = who(sentence.format(name), dt.date(2025, 3, 3))
                assert row["country"] in shared or row["country"] in {key for key, _ in found}, (row["country"], name, found)


def test_a_users_table(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("holder\taliases\tof\trole\tfrom_on\tuntil_on\tsector\nAsel Nurova\tNurova\tKGZ\tforeign_minister\t2024-01-01\t\tGOV\n")
    monkeypatch.setenv("COMMUNIQUE_ACTOR_FILES", str(file))
    assert ("KGZ", "foreign_minister") in who("Nurova condemned Japan.", dt.date(2025, 1, 1))
    (event,) = code_text(Text("Nurova condemned Japan on Monday.", dt.date(2025, 3, 4)))
    assert [p.country for p in event.actors] == ["KGZ"]


def test_a_petrarch_dictionary(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "Phoenix.actors.txt"
    file.write_text(
        "# comment\nASHER_TORRES_ ; an invented president\n+TORRES_\n\t[BRAGOV >20200101]\n\t[BRAELI <20200101]\n\nBLUE_TIDE_MOVEMENT_ [BRAREB]  ; rebels\n"
    )
    monkeypatch.setenv("COMMUNIQUE_ACTOR_FILES", str(file))
    assert set(known_actors()) >= {"Asher Torres", "Torres", "Blue Tide Movement"}
    late, early = (find_actor("Torres", "Torres", dt.date(year, 6, 1)) for year in (2021, 2019))
    assert late is not None and early is not None and (late.country, late.sector, early.sector) == ("BRA", "GOV", "ELI")
    rebels = find_actor("Blue Tide Movement", "Blue Tide Movement", dt.date(2021, 6, 1))
    assert rebels is not None and (rebels.country, rebels.sector) == ("BRA", "REB")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.tsv", "holder\taliases\n", "the header lacks"),
        ("b.tsv", "holder\taliases\tof\trole\tfrom_on\tuntil_on\nX Y\t\tJPN\t\tyesterday\t\n", "b.tsv:2"),
        ("c.txt", "\t[JPNGOV]\n", "c.txt:1: a code before any name"),
        ("d.txt", "A_B_ [JPNGOV >20209999]\n", "d.txt:1"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content)
    monkeypatch.setenv("COMMUNIQUE_ACTOR_FILES", str(tmp_path / name))
    with pytest.raises(DataFileError, match=says):
        known_actors()


def test_a_missing_file_is_a_setting_error(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="COMMUNIQUE_ACTOR_FILES"):
        load_settings({"COMMUNIQUE_ACTOR_FILES": str(tmp_path / "none.tsv")})


def test_a_surname_that_is_a_town_too_is_the_person_of_the_story() -> None:
    text = Text(
        "The Japanese and Chinese foreign ministers, Naoki Ishimura and Gao Rui, met on Thursday.\n\nGao urged Japan to be prudent.", dt.date(2026, 3, 5)
    )
    assert [(e.actors[0].country, e.recipients[0].country) for e in code_text(text) if e.event_type == "URGE"] == [("CHN", "JPN")]
    text = Text("Mali condemned France on Thursday.\n\nGao urged Japan to be prudent.", dt.date(2026, 3, 5))
    assert [e.actors[0].country for e in code_text(text) if e.event_type == "URGE"] == ["MLI"]  # nobody of that name: the town, for its country
