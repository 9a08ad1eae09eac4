"""Plain wire sentences, and short stories whose paragraphs `//` parts: every event of them is coded, and no other.

`events` of wire_sentences.tsv are dyads as `pipeline.coder.evaluate.triples` cuts them: actor, recipient (`-` for none) and
PLOVER class; of what is done together, the pair in order of the alphabet. `home` is the country of the dateline.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from pipeline.coder.code import code_text
from pipeline.coder.evaluate import triples
from pipeline.coder.text import Text


def sentences() -> list[dict[str, str]]:
    with Path(__file__).with_name("wire_sentences.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", sentences(), ids=lambda row: row["text"][:60])
def test_all_that_is_told_is_coded_and_nothing_else(row: dict[str, str]) -> None:
    events = code_text(Text(row["text"].replace(" // ", "\n\n"), dt.date(2025, 6, 4), (), None, row["home"] or None))
    found = {t for e in events for t in triples(e.event_type, *((p.country or p.name for p in side) for side in (e.actors, e.recipients)))}
    assert "; ".join(sorted(f"{actor}>{recipient or '-'} {plover}" for actor, recipient, plover in found)) == row["events"]
