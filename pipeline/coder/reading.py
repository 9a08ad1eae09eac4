"""A sentence as it is read for parties: its words, what is found in it, and which characters are taken."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from pipeline.coder.actors import find_actor
from pipeline.coder.lexicon import Entry, names, roles, words_of
from pipeline.coder.parties import Discourse, Kind, Mention
from pipeline.model import Party

_NO_NAMES = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December "
    "The A An In On At By For From He She It They We His Her Its Their But And Or As If While After Before When Since This That These Those Both Each "
    "Under Over With Without Also However Meanwhile Earlier Later Last Next Today Yesterday Sea Ocean Strait Bay Gulf Security Council Treaty War "
    "Day Summit Agreement Pact Islands University Airlines Bank Street Border Committee Commission Assembly Staff Secretariat Motors Electric Dynamics Bureau "
    "Court Authority Administration Department Ministry Office Agency Organization Company Corporation Group Fund Forum Conference Congress Parliament".split()
)
PARTICLES = frozenset("bin al el van von der de da dos del la le ibn abu".split())
_HONOURS = frozenset("Gen General Adm Admiral Marshal Dr Lt Maj Mr Mrs Ms HE Sir Sheikh Ayatollah Prof Honourable Retired ret Vice Capt Col Sen Rep".split())


class Reading:
    """One sentence as it is read: its words, what is found, and which characters are taken."""

    def __init__(self, text: str, discourse: Discourse) -> None:
        self.text = text
        self.discourse = discourse
        self.is_of_stranger = discourse.last_person is None
        """Whether `he` is nobody whom we know: the sentence before may have named somebody else, and have been passed over for that."""
        self.words = words_of(text)
        self.found: list[Mention] = []
        self.blocked: list[tuple[int, int]] = []
        self._names: dict[int, tuple[Entry, int] | None] = {}
        self._roles: dict[int, tuple[Entry, int] | None] = {}

    def copy_for(self, discourse: Discourse) -> Reading:
        """The same sentence and names, to be read on against another discourse."""
        other = copy(self)
        other.discourse, other.found = discourse, list(self.found)
        return other

    def is_free(self, start: int, end: int) -> bool:
        """Whether no mention, and no name of a sea, stands there."""
        return not any(s < end and start < e for s, e in self.blocked) and not any(m.start < end and start < m.end for m in self.found)

    def add(self, span: tuple[int, int], parties: Iterable[Party], kind: Kind) -> None:
        """Adds a mention where its place is free."""
        people = tuple(parties)
        if people and self.is_free(*span):
            self.found.append(Mention(*span, people, kind))

    def name_at(self, at: int) -> tuple[Entry, int] | None:
        """The proper name that begins at a word."""
        if at not in self._names:
            is_name = at < len(self.words) and (self.words[at].is_capital or self.words[at].key == "al")
            self._names[at] = names().find(self.words, at) if is_name else None
        return self._names[at]

    def role_at(self, at: int) -> tuple[Entry, int] | None:
        """The title or body that begins at a word."""
        if at not in self._roles:
            self._roles[at] = roles().find(self.words, at) if at < len(self.words) else None
        return self._roles[at]

    def nation_at(self, at: int) -> tuple[str, int] | None:
        """Country code of a name, demonym or seat, and the word after it."""
        found = self.name_at(at)
        if found and found[0].kind in ("country", "demonym", "seat"):
            return found[0].value, at + found[1]
        return None

    def person_at(self, at: int) -> tuple[str, int] | None:
        """A name of capitalised words, and the word after it; None where none begins there."""
        while at < len(self.words) and self.words[at].key in _HONOURS and self.gap(at + 1).strip() in ("", "."):
            at += 1
        end = at
        while end < len(self.words) and end - at < 5:
            word = self.words[end]
            if end > at and (self.words[end - 1].is_possessive or self.gap(end) not in (" ", "-", " \xa0", "\xa0", ". ")):
                break
            if end > at and self.gap(end) == ". " and len(self.words[end - 1].key) > 2:
                break
            is_within = end > at and (self.gap(end + 1) == "-" or (len(word.key) == 1 and self.gap(end + 1) == ". "))  # "Enrique A. Manalo"
            is_barred = word.key in _NO_NAMES and not is_within
            is_name = word.is_capital and not is_barred and not word.key.isdigit() and not (end > at and word.key in _HONOURS)
            is_joined = end > at and self.gap(end) == "-"
            after = self.words[end + 1] if end + 1 < len(self.words) else None
            is_particle = word.key in PARTICLES and after is not None and (after.is_capital or after.key in PARTICLES) and self.gap(end) == " "
            if not (is_name or is_joined or is_particle):
                break
            end += 1
        while end > at and self.words[end - 1].key in PARTICLES:
            end -= 1
        if end == at:
            return None
        return self.text[self.words[at].start : self.words[end - 1].end], end

    def stranger_at(self, at: int) -> tuple[str, int] | None:
        """A full name that no table knows on the day and no title opens, and the word after it: whoever it is, the words about it say."""
        person, named = self.person_at(at), self.name_at(at)
        is_known = named is not None and (named[0].kind != "person" or find_actor(named[0].value, "", self.discourse.on) is not None)
        return person if person and " " in person[0] and not is_known and not self.role_at(at) else None

    def gap(self, at: int) -> str:
        """What stands before a word."""
        return self.words[at].gap if at < len(self.words) else ""

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Characters of words `first` up to `after`."""
        return self.words[first].start, self.words[after - 1].end
