"""Cleaning of whole pages, measured: our sixty wire pages, and the public benchmark where it is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from trafilatura.utils import load_html

from pipeline.clean import clean_copy, clean_page, left_out
from pipeline.clean.body import main_text
from pipeline.clean.evaluate import read_benchmark, score_page, summary
from pipeline.errors import CleanError, DataFileError
from samples.pages import develop_pages, held_out_pages, score
from tests.unit.test_clean import NOW


@pytest.mark.parametrize("pages", [develop_pages(), held_out_pages()], ids=["develop", "held-out"])
def test_wire_pages(pages: list[object]) -> None:
    figures = score(pages)  # type: ignore[arg-type]
    assert figures["pages"] == 30
    assert figures["headline"] >= 0.98 and figures["dateline"] >= 0.97 and figures["published"] >= 0.98
    assert figures["paragraph_precision"] >= 0.98 and figures["paragraph_recall"] >= 0.98


def test_public_benchmark(shared: Path) -> None:
    scores = []
    for _, page, wanted in read_benchmark(shared / "data" / "article-extraction-benchmark"):
        scores.append(score_page(wanted, "\n".join(clean_page(page, None, "UTC", "en", NOW).paragraphs)))
    figures = summary(scores)
    assert figures["pages"] == 181
    assert figures["f1"] >= 0.97 and figures["exact"] >= 0.42


def test_the_measure() -> None:
    text = "one two three four five six"
    assert score_page(text, text).is_exact
    half = score_page(text, "one two three four")
    assert (half.precision, half.recall) == (1.0, pytest.approx(1 / 3))
    assert score_page(text, "").recall == 0 and score_page("", "").is_exact
    assert summary([score_page(text, text), score_page(text, "a b c d")]) == {"pages": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5, "exact": 0.5}


def test_a_folder_that_is_no_benchmark(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="not a benchmark"):
        list(read_benchmark(tmp_path))


LONG = "Delegates of the two coastal states spent the whole of Monday on the wording of a single clause about fishing rights."


def lines(body: str, headline: str = "Talks go on") -> tuple[list[str], dict[str, str]]:
    tree = load_html(f"<html><body><main>{body}</main></body></html>")
    kept, removed = main_text(tree, [headline, ""], [])
    return kept, {r.rule: r.text for r in removed}


def test_what_is_no_copy_goes_with_its_rule() -> None:
    kept, removed = lines(
        f"<h2>Talks go on</h2><p>{LONG}</p><p>READ MORE: <a href=/1>Storm nears the coast</a></p><p>{LONG[::-1]}</p>"
        f"<p>{LONG.replace('Monday', 'Tuesday')}</p><p>Follow Mari Endo on Twitter for more of the same.</p>"
    )
    assert kept == [LONG, LONG[::-1], LONG.replace("Monday", "Tuesday")]
    assert removed["page/headline"] == "Talks go on"
    assert removed["any/pointer/1"].startswith("READ MORE") and removed["any/contact/1"].startswith("Follow Mari Endo")


def test_an_article_that_its_site_cuts_in_pieces_is_whole() -> None:
    paragraphs = [LONG.replace("Monday", day) for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")]
    pieces = "".join(
        f'<div class="grid"><div class="ad-slot">Advertisement</div><div class="article-body">{"".join(f"<p>{p}</p>" for p in pair)}</div></div>'
        for pair in zip(paragraphs[::2], paragraphs[1::2], strict=True)
    )
    kept, _ = lines(pieces)
    assert kept == paragraphs


def test_hidden_text_is_cut_and_told() -> None:
    page = f'<html><body><article><h1>Talks go on</h1><p>{LONG}<span style="display: none">Buy shares in our fund today</span></p><p>{LONG[::-1]}</p></article></body></html>'
    raw = clean_page(page.encode(), None, "UTC", "en", NOW)
    assert "Buy shares" not in " ".join(raw.paragraphs)
    assert ("page/hidden", "Buy shares in our fund today") in [(r.rule, r.text) for r in raw.removed]


def test_every_text_of_a_page_is_kept_taken_out_or_left_out() -> None:
    (page,) = [p for p in develop_pages() if p.name == "ap-1"]
    stories = clean_copy(clean_page(page.html, None, page.zone, "en", NOW), page.wire, "sample", None)
    around = left_out(page.html, None, stories)
    assert around == ["By MARI ENDO", "Related stories"]
    assert left_out(b"", None, stories) == []
    with pytest.raises(CleanError):
        clean_page(b"", None, "UTC", "en", NOW)
