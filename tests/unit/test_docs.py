"""Data docs: several days at once, and days that are long past."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

from pipeline.quality.docs import INDEX, KEEP_DAYS, SITE
from tests.conftest import ROOT

BUILD = """
import datetime as dt, sys
from pathlib import Path
from pipeline.model import Story
from pipeline.quality.docs import build_docs
moment = dt.datetime(2026, 3, 6, tzinfo=dt.UTC)
body = "Japan condemned North Korea on Monday for firing two missiles, the Japanese government said."
story = Story("Japan condemns launch", body, "en", "kyodo", "kyodo", "https://a.example/1", published_at=moment, date_basis="feed")
build_docs(Path(sys.argv[1]), dt.date.fromisoformat(sys.argv[2]), [("1#0", story)], [], moment)
"""


def test_days_are_built_side_by_side_and_old_ones_go(tmp_path: Path) -> None:
    old = dt.date(2026, 3, 6) - dt.timedelta(days=KEEP_DAYS + 1)

    def build(*days: dt.date) -> None:
        started = [subprocess.Popen([sys.executable, "-c", BUILD, str(tmp_path), day.isoformat()], cwd=ROOT, stdout=subprocess.DEVNULL) for day in days]
        assert [one.wait(180) for one in started] == [0] * len(days)

    def shown() -> list[str]:
        return sorted(path.parent.parent.name for path in (tmp_path / SITE / "validations").rglob("*.html"))

    build(old)
    assert shown() == [old.isoformat()]
    build(dt.date(2026, 3, 5), dt.date(2026, 3, 6))
    assert shown() == ["2026-03-05", "2026-03-06"]
    index = (tmp_path / SITE / INDEX).read_text("utf-8")
    assert "2026-03-05" in index and "2026-03-06" in index and old.isoformat() not in index
