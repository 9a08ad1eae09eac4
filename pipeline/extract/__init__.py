"""Extract: drives the coder over stories. Floor 4."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pipeline.coder.code import code_text, coder_version
from pipeline.coder.sentences import split_sentences
from pipeline.coder.tables import place_countries
from pipeline.coder.text import Text
from pipeline.model import Event, Evidence, Story
from pipeline.wires import find_wire

CODED_LANGUAGES = frozenset({"en"})
"""Languages that the coder reads; stories in others are stored without events."""

__all__ = ["CODED_LANGUAGES", "coder_version", "extract_events", "find_again"]


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


def find_again(evidence: Evidence, body: str) -> Evidence | None:
    """The same evidence in a copy's text: the words where they stand again, else the sentence most like theirs.

    None where no sentence shares a third of its words: the copy has cut that part.
    """
    sentences = list(split_sentences(body))
    start = body.find(evidence.quote)
    if start >= 0:
        end = start + len(evidence.quote)
        within = next(s for s in reversed(sentences) if s.start <= start)
        # A quote may run over what looks like the end of a sentence in the copy.
        return Evidence(body[within.start : max(within.start + len(within.text), end)], within.start, start, end, evidence.quote, "copy")
    words = set(evidence.sentence.casefold().split())

    def likeness(sentence: str) -> float:
        theirs = set(sentence.casefold().split())
        return len(words & theirs) / max(len(words | theirs), 1)

    best = max(sentences, key=lambda one: likeness(one.text), default=None)
    if best is None or likeness(best.text) < 1 / 3:
        return None
    quote = best.text[:240]
    return Evidence(best.text, best.start, best.start, best.start + len(quote), quote, "copy")
