"""What a load changes among the events that are held. Nothing is overwritten; what no longer holds is ended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.model import Event, Evidence
from pipeline.warehouse.versions import Version, content_sha256


@dataclass(frozen=True)
class Coding:
    """What a revision of a story was coded to, and since when we know it."""

    story_id: int
    revision: int
    moment: dt.datetime
    events: tuple[Event, ...]


class Said(NamedTuple):
    """What an open version in the table says, as far as a load asks; `actors` are countries, or names of bodies. An Event tells the same of itself."""

    content_sha256: str
    event_type: str
    object_key: str
    date_start: dt.date | None
    actors: Sequence[str]


@dataclass(slots=True)
class Held:
    """An event as the load sees it: its open version, and the story that it is of."""

    event_id: str
    version: int
    story_id: int
    said: Said | Event
    is_retracted: bool = False

    def says(self, event: Event) -> bool:
        """Whether this is what the event says."""
        return (self.said.content_sha256 if isinstance(self.said, Said) else content_sha256(self.said)) == content_sha256(event)

    @property
    def actors(self) -> frozenset[str]:
        """Who acts, in whatever case it is written."""
        return frozenset(name.casefold() for name in self.said.actors) if isinstance(self.said, Said) else _actors(self.said)


@dataclass(slots=True)
class Retraction:
    """A version that says that an event is withdrawn: the rest of it repeats what was held."""

    event_id: str
    number: int
    known_from: dt.datetime
    story_id: int
    revision: int
    change_note: str
    known_to: dt.datetime | None = None


COUNTED = ("events_new", "events_changed", "events_same", "events_retracted", "mentions")


@dataclass
class Ledger:
    """Goes through codings in order, and gathers what is to be written. Nothing here asks or changes the warehouse."""

    held: dict[str, Held]
    elsewhere: set[str]
    """Events that an original story reports beside the one that made them."""
    mentioned: frozenset[tuple[str, int, int]] = frozenset()
    """Which events revisions are known to tell: (event, story, revision)."""
    recoder: str | None = None
    """Coder version, where stories are only coded anew."""
    moved: frozenset[str] = frozenset()
    """Events that came to their story from another that turned out to be its copy."""
    versions: list[Version] = field(default_factory=list)
    retractions: list[Retraction] = field(default_factory=list)
    closed: dict[str, dt.datetime] = field(default_factory=dict)
    """When the open version in the table ends."""
    told: list[tuple[str, Coding, Event, tuple[Evidence, ...]]] = field(default_factory=list)
    """Evidence that is to be kept beside the versions, each of which keeps the first of its own: event, coding, as coded, the words."""
    days: set[dt.date] = field(default_factory=set)
    """Days of what is new or changed, and of what it said before."""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    _by_story: dict[int, set[str]] = field(init=False, default_factory=dict)
    _open: dict[str, Version | Retraction] = field(init=False, default_factory=dict)
    """The open one of each event among `versions` and `retractions`."""

    def __post_init__(self) -> None:
        for one in self.held.values():
            self._by_story.setdefault(one.story_id, set()).add(one.event_id)

    def enter(self, codings: Sequence[Coding]) -> Iterator[Version]:
        """What these codings change; gives the first version of each new event as soon as none of them can end it any more.

        An event that an earlier revision of the story held is found again by identity, else as the one event
        of the same type with the same actors or object, and gets a new version. What the new revision no
        longer holds is retracted, unless another original story reports it. An event that another story made
        keeps that story's versions and gets a mention.
        """
        to_come = Counter(c.story_id for c in codings)
        waiting: dict[int, list[Version]] = {}
        for coding in codings:
            before = len(self.versions)
            self._enter(coding)
            waiting.setdefault(coding.story_id, []).extend(v for v in self.versions[before:] if v.number == 1)
            to_come[coding.story_id] -= 1
            if not to_come[coding.story_id]:  # only its own story ends a first version
                yield from waiting.pop(coding.story_id)

    def _enter(self, coding: Coding) -> None:
        mine = self._by_story.setdefault(coding.story_id, set())
        before = {i: self.held[i] for i in sorted(mine) if not self.held[i].is_retracted}
        # An event may be known under an earlier identity, and its parts must name that.
        known_as = _match(coding.events, self.held, before)
        for event in coding.events:
            event_id = known_as[event.event_id]
            before_it = len(self.versions)
            old = self.held.get(event_id)
            if (event_id, coding.story_id, coding.revision) not in self.mentioned:
                self._touch(old.said if old else event)
            if old is None:
                self._add(event_id, 1, "new", f"coder {self.recoder} finds it" if self.recoder else None, coding, event, known_as)
                self.held[event_id] = Held(event_id, 1, coding.story_id, event)
                mine.add(event_id)
                self.counts["events_new"] += 1
            elif old.story_id != coding.story_id and not old.is_retracted:
                self.elsewhere.add(event_id)  # another story's event: this one reports it too
                self.counts["events_same"] += 1
            elif not old.is_retracted and event_id not in self.moved and old.says(event):
                self.counts["events_same"] += 1
            else:
                self._close(event_id, coding.moment)
                self._touch(old.said)
                self._touch(event)
                kind = "recode" if self.recoder and not old.is_retracted and event_id not in self.moved else "correction"
                self._add(event_id, old.version + 1, kind, self._why(coding, old), coding, event, known_as)
                self.held[event_id] = Held(event_id, old.version + 1, coding.story_id, event)
                self._by_story[old.story_id].discard(event_id)  # whoever tells it after it was withdrawn has it from then on
                mine.add(event_id)
                self.counts["events_changed"] += 1
            self.counts["mentions"] += len(event.evidence)
            if beside := event.evidence[len(self.versions) - before_it :]:
                self.told.append((event_id, coding, event, beside))
        kept = set(known_as.values())
        for event_id, old in before.items():
            if event_id not in kept and event_id not in self.elsewhere:
                self._retract(old, coding)

    def ended(self) -> list[str]:
        """Events that are withdrawn, and not reported again by a later coding."""
        return [r.event_id for r in self.retractions if r.known_to is None]

    def _add(self, event_id: str, number: int, kind: str, note: str | None, coding: Coding, event: Event, known_as: Mapping[str, str]) -> None:
        parent_id = known_as.get(event.parent_id) if event.parent_id else None
        made = Version(event_id, number, coding.moment, kind, note, coding.story_id, coding.revision, event, parent_id)
        self.versions.append(made)
        self._open[event_id] = made

    def _touch(self, said: Said | Event) -> None:
        if said.date_start:
            self.days.add(said.date_start)

    def _close(self, event_id: str, moment: dt.datetime) -> None:
        """Ends the open version: the one gathered in this load, else the one in the table."""
        made = self._open.pop(event_id, None)
        if made is None:
            self.closed[event_id] = moment
        else:
            made.known_to = moment

    def _retract(self, old: Held, coding: Coding) -> None:
        self._close(old.event_id, coding.moment)
        self._touch(old.said)
        note = f"coder {self.recoder} no longer finds it" if self.recoder else f"revision {coding.revision} of the story no longer reports it"
        made = Retraction(old.event_id, old.version + 1, coding.moment, coding.story_id, coding.revision, note)
        self.retractions.append(made)
        self._open[old.event_id] = made
        self.held[old.event_id] = Held(old.event_id, old.version + 1, old.story_id, old.said, is_retracted=True)
        self.counts["events_retracted"] += 1

    def _why(self, coding: Coding, old: Held) -> str:
        """What a further version is for."""
        if self.recoder and old.is_retracted:
            return f"coder {self.recoder} finds it again"
        if old.is_retracted:
            return "reported again after it was withdrawn"
        if old.event_id in self.moved:
            return "the original of its story came after the copy"
        return f"coder {self.recoder} says otherwise" if self.recoder else f"revision {coding.revision} of the story says otherwise"


def _actors(event: Event) -> frozenset[str]:
    return frozenset(p.key.casefold() for p in event.actors)


def _match(found: Sequence[Event], held: Mapping[str, Held], before: Mapping[str, Held]) -> dict[str, str]:
    """Under which identity each event is known: its own, or that of an event of an earlier revision that it corrects."""
    coded = {e.event_id: e.event_id for e in found}
    if not before:
        return coded
    known_as: dict[str, str] = {}
    for event in found:
        old = None if event.event_id in held else _lineage(event, before.values(), {*known_as.values(), *coded})
        known_as[event.event_id] = old.event_id if old else event.event_id
    return known_as


def _lineage(event: Event, before: Iterable[Held], taken: set[str]) -> Held | None:
    """The event of an earlier revision that this one corrects: of its type, and alone in having its actors or object."""
    actors = _actors(event)
    free = [h for h in before if h.event_id not in taken and h.said.event_type == event.event_type]
    for alike in (
        [h for h in free if h.actors == actors and h.said.object_key == event.object_key],
        [h for h in free if h.actors == actors and h.said.date_start == event.date_start],
        [h for h in free if h.said.object_key == event.object_key and h.said.date_start == event.date_start],
    ):
        if len(alike) == 1:
            return alike[0]
    return None
