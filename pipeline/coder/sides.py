"""Actors and recipients of a matched row, by the row's kind of parties (`to`, `both`, `from`, …)."""

from __future__ import annotations

from pipeline.coder.antecedents import Memory, find_antecedent, is_by_reference
from pipeline.coder.bytype import Sides, complete_sides, is_by_own, is_to_many, is_to_own, settled_sides
from pipeline.coder.grammar import beside, distinct, governing_verb, has_agent, has_own_subject, last_other, parties_of, parties_within
from pipeline.coder.inferred import ALWAYS_TO, CREW, infer_recipients
from pipeline.coder.nouns import find_doer, find_nominal, find_target, sources
from pipeline.coder.parties import COURTS, Mention, country_party
from pipeline.coder.recipients import find_addressee, find_objects, find_partners, place_parties
from pipeline.coder.speakers import find_speaker
from pipeline.coder.subjects import PLURAL, PRIVATE, clause_subjects, find_subject, nearest_before, set_beside
from pipeline.coder.tables import OF_ONE_COUNTRY, Pattern
from pipeline.coder.words import Word
from pipeline.model import Party

_OUTWARD = frozenset("ARMED_CLASH INCURSION CYBERATTACK COERCION".split())
"""Types that are not done to one's own: `Israel bombed its sites` speaks of the other country's."""
_SAID_TO = frozenset("DEMAND URGE CALL_FOR_SETTLEMENT FORMAL_PROTEST PRAISE WARNING".split())
"""Types that are toward whom one speaks to, and nobody where those are many."""
_UNDOES = frozenset("free release reverse scrap lift withdraw drop rescind cancel revoke retract undo overturn annul".split())
_GUARDS = frozenset("patrol guard protect escort monitor search watch deter defend shadow track".split())
_ASIDE = frozenset(("over", "despite", "amid"))
_PEERS = frozenset("counterpart colleague partner official".split())
_SOUGHT = frozenset("AGREE_COOPERATE TALKS_AGREED RELATIONS_RAISED CEASEFIRE".split())
"""Types done together whose other party may be named elsewhere in the story: `Mexico agreed to send more water`."""


def find_sides(pattern: Pattern, head: Word, at: dict[int, Mention], clause: str, reach: tuple[int, int], memory: Memory) -> Sides:
    """Actors, recipients and how surely they are those, by the row's kind of parties."""
    if pattern.event_type in ("LEGAL_CASE", "CONCESSION", "FORMAL_PROTEST"):
        at = {i: m for i, m in at.items() if i < head.i or m.parties[0].name not in COURTS | {"WTO"}}  # where a case is brought, and not against whom
    if pattern.parties == "said" or pattern.pos == "m":
        return _said(pattern, head, at, memory)
    actors, certainty = find_nominal(head, at) if pattern.pos == "n" else find_subject(head, at)
    if any(p.name == "we" for p in actors):
        actors, certainty = find_speaker(head, at), 0.8
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
    is_of_others = any(c.dep == "nsubj" and c.tag == "NNS" and c.i not in at and c.lemma in PLURAL for c in head.children)  # "Western envoys denounced"
    if not actors and pattern.pos == "v" and not (passive_subject or is_private or is_of_others) and (actors := nearest_before(head, at)):
        certainty = 0.7
    if pattern.parties == "from":
        return _from(head, at, reach, memory)
    if pattern.parties == "got":
        return tuple(p for t in head.subtree if t.lower == "from" for p in parties_of([c for c in t.children if c.dep == "pobj"], at)), actors, certainty
    if pattern.parties == "both":
        return _together(pattern, head, at, actors, certainty, reach, memory)
    if pattern.parties == "joint":
        return actors, (), certainty
    if pattern.parties == "mediate":
        return _mediated(head, at, actors, certainty, memory)
    if pattern.parties == "clause":
        return actors, clause_subjects(head, at), certainty
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
        return actors, place_parties(head, at, reach, {p.key for p in actors}) if pattern.parties == "host" else (), certainty or 0.8
    if pattern.parties == "about":
        return _about(head, at, actors, certainty)
    return _directed(pattern, head, at, clause, reach, memory, actors, certainty, passive)


def _about(head: Word, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float) -> Sides:
    """Whom a complaint is about, else to: `complained about Tokyo to the council`."""
    about = [c for c in head.children if c.dep == "prep" and c.lower in ("about", "over", "against")]
    mine = {p.key for p in actors}
    named = tuple(p for p in distinct(p for c in about for p in parties_within(c, at)) if p.key not in mine)
    return actors, named or find_objects(head, at, mine), certainty


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
    strangers = [c for c in head.children if c.dep == "dobj" and c.tag == "NNP" and c.i not in at and not any(g.i in at for g in c.subtree)]
    if pattern.pos == "v" and strangers and pattern.event_type in ("ACCUSATION", "URGE"):
        return actors, (), certainty  # "accused the West of politicising the G20": not the G20
    if pattern.group == "speech" and head.dep in ("xcomp", "advcl") and head.head.lemma == "summon":
        recipients = find_addressee(head, at, {p.key for p in actors}) or recipients  # "summoned the envoy of Iran to protest the trial of an EU official"
    own = [g for c in head.children if c.dep == "ccomp" for g in c.children if g.dep in ("nsubj", "nsubjpass") and g.pos == "PRON"]
    if pattern.event_type == "DEMAND" and any({p.key for p in at[g.i].parties} <= {p.key for p in actors} for g in own if g.i in at):
        return (), (), 0.0  # "insisted that it should not be made to pay"
    if pattern.event_type in ("DEMAND", "URGE") and pattern.pos == "v" and is_to_own(head, at, {p.key for p in actors}):
        return (), (), 0.0  # "ordered Reina", his own minister
    if pattern.event_type in _SAID_TO and pattern.pos == "v" and is_to_many(head, at):
        return actors, (), certainty
    if pattern.event_type == "REJECTION" and is_by_own(head, at, {p.key for p in actors}):
        return (), (), 0.0  # "turned down a suggestion by his energy minister"
    if pattern.event_type == "ARMS_TRANSFER" and any(c.dep == "advcl" and c.tag == "VB" and c.lemma in _GUARDS for c in head.children):
        return (), (), 0.0  # "sent two frigates to patrol off Libya": a deployment
    if pattern.event_type == "MEETING_CANCELLED" and passive and len(actors) > 1:
        return actors, (), certainty  # "talks between A and B in Luanda were cancelled"
    if passive:
        recipients = (*parties_of(passive, at), *parties_within(passive[0], at, before=head if passive[0].i < head.i else None), *recipients)
    if (pattern.parties == "place" or pattern.event_type in ("MEETING_CANCELLED", "CONDOLENCE")) and not recipients:
        recipients = place_parties(head, at, reach, () if may_be_own(pattern) and pattern.pos != "n" else {p.key for p in actors})
    if pattern.event_type == "TREATY_LEFT" and not recipients:  # "renew its agreement to take part in China's programme"
        mine = {p.key for p in actors}
        recipients = distinct(p for c in head.children if c.dep == "dobj" for p in parties_within(c, at) if p.key not in mine)[:1]
    if pattern.event_type == "DEPLOYMENT" and not recipients:
        for purpose in (c for c in head.children if c.dep == "advcl" and c.tag == "VB"):  # "sent its navy to surround Taiwan"
            recipients = recipients or place_parties(purpose, at, (purpose.i, purpose.subtree[-1].i), {p.key for p in actors})
    if pattern.event_type == "SANCTION_IMPOSED":
        over = {p.key for c in head.children if c.dep == "prep" and c.lower == "over" for p in parties_within(c, at)}
        over |= {p.key for o in head.children if o.dep == "dobj" for c in o.children if c.lower == "over" for p in parties_within(c, at)}
        recipients = tuple(p for p in recipients if p.key not in over)  # "joined sanctions over Ukraine"
    is_own_crew = any(c.dep == "dobj" and c.lemma in CREW and any(g.dep == "poss" for g in c.children) for c in head.children)
    if pattern.event_type == "DETENTION" and is_own_crew and {p.key for p in recipients} <= {p.key for p in actors}:
        recipients = last_other(head, at, {p.key for p in actors})  # "fired at a Japanese boat and detained its captain"
    states = {p.key for p in actors if p.sector in ("GOV", "MIL")}
    is_own = pattern.event_type in _OUTWARD and recipients and {p.key for p in recipients} <= states
    is_against_other = pattern.event_type == "COERCION" and not recipients
    if (is_own or is_against_other) and any(t.lower in ("its", "their") for o in head.children if o.dep in ("dobj", "prep") for t in o.subtree):
        recipients = last_other(head, at, states | {p.key for p in actors}) or recipients
    actors, recipients, certainty = complete_sides(pattern, head, at, reach, memory, (actors, recipients, certainty), passive)
    mine = {p.key for p in actors}
    may_be_inferred = pattern.parties in ("to", "opt") or pattern.event_type in ALWAYS_TO
    if head.lemma == "warn" and head.dep == "relcl" and not recipients and any(c.dep == "nsubj" and c.i in at for c in head.children):
        return actors, (), certainty  # "a project that he has warned could lead to war"
    if mine and may_be_inferred and not any(p.key not in mine for p in recipients):
        return actors, infer_recipients(pattern, head, at, clause, reach, memory, actors, bool(passive)), certainty * 0.8
    return actors, recipients, certainty


def _is_bought(word: Word) -> bool:
    """Whether a demonym says whose wares a deal is for: `signed a deal for three French radars`."""
    return word.head.dep == "pobj" and word.head.head.lower == "for"


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
    if not speaker or not subject:
        return (), (), 0.0
    if subject[0].name == "we":
        subject = find_objects(verb, at, {s.key for s in speaker}, deep=True)
    return speaker, tuple(p for p in subject if p.key not in {s.key for s in speaker}), certainty * 0.9


def _together(
    pattern: Pattern, head: Word, at: dict[int, Mention], actors: tuple[Party, ...], certainty: float, reach: tuple[int, int], memory: Memory
) -> Sides:
    passive = parties_of([c for c in head.children if c.dep == "nsubjpass"], at)
    if not passive and head.dep == "conj" and has_agent(head):
        passive = find_subject(head.head, at)[0]  # "Abbas began a visit and was received by Xi"
    if not actors and head.dep == "relcl" and head.head.i not in at and head.head.pos == "NOUN":
        return (), (), 0.0  # "Arab states that have normalised relations with Israel"
    together = distinct(p for p in (*actors, *passive, *find_partners(head, at)) if p.name != "we")
    objects = [c for c in head.children if c.dep == "dobj" and any(g.lower == "between" for g in c.children)]
    if pattern.event_type == "TALKS" and len(sides := beside(objects, at)) > 1:
        together = sides  # "opened talks between A and B": not those who host them
    if head.dep == "acl" and not has_agent(head):
        # "an agreement signed in September": by their countries, whoever led them then
        named = parties_of([g for t in head.subtree if t.lower == "between" for g in t.children], at)
        together = named if len(named) > 1 else together  # "signed at the start of the month between"
        together = distinct(country_party(p.country, p.text) if p.country else p for p in together)
    if is_treaty_alone := pattern.event_type == "TREATY_SIGNED" and len(together) == 1:
        pact = next((c for c in head.children if c.dep == "dobj"), head.head)
        if head.dep == "relcl":  # "a deal with Beijing that his predecessor struck"
            together = distinct((*together, *parties_of([g for c in pact.children if c.lower == "with" for g in c.children], at)))
        elif is_treaty_alone and any(c.lower == "similar" for c in pact.children):
            together = distinct((*together, *memory.last_signers({p.key for p in together})[:1]))  # "B concluded a similar accord"
    if len(together) == 1 and pattern.event_type in ("CALL", "TALKS") and pattern.pos == "v":
        withs = [  # "held a call since taking office with", but not "met on Sunday, appointing envoys for talks with"
            g
            for t in head.subtree
            if t.lower == "with" and t.i > head.i and not any(a.dep == "advcl" and a.i > head.i for a in t.ancestors)
            for g in t.children
            if g.dep == "pobj"
        ]
        together = distinct((*together, *parties_of(withs[:1], at)))
    if len(together) == 1 and pattern.event_type == "TALKS" and pattern.pos == "n" and any(c.lower == "bilateral" for c in head.children):
        named = tuple(p for w in head.line if w.i in at and at[w.i].kind == "country" for p in at[w.i].parties if p.key != together[0].key)
        together = distinct((*together, *named[:1]))  # "voiced concern over what China has put up, at bilateral talks in Seoul"
    is_treaty = pattern.event_type == "TREATY_SIGNED"
    if is_treaty and not together and head.dep == "acl" and any(c.lower == "the" for c in head.head.children):
        together = memory.partners()  # "the memorandum, inked in Brasilia"
    is_sought = pattern.event_type in _SOUGHT or is_treaty
    if len(together) == 1 and pattern.event_type == "TALKS" and pattern.pos == "n" and head.dep == "nsubj":
        speakers = tuple(p for p in find_speaker(head, at) if p.key != together[0].key)
        return (*speakers[:1], *together), (), 0.7  # "talks with Moroni went on, the French minister said"
    if len(together) == 1 and pattern.event_type == "CALL" and pattern.pos == "n" and head.dep == "pobj" and (told := governing_verb(head)) is not None:
        together = distinct((*together, *parties_of([c for c in told.children if c.dep == "dobj"], at)))  # "promised the emir in a telephone call"
    if len(together) == 1 and pattern.event_type == "CEASEFIRE" and head.lemma == "announce" and (sides := memory.fighters({together[0].key})):
        return sides, (), 0.7  # "Israel bombed Syria, before the United States announced a truce"
    if len(together) == 1 and pattern.event_type == "TALKS" and any(c.dep == "auxpass" for c in head.children):
        speakers = tuple(p for p in find_speaker(head, at) if p.key != together[0].key)
        return (*speakers[:1], *together), (), 0.7  # "talks had been held with Chinese officials, the Dutch minister said"
    if len(together) == 1 and pattern.event_type == "TALKS" and any(c.dep == "dobj" and c.pos == "PROPN" and c.i not in at for c in head.children):
        return together, place_parties(head, at, reach, {p.key for p in together}), 0.7  # somebody unknown, met in a known place
    if len(together) != 1 or not is_sought:
        return together, (), certainty
    if any(g.lemma in _PEERS and g.tag == "NNS" and g.i not in at for c in head.children if c.lower == "with" for g in c.children):
        return (), (), 0.0  # "agreed with his regional counterparts to put pressure on the North"
    mine = {p.key for p in together}
    within = tuple(
        p
        for n in range(head.i + 1, reach[1] + 1)
        if n in at
        and at[n].kind
        in (
            ("country", "person", *(("adjective",) if _is_bought(head.line[n]) else ()))
            if is_treaty
            else ("country", "seat", "body", "person", "adjective", "group", "region")
        )
        and not (
            pattern.event_type != "RELATIONS_RAISED"
            and (
                at[n].kind in ("seat", "region")
                or (at[n].kind == "country" and head.line[n].head.head in (head, *(c for c in head.children if c.dep == "dobj")))
            )
            and head.line[n].dep == "pobj"
            and head.line[n].head.lower in ("in", "at")
        )
        for p in at[n].parties
    )
    others = tuple(p for p in distinct(within) if p.key not in mine and p.name != "we")[:1]
    if not others and is_treaty and head.dep == "relcl" and any(g.lower == "the" for c in head.children if c.dep == "dobj" for g in c.children):
        others = memory.other_side(mine)  # "La Paz signed a pact with Iran. Its minister, who inked the deal"
    if not others and is_treaty:  # "signed a letter of intent on Monday to buy 100 fighters from France"
        purposes = [c for c in head.children if c.dep == "advcl" and c.tag == "VB"]
        others = tuple(p for c in purposes for p in parties_within(c, at) if p.key not in mine)[:1]
    if not others and head.dep == "acl":
        others = tuple(
            p for n in range(head.i) if n in at and at[n].kind in ("country", "seat", "adjective", "body") for p in at[n].parties if p.key not in mine
        )[-1:]
    if head.dep == "acl" or not (is_treaty or head.dep == "relcl"):
        others = others or memory.other_side(mine)
    return together, others, certainty * 0.8


def _from(head: Word, at: dict[int, Mention], reach: tuple[int, int], memory: Memory) -> Sides:
    """The actor follows `from` or `by`; the recipient is named beside it, else is whoever acted last."""
    actors = sources(head, at)
    mine = {p.key for p in actors}
    if not actors:
        return (), (), 0.0
    near = distinct(p for n in range(head.i, reach[1] + 1) if n in at and at[n].kind != "we" for p in at[n].parties)
    above = [c for c in head.head.children if c.dep == "nsubj"] if head.dep == "dobj" else []
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
    between = tuple(p for p in between if p.key not in helpers | aside)
    sides = tuple(p for p in distinct((*between, *above)) if p.key not in mine)
    if not sides and head.lemma not in ("host", "arrange", "convene", "sponsor"):
        for deed in reversed(memory.deeds[-6:]):
            told = deed.recipients if len(deed.recipients) > 1 else (*deed.actors, *deed.recipients)  # "urged A and B to talk"
            sides = tuple(p for p in told if p.key not in mine)
            if len(sides) > 1:
                break
    return actors, sides if len(sides) > 1 else (), certainty
