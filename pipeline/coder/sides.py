"""Actors and recipients of a matched row, by the row's kind of parties (`to`, `both`, `from`, …)."""

from __future__ import annotations

from pipeline.coder.antecedents import Memory, find_antecedent, is_by_reference
from pipeline.coder.bytype import Sides, complete_sides, is_by_own, is_to_many, is_to_own, is_to_unnamed, settled_sides
from pipeline.coder.grammar import distinct, governing_verb, has_agent, has_own_subject, last_other, parties_of, parties_within
from pipeline.coder.inferred import ALWAYS_TO, CREW, PROPOSES, infer_recipients
from pipeline.coder.nouns import find_doer, find_nominal, find_target, sources
from pipeline.coder.parties import COURTS, Mention
from pipeline.coder.recipients import find_addressee, find_objects, place_before, place_parties
from pipeline.coder.speakers import find_speaker
from pipeline.coder.subjects import PLURAL, PRIVATE, clause_subjects, find_subject, nearest_before, set_beside
from pipeline.coder.tables import OF_ONE_COUNTRY, Pattern
from pipeline.coder.together import find_together
from pipeline.coder.words import Word
from pipeline.model import Party

_OUTWARD = frozenset("ARMED_CLASH INCURSION CYBERATTACK COERCION".split())
"""Types that are not done to one's own: `Israel bombed its sites` speaks of the other country's."""
_SAID_TO = frozenset("DEMAND URGE CALL_FOR_SETTLEMENT FORMAL_PROTEST PRAISE WARNING".split())
"""Types that are toward whom one speaks to, and nobody where those are many."""
_UNDOES = frozenset("free release reverse scrap lift withdraw drop rescind cancel revoke retract undo overturn annul".split())
_GUARDS = frozenset("patrol guard protect escort monitor search watch deter defend shadow track".split())
_ASIDE = frozenset(("over", "despite", "amid"))


def find_sides(pattern: Pattern, head: Word, at: dict[int, Mention], clause: str, reach: tuple[int, int], memory: Memory) -> Sides:
    """Actors, recipients and how surely they are those, by the row's kind of parties."""
    if pattern.event_type in ("LEGAL_CASE", "CONCESSION", "FORMAL_PROTEST", "OPPOSE"):
        at = {i: m for i, m in at.items() if i < head.i or m.parties[0].name not in COURTS | {"WTO"}}  # where a case is brought, and not against whom
    if pattern.parties == "said" or pattern.pos == "m":
        return _said(pattern, head, at, memory)
    actors, certainty = find_nominal(head, at) if pattern.pos == "n" else find_subject(head, at)
    if any(p.name == "we" for p in actors):
        actors, certainty = find_speaker(head, at) or memory.voice, 0.8
    is_remark = pattern.group == "speech" and head.dep == "advcl" and head.tag == "VBG" and head.head.dep == "ccomp" and head.head.head.lemma in ("say", "tell")
    is_remark = is_remark and head.head.head.i < head.i  # but "filed a case accusing the Emirates, the court said"
    if is_remark and (speakers := find_subject(head.head.head, at)[0]):
        actors, certainty = speakers, 0.9  # "said China had broken the law, calling it unacceptable"
    if (settled := settled_sides(pattern, head, at, reach, actors)) is not None:
        return settled
    passive_subject = any(c.dep in ("nsubjpass", "auxpass") for c in head.children)
    is_stranger = any(c.dep == "nsubj" and c.pos == "PROPN" and c.i not in at for c in head.children)  # "said the West was backing Israel"
    is_private = any(c.dep == "nsubj" and c.lemma in PRIVATE and c.i not in at for c in head.children)  # "analysts in China accused India"
    if not actors and pattern.group == "speech" and pattern.pos != "n" and not (has_own_subject(head) or is_stranger or is_private):
        actors, certainty = find_speaker(head, at), 0.7
    if not actors and pattern.event_type == "WARNING" and head.dep == "ccomp" and head.lemma in ("go", "meet", "face"):
        # "vowed that the bombing would not go unanswered", "said that any attack would meet with a response"
        actors, certainty = find_subject(head.head, at)[0], 0.8
    is_of_others = any(c.dep == "nsubj" and c.tag == "NNS" and c.i not in at and c.lemma in PLURAL for c in head.children)  # "Western envoys denounced"
    if not actors and pattern.pos == "v" and not (passive_subject or is_private or is_of_others) and (actors := nearest_before(head, at)):
        certainty = 0.7
    if pattern.parties == "from":
        return _from(head, at, reach, memory)
    if pattern.parties == "got":
        return tuple(p for t in head.subtree if t.lower == "from" for p in parties_of([c for c in t.children if c.dep == "pobj"], at)), actors, certainty
    if pattern.parties == "both":
        return find_together(pattern, head, at, actors, certainty, reach, memory)
    if pattern.parties == "joint":
        return actors, (), certainty
    if pattern.parties == "mediate":
        return _mediated(head, at, actors, certainty, memory)
    if pattern.parties == "clause":
        told = [g for c in head.children if c.dep in ("prep", "dative") and c.lower == "to" for g in c.children if g.dep == "pobj"]
        if told and head.lemma in PROPOSES and (theirs := parties_of(told, at)):
            return actors, theirs, certainty  # "proposed to Bishkek that they swap land"
        if head.lemma in PROPOSES:
            return actors, clause_subjects(head, at) or memory.met({p.key for p in actors}), certainty
        named = clause_subjects(head, at)
        return (actors, named, certainty) if named else (actors, _by_thing(pattern, head, {p.key for p in actors}, memory), certainty * 0.8)
    passive = [c for c in head.children if c.dep == "nsubjpass"]
    if passive and passive[0].lower in ("who", "which", "that") and head.dep == "relcl":
        passive = [head.head]
    if head.dep == "acl" and head.tag == "VBN" and has_agent(head) and head.head.i in at and at[head.head.i].kind == "body":
        passive = [head.head]  # "the soldiers captured by Thailand"
    if pattern.parties == "host" or pattern.parties == "self":
        if pattern.pos == "n" and (visitor := set_beside(head, at)):
            actors, certainty = visitor, 0.9
        actors = (
            parties_of(passive, at) or actors if pattern.parties == "host" else actors or parties_of(passive, at) or (find_speaker(head, at) if passive else ())
        )
        if pattern.parties != "host":
            return actors, (), certainty or 0.8
        mine = {p.key for p in actors}
        return actors, place_before(head, at, mine) or place_parties(head, at, reach, mine), certainty or 0.8
    if pattern.parties == "about":
        return _about(head, at, actors, certainty)
    return _directed(pattern, head, _without_name(pattern, head, at), clause, reach, memory, actors, certainty, passive)


_DEEDS = frozenset("move step decision measure law act action work plane boat vessel ship aircraft jet drone helicopter campaign decree".split())


def _by_thing(pattern: Pattern, head: Word, mine: set[str], memory: Memory) -> tuple[Party, ...]:
    """Who is accused through his deed: `said the works violated a treaty`, `said the plane had intruded`."""
    subjects = [g for c in head.children if c.dep == "ccomp" and c.lemma != "stray" for g in c.children if g.dep == "nsubj" and g.lemma in _DEEDS]
    if pattern.pattern_id != "accuse-say" or not any([c.lower for c in s.children if c.i < s.i] in (["the"], ["this"], ["such"]) for s in subjects):
        return ()
    lead = tuple(p for p in memory.lead or () if p.key not in mine)
    return memory.other_side(mine) or lead


def _about(head: Word, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float) -> Sides:
    """Whom a complaint is about, else to: `complained about Tokyo to the council`."""
    about = [t for t in head.subtree if t.dep == "prep" and t.lower in ("about", "over", "against")]
    mine = {p.key for p in actors}
    named = tuple(p for p in distinct(p for c in about for p in parties_within(c, at)) if p.key not in mine)
    return actors, named or find_objects(head, at, mine), certainty


def _without_name(pattern: Pattern, head: Word, at: dict[int, Mention]) -> dict[int, Mention]:
    """The parties but for those in what the object is called: `called the hangings a mockery of ASEAN's plan` does not blame ASEAN."""
    if pattern.event_type != "CONDEMN" or head.lemma not in ("call", "describe", "brand", "label", "term", "dub"):
        return at
    if not any(c.dep in ("dobj", "nsubj") and c.i > head.i for c in head.children):
        return at  # "what he called Israel's aggression"
    called = {t.i for c in head.children if c.dep == "oprd" or c.lower == "as" for t in c.subtree if t.head.lower != "by"}
    return {i: mention for i, mention in at.items() if i not in called}


def _directed(
    pattern: Pattern,
    head: Word,
    at: dict[int, Mention],
    clause: str,
    reach: tuple[int, int],
    memory: Memory,
    actors: tuple[Party, ...],
    certainty: float,
    passive: list[Word],
) -> Sides:
    """An act on somebody: as the sentence names them, then as the type has them, then as the story lets one infer."""
    recipients: tuple[Party, ...] = ()
    if pattern.pos == "n":
        actors, certainty = find_doer(head, at)
        recipients = find_target(head, at) or (
            find_objects(head.head.head, at, {p.key for p in actors}) if head.dep == "pobj" and head.head.head.pos == "VERB" else ()
        )
        actors = tuple(p for p in actors if p.key not in {r.key for r in recipients})
    else:
        recipients = find_objects(
            head,
            at,
            {p.key for p in actors},
            may_be_own=may_be_own(pattern),
            deep=pattern.event_type.startswith("AID") or pattern.parties == "opt" or pattern.pos == "a",
            is_deed=is_by_reference(pattern.event_type) or _is_undoing(head),
        )
    if pattern.event_type in ("DEMAND", "URGE") and any(c.dep == "dobj" and c.lemma in ("demand", "request", "call") for c in head.children):
        recipients = clause_subjects(head, at) or recipients  # "renewed Moscow's demand that Washington lift the embargo on the island"
    mine = {p.key for p in actors}
    if (settled := _toward_nobody(pattern, head, at, actors, certainty, bool(passive))) is not None:
        return settled
    if pattern.group == "speech" and head.dep in ("xcomp", "advcl") and head.head.lemma == "summon":
        recipients = find_addressee(head, at, mine) or recipients  # "summoned the envoy of Iran to protest the trial of an EU official"
    if passive:
        within = parties_within(passive[0], at, before=head if passive[0].i < head.i else None) if passive[0].i not in at else ()
        recipients = (*parties_of(passive, at), *within, *recipients)
    if (pattern.parties == "place" or pattern.event_type in ("MEETING_CANCELLED", "CONDOLENCE")) and not recipients:
        recipients = place_parties(head, at, reach, () if may_be_own(pattern) and pattern.pos != "n" else mine)
    if pattern.event_type == "FORMAL_PROTEST" and recipients and all(p.sector == "IGO" for p in recipients):
        about = [t for t in head.subtree if t.dep == "prep" and t.lower in ("over", "about", "against")]
        recipients = distinct(p for c in about for p in parties_within(c, at) if p.key not in mine) or recipients  # "with the OAS over Trump's remarks"
    if pattern.event_type in ("TREATY_LEFT", "TREATY_RATIFIED") and not recipients:  # "ratified an agreement to rent prison cells to Denmark"
        recipients = distinct(p for c in head.children if c.dep == "dobj" for p in parties_within(c, at) if p.key not in mine)[:1]
    if pattern.event_type == "DEPLOYMENT" and not recipients:
        for purpose in (c for c in head.children if c.dep == "advcl" and c.tag == "VB"):  # "sent its navy to surround Taiwan"
            recipients = recipients or place_parties(purpose, at, (purpose.i, purpose.subtree[-1].i), mine)
    if pattern.event_type == "SANCTION_IMPOSED":
        over = {p.key for c in head.children if c.dep == "prep" and c.lower == "over" for p in parties_within(c, at)}
        over |= {p.key for o in head.children if o.dep == "dobj" for c in o.children if c.lower == "over" for p in parties_within(c, at)}
        recipients = tuple(p for p in recipients if p.key not in over)  # "joined sanctions over Ukraine"
    if pattern.event_type == "DETENTION" and {p.key for p in recipients} <= mine:  # "Iran arrested a British-Iranian couple"
        others = distinct(p for c in head.children if c.dep == "dobj" for p in parties_within(c, at, before=c) if p.key not in mine)
        recipients = others or recipients
    is_own_crew = any(c.dep == "dobj" and c.lemma in CREW and any(g.dep == "poss" for g in c.children) for c in head.children)
    if pattern.event_type == "DETENTION" and is_own_crew and {p.key for p in recipients} <= mine:
        recipients = last_other(head, at, mine)  # "fired at a Japanese boat and detained its captain"
    states = {p.key for p in actors if p.sector in ("GOV", "MIL")}
    is_own = pattern.event_type in _OUTWARD and recipients and {p.key for p in recipients} <= states
    is_against_other = pattern.event_type == "COERCION" and not recipients
    if (is_own or is_against_other) and any(t.lower in ("its", "their") for o in head.children if o.dep in ("dobj", "prep") for t in o.subtree):
        recipients = last_other(head, at, states | mine) or recipients
    actors, recipients, certainty = complete_sides(pattern, head, at, reach, memory, (actors, recipients, certainty), passive)
    mine = {p.key for p in actors}
    may_be_inferred = pattern.parties in ("to", "opt") or pattern.event_type in ALWAYS_TO
    if head.lemma == "warn" and head.dep == "relcl" and not recipients and any(c.dep == "nsubj" and c.i in at for c in head.children):
        return actors, (), certainty  # "a project that he has warned could lead to war"
    if mine and may_be_inferred and not any(p.key not in mine for p in recipients):
        return actors, infer_recipients(pattern, head, at, clause, reach, memory, actors, bool(passive)), certainty * 0.8
    return actors, recipients, certainty


def _toward_nobody(pattern: Pattern, head: Word, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float, is_passive: bool) -> Sides | None:
    """Sides of an act that the words tell of a stranger, of many, of one's own, or that is none; None where they leave it open."""
    mine = {p.key for p in actors}
    strangers = [c for c in head.children if c.dep == "dobj" and c.tag == "NNP" and c.i not in at and not any(g.i in at for g in c.subtree)]
    if pattern.pos == "v" and strangers and pattern.event_type in ("ACCUSATION", "URGE"):
        return actors, (), certainty  # "accused the West of politicising the G20": not the G20
    own = [g for c in head.children if c.dep == "ccomp" for g in c.children if g.dep in ("nsubj", "nsubjpass") and g.pos == "PRON"]
    if pattern.event_type == "DEMAND" and any({p.key for p in at[g.i].parties} <= mine for g in own if g.i in at):
        return (), (), 0.0  # "insisted that it should not be made to pay"
    if pattern.event_type in ("DEMAND", "URGE") and pattern.pos == "v" and is_to_own(head, at, mine):
        return (), (), 0.0  # "ordered Reina", his own minister
    if pattern.event_type in ("URGE", "DEMAND") and pattern.pos == "v" and is_to_unnamed(head, at):
        return actors, (), certainty  # "pressed the gathering to stand by Syria's rulers": not them
    if pattern.event_type in _SAID_TO and pattern.pos in ("v", "a") and is_to_many(head, at):
        return actors, (), certainty
    if (
        pattern.event_type == "APOLOGY"
        and (to := [g for c in head.children if c.lower == "to" for g in c.children])
        and {p.key for p in parties_of(to, at)} & mine
    ):
        return (), (), 0.0  # "apologised to the army", her own
    if pattern.event_type == "REJECTION" and is_by_own(head, at, mine):
        return (), (), 0.0  # "turned down a suggestion by his energy minister"
    if pattern.event_type == "ARMS_TRANSFER" and any(c.dep == "advcl" and c.tag == "VB" and c.lemma in _GUARDS for c in head.children):
        return (), (), 0.0  # "sent two frigates to patrol off Libya": a deployment
    if pattern.event_type == "MEETING_CANCELLED" and is_passive and len(actors) > 1:
        return actors, (), certainty  # "talks between A and B in Luanda were cancelled"
    return None


def _is_undoing(head: Word) -> bool:
    """Whether what is asked is that an act be undone: `demanded that it be reversed`."""
    return any(c.dep == "ccomp" and c.lemma in _UNDOES and any(g.dep == "nsubjpass" for g in c.children) for c in head.children)


def may_be_own(pattern: Pattern) -> bool:
    """Whether actor and recipient may be of one country."""
    return pattern.event_type in OF_ONE_COUNTRY


def _said(pattern: Pattern, head: Word, at: dict[int, Mention], memory: Memory) -> Sides:
    """The speaker says it of the sentence's subject: `India should cooperate, Britain said`."""
    verb = head.head if pattern.pos == "m" else head
    subject, certainty = find_subject(verb, at)
    speaker = find_speaker(verb, at)
    if (
        speaker
        and (not subject or {p.key for p in subject} <= {p.key for p in speaker})
        and (is_by_reference(pattern.event_type) or pattern.event_type == "ACCUSATION")
    ):
        things = " ".join(c.lower for c in verb.children if c.dep in ("nsubj", "nsubjpass"))  # "said the decision was disproportionate"
        subject, certainty = find_antecedent(pattern.event_type, speaker, things, memory), 0.7
    if speaker and not subject and is_by_reference(pattern.event_type):  # "told Netanyahu that the killing was unacceptable"
        subject, certainty = find_addressee(verb, at, {s.key for s in speaker}), 1.0
    if not speaker or not subject:
        return (), (), 0.0
    if subject[0].name == "we":
        subject = find_objects(verb, at, {s.key for s in speaker}, deep=True)
    return speaker, tuple(p for p in subject if p.key not in {s.key for s in speaker}), certainty * 0.9


def _from(head: Word, at: dict[int, Mention], reach: tuple[int, int], memory: Memory) -> Sides:
    """The actor follows `from` or `by`; the recipient is named beside it, else is whoever acted last."""
    actors = sources(head, at)
    mine = {p.key for p in actors}
    if not actors:
        return (), (), 0.0
    near = distinct(p for n in range(head.i, reach[1] + 1) if n in at and at[n].kind != "we" for p in at[n].parties)
    above = [c for c in head.head.children if c.dep == "nsubj"] if head.dep == "dobj" else []
    above = [head.head.head if c.lower in ("who", "which", "that") and head.head.dep == "relcl" else c for c in above]  # "Scholz, who drew criticism from Kyiv"
    caused = tuple(p for s in above for p in (*parties_of([s], at), *parties_within(s, at)))
    governor = governing_verb(head)
    if not above and governor is not None and head.dep in ("dobj", "pobj"):
        caused = find_subject(governor, at)[0]  # "met Putin, drawing a rebuke from Paris", "opened the dam despite objections from Egypt"
        near = () if caused else near
    recipients = tuple(p for p in (*near, *caused) if p.key not in mine)
    for deed in reversed(memory.deeds[-3:]):
        recipients = recipients or tuple(p for p in deed.actors if p.key not in mine)
    return actors, recipients, 0.8


def _mediated(head: Word, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float, memory: Memory) -> Sides:
    """Who brings whom together: `talks between A and B brokered by C`, `C offered to mediate`."""
    above, owners = (actors, actors) if head.pos == "NOUN" else ((), ())
    if head.pos == "NOUN" or (head.dep == "acl" and head.tag == "VBN") or has_agent(head):
        actors, certainty = sources(head, at), 0.9
    if not actors and head.dep == "pobj" and head.head.lower == "under" and (governor := governing_verb(head)) is not None:
        actors, above = owners, find_subject(governor, at)[0]  # "met in Paris under U.S. mediation"
    mine = {p.key for p in actors}
    noun = head.head if head.dep in ("acl", "relcl") else None
    beside_it = [c for c in head.children if c.lower == "alongside" or {c.lower, *(g.lower for g in c.children)} & {"along", "together"}]
    helpers = {p.key for c in beside_it for p in parties_within(c, at)}  # "mediated along with Egypt"
    between = (*parties_within(noun, at), *parties_within(head, at)) if noun is not None else parties_within(head, at)
    aside = {p.key for t in head.subtree if t.dep == "prep" and t.lower in _ASIDE for p in parties_within(t, at)}  # "over the objections of C"
    if any(c.dep == "dobj" for c in head.children):  # "oversaw a truce between A and B and met C"
        aside |= {p.key for c in head.children if c.dep == "conj" and c.pos == "VERB" for p in parties_within(c, at)}
    between = tuple(p for p in between if p.key not in helpers | aside)
    sides = tuple(p for p in distinct((*between, *above)) if p.key not in mine)
    if not sides and head.lemma not in ("host", "arrange", "convene", "sponsor"):
        for deed in reversed(memory.deeds[-6:]):
            told = deed.recipients if len(deed.recipients) > 1 else (*deed.actors, *deed.recipients)  # "urged A and B to talk"
            sides = tuple(p for p in told if p.key not in mine)
            if len(sides) > 1:
                break
    return actors, sides if len(sides) > 1 else (), certainty
