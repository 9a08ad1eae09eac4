"""Extract: drives the coder over stories. Floor 4."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pipeline.coder.code import Text, code_text, coder_version
from pipeline.coder.tables import countries, event_types, place_countries, read_table
from pipeline.model import Event, Evidence, Story
from pipeline.wires import find_wire

CODED_LANGUAGES = frozenset({"en"})
"""Languages that the coder reads; stories in others are stored without events."""

__all__ = ["CODED_LANGUAGES", "coder_version", "countries", "event_types", "extract_events", "find_again", "has_country", "read_table"]


def extract_events(story: Story) -> list[Event]:
    """Events of a story; none for a language that the coder does not read. `published_at` must be set."""
    if story.language not in CODED_LANGUAGES or story.signal == "kill":
        return []
    if story.published_at is None:
        raise ValueError("a story without a published time cannot be dated")
    wire = find_wire(story.wire)
    place = story.dateline.place if story.dateline else None
    return code_text(
        Text(
            body=story.body,
            published_on=story.published_at.astimezone(ZoneInfo(wire.time_zone)).date(),
            captions=story.captions,
            dateline_place=place,
            home=(place_countries().get(place.split("/")[0].casefold()) if place else None) or wire.country,
        )
    )


def has_country(code: str | None) -> bool:
    """Whether a country code is one that we know, or none."""
    return code is None or code in countries()


def find_again(evidence: Evidence, body: str) -> Evidence | None:
    """The same evidence in a copy's text: the words where they stand again, else the sentence most like theirs."""
    start = body.find(evidence.quote)
    if start >= 0:
        first = max(body.rfind(mark, 0, start) for mark in (". ", "\n\n", ".” ")) + 2 if start else 0
        last = min((i for mark in (". ", "\n\n") if (i := body.find(mark, start + len(evidence.quote))) >= 0), default=len(body))
        return Evidence(body[max(first, 0) : last], max(min(first, start), 0), start, start + len(evidence.quote), evidence.quote, "copy")
    words = set(evidence.sentence.casefold().split())
    best: tuple[float, int, str] | None = None
    offset = 0
    for sentence in body.replace("\n\n", ".\x1e").split(". "):
        theirs = set(sentence.casefold().split())
        share = len(words & theirs) / max(len(words | theirs), 1)
        if best is None or share > best[0]:
            best = (share, offset, sentence)
        offset += len(sentence) + 2
    if best is None or best[0] < 0.25:
        return None
    end = min(best[1] + len(best[2]), len(body))
    start = min(best[1], end)
    quote = body[start : min(end, start + 240)]
    return Evidence(body[start:end], start, start, start + len(quote), quote, "copy") if quote.strip() else None
