"""Whether an act is done, promised, planned or not an act at all, by how it is told and by the words that govern it."""

from __future__ import annotations

import re

from pipeline.coder.governed import FUTURE, KEEPS, MAYBE, REQUESTS, governed_status, has_auxiliary
from pipeline.coder.grammar import is_asked
from pipeline.coder.tables import Pattern
from pipeline.coder.words import Word

_VETOES = frozenset("veto block reject oppose defeat".split())
_FRAMES = frozenset("framework plan program programme scheme fund proposal idea condition deadline mandate basis roadmap timetable mechanism".split())
_CALLED = frozenset("describe see regard portray cast denounce condemn dismiss".split())
_STAGES = frozenset("process possibility prospect idea risk cost hope chance point verge brink benefit importance feasibility".split())
_TALKED = frozenset("conference summit talk negotiation discussion consultation work study conversation dialogue stand stance position policy ban".split())
_FORCES = frozenset("force compel push pressure press oblige persuade induce convince".split())
_PROPOSED = frozenset("proposal plan offer call bid effort attempt idea request demand chance".split())
_OPEN = frozenset("open ready willing receptive".split())
_TERMS = frozenset("term condition hope venue date push appetite".split())
_FEARS = frozenset("concern fear worry speculation rumor rumour risk possibility prospect suspicion".split())
_GIVES = frozenset("give provide send donate allocate pledge offer grant spend contribute announce".split())
_PENALTIES = frozenset("consequence price cost penalty punishment retaliation reprisal".split())
_JOURNEYS = frozenset("visit trip tour call stop stopover leg day week home".split())
_ARRIVES = frozenset("arrive land fly travel come go".split())
_HELD_BACK = {
    "against": frozenset("warn caution advise counsel urge decide vote argue rule".split()),
    "from": frozenset("prevent stop keep ban bar deter discourage dissuade prohibit hinder abstain refrain desist block".split()),
}
"""Verbs that keep somebody from what their preposition governs: `warned against closing`, `refrained from using`."""
_AHEAD = re.compile(r"\b(?:planned|upcoming|possible|next|future|proposed|imminent|prospective|scheduled|eventual)\b")


def find_status(pattern: Pattern, head: Word) -> str | None:
    """Status of the act, or None where it is denied, only wished for or supposed."""
    if pattern.event_type == "DENIAL" and not pattern.is_negated:
        if any(_denies(c) for c in head.children):
            return None  # "had not denied the report"
        if has_auxiliary(head, ("should", "must")):
            return None  # "should not be aimed at a third party": asked of others
        if head.dep == "ccomp" and head.head.lemma in ("hope", "expect", "want", "wish"):
            return None  # "hoped lawmakers would reject the motion"
        is_neither = head.dep == "conj" and any(w.lower == "neither" for w in head.line[: head.i])  # "neither confirmed nor denied"
        return None if is_neither else pattern.status
    is_negated = any(_denies(c) for c in head.children) or _holds_no(pattern, head)
    if is_negated and head.dep == "pcomp":
        return None  # "its policy of not supplying weapons"
    if is_negated != pattern.is_negated:
        return None
    openers = (*head.children, *(g for c in head.children if c.dep == "nsubj" for g in c.children))  # the parser may hang them from the subject
    if any(c.dep == "mark" and c.lower in ("if", "unless", "until", "whether") for c in openers):
        return None
    if is_negated and head.dep == "ccomp" and head.head.lemma in ("warn", "caution", "predict"):
        return None  # "warned that Kyiv would never join": not Kyiv's refusal
    if (
        is_negated
        and pattern.event_type == "REJECTION"
        and head.dep == "ccomp"
        and has_auxiliary(head, ("had",))
        and any(c.lower == "never" for c in head.children)
    ):
        return None  # "said Seoul had never removed its loudspeakers": no refusal
    if is_negated and head.dep == "xcomp" and pattern.event_type == "DENIAL" and head.head.lemma in ("promise", "pledge", "vow", "agree"):
        return None  # "promised not to seek death sentences": a promise
    if is_negated and head.dep == "xcomp" and head.head.lemma in REQUESTS:
        return None  # "warned Chile not to take any action"
    if is_negated:
        return None if has_auxiliary(head, ("may", "might")) else pattern.status  # "may not come"; but "could not accept" is a refusal
    if head.lower == "fighting" and head.dep == "pcomp" and head.head.lower in ("after", "amid", "before", "during"):
        return None  # "will act together after fighting that drove people from their homes": not theirs
    if pattern.pos == "n" and head.dep == "pobj" and head.head.lower == "of" and head.head.head.lemma in ("sideline", "fringe", "margin"):
        return None  # "met on the fringes of the alliance's summit": told by its verb
    if head.tag == "VBG" and head.head.lemma in ("put", "rule") and any(c.dep == "prt" and c.i in (head.i - 1, head.i - 2) for c in head.head.children):
        return None  # "put off naming an ambassador", "ruled out ever recognising"
    if pattern.event_type == "FORMAL_PROTEST" and head.dep == "pcomp" and head.head.lower == "for":
        return None  # "jailed for protesting at home"
    if head.lemma == "expect" and pattern.parties == "host" and has_auxiliary(head, ("had",)):
        return None  # "had been expected in Luanda": and did not come
    if pattern.event_type == "TAKES_OFFICE" and head.dep == "advcl" and any(c.lower in ("when", "since", "after", "before", "as") for c in head.children):
        return None  # "had been suspended when he took office"
    is_set_apart = head.dep == "pobj" and head.head.lower == "on" and head.line[head.head.i - 1].text == "," and any(c.dep == "poss" for c in head.children)
    if pattern.event_type == "VISIT" and pattern.pos == "n" and is_set_apart:
        return pattern.status  # "said that A could not do it, on his third trip to Beirut": of who says so
    if _is_no_journey(pattern, head) or _is_purpose(pattern, head) or _is_in_frame(head) or _is_supposed(head):
        return None
    status = governed_status(pattern, head)
    return _by_tense(pattern, head) if status == "" else status


def _by_tense(pattern: Pattern, head: Word) -> str | None:
    """The status of what nothing above speaks of: the row's own, or planned where it is told of the future; None for a threat that is told as done."""
    auxiliaries = {c.lower for c in head.children if c.dep in ("aux", "auxpass")}
    is_past = (head.tag == "VBD" and not auxiliaries) or (head.tag == "VBN" and auxiliaries & {"has", "have"})
    if pattern.event_type == "WARNING" and pattern.status == "planned" and is_past and head.dep in ("ROOT", "conj", "ccomp", "advcl", "relcl"):
        return None  # "hit back": done, and no threat
    is_meeting = pattern.parties == "host" or (pattern.event_type == "TALKS" and pattern.pos == "v" and head.lemma in ("receive", "host", "meet", "see"))
    if is_meeting and head.tag in ("VBZ", "VBP") and head.dep in ("ROOT", "conj", "ccomp") and not auxiliaries and head.lemma != "be":
        return "planned"  # "travels next to El Salvador"
    is_future = bool(auxiliaries & FUTURE) or (head.pos == "NOUN" and _is_to_come(head))
    if is_future and pattern.status in ("done", "ongoing"):
        return pattern.status if pattern.group == "speech" else "planned"
    is_to_be = head.pos == "VERB" and head.dep in ("ROOT", "ccomp", "conj") and {"to", "be"} <= auxiliaries
    if is_to_be or (head.dep == "xcomp" and "to" in auxiliaries and head.head.lemma == "be"):
        return "planned"
    return pattern.status


def _is_to_come(noun: Word) -> bool:
    """Whether what a noun tells is still ahead: `planned talks`, `ahead of a summit`, `a summit to be held on Friday`."""
    if _AHEAD.search(" ".join(t.text for t in noun.children if t.i < noun.i)):
        return True
    if noun.dep == "pobj" and noun.head.lower == "of" and noun.head.head.lower == "ahead":
        return True
    return any(c.dep in ("acl", "relcl") and c.lemma in ("hold", "convene") and {"to", "be"} <= {g.lower for g in c.children} for c in noun.children)


def _denies(word: Word) -> bool:
    """Whether a word beside a verb negates it: `not`, `never`, `neither`, `no longer`."""
    return word.dep == "neg" or word.lower in ("never", "neither") or (word.lower == "longer" and any(c.lower == "no" for c in word.children))


def _holds_no(pattern: Pattern, head: Word) -> bool:
    """Whether `no` before its subject or object negates a verb: `no official would visit`, `offered no apology`; some rows are about `no`."""
    is_about_no = any(regex is not None and "no " in regex.pattern for regex in (pattern.needs, pattern.subject))
    holders = [c for c in head.children if c.dep in ("nsubj", "dobj")]
    if pattern.pos == "n" and head.dep == "pobj" and head.head.lower == "on":
        holders += [a for a in head.ancestors if a.pos == "NOUN"][:1]  # "no decisions on sanctions have been taken"
    return not is_about_no and any(g.lower == "no" for c in holders for g in c.children)


def _is_no_journey(pattern: Pattern, head: Word) -> bool:
    """Whether words of travel tell of something else, or of a journey that the verb tells already."""
    if head.lower == "visiting" and head.dep == "pcomp" and head.head.lower in ("against", "with", "between", "to"):
        return True  # "held talks with visiting Chilean President Ana Soto"
    if pattern.event_type == "VISIT" and pattern.pos == "n" and head.dep == "pobj" and head.head.lower == "for" and head.head.head.lemma in _ARRIVES:
        return True  # "arrived in Seoul for a two-day visit"
    if pattern.event_type == "VISIT" and pattern.pos == "n" and _is_first_one(head):
        return True  # "is to travel to Tianjin, his first trip to China": told by its verb
    if pattern.parties != "host":
        return False
    if head.lemma == "land" and head.dep in ("ccomp", "relcl") and any(c.dep == "dobj" and c.tag == "WDT" for c in (*head.children, *head.head.children)):
        return True  # "arms that it had landed at Mukalla"
    if head.lemma == "fly" and (any(c.dep == "auxpass" for c in head.children) or (head.dep == "acl" and head.tag == "VBN")):
        return True  # "was flown to the Netherlands": taken there
    if head.dep == "pcomp" and head.head.lower == "of":
        return True  # "the custom of going to Delhi first"
    objects = [c for c in head.children if c.dep == "dobj" and c.tag != "WDT"]
    is_named = pattern.needs is not None and any(pattern.needs.search(o.lower) for o in objects)
    return (
        bool(objects) and head.lemma != "visit" and not is_named and objects[0].lemma not in _JOURNEYS and head.lemma not in ("lead", "head")
    )  # "flew tents to Turkey"


def _is_first_one(noun: Word) -> bool:
    """Whether a journey is only set beside what its sentence tells: `, his first trip to China`."""
    if noun.dep not in ("attr", "appos", "npadvmod", "dobj") or not any(c.lower == "first" for c in noun.children):
        return False
    start = noun.subtree[0].i
    return noun.i - start > 1 and noun.line[start - 1].text == ","


def _is_purpose(pattern: Pattern, head: Word) -> bool:
    """`efforts to change`, `in order to meet`; but speech comes with its purpose: `telephoned to express`."""
    is_ranked = any(c.lower in ("only", "first", "last") for c in (head.head, *head.head.children))
    if head.dep in ("acl", "advcl", "xcomp") and is_ranked and head.head.pos != "VERB":
        return False  # "the only leader to attend the parade"
    is_infinitive = head.dep in ("acl", "advcl", "relcl") and head.tag == "VB" and has_auxiliary(head, ("to",)) and head.head.lemma not in KEEPS
    if head.dep == "xcomp" and head.head.lemma == "use" and head.tag == "VB":
        return True  # "accused London of using Iraq to encircle"
    if pattern.event_type == "MEDIATION" and head.head.lemma in ("step", "move", "intervene", "wade"):
        return False  # "has stepped in to mediate"
    is_said = pattern.group == "speech" and head.head.pos in ("VERB", "AUX")
    return is_infinitive and (not is_said or (head.lemma == "support" and head.head.lemma in _GIVES))  # "gave money to support the schools"


def _is_in_frame(head: Word) -> bool:
    """Whether an act hangs from a noun or a preposition that says that it is not done: a framework, a fear, a proposal."""
    above, noun = head.head, head.head.head
    if head.dep == "pobj" and head.pos == "NOUN" and ((above.lower == "to" and noun.lower in _OPEN) or (above.lower == "for" and noun.lemma in _TERMS)):
        return True  # "was open to talks with Greece", "backed his terms for talks with Kiev"
    if head.dep == "pobj" and above.lower == "on" and noun.lemma == "veto":
        return True  # "ends its veto on the talks with the bloc"
    if head.dep == "acl" and any(c.lower == "any" for c in above.children):
        return True  # "cast doubt on any deal signed by the president"
    is_told = head.tag == "VBD" and any(c.dep == "nsubj" and c.tag != "WDT" for c in head.children)  # "rejected an agreement that A and B signed"
    if head.dep in ("acl", "relcl") and above.dep == "dobj" and noun.lemma in _VETOES and not is_told:
        return True  # "vetoed a resolution condemning Israel"
    if head.dep == "conj" and above.dep == "acl" and above.tag == head.tag == "VB" and noun.lemma in _PROPOSED:
        return True  # "a proposal to finalize and sign the treaty"
    if head.dep == "pcomp":
        return (
            (above.lower == "for" and noun.lemma in _FRAMES)  # "a framework for providing equipment"
            or (above.lower == "as" and noun.lemma in _CALLED)  # "what they described as siding with Russia"
            or (
                above.lower == "of" and head.line[above.i - 1].lower == "out" and noun.lemma in ("talk", "argue", "reason", "scare")
            )  # "talk them out of leaving"
            or (above.lower == "of" and noun.lemma in _STAGES)  # "began the process of joining the union"
            or (above.lower == "on" and noun.lemma in _TALKED)  # "in talks on opening an embassy"
            or (above.lower == "in" and noun.lemma == "interest")  # "has no interest in talking to Chile"
            or (above.lower == "in" and noun.head.lemma in ("request", "seek"))  # "requested Japan's cooperation in rebuilding"
            or above.lower == "without"  # "spoke by phone without reaching an agreement"
            or (above.lower == "on" and noun.lemma in ("bent", "intent"))  # "mercenaries bent on toppling its government"
            or (above.lower == "for" and noun.lemma in _PENALTIES)  # "would face consequences for blocking the railway"
            or (above.lower == "to" and noun.lemma == "commitment")  # "China's commitment to establishing relations"
            or (above.lower == "before" and noun.lemma in REQUESTS)  # "demanded guarantees before resuming talks"
            or noun.lemma in _HELD_BACK.get(above.lower, ())
            or _is_feared(head)
        )
    return _is_feared(head)


def _is_feared(head: Word) -> bool:
    """Whether a clause tells what somebody fears or guesses: `concern that Peru would be the next to break ties`."""
    clauses = (a for a in [head, *head.ancestors] if a.dep in ("acl", "ccomp") and a.head.pos == "NOUN")
    return any(a.head.lemma in _FEARS and any(c.lower == "that" for c in a.children) for a in clauses)


def _is_supposed(head: Word) -> bool:
    """Whether an act is only possible, or asked for."""
    if head.dep == "advcl" and head.tag == "VBG" and has_auxiliary(head.head, MAYBE):
        return True  # "may trigger the mechanism, reinstating sanctions"
    if head.dep == "xcomp" and head.head.lemma in _FORCES and head.head.tag == "VB":
        return True  # "the aim was to force Israel to agree to a truce"
    is_wanted = head.dep in ("acl", "ccomp") and head.head.pos == "NOUN" and head.head.lemma in REQUESTS and head.tag in ("VB", "VBP")
    if is_asked(head) or is_wanted:
        return True  # "begged Egypt to keep talking", "its demand that Washington ease sanctions"
    auxiliaries = {c.lower for c in head.children if c.dep in ("aux", "auxpass")}
    return bool(auxiliaries & MAYBE) or {"would", "have"} <= auxiliaries  # "a resolution that would have renewed"
