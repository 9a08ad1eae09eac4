"""When: the day of the story, of each act, and of what is told without a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.coder.actions import Act
from pipeline.coder.dates import Dated, count_of, find_dates
from pipeline.coder.grammar import ANSWERS
from pipeline.coder.parents import MEETINGS
from pipeline.coder.sentences import Parsed
from pipeline.coder.tables import event_types
from pipeline.coder.text import Text
from pipeline.coder.words import Word
from pipeline.model import Event, Party

_OF_THE_NEWS = MEETINGS - {"CALL"} | {"VISIT", "MEDIATION", "TREATY_SIGNED", "JOINT_STATEMENT", "VOTE"}
"""What is held or signed, undated, is of the day of the news: 58 of 62 in the gold set's develop half, where that is not the day of publication."""


@dataclass
class Days:
    """When the story last dated an act of somebody: what it then tells of them without a date belongs to that day.

    What others say is of the day of publication: wires date the news and leave reactions undated. Whom they met and what
    they signed is of the day of the news.
    """

    published_on: dt.date
    main: Dated
    last: dict[str, tuple[dt.date, str]] = field(default_factory=dict)
    latest: Event | None = None
    """What the story told last."""

    def note(self, event: Event) -> None:
        """Remembers the day of a dated act of the news."""
        self.latest = event
        if (
            event.date_start is None
            or event.is_background
            or not (event.date_basis.startswith(("weekday", "explicit")) or (event.date_basis == "story" and event.event_type in MEETINGS))
            or event.status == "planned"
            or event.event_type == "VISIT"
        ):
            return
        for party in event.actors:
            group = event_types()[event.event_type].group
            self.last[party.key] = (event.date_start, group)
            if party.role:
                self.last[party.name] = (event.date_start, group)

    def of(self, actors: Sequence[Party], event_type: str, status: str) -> Dated:
        """The day of an undated act; a reaction to force or pressure is of the day of publication."""
        group = event_types()[event_type].group
        for party in actors:
            day, before = self.last.get(party.name if party.role else party.key) or self.last.get(party.key) or (None, "")
            goes_on = group != "speech" or self._goes_on(party, day)
            if day and goes_on and (before not in ("force", "pressure") or group in ("force", "pressure")) and (self.published_on - day).days <= 7:
                return Dated(0, 0, day, None, "day", "story")
        if event_type in _OF_THE_NEWS and status == "done" and self.main.first and self.main.first <= self.published_on:
            return Dated(0, 0, self.main.first, None, "day", "story")
        return Dated(0, 0, self.published_on, None, "day", "publication")

    def _goes_on(self, party: Party, day: dt.date | None) -> bool:
        """Whether what the story told last is of that day or by that party.

        In 656 stories of the gold set's develop half 64 of 76 undated statements were of their speaker's day where the event before
        them was, and 7 of 23 where it was of another.
        """
        return self.latest is not None and (self.latest.date_start == day or any(p.key == party.key for p in self.latest.actors))


_AHEAD = re.compile(r"\b(?:will|would|(?:is|are|was|were) (?:to|due|set|scheduled|expected))\b[^.,;]*$")
"""Before a day that is still to come."""


def main_date(text: Text) -> Dated:
    """The day the story is about: the first day named in its first two sentences, else that of publication."""
    opening = text.body[:600]
    anchors = [d for c in text.captions for d in find_dates(c, text.published_on, text.published_on) if d.basis == "explicit"]
    for dated in find_dates(opening, text.published_on, text.published_on):
        if _AHEAD.search(opening[: dated.start]):
            continue  # "talks that were to be held in Muscat on Sunday have been called off"
        if dated.precision == "day" and dated.first and abs((text.published_on - dated.first).days) <= 7 and dated.basis in ("weekday", "explicit"):
            confirmed = dated.basis == "weekday" and any(a.first == dated.first for a in anchors)
            return replace(dated, basis="weekday+caption" if confirmed else dated.basis)
    return Dated(0, 0, text.published_on, None, "day", "publication")


def date_of(act: Act, parsed: Parsed, dates: Sequence[Dated], main: Dated) -> tuple[Dated | None, bool]:
    """The date that the act's own words govern, else that of the verb above it, else None; and whether it is the act's own."""
    governed: dict[int, Dated] = {}
    for dated in dates:
        span = parsed.within(dated.start, dated.end)
        if not span:
            continue
        token = next((t for t in span if t.head not in span or t.head == t), span[-1])
        if dated.basis == "relative" and _is_of_deed(span[0]):
            continue
        if dated.basis == "weekday" and _UNTIL.search(parsed.sentence.text[: dated.start]):
            continue  # "is in Manila until Saturday": when it ends
        if dated.basis == "weekday" and token.dep in ("compound", "nmod", "poss") and token.head.dep == "dobj" and act.pattern.group == "speech":
            continue  # "condemn the North's Sunday test-fire"
        if dated.precision == "before":
            governed.setdefault(token.head.i, dated)  # "recent" dates the noun that it stands with, not the verb
            continue
        nouns = 0
        while token.head != token and token.pos not in ("VERB", "AUX") and token != act.head:
            token = token.head
            nouns += token.pos in ("NOUN", "PROPN") and token not in span and token.lemma not in _PARTS
            if token.lemma in _ANSWERS:
                break
        if token.lemma in _ANSWERS:
            continue  # "in retaliation for an attack on April 22"
        if nouns and dated.basis in ("month name", "year") and token.pos in ("VERB", "AUX"):
            continue  # "invited him to a summit in June": the month is the summit's
        governed.setdefault(token.i, dated)
    if (since := _days_after(act.head, main)) is not None:
        return since, True
    verb: Word = act.head
    for _ in range(6):
        if verb.i in governed:
            is_own = verb == act.head or act.head.pos == "NOUN" or (act.head.dep == "xcomp" and act.head.head == verb)  # "is set on Monday to hold"
            return governed[verb.i], is_own
        below = [c for c in verb.children if c.dep in ("xcomp", "ccomp") and c.pos == "VERB"] if verb == act.head else []
        for child in below:
            is_coarse = child.i in governed and governed[child.i].precision in ("month", "year") and act.status in ("pledged", "stance")
            if child.i in governed and governed[child.i].precision != "before" and not is_coarse:
                return governed[child.i], True  # but "agreed to meet again in October" was agreed today
        if verb.head == verb or (verb.dep in ("relcl", "acl") and verb != act.head):
            break
        above = governed.get(verb.head.i)
        if verb.dep == "conj" and above and above.basis in ("month name", "year") and any(c.dep in ("nsubj", "nsubjpass") for c in verb.children):
            break  # "the option expires in October, and Iran has warned": another's month, where a weekday is the sentence's
        verb = verb.head
    return None, False


_UNTIL = re.compile(r"\b(?:until|till|through|by) $")
_ANSWERS = ANSWERS | {"anniversary"}
_PARTS = frozenset("beginning start end middle close rest".split())


def _is_of_deed(first: Word) -> bool:
    """Whether a date stands with another's deed that is the reason for the act: `in retaliation for Washington's move earlier this month`."""
    noun = first.line[first.i - 1] if first.i else first
    return noun.dep == "pobj" and any(c.dep == "poss" for c in noun.children) and noun.head.head.dep == "pobj" and noun.head.head.pos == "NOUN"


_AFTER = re.compile(r"\b(?P<number>\w+) (?P<unit>hour|day|week|month)s? after$", re.IGNORECASE)


def _days_after(verb: Word, main: Dated) -> Dated | None:
    """The day of a clause that the news came some time after: `five days after they met`."""
    mark = next((c for c in verb.children if c.dep == "mark" and c.lower == "after"), None)
    match = _AFTER.search(" ".join(w.text for w in verb.line[max(0, mark.i - 2) : mark.i + 1])) if mark is not None else None
    count = count_of(match["number"]) if match else None
    if match is None or count is None or main.first is None:
        return None
    days = count * {"hour": 0, "day": 1, "week": 7, "month": 30}[match["unit"].lower()]
    return Dated(0, 0, main.first - dt.timedelta(days=days), None, "month" if match["unit"].lower() == "month" else "day", "relative")
