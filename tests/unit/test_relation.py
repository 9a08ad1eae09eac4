"""The relation model, files of marked sentences, and pairs without a codebook row."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.coder.code import code_text
from pipeline.coder.evaluate import score_labels
from pipeline.coder.marked import read_marked, relate_rows
from pipeline.coder.relation import MODEL, PENTA, ROOTS, mark, relate
from pipeline.coder.text import Text
from pipeline.errors import DataFileError


def test_the_model_is_small_and_says_what_it_is() -> None:
    card = json.loads((MODEL / "relation.json").read_text("utf-8"))
    assert card["roots"] == ROOTS and len(ROOTS) == 15 and set(PENTA.values()) == {1, 2, 3, 4}
    assert sum(p.stat().st_size for p in MODEL.iterdir()) < 40e6


@pytest.mark.parametrize(
    ("sentence", "root"),
    [
        ("<s>Peru</s> accused <t>Chile</t> of fishing in its waters.", "ACCUSE"),
        ("<s>Norway</s> bombed positions of <t>the rebels</t> near the coast.", "ASSAULT"),
        ("<s>Portugal</s> sent food and medicine to <t>Mozambique</t>.", "AID"),
        ("<s>Ghana</s> and <t>Togo</t> agreed to build a bridge.", "AGREE"),
        ("<s>Iceland</s> urged <t>Norway</t> to reopen the port.", "REQUEST"),
        ("<t>Bolivian</t> diplomats were expelled by <s>Paraguay</s>.", "SANCTION"),
    ],
)
def test_plain_cases(sentence: str, root: str) -> None:
    (scores,) = relate([sentence])
    assert ROOTS[int(scores.argmax())] == root
    assert scores.sum() == pytest.approx(1)


def test_direction_is_read_from_the_marks_and_batches_do_not_mix() -> None:
    sentences = [f"<s>Peru</s> met <t>Chile</t> in town number {n}{' and spoke at length' * (n % 7)}." for n in range(70)]
    together = relate(sentences)
    alone = np.concatenate([relate([s]) for s in sentences[:5]])
    assert np.array_equal(together[:5], alone)
    assert mark("<s>A</s> met <t>B</t>.") == "[unused0] A [unused1] met [unused2] B [unused3] ."
    assert relate([]).shape == (0, 15)


def test_a_file_is_read_and_a_wrong_one_named(tmp_path: Path) -> None:
    file = tmp_path / "in.tsv"
    file.write_text("id\tmarked_sentence\n7\t<s>Peru</s> accused <s>and blamed</s> <t>Chile</t>.\n8\tOnly <s>Peru</s> is marked.\n")
    rows = list(relate_rows(read_marked(file)))
    assert [r.row["id"] for r in rows] == ["7", "8"] and rows[0].root == "ACCUSE" and rows[0].penta == 3
    file.write_text("marked_sentence\nnothing is marked\n")
    with pytest.raises(DataFileError, match=r"in\.tsv:2"):
        read_marked(file)
    file.write_text("sentence\nx\n")
    with pytest.raises(DataFileError, match="marked_sentence"):
        read_marked(file)


def test_examples_of_the_training_set_are_ours_and_well_formed() -> None:
    path = Path(__file__).parent.parent.parent / "training" / "examples.tsv"
    rows = read_marked(path, ("root",))
    assert len(rows) > 100 and {r["root"] for r in rows} == set(ROOTS)


def test_the_shipped_model_has_learned_its_data(shared: Path) -> None:
    """Not a measure of quality (it was trained on these): that the int8 model on disk is the one that was trained."""
    rows = read_marked(shared / "data" / "plv_train.tsv", ("gold_root",))
    tallies = score_labels([r["gold_root"] for r in rows], [r.root for r in relate_rows(rows)])
    assert sum(t.f1 for t in tallies.values()) / len(tallies) > 0.95


def test_a_verb_without_a_row_is_coded_by_the_model() -> None:
    events = code_text(Text("Japan egged South Korea on to sign the treaty on Monday.", dt.date(2026, 3, 3)))
    assert [(e.event_type, e.evidence[0].pattern_id) for e in events] == [("SUPPORT_ENDORSE", "model-support")]
    assert [[p.country for p in side] for e in events for side in (e.actors, e.recipients)] == [["JPN"], ["KOR"]]
