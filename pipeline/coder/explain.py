"""Why an event was coded: its codebook row, and its sentence with actor, act, recipient and date marked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.coder.dates import find_dates
from pipeline.coder.tables import Pattern, event_types, patterns


@dataclass(frozen=True)
class Told:
    """One sentence that reports an event. Offsets count characters of the sentence."""

    sentence: str
    start: int
    end: int
    pattern_id: str
    source: str
    """Where it stands: the story's headline and address."""


@dataclass(frozen=True)
class Explained:
    """What is known of an event, for a person. Party texts are the words that named them."""

    event_id: str
    event_type: str
    status: str
    date: str
    confidence: float
    coder_version: str
    actors: tuple[tuple[str, str], ...]
    """Name and the words of the text, of each."""
    recipients: tuple[tuple[str, str], ...]
    implied: tuple[tuple[str, str], ...]
    published_on: dt.date
    told: tuple[Told, ...]


def explain(event: Explained) -> str:
    """Lines of plain text; marks are `[actor …]`, `{act …}`, `(recipient …)`, `<date …>`, `[[implied …]]`."""
    meaning = event_types()[event.event_type]
    lines = [
        f"{event.event_id}  {event.event_type}: {meaning.meaning}",
        f"  PLOVER {meaning.plover_type or 'none'}{f' / {meaning.plover_mode}' if meaning.plover_mode else ''} ({meaning.plover_map}), "
        f"CAMEO {meaning.cameo_code or 'none'} ({meaning.cameo_map})",
        f"  {event.status}, {event.date}; confidence {event.confidence:.2f}; coder {event.coder_version}",
        f"  actors: {_names(event.actors)}",
        f"  recipients: {_names(event.recipients) or 'none'}" + (f"; implied: {_names(event.implied)}" if event.implied else ""),
    ]
    for told in event.told:
        lines += ["", f"  {told.source}", f"    {mark_sentence(told, event)}", *(f"    {line}" for line in _row(told.pattern_id))]
    return "\n".join(lines)


def _names(parties: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{name} (“{text}”)" if text.casefold() != name.casefold() else name for name, text in parties)


def _row(pattern_id: str) -> list[str]:
    row = next((p for p in patterns() if p.pattern_id == pattern_id), None)
    if row is not None:
        return [f"codebook row {row.pattern_id}: {spell(row)}", f"as in: {row.example}"]
    if pattern_id.startswith("model-"):
        return [f"no codebook row; the relation model's class is {pattern_id.removeprefix('model-').upper()}, and the confidence is its probability"]
    if pattern_id == "same-again":
        return ["no codebook row of its own: the last step that the story told, done by another (“did the same”, “responded in kind”)"]
    return ["a reprint: the same words, or those most like them, in a copy's text"]


def spell(row: Pattern) -> str:
    """A row in words."""
    parts = {"v": "verb", "n": "noun", "a": "adjective", "m": "modal", "c": "verb after could or may"}
    text = f"{'no ' if row.is_negated else ''}{parts[row.pos]} {', '.join(sorted(row.lemmas))}"
    if row.needs:
        text += f"; with /{plain(row.needs)}/"
    if row.unless:
        text += f"; without /{plain(row.unless)}/"
    if row.subject:
        text += f"; subject {'not ' if row.is_subject_barred else ''}/{plain(row.subject)}/"
    return text


def plain(pattern: re.Pattern[str]) -> str:
    """A row's regular expression as the table has it."""
    return pattern.pattern.removeprefix(r"(?<!\w)(?:").removesuffix(")")


def mark_sentence(told: Told, event: Explained) -> str:
    """The sentence with its parts marked; a party that stands inside the act is marked within it."""
    marks: list[tuple[int, int, str, str]] = [(told.start, told.end, "{act ", "}")]
    sides: tuple[tuple[Iterable[tuple[str, str]], str, str], ...] = (
        (event.actors, "[actor ", "]"), (event.recipients, "(recipient ", ")"), (event.implied, "[[implied ", "]]"),
    )  # fmt: skip
    for parties, opening, closing in sides:
        for _, text in parties:
            found = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", told.sentence)
            if found:
                marks.append((*found.span(), opening, closing))
    marks += [(d.start, d.end, "<date ", ">") for d in find_dates(told.sentence, event.published_on, event.published_on)]
    placed: list[tuple[int, int, str, str]] = []
    for mark in sorted(set(marks), key=lambda m: (m[0], -m[1])):
        if all(mark[0] >= p[1] or mark[1] <= p[0] or (p[0] <= mark[0] and mark[1] <= p[1]) for p in placed):
            placed.append(mark)
    inserts = sorted(
        [(start, 1, -end, opening) for start, end, opening, _ in placed] + [(end, 0, -start, closing) for start, end, _, closing in placed],
        key=lambda i: (i[0], i[1], i[2]),
    )
    made, at = "", 0
    for position, _, _, text in inserts:
        made += told.sentence[at:position] + text
        at = position
    return made + told.sentence[at:]
