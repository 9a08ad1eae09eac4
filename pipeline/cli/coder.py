"""`communique relate`, `evaluate`, `explain` and `codebook`: the coder, and how good it is, for people."""

from __future__ import annotations

import csv
import datetime as dt
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline.canonical import to_json
from pipeline.cli.output import err, out, use_embedded
from pipeline.coder.evaluate import CodeScore, Tally, calibration_error, load_gold, macro_f1, score_code, score_labels
from pipeline.settings import load_settings

app = typer.Typer()
evaluate = typer.Typer(help="How good cleaning and coding are.", no_args_is_help=True)
app.add_typer(evaluate, name="evaluate")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


@app.command()
def relate(file: File) -> None:
    """TSV with `marked_sentence` (<s>actor</s>, <t>recipient</t>) → the same with root, penta and confidence."""
    from pipeline.coder.marked import read_marked, relate_rows

    rows = read_marked(file)
    columns = [*(rows[0] if rows else ["marked_sentence"]), "root", "penta", "confidence"]
    writer = csv.writer(sys.stdout, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    writer.writerow(columns)
    for related in relate_rows(rows):
        writer.writerow([*related.row.values(), related.root, related.penta, f"{related.confidence:.4f}"])


@evaluate.command("relate")
def evaluate_relate(file: File) -> None:
    """The relation model against labels: TSV with marked_sentence, gold_root and gold_penta."""
    from pipeline.coder.marked import read_marked, relate_rows

    rows = read_marked(file, ("gold_root", "gold_penta"))
    list(relate_rows(rows[:1]))  # the model is loaded once a process
    started = time.perf_counter()
    given = list(relate_rows(rows))
    seconds = time.perf_counter() - started
    roots = score_labels([r["gold_root"] for r in rows], [g.root for g in given])
    pentas = score_labels([r["gold_penta"] for r in rows], [str(g.penta) for g in given])
    _print_tallies(roots, "Root classes")
    _print_tallies(pentas, "Penta classes")
    summary = {
        "sentences": len(rows),
        "root_macro_f1": round(macro_f1(roots), 4),
        "root_micro_f1": _micro(roots, len(rows)),
        "penta_macro_f1": round(macro_f1(pentas), 4),
        "penta_micro_f1": _micro(pentas, len(rows)),
        "sentences_per_second": round(len(rows) / seconds, 1) if rows else 0,
    }
    print(to_json(summary))


@evaluate.command("code")
def evaluate_code(
    file: File,
    errors: Annotated[bool, typer.Option(help="List what was missed and what is false; never on a held-out file.")] = False,
) -> None:
    """The coder against gold events: JSON lines as samples/gold/README.md says."""
    from pipeline.coder.language import load_language

    stories = load_gold(file)
    load_language()  # the model is loaded once a process
    score = score_code(stories)
    _print_tallies(dict(sorted(score.by_class.items())), "PLOVER classes (event type where PLOVER has none)")
    if errors:
        _print_errors(score)
    print(to_json(summary(score)))


@evaluate.command("clean")
def evaluate_clean(folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A folder with ground-truth.json and html/.")]) -> None:
    """Main text of pages against what a reader would keep: the article-extraction benchmark of Zyte, by its own measure."""
    from pipeline.clean import clean_page
    from pipeline.clean.evaluate import PageScore, read_benchmark, score_page
    from pipeline.clean.evaluate import summary as summary_of_pages
    from pipeline.errors import CleanError

    scores: list[PageScore] = []
    seconds = 0.0
    for name, page, wanted in read_benchmark(folder):
        started = time.process_time()
        try:
            found = "\n".join(clean_page(page, None, "UTC", "en", dt.datetime.now(dt.UTC)).paragraphs)
        except CleanError as error:
            err.print(f"communique: {name}: {error.detail} ({error.reason_code})", markup=False)
            found = ""
        seconds += time.process_time() - started
        scores.append(score_page(wanted, found))
    print(to_json({**summary_of_pages(scores), "pages_per_second": round(len(scores) / seconds, 1) if seconds else 0}))


def summary(score: CodeScore) -> dict[str, float | int]:
    """The figures of an evaluation."""
    return {
        "stories": score.story_count,
        "events": score.event_count,
        "precision": round(score.triples.precision, 4),
        "recall": round(score.triples.recall, 4),
        "micro_f1": round(score.triples.f1, 4),
        "macro_f1": round(score.macro_f1, 4),
        "with_mode_and_date_f1": round(score.dated.f1, 4),
        "unsupported_ratio": round(score.unsupported_ratio, 4),
        "expected_calibration_error": round(calibration_error(score.outcomes), 4),
        "stories_per_second": round(score.story_count / score.seconds, 1) if score.seconds else 0,
    }


@app.command()
def explain(event_id: Annotated[str, typer.Argument(help="Event, e.g. ev-0a1b…, as the views give it.")]) -> None:
    """Why an event was coded: rule, scores, and its sentences with actor, act, recipient and date marked."""
    from pipeline.coder.explain import explain as words
    from pipeline.warehouse.events import find_explained
    from pipeline.warehouse.sql import transaction

    use_embedded()
    with transaction(load_settings().require_dsn("analyst")) as cursor:
        found = find_explained(cursor, event_id)
    if found is None:
        raise typer.BadParameter(f"there is no event {event_id}", param_hint="EVENT_ID")
    print(words(found))


@app.command()
def codebook() -> None:
    """The codebook as Markdown: docs/codebook.md is this command's output."""
    from pipeline.coder.codebook import codebook_page

    print(codebook_page(), end="")


def _print_tallies(tallies: dict[str, Tally], title: str) -> None:
    if not out.is_terminal:
        err.print(title)
        for name, t in tallies.items():
            err.print(f"  {name:20} precision {t.precision:.3f}  recall {t.recall:.3f}  F1 {t.f1:.3f}  of {t.hit + t.missed}", markup=False)
        return
    table = Table(title=title)
    for name in ("class", "precision", "recall", "F1", "in gold"):
        table.add_column(name, justify="left" if name == "class" else "right")
    for name, t in tallies.items():
        table.add_row(name, f"{t.precision:.3f}", f"{t.recall:.3f}", f"{t.f1:.3f}", str(t.hit + t.missed))
    out.print(table)


def _print_errors(score: CodeScore) -> None:
    for what, found in (("missed", score.missed), ("false", score.false)):
        for story_id, (actor, recipient, name), words in found:
            err.print(f"  {what}  {story_id}  {actor} → {recipient or '–'}  {name}  “{words[:100]}”", markup=False)


def _micro(tallies: dict[str, Tally], count: int) -> float:
    return round(sum(t.hit for t in tallies.values()) / count, 4) if count else 0.0
