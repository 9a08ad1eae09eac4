"""Sentences, short parses, and what explains an event."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.coder.codebook import codebook_page
from pipeline.coder.evaluate import load_gold
from pipeline.coder.explain import Explained, Told, explain
from pipeline.coder.language import load_language
from pipeline.coder.mentions import find_mentions
from pipeline.coder.parties import Discourse
from pipeline.coder.sentences import Sentence, _tokens, parse_sentences, split_sentences
from pipeline.local.report import mark_quote
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The U.S. envoy met Gen. Phan. Both left.", 2), ("He arrived at 6 a.m. on Monday.", 1), ("“No.” That was all. “We agree,” she said.", 3),
        ("Dr. Ana Ruiz, Jr., spoke at No. 10. It rained.", 2), ("On Jan. 5 they met", 1), ("What now? Nothing! Yes.", 3), ("", 0), ("  \n ", 0),
    ],
)  # fmt: skip
def test_sentences(text: str, count: int) -> None:
    found = list(split_sentences(text))
    assert len(found) == count
    assert all(text[s.start : s.start + len(s.text)] == s.text for s in found)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_offsets_of_any_text(text: str) -> None:
    assert all(text[s.start : s.start + len(s.text)] == s.text for s in split_sentences(text))


def test_tokens_are_the_tokenizers() -> None:
    nlp = load_language()
    bodies = [story.text.body for story in load_gold(ROOT / "samples" / "gold" / "develop.jsonl")]
    odd = ["a  b\tc\n d\u00a0e ... 'tis 10km/h, e.g. can't\u2014won't (U.S.) x:) http://a.example/b?c=d 3,000. ", "", " ", "\u200b\u2028"]
    for text in [*bodies[::10], *odd]:
        assert [*_tokens(text)] == [(t.idx, t.idx + len(t.text)) for t in nlp.make_doc(text) if not t.is_space], text


def test_a_name_is_one_word_to_the_parser_and_knows_its_place() -> None:
    sentence = Sentence(0, "German Chancellor Eva Brandt phoned the president of Chile's cousin in U.S. waters.")
    (parsed,) = parse_sentences([(sentence, find_mentions(sentence.text, Discourse(on=dt.date(2026, 3, 3))))])
    words = {t.text: sentence.text[parsed.starts[t.i] : parsed.ends[t.i]] for t in parsed.line}
    assert words["Brandt"] == "German Chancellor Eva Brandt"
    assert parsed.words(0, len(parsed.line) - 1) == sentence.text
    assert [t.text for t in parsed.within(0, 5)] == ["Brandt"]


def test_the_tree_of_a_sentence_has_no_rings() -> None:
    (parsed,) = parse_sentences([(Sentence(0, "Japan condemned the launch of a missile."), [])])
    root = next(w for w in parsed.line if w.head is w)
    below = next(c for c in root.children if c.dep == "dobj")
    root.hang(below, "conj")  # would bite its tail
    assert root.head is root and below.head is root
    deepest = below.subtree[-1]
    deepest.hang(root, "advmod")
    assert deepest.head is root and root.children == sorted(root.children, key=lambda w: w.i) and deepest not in below.subtree
    assert sorted(w.i for w in root.subtree) == list(range(len(parsed.line)))


def test_mended_trees_have_no_rings() -> None:
    told = [line.split("\t")[2] for line in (ROOT / "tests" / "unit" / "wire_sentences.tsv").read_text("utf-8").splitlines()[1::4]]
    noise = [  # of noise, what once bit its own tail
        "OVER &AMP; . MONDAY LEADERS LAST THAT IN \u19ea\u0a46\u2910\u1cdc\u10bc\u188d\u136b\u20d7 WARNED COUNTERPART",
        "joint\u200bmet2026-03-02\u200b{}\nNo. Chinese \u201creference\tnever\u201c\u200bmissile\u200bKenU.S.from\nmet\tMinister\u200b",
    ]
    sentences = [sentence for text in (*told, *noise) for sentence in split_sentences(text)]
    for parsed in parse_sentences([(one, find_mentions(one.text, Discourse(home="JPN", on=dt.date(2026, 3, 3)))) for one in sentences]):
        for word in parsed.line:
            above, steps = word, 0
            while above.head is not above:
                above, steps = above.head, steps + 1
                assert steps < len(parsed.line), parsed.sentence.text
            assert word not in word.children and all(child.head is word for child in word.children), parsed.sentence.text


def test_an_event_is_explained() -> None:
    sentence = "On Monday, Japan condemned North Korea for its launch."
    told = Told(sentence, 17, 38, "condemn", "Japan condemns launch (https://kyodo.example/1)")
    event = Explained(
        "ev-1", "CONDEMN", "done", "2026-03-02 by weekday", 0.92, "abc", (("Japan", "Japan"),), (("North Korea", "North Korea"),), (), dt.date(2026, 3, 3),
        (told, Told(sentence, 17, 38, "model-accuse", "x"), Told(sentence, 17, 38, "copy", "x")),
    )  # fmt: skip
    text = explain(event)
    assert "<date On Monday>, [actor Japan] {act condemned (recipient North Korea)} for its launch." in text.replace(
        "<date Monday>", "<date On Monday>"
    ).replace("On <date On", "<date On")
    assert "codebook row condemn: verb" in text and "ACCUSE" in text and "a reprint" in text
    assert "PLOVER ACCUSE / disapprove (exact), CAMEO 111" in text


def test_the_codebook_page_is_made_from_the_tables() -> None:
    assert (ROOT / "docs" / "codebook.md").read_text("utf-8") == codebook_page(), "run: communique codebook > docs/codebook.md"


def test_the_demo_marks_the_quote() -> None:
    assert mark_quote("Japan [again] condemned it.", "condemned it") == "Japan \\[again] [bold]condemned it[/bold]."
    long = mark_quote("a " * 200 + "condemned" + " b" * 200, "condemned", 40)
    assert "[bold]condemned[/bold]" in long and long.startswith("…") and long.endswith("…")
    assert mark_quote("The Philippines condemned Tokyo again.", "condemned", 20) == "…[bold]condemned[/bold]…"
    assert mark_quote("The big Philippines condemned Tokyo again.", "condemned", 34) == "…Philippines [bold]condemned[/bold] Tokyo…"
    assert mark_quote(None, None) == "[bold][/bold]"
