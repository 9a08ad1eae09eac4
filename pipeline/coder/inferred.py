"""Recipients whom a clause leaves out: those spoken to, those whose act it answers, the other side of the story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.coder.antecedents import Memory, find_antecedent, governor_noun, is_by_reference
from pipeline.coder.grammar import distinct, governing_verb, has_own_subject, is_charge, object_words, parties_of, parties_within
from pipeline.coder.parties import Mention, country_party
from pipeline.coder.recipients import find_addressee, find_objects, find_occasion, nearest_after, place_parties
from pipeline.coder.subjects import DRIVES, find_subject
from pipeline.coder.tables import Pattern, event_types
from pipeline.coder.toward import FREED, HARMS
from pipeline.coder.words import Word
from pipeline.model import Party

_GIVEN = frozenset("AID_DELIVERED AID_PLEDGED ARMS_TRANSFER AID_CUT".split())
"""Types that somebody gets: where nobody else is named, those of the dateline."""
_ADDRESSED = frozenset("WARNING REJECTION DEMAND SANCTION_IMPOSED SANCTION_LIFTED TREATY_LEFT ENVOY_RECALLED RELATIONS_LOWERED APOLOGY FORMAL_PROTEST".split())
"""Types that always have somebody on the other side, whom the sentence may leave out."""
ALWAYS_TO = _GIVEN | _ADDRESSED
"""Types that are always done to somebody."""
_PARTING = frozenset("AID_CUT RELATIONS_LOWERED ENVOY_RECALLED ENVOY_EXPELLED SANCTION_IMPOSED TREATY_LEFT".split())
"""Steps that several countries take against one: `A cut ties with C, while B recalled its ambassador`."""
_STEPS = frozenset(
    "decision move step plan vote deployment law bill announcement approval suspension ban measure tariff sanction closure recognition withdrawal arrest "
    "sale project visit trip arrangement session meeting deal action expulsion operation launch test drill exercise fine reopening opening boycott statement "
    "ruling verdict sentence gesture outcome result threat exit loan gathering flight refusal pull-out freeze halt levy tax duty "
    "delay cut rejection summons execution hanging takeover annexation".split()
)
_POSTS = frozenset("mission embassy envoy ambassador d'affaires consul".split())
CREW = frozenset("crew captain skipper owner pilot operator".split())
_HELD = frozenset("jail hold detain imprison arrest sentence".split())
_BACKING = frozenset("support solidarity backing".split())
_DISPLEASURE = frozenset("disappointment displeasure dissatisfaction outrage anger indignation".split())
_REDRESS = frozenset("explanation apology clarification answer compensation redress".split())
_SAYINGS = frozenset("talk account version report claim remark comment word statement allegation suggestion assertion charge warning threat accusation".split())
_ACCOUNTS = frozenset("talk account version claim assertion suggestion report".split())
_SAYS = frozenset("say tell claim allege assert warn suggest declare insist threaten announce charge".split())
_URGES = frozenset("urge call ask press accuse warn demand tell remind advise".split())
OF_OTHERS = re.compile(r"\b(?:actions?|situations?|attacks?|incidents?|launch(?:es)?|tests?|violence|sea|war|conflict|escalation|tensions?|strikes?|crisis)\b")
"""What may be anybody's: concern over it is not toward those whom one talks with."""
_THANKS = re.compile(r"\b(?:thanks|gratitude|appreciation)\b")
_TRAVELS = frozenset("visit arrive travel fly tour".split())
PROPOSES = frozenset("propose suggest request ask seek raise present".split())
"""What somebody does at talks toward whom he talks with: `requested that the project be carried out`."""
_ANY = frozenset("all any every some each no".split())


def infer_recipients(
    pattern: Pattern, head: Word, at: dict[int, Mention], clause: str, reach: tuple[int, int], memory: Memory, actors: tuple[Party, ...], is_passive: bool
) -> tuple[Party, ...]:
    """Recipients that the clause does not name as such: right after the verb, those spoken to, those whose act it answers, the usual other side."""
    mine = {p.key for p in actors}
    if (settled := _settled(pattern, head, at, actors, memory)) is not None:
        return settled
    event_type, words = pattern.event_type, clause.count(" ")
    recipients = nearest_after(head, at, mine, reach) if pattern.pos == "v" and not is_passive else ()
    recipients = recipients or _spoken_to(pattern, head, at, mine)
    if not recipients and (event_type == "INVITATION" or (event_type in ("URGE", "DEMAND") and head.lemma in PROPOSES)):
        recipients = memory.met(mine)
    if not recipients and event_type == "CONCERN_EXPRESSED" and not OF_OTHERS.search(clause.lower()):
        recipients = memory.met(mine, 2)  # "Ramaphosa, whom Xi received, expressed concern about the trade imbalance"
    if not recipients and event_type in _GIVEN:
        if _is_kept(head, at, mine):
            return ()
        recipients = _helped(head, at, mine)
    if not recipients and (is_by_reference(event_type) or event_type == "TREATY_LEFT") and words < 6:
        recipients = _asked(head, at, mine, "advcl")  # "expressed serious concern, urging Tokyo to respect"
    if not recipients and (event_type == "FORMAL_PROTEST" or event_type == "CONCERN_EXPRESSED"):
        recipients = _asked(head, at, mine, "conj")  # "lodged solemn representations and urged Japan to"
    if not recipients and event_type == "CONCERN_EXPRESSED" and re.search(r"\b(?:as well|too)$", " ".join(t.lower for t in head.line[head.i : reach[1] + 3])):
        recipients = memory.last_target(event_type, mine)  # "she was deeply disappointed as well"
    recipients = recipients or _said_before(pattern, head, at, mine, memory) or _referred(pattern, head, at, actors, clause, memory)
    if not recipients and event_type == "CONDEMN" and not any(c.dep == "dobj" and c.lemma in HARMS for c in head.children):
        recipients = _asked(head, at, mine, "conj")  # "condemned the beating of the crew and asked China to investigate"
    if not recipients and event_type == "REJECTION" and pattern.is_negated:
        named = distinct(p for c in head.children if c.dep == "dobj" for p in parties_within(c, at) if p.key not in mine)
        recipients = named[:1]  # "will not sign an agreement to swap power for Israeli water"
    if not recipients and _has_other_side(pattern, head, clause):
        recipients = _unnamed(pattern, head, at, mine, memory)
    if not recipients and event_type == "CONDOLENCE" and memory.home in mine and "condolence" in clause:
        return memory.other_side(mine)  # "held a call with his Ukrainian counterpart and conveyed his condolences to the victims"
    if not recipients and pattern.group == "speech":
        recipients = _host_of_post(head, at, mine)
    is_asking = (head.lemma == "ask" and any(c.lower == "for" for c in head.children)) or head.lemma == "demand"
    if not recipients and event_type in ("URGE", "DEMAND") and head.dep == "conj" and is_asking:
        recipients = memory.latest_of(mine)  # "handed a note to the Russian embassy and asked for an inquiry"
    if not recipients and event_type in ("URGE", "DEMAND") and any(c.dep == "dobj" and c.lemma in _REDRESS and len(c.subtree) < 4 for c in head.children):
        recipients = memory.other_side(mine, is_hostile=True)  # "turned away a U.S. ship. It sought an explanation"
    is_for_home = event_type in _GIVEN or (event_type == "CONDOLENCE" and head.lemma != "mourn")
    if not recipients and is_for_home and memory.home and memory.home not in mine:
        return (country_party(memory.home, memory.home),)
    return recipients


def _settled(pattern: Pattern, head: Word, at: dict[int, Mention], actors: tuple[Party, ...], memory: Memory) -> tuple[Party, ...] | None:
    """Recipients that the words above the act, or its pronoun, settle at once."""
    mine = {p.key for p in actors}
    if len(actors) > 1 and pattern.event_type == "SANCTION_LIFTED" and any(g.lower == "their" for c in head.children if c.dep == "dobj" for g in c.children):
        return ()  # "Algeria and Niger agreed to reopen their border"
    if is_charge(head):
        return ()  # what one is accused of is toward those whom it names, or nobody
    if head.dep in ("xcomp", "ccomp") and head.head.lemma in DRIVES and (cause := tuple(p for p in find_subject(head.head, at)[0] if p.key not in mine)):
        return cause  # "recognized Palestine, prompting Israel to recall its ambassador"
    if pattern.event_type == "ACCUSATION":
        objects = [c for c in head.children if c.dep == "dobj"]
        is_him = any(c.lower in ("him", "her", "them") and c.i not in at for c in objects)  # "ordered the attache to leave, accusing him of": whose he is
        is_crew = any(c.lemma in CREW and c.children and c.children[0].dep == "poss" for c in objects)  # "seized a Chinese boat, accusing its crew of"
        if is_him or is_crew:
            return memory.other_side(mine)
    return (_holder(head, at, mine, memory) or None) if pattern.event_type in ("DEMAND", "URGE") else None


def _spoken_to(pattern: Pattern, head: Word, at: dict[int, Mention], mine: set[str]) -> tuple[Party, ...]:
    """Who hears what is said: the host of a visit, whom the sentence says it was told to, or with whom it was said."""
    if pattern.group != "speech":  # "told Britain that it was pulling out of the pact", "that it would lift a ban on visas"
        return find_addressee(head, at, mine) if pattern.event_type in ("TREATY_LEFT", "SANCTION_LIFTED") else ()
    if head.dep == "conj" and head.head.lemma in _TRAVELS and (hosts := place_parties(head.head, at, (head.head.i, head.i - 1), mine)):
        return hosts  # "visited Dhaka and conveyed concerns"
    told = find_addressee(head, at, mine)
    if pattern.event_type == "OPPOSE":
        return ()  # "told Li that Brazil opposes the use of tariffs"
    if is_by_reference(pattern.event_type):  # "told the council that he condemned the attack": not the council
        told = tuple(p for p in told if p.country)
    return told or find_occasion(head, at, mine) or (_met(head, at, mine) if pattern.event_type in _SAID_AT else ())


_SAID_AT = frozenset("URGE DEMAND WARNING PRAISE".split())
"""What is said to those whom one meets, where nobody else is named; concern and blame may be about others."""
_ENCOUNTERS = frozenset("call meeting talk conversation phone dialogue session consultation audience dinner lunch".split())


def _met(head: Word, at: dict[int, Mention], mine: set[str]) -> tuple[Party, ...]:
    """Whom the speaker met or called when he said it: `In a call with B, A urged restraint`."""
    for preposition in (c for c in head.children if c.dep == "prep" and c.lower in ("in", "at", "during")):
        for occasion in (c for c in preposition.children if c.dep == "pobj" and c.lemma in _ENCOUNTERS):
            partners = [g for c in occasion.children if c.lower == "with" for g in c.children if g.dep == "pobj"]
            if met := tuple(p for p in parties_of(partners, at) if p.key not in mine):
                return met
    return ()


def _asked(head: Word, at: dict[int, Mention], mine: set[str], dep: str) -> tuple[Party, ...]:
    """Whom the same sentence asks or accuses beside the act, in a participle (`advcl`) or after `and` (`conj`)."""
    for verb in head.children:
        is_same = verb.tag == "VBG" if dep == "advcl" else not any(g.dep == "nsubj" for g in verb.children)
        is_asking = verb.lemma in _URGES and (verb.lemma != "call" or any(g.lower in ("on", "upon", "for") for g in verb.children))
        if verb.dep == dep and is_asking and is_same and (asked := find_objects(verb, at, mine)):
            return asked
    return ()


def _has_other_side(pattern: Pattern, head: Word, clause: str) -> bool:
    """Whether an act is always done to somebody, whoever is left unsaid."""
    if pattern.event_type == "LEGAL_CASE":
        return head.lemma in ("ask", "petition") or any(c.dep == "dobj" and c.lemma in ("case", "dispute", "matter") for c in head.children)
    is_thanks = pattern.event_type == "PRAISE" and _THANKS.search(clause) is not None
    return is_thanks or pattern.event_type in ALWAYS_TO | {"CALL_FOR_SETTLEMENT"}


def _host_of_post(head: Word, at: dict[int, Mention], mine: set[str]) -> tuple[Party, ...]:
    """Where the mission or envoy that speaks is posted: `its ambassador in Sarajevo likened the warrants to persecution`."""
    posts = [c for c in head.children if c.dep == "nsubj" and (c.lemma.lower() in _POSTS or (c.i in at and at[c.i].parties[0].role == "ambassador"))]
    inside = [g for post in posts for c in post.children if c.lower in ("in", "to") for g in c.children if g.dep == "pobj"]
    return tuple(p for p in parties_of(inside, at) if p.key not in mine)


def _holder(head: Word, at: dict[int, Mention], mine: set[str], memory: Memory) -> tuple[Party, ...]:
    """Who is to let somebody go: in whose country he is held, else who held somebody last: `sought the return of an official jailed in Sweden`."""
    sought = [g for c in head.children if c.lower == "for" for g in c.children]
    freed = [c for c in (*head.children, *sought) if c.dep in ("dobj", "pobj") and c.lemma in FREED | {"return", "freedom"}]
    held = [t for noun in freed for t in noun.subtree if t.lemma in _HELD and t.tag == "VBN"]
    inside = [g for t in held for c in t.children if c.lower == "in" for g in c.children if g.dep == "pobj"]
    inside += [g for noun in freed for t in noun.subtree if t.lower == "in" and t.head.dep == "pobj" for g in t.children]  # "release of men in Mali"
    return tuple(p for p in parties_of(inside, at) if p.key not in mine) or _last_holder(freed, mine, memory)


def _last_holder(freed: Sequence[Word], mine: set[str], memory: Memory) -> tuple[Party, ...]:
    """Who held somebody last, else whom the story sets against the one that it begins with: for `demanded his release`."""
    if not freed or freed[0].lemma not in FREED:
        return ()
    against = tuple(p for p in memory.other_side({p.key for p in memory.lead or ()}) if p.key not in mine)
    return memory.last_holder(mine) or against


def _is_kept(head: Word, at: dict[int, Mention], mine: set[str]) -> bool:
    """Whether what is given goes to the giver's own: `the boat delivered food to the Philippine forces on the shoal`."""
    receivers = [g for base in (head, *(o for o in head.children if o.dep == "dobj")) for c in base.children if c.lower == "to" for g in c.children]
    return any({p.key for p in parties_of([r], at)} & mine for r in receivers)


def _helped(head: Word, at: dict[int, Mention], mine: set[str]) -> tuple[Party, ...]:
    """Whom a gift is to help, as its purpose says: `gave 10 million euros to promote farming in Ethiopia`."""
    purposes = [c for base in (head, *(o for o in head.children if o.dep == "dobj")) for c in base.children if c.dep in ("advcl", "acl") and c.tag == "VB"]
    for token in (t for purpose in purposes for t in purpose.subtree):
        mention = at.get(token.i)
        if mention is not None and mention.kind != "we" and (parties := tuple(p for p in parties_of([token], at) if p.key not in mine)):
            return parties
    return ()


def _said_before(pattern: Pattern, head: Word, at: dict[int, Mention], mine: set[str], memory: Memory) -> tuple[Party, ...]:
    """Who said, earlier in the sentence or the story, what is turned down or blamed: `A's army chief said that war was near; B dismissed the talk`."""
    objects = [
        c
        for c in head.children
        if c.dep in ("dobj", "nsubjpass") and c.lemma in _SAYINGS and all(g.lower in ("the", "those", "such") for g in c.children if g.i < c.i)
    ]
    if pattern.event_type not in ("REJECTION", "CONDEMN", "DENIAL") or not objects:
        return ()
    for verb in reversed(head.line[: head.i]):
        if verb.lemma in _SAYS and verb.pos == "VERB" and (said := tuple(p for p in find_subject(verb, at)[0] if p.key not in mine)):
            return said
    return memory.teller(mine) if objects[0].lemma in _ACCOUNTS else ()


def _referred(pattern: Pattern, head: Word, at: dict[int, Mention], actors: tuple[Party, ...], clause: str, memory: Memory) -> tuple[Party, ...]:
    """Recipients of an act whose object names nobody."""
    noun = governor_noun(head)
    if noun is not None:
        governor = governing_verb(noun)
        if any(c.dep == "dobj" and c.lower == "which" and c.line[c.i - 1].text == "," for c in head.children) and noun.head.dep != "ROOT":
            governor = noun.ancestors[-1]  # "put sanctions on firms that had helped the North buy parts, which China denounced"
        if governor is not None and noun.dep == "pobj" and noun.head.lower == "in" and noun.line[noun.head.i - 1].text == ",":
            governor = governor.ancestors[-1] if governor.ancestors else governor  # "pulled out, saying that, in a step that Ukraine called blackmail"
        above = find_subject(governor, at)[0] if governor is not None else ()
        mine = {p.key for p in actors}
        if others := tuple(p for p in above if p.key not in mine):
            return others
        if governor is not None and (not above or any(has_own_subject(a) for a in (governor, *governor.ancestors))):
            return ()  # "officials blamed the militias, an accusation that Baghdad rejected", "a court ruled, a verdict which A does not accept"
    meaning = event_types().get(pattern.event_type)
    if pattern.parties == "opt" and not (meaning and meaning.group == "speech"):
        return ()
    words = object_words(head) or (clause if pattern.event_type in ("WARNING", "REJECTION") else "")
    if is_by_reference(pattern.event_type) and _speaks_of_last(pattern, head, clause):
        words += " it"
    meant = find_antecedent(pattern.event_type, actors, words, memory)
    is_step = _is_the_step(head)
    if meant or not (is_by_reference(pattern.event_type) and (is_step or _is_sorry(pattern, head) or _is_displeased(head, clause))):
        return meant
    mine, lead = {p.key for p in actors}, memory.lead or ()
    if not {p.key for p in lead} & mine:
        return lead
    return memory.other_side(mine) if is_step else ()  # "Lithuania shut the border ... called the flights an attack"


def _is_displeased(head: Word, clause: str) -> bool:
    """Whether somebody only shows how he feels, and so about whom the story begins with: `expressed deep disappointment`, `voiced their support`."""
    return any(c.dep == "dobj" and c.lemma in _DISPLEASURE | _BACKING and not c.children[1:] for c in head.children) and clause.count(" ") < 4


def _is_sorry(pattern: Pattern, head: Word) -> bool:
    """Whether somebody regrets what the story is about: `the State Department regretted it`."""
    return pattern.event_type == "CONCERN_EXPRESSED" and any(c.dep == "dobj" and c.lower == "it" for c in head.children)


def _is_the_step(head: Word) -> bool:
    """Whether the object is a step that is nobody's in particular, and so rather that of whom the story begins with: `applauded the vote`."""
    steps = [c for c in head.children if c.dep in ("dobj", "nsubjpass") and c.lemma in _STEPS]
    bases = (head, *(c for c in head.children if c.dep == "dobj"))  # "expressed regret at the decision"
    steps += [g for base in bases for c in base.children if c.lower in ("at", "over", "about") for g in c.children if g.lemma in _STEPS]
    return any([c.lower for c in step.children if c.i < step.i] in (["the"], ["this"], ["that"]) for step in steps)


def _unnamed(pattern: Pattern, head: Word, at: dict[int, Mention], mine: set[str], memory: Memory) -> tuple[Party, ...]:
    """The other side of an act that always has one: that of the last such act, whom the story sets against the actor, or whom the sentence names."""
    if pattern.event_type in ("AID_DELIVERED", "AID_PLEDGED") and (
        others := memory.last_target("AID_DELIVERED", mine) or memory.last_target("AID_PLEDGED", mine)
    ):
        return others
    if pattern.event_type == "CALL_FOR_SETTLEMENT":
        is_of_all = any(t.lower == "all" and t.i > head.i for t in head.subtree)  # "called for restraint on all sides"
        return memory.fighters(mine) or (() if is_of_all else memory.other_side(mine))
    if pattern.event_type in _PARTING and (head.dep in ("advcl", "conj") or len(mine) > 1) and (others := memory.parted_from(_PARTING, mine)):
        return others
    if pattern.event_type == "SANCTION_LIFTED" and (others := memory.last_done_to("SANCTION_IMPOSED", mine)):
        return others  # "Burundi closed its border with Rwanda. It had reopened the crossings in 2022"
    if pattern.event_type in _ADDRESSED and (others := memory.other_side(mine, is_hostile=True)):
        return others
    is_as_well = pattern.event_type == "ENVOY_RECALLED" and any(t.lower in ("also", "too") for t in head.children)  # "B also recalled its envoy"
    is_same = is_as_well or pattern.event_type in ("SANCTION_IMPOSED", "SANCTION_LIFTED", "AID_CUT")
    same = memory.last_target(pattern.event_type, mine) if is_same else ()
    if others := same or memory.other_side(mine) or memory.last_target(pattern.event_type, mine):
        return others
    if pattern.event_type == "FORMAL_PROTEST" and head.dep == "conj" and (others := memory.parted_from(("CONDEMN",), mine)):
        return others  # "A condemned it, and B lodged a protest"
    is_of_any = any(t.lower in _ANY for t in head.subtree)  # "threatened to put a tariff on any country that"
    if pattern.event_type == "WARNING" and head.lemma == "threaten" and not is_of_any and (others := memory.first_blamed(mine)):
        return others
    is_case = pattern.event_type == "LEGAL_CASE"
    if is_case or pattern.event_type in _ADDRESSED:
        for token in head.line:
            mention = at.get(token.i)
            if (
                mention is not None
                and mention.kind in ("country", "seat", "person")
                and (token.dep in ("nsubj", "nsubjpass", "pobj") or (token.dep == "dobj" and (is_case or (head.dep == "conj" and token.head == head.head))))
                and token.head.lower not in ("via", "through")
                and not any(
                    (a.dep == "relcl" or (a.dep == "advcl" and a.tag == "VBG")) and a.i > head.i for a in token.ancestors
                )  # "weapons that could be used in Gaza"
                and not {p.key for p in mention.parties} & mine
            ):
                return mention.parties
    return memory.first_blamed(mine) if pattern.event_type == "ENVOY_RECALLED" else ()  # "Tajikistan recalled its envoy as well"


def _speaks_of_last(pattern: Pattern, head: Word, clause: str) -> bool:
    """Whether the object is a definite thing, or none at all, and so the act told last: `deplored the vote`, `expressed gratitude`."""
    objects = [c for c in head.children if c.dep in ("dobj", "attr")]
    if any(c.lower in _ANY for o in objects for c in o.children):
        return False  # "thanked all partners"
    if not re.search(r"\b(?:over|about|for|with|at|on|by|that)\b", clause):
        return True
    return pattern.event_type != "CONCERN_EXPRESSED" and any(c.lower in ("the", "this", "that") for o in objects for c in o.children if c.dep == "det")
