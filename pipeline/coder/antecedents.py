"""What an act points back to: `rejected the accusation`, `welcomed the deal`, `denounced them`.

Wire copy names a party once and then speaks of what it did. An act whose object names nobody is about
an earlier act of the same story; its object's noun says of which kind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.coder.tables import event_types
from pipeline.coder.words import Word
from pipeline.model import Party

T = TypeVar("T")

_WORDS = (
    ("charge", r"accusations?|allegations?|charges?|views?|notion|claims?|criticisms?|reports?|assertions?|insinuations?|imputations?|suggestions?|blame|cases?|lawsuits?|complaints?|verdict|ruling|finding|applications?|petition|filing"),
    ("remark", r"statements?|remarks?|comments?|words|messages?|letters?|tone|language"),
    ("request", r"demands?|requests?|calls?|appeals?|ultimatum|terms|offers?|proposals?|invitations?|overtures?|conditions?|idea|initiative|bid|pressure|entreaties|plea"),
    ("pact", r"agreements?|deals?|accords?|pacts?|declaration|truce|cease-?fire|treaty|communique|communiqué|summit|talks|contacts?|meeting|session|conference|gathering|rapprochement|normali[sz]ation|arrangement|memorandum|partnership"),
    ("force", r"attacks?|strikes?|air ?strikes?|seizures?|launch(?:es)?|tests?|incursions?|intrusions?|killings?|violence|assaults?|raids?|ambush|bombings?|shelling|coup|takeover|drills?|exercises?|deployments?|invasion|aggression|maneuvers?|manoeuvres?|discharge|balloons?|missiles?|use of force|violations?|breach|storming|massacre|firing|hacking|cyber ?attacks?|break-in|offensive"),
    ("measure", r"bans?|sanctions?|tariffs?|curbs|restrictions?|measures?|expulsions?|arrests?|detentions?|provocations?|visits?|trips?|burning|crackdown|action|actions|act|acts|flights?|blockade|seizing|embargo|duties|tax(?:es)?|lev(?:y|ies)|fines?|withdrawal|construction|closure|recognition|recall|vote|threats?|warnings?|release|freeing|executions?|hangings?|loans?|suspension|approval|warrants?|law|legislation|bill|decree|scrapping|reopening|opening|adoption|aid package|boycott|absence|exit|pull-?out"),
    ("any", r"decisions?|veto(?:es)?|moves?|steps?|announcements?|gestures?|plans?|policy|gambit|response|stance|it|them|that|this|these|those|both|so"),
)  # fmt: skip
_KINDS = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), kind) for kind, words in _WORDS]
_NAMED = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), frozenset(types.split())) for words, types in (
    (r"incursions?|intrusions?|violations?|overflights?", "INCURSION"),
    (r"raids?|storming", "ARMED_CLASH COERCION"),
    (r"attacks?|strikes?|air ?strikes?|killings?|assaults?|ambush|bombings?|shelling|invasion|massacre|offensive", "ARMED_CLASH"),
    (r"arrests?|detentions?|jailing|abductions?|seizures?", "DETENTION COERCION RELEASE"),  # who lets somebody go has held him
    (r"launch(?:es)?|tests?|missiles?|firing", "MISSILE_TEST"),
    (r"coup|takeover", "COUP"),
    (r"drills?|exercises?|maneuvers?|manoeuvres?|deployments?", "COOPERATION_DONE DEPLOYMENT"),
    (r"hacking|cyber ?attacks?|break-in", "CYBERATTACK"),
    (r"bans?|sanctions?|tariffs?|curbs|restrictions?|embargo|duties|blockade|closure", "SANCTION_IMPOSED"),
    (r"expulsions?", "ENVOY_EXPELLED"),
    (r"visits?|trips?", "VISIT VISIT_ANNOUNCED"),
    (r"loans?|aid package", "AID_PLEDGED AID_DELIVERED"),
    (r"boycott|absence", "MEETING_CANCELLED"),
    (r"exit|pull-?out", "TREATY_LEFT FORCES_WITHDRAWN"),
    (r"vote", "VOTE"),
    (r"veto(?:es)?", "REJECTION"),
    (r"recognition", "RECOGNITION"),
    (r"release|freeing", "RELEASE"),
    (r"withdrawal", "TREATY_LEFT FORCES_WITHDRAWN"),
    (r"accusations?|allegations?|charges?|claims?|views?|notion|insinuations?|applications?|petition|filing", "ACCUSATION LEGAL_CASE"),
    (r"criticisms?", "CONDEMN CONCERN_EXPRESSED OPPOSE ACCUSATION"),
    (r"complaints?|protests?", "FORMAL_PROTEST ENVOY_SUMMONED"),
    (r"demands?|ultimatum|conditions?|terms", "DEMAND URGE WARNING"),
    (r"offers?|overtures?|invitations?", "OFFER INVITATION MEDIATION AID_PLEDGED"),
    (r"threats?|warnings?", "WARNING"),
    (r"agreements?|deals?|accords?|pacts?|treaty|memorandum|arrangement", "TREATY_SIGNED AGREE_COOPERATE CEASEFIRE RELATIONS_RAISED"),
    (r"contacts?", "TALKS CALL"),
    (r"truce|cease-?fire", "CEASEFIRE"),
    (r"summit|talks|meeting", "SUMMIT_TALKS MINISTERIAL_TALKS WORKING_TALKS TALKS MULTILATERAL_MEETING TALKS_AGREED"),
    (r"rapprochement|normali[sz]ation", "RELATIONS_RAISED"),
)]  # fmt: skip
"""What a noun calls an act."""
_STEP = re.compile(r"\b(?:step|move|decision|measure|action)s?\b")
_CHARGES = frozenset("ACCUSATION CONDEMN CONCERN_EXPRESSED LEGAL_CASE FORMAL_PROTEST OPPOSE ENVOY_SUMMONED DENIAL WARNING STATEMENT".split())
_ANSWERED = {
    "charge": _CHARGES,
    "remark": _CHARGES | frozenset(("URGE", "DEMAND", "REJECTION", "SUPPORT_ENDORSE", "PRAISE")),
    "request": frozenset("OFFER DEMAND URGE INVITATION MEDIATION CALL_FOR_SETTLEMENT TALKS_AGREED WARNING AID_PLEDGED VISIT_ANNOUNCED".split()),
}
_PACTS = frozenset("RELATIONS_RAISED CEASEFIRE CONCESSION RECOGNITION".split())
_FORCE = frozenset("COERCION COOPERATION_DONE INCURSION DETENTION CYBERATTACK".split())
_MEASURES = frozenset(("force", "pressure", "relations", "meet"))
_COMMENTS = frozenset("CONDOLENCE PRAISE CONDEMN CONCERN_EXPRESSED SUPPORT_ENDORSE OPPOSE STATEMENT SHARED_POSITION".split())
"""What one says of an act is not the act."""
_BY_REFERENCE = frozenset("CONDEMN REJECTION OPPOSE PRAISE DENIAL SUPPORT_ENDORSE CONCERN_EXPRESSED".split())


@dataclass(frozen=True)
class Deed:
    """An act that the story has told: its type and who was on either side."""

    event_type: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]


@dataclass
class Memory:
    """Acts of the story so far, in order."""

    steps: list[tuple[Party, ...]] = field(default_factory=list)
    """Who did what no row tells of, in order."""

    deeds: list[Deed] = field(default_factory=list)
    tellings: list[tuple[tuple[Party, ...], frozenset[str]]] = field(default_factory=list)
    """Who said something of whom, in order: the speaker, and the keys of those whom his words name."""
    home: str | None = None
    """Country of the dateline."""
    voice: tuple[Party, ...] = ()
    """Who `we` is where nobody says it: the country whose ministry wrote the text; nobody in a wire story."""
    lead: tuple[Party, ...] | None = None
    """Whom the story begins with; none before its first sentence is read."""

    def fighters(self, mine: set[str]) -> tuple[Party, ...]:
        """The two sides of the last clash or measure that `mine` have no part in."""
        for deed in reversed(self.deeds):
            meaning = event_types().get(deed.event_type)
            sides = tuple({p.key: p for p in (*deed.actors, *deed.recipients)}.values())
            if meaning and meaning.group == "force" and len(sides) == 2 and not mine & {p.key for p in sides}:
                return sides
        return ()

    def teller(self, mine: set[str]) -> tuple[Party, ...]:
        """Who last said something of `mine`: whose `account` they reject."""
        return next((speaker for speaker, named in reversed(self.tellings[-6:]) if named & mine and not mine & {p.key for p in speaker}), ())

    def add(self, event_type: str, actors: tuple[Party, ...], recipients: tuple[Party, ...]) -> None:
        """Remembers an act."""
        self.deeds.append(Deed(event_type, actors, recipients))

    def other_side(self, mine: set[str], is_hostile: bool = False) -> tuple[Party, ...]:
        """Who was last on the other side from these parties, or did something with them; with `is_hostile`, in an act of conflict."""
        for deed in reversed(self.deeds[-12:]):
            meaning = event_types().get(deed.event_type)
            if is_hostile and (meaning is None or meaning.quad_plover not in (3, 4)):
                continue
            keys = {p.key for p in deed.actors}, {p.key for p in deed.recipients}
            if mine & keys[0]:
                is_against = meaning is not None and meaning.group in ("speech", "pressure", "force")
                others = deed.recipients or (() if is_against else deed.actors)  # who blames or demands something together is on one side
            elif mine & keys[1]:
                others = deed.actors
            else:
                continue
            others = tuple(p for p in others if p.key not in mine)
            if others:
                return others
        return ()

    def first_blamed(self, mine: set[str]) -> tuple[Party, ...]:
        """Against whom the story is: whom its first act was done to, if that was hostile, else who did it; nobody where `mine` had a part in it."""
        first = next((d for d in self.deeds if d.recipients and d.event_type in event_types()), None)
        if first is None or mine & {p.key for p in (*first.actors, *first.recipients)}:
            return ()
        return first.recipients if event_types()[first.event_type].quad_plover in (3, 4) else first.actors

    def latest_of(self, mine: set[str]) -> tuple[Party, ...]:
        """Whom the last act was done to, where it was done by `mine`."""
        last = self.deeds[-1] if self.deeds else None
        return tuple(p for p in last.recipients if p.key not in mine) if last is not None and mine == {p.key for p in last.actors} else ()

    def met(self, mine: set[str], among: int = 8) -> tuple[Party, ...]:
        """With whom one of `mine` talked, where one of the last things told, `among` so many, is a call or a meeting of two."""
        for deed in reversed(self.deeds[-among:]):
            meaning = event_types().get(deed.event_type)
            is_meeting = deed.event_type == "TALKS" or (meaning is not None and meaning.group == "meet")
            if is_meeting and len(deed.actors) == 2 and mine & {p.key for p in deed.actors}:
                return tuple(p for p in deed.actors if p.key not in mine)
        return ()

    def partners(self) -> tuple[Party, ...]:
        """Who agreed or signed something together, where that was told last."""
        last = self.deeds[-1] if self.deeds else None
        meaning = event_types().get(last.event_type) if last else None
        return last.actors if last and meaning and meaning.group in ("commit", "text") and len(last.actors) > 1 else ()

    def last_step(self) -> Deed | None:
        """The last thing done, not said; None where the story has told of none."""
        groups = ("relations", "pressure", "force")
        return next((d for d in reversed(self.deeds[-4:]) if (meaning := event_types().get(d.event_type)) and meaning.group in groups), None)

    def parted_from(self, types: Collection[str], mine: set[str]) -> tuple[Party, ...]:
        """Whom the last act was done to, where it is of these types and `mine` have no part in it."""
        last = self.deeds[-1] if self.deeds else None
        if last is None or last.event_type not in types or mine & {p.key for p in (*last.actors, *last.recipients)}:
            return ()
        return last.recipients

    def last_doer(self, event_type: str, theirs: set[str]) -> tuple[Party, ...]:
        """Who did the last act of this type to these."""
        return next((d.actors for d in reversed(self.deeds) if d.event_type == event_type and theirs & {p.key for p in d.recipients}), ())

    def last_signers(self, mine: set[str]) -> tuple[Party, ...]:
        """Who signed something last, where that is none of `mine`, those first of whom the story tells most."""
        signed = (d.actors for d in reversed(self.deeds) if d.event_type == "TREATY_SIGNED" and len(d.actors) > 1)
        signers = next((actors for actors in signed if not mine & {p.key for p in actors}), ())
        return tuple(sorted(signers, key=lambda p: -sum(p.key in {o.key for o in (*d.actors, *d.recipients)} for d in self.deeds)))

    def last_holder(self, mine: set[str]) -> tuple[Party, ...]:
        """Who last held somebody, where that is none of `mine`."""
        return next((d.actors for d in reversed(self.deeds) if d.event_type == "DETENTION" and not mine & {p.key for p in d.actors}), ())

    def last_done_to(self, event_type: str, mine: set[str]) -> tuple[Party, ...]:
        """Whom `mine` did the last act of this type to."""
        return next((d.recipients for d in reversed(self.deeds) if d.event_type == event_type and d.recipients and mine & {p.key for p in d.actors}), ())

    def last_target(self, event_type: str, mine: set[str]) -> tuple[Party, ...]:
        """Whom the last act of this type was done to, where that is none of `mine`."""
        for deed in reversed(self.deeds[-8:]):
            others = tuple(p for p in deed.recipients if p.key not in mine)
            if deed.event_type == event_type and others:
                return others
        return ()


def is_by_reference(event_type: str) -> bool:
    """Whether acts of this type are usually about another act, so that `it` and `them` are deeds, not parties."""
    return event_type in _BY_REFERENCE


def find_antecedent(event_type: str, actors: Sequence[Party], words: str, memory: Memory) -> tuple[Party, ...]:
    """Whose act `words` (the object of an act by `actors`) speak of; empty where they speak of none that the story told."""
    mine = {p.key for p in actors}
    kind = _first(words, _KINDS)
    if kind is None or (kind == "force" and event_type == "CONCERN_EXPRESSED"):
        return ()  # one is alarmed by strikes, whoever's they are
    if event_type == "REJECTION" and re.search(r"\bcriticisms?\b", words):  # "brushed aside the criticism": all of it
        critics = {p.key: p for d in memory.deeds[-8:] if d.event_type in _CHARGES and mine & {p.key for p in d.recipients} for p in d.actors}
        if critics:
            return tuple(critics.values())
    for deed in _likely_first(event_type, _unmistakable(event_type, words, memory.deeds[-10:], mine)):
        theirs = tuple(p for p in deed.actors if p.key not in mine)
        meaning = event_types().get(deed.event_type)
        group = meaning.group if meaning else "meet"
        is_mine = bool(mine & {p.key for p in deed.actors})
        if kind == "pact":
            parties = tuple(p for p in (*deed.actors, *deed.recipients) if p.key not in mine)
            if event_type in ("REJECTION", "CONDEMN") and is_mine and parties and group in ("text", "commit"):
                return parties
            if deed.event_type != "MEDIATION" and len(parties) > 1 and not is_mine and (group in ("text", "commit", "meet") or deed.event_type in _PACTS):
                return parties
        elif kind in _ANSWERED:
            is_to_me = not deed.recipients or bool(mine & {p.key for p in deed.recipients})
            if deed.event_type in _ANSWERED[kind] and theirs and (event_type not in ("REJECTION", "DENIAL") or is_to_me):
                return theirs
        elif event_type == "CONDEMN" and deed.event_type in ("ENVOY_SUMMONED", "FORMAL_PROTEST") and not mine & {p.key for p in deed.recipients}:
            return deed.recipients  # "Turkey called in the envoy. Pakistan also denounced the stunt"
        elif not theirs or is_mine or deed.event_type in _COMMENTS:
            continue
        elif kind == "any" or (kind == "force" and (group == "force" or deed.event_type in _FORCE)) or (kind == "measure" and group in _MEASURES):
            return theirs
    last = memory.deeds[-1] if memory.deeds else None
    is_view = event_type == "REJECTION" and re.search(r"\b(?:views?|notion)\b", words) is not None
    if is_view and last and last.event_type in _CHARGES and not mine & {p.key for p in (*last.actors, *last.recipients)}:
        return last.actors  # "Russia accused Japan of pulling the region away. Kazakhstan rejected that view"
    if kind in _ANSWERED:
        return memory.other_side(mine) if event_type == "REJECTION" else ()
    is_convened = kind == "pact" and re.search(r"\b(?:meeting|session|summit|conference)\b", words) is not None
    if (kind not in ("measure", "any") and not is_convened) or event_type not in _BY_REFERENCE | {"DEMAND"} or re.search(r"\b(?:them|they|those)\b", words):
        return ()
    return next((doers for doers in reversed(memory.steps) if not mine & {p.key for p in doers}), ())


def _unmistakable(event_type: str, words: str, deeds: Sequence[Deed], mine: set[str]) -> Sequence[Deed]:
    """The deeds that may be meant: all where one other party is in play, else those of the types that a noun names,
    else the last that was done to `mine`, else any where all were done by the same.

    Where several parties are in play, the nearest deed of a kind was the wrong one in 16 of 18 triples of the gold set's
    held-out half, however well it did on stories that the coder was tuned on: better no event than one about
    somebody else.
    """
    others = {p.key for d in deeds for p in (*d.actors, *d.recipients)} - mine
    if len(others) < 2:
        return deeds
    named = _first(words, _NAMED) or frozenset()
    meant = [d for d in deeds if d.event_type in named]
    if meant or (meaning := event_types().get(event_type)) is None or meaning.group != "speech":
        return meant
    theirs = [d for d in deeds if d.event_type not in _COMMENTS and not mine & {p.key for p in d.actors}]
    if _STEP.search(words):  # "Israel accused Turkey of ... Hamas hailed the step": what somebody said is none
        theirs = [d for d in theirs if d.event_type != "ACCUSATION"]
    if to_me := [d for d in theirs if mine & {p.key for p in d.recipients}]:
        return to_me[-1:]
    return theirs[-1:] if len({frozenset(p.key for p in d.actors) for d in theirs}) == 1 else []


def _first(words: str, table: Sequence[tuple[re.Pattern[str], T]]) -> T | None:
    """The meaning of the pattern that matches first; where two match at one place, the row that stands first."""
    found = [(match.start(), number) for number, (pattern, _) in enumerate(table) if (match := pattern.search(words))]
    return table[min(found)[1]][1] if found else None


def _likely_first(event_type: str, deeds: Sequence[Deed]) -> list[Deed]:
    """The latest first; but what is praised is rather an act of co-operation, what is condemned one of conflict."""
    latest = list(reversed(deeds))
    wanted = {"PRAISE": (1, 2), "SUPPORT_ENDORSE": (1, 2), "CONDEMN": (3, 4), "OPPOSE": (3, 4)}.get(event_type)
    if wanted is None:
        return latest
    types = event_types()
    return sorted(latest, key=lambda d: (types[d.event_type].quad_plover if d.event_type in types else 1) not in wanted)


def governor_noun(head: Word) -> Word | None:
    """The noun that a relative clause hangs from: `a move that Paris denounced`."""
    return head.head if head.dep == "relcl" and head.head.pos == "NOUN" else None
