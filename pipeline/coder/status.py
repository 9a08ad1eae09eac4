"""Whether an act is done, promised, planned or not an act at all, by the words that govern it."""

from __future__ import annotations

import re

from pipeline.coder.grammar import ASKING, is_asked
from pipeline.coder.tables import Pattern
from pipeline.coder.words import Word

_PLANS = frozenset("realize realise plan expect schedule set intend prepare slate arrange due prepared ready".split())
_WISHES = frozenset(
    "support oppose favor favour hope want wish seek consider try mull weigh aim like refuse decline fail attempt threaten able need propose prohibit prevent ban allow deny risk avoid fear discuss".split()
)
_VETOES = frozenset("veto block reject oppose defeat".split())
_HOPES = frozenset(
    "resumption restart revival absence lack prospect possibility importance need necessity speculation arrangement preparation hope chance atmosphere venue".split()
)
"""Nouns of which a meeting is only what they are about: `the early resumption of talks`."""
_FRAMES = frozenset("framework plan program programme scheme fund proposal idea condition deadline mandate basis roadmap timetable mechanism".split())
_REQUESTS = ASKING | frozenset("require demand request encourage warn suggest accuse".split())
_FEARS = frozenset("concern fear worry speculation rumor rumour risk possibility prospect suspicion".split())
_PROPOSED = frozenset("proposal plan offer call bid effort attempt idea request demand chance".split())
_ANSWERS = frozenset("response retaliation reaction reprisal revenge".split())
_CALLED_OFF = frozenset(
    "dismiss derail disrupt scuttle torpedo upend rule put delay halt pull quit leave abandon break cancel postpone scrap shelve propose reject demand request skip boycott want seek avoid urge suspend".split()
)
_CALLED_FOR = frozenset("urge demand request seek want propose reject oppose threaten consider face fear avoid".split())
_KEEPS = frozenset("decision agreement right declaration".split())
_JOURNEYS = frozenset("visit trip tour call stop stopover leg day week home".split())
_HELD_BACK = {
    "against": frozenset("warn caution advise counsel urge decide vote argue rule".split()),
    "from": frozenset("prevent stop keep ban bar deter discourage dissuade prohibit hinder abstain refrain desist block".split()),
}
"""Verbs that keep somebody from what their preposition governs: `warned against closing`, `refrained from using`."""
_MAYBE = frozenset("may might could can should must".split())
_COMMITS = frozenset("agree decide pledge promise vow commit offer undertake".split())
_FUTURE = frozenset(("will", "would", "'ll", "’ll", "shall"))


def find_status(pattern: Pattern, head: Word) -> str | None:
    """Status of the act, or None where it is denied, only wished for or supposed."""
    if pattern.event_type == "DENIAL" and not pattern.is_negated:
        return pattern.status
    is_negated = any(_denies(c) for c in head.children) or _holds_no(pattern, head)
    if is_negated and head.dep == "pcomp":
        return None  # "its policy of not supplying weapons"
    if is_negated != pattern.is_negated:
        return None
    if any(c.dep == "mark" and c.lower in ("if", "unless", "until", "whether") for c in head.children):
        return None
    if is_negated:
        return None if any(c.dep == "aux" and c.lower in ("may", "might") for c in head.children) else pattern.status
    objects = [c for c in head.children if c.dep == "dobj" and c.tag != "WDT"]
    is_named = any(pattern.needs.search(o.lower) for o in objects) if pattern.needs else False
    if pattern.parties == "host" and objects and head.lemma != "visit" and not is_named and objects[0].lemma not in _JOURNEYS:
        return None  # "flew tents to Turkey"
    if head.lower == "visiting" and head.dep == "pcomp" and head.head.lower in ("against", "with", "between", "to"):
        return None  # "held talks with visiting Chilean President Ana Soto"
    if pattern.parties == "host" and head.dep == "pcomp" and head.head.lower == "of":
        return None  # "the custom of going to Delhi first"
    if head.dep == "acl" and any(c.lower == "any" for c in head.head.children):
        return None  # "cast doubt on any deal signed by the president"
    if head.dep == "conj" and head.head.dep == "acl" and head.head.tag == head.tag == "VB" and head.head.head.lemma in _PROPOSED:
        return None  # "a proposal to finalize and sign the treaty"
    if head.dep == "pcomp" and head.head.lower == "to" and head.head.head.lemma == "commitment":
        return None  # "China's commitment to establishing relations"
    if _is_feared(head):
        return None
    auxiliaries = {c.lower for c in head.children if c.dep in ("aux", "auxpass")}
    is_purpose = head.dep in ("acl", "advcl", "relcl") and head.tag == "VB" and "to" in auxiliaries and head.head.lemma not in _KEEPS
    if is_purpose and not (pattern.group == "speech" and head.head.pos in ("VERB", "AUX")):
        return None  # "efforts to change", "in order to meet"; but speech comes with its purpose: "telephoned to express"
    is_errand = pattern.event_type == "VISIT" and pattern.pos == "n" and head.dep == "pobj" and head.head.lower == "for"
    if is_errand and head.head.head.lemma in ("arrive", "land", "fly", "travel", "come", "go"):
        return None  # "arrived in Seoul for a two-day visit": told by the verb
    if head.dep in ("acl", "relcl") and head.head.dep == "dobj" and head.head.head.lemma in _VETOES:
        return None  # "vetoed a resolution condemning Israel"
    if head.dep == "pcomp" and head.head.lower == "for" and head.head.head.lemma in _FRAMES:
        return None  # "a framework for providing equipment"
    if head.dep == "pcomp" and head.head.lower == "before" and head.head.head.lemma in _REQUESTS:
        return None  # "demanded guarantees before resuming talks"
    if head.dep == "advcl" and head.tag == "VBG" and any(c.dep == "aux" and c.lower in _MAYBE for c in head.head.children):
        return None  # "may trigger the mechanism, reinstating sanctions"
    if head.dep == "pcomp" and head.head.head.lemma in _HELD_BACK.get(head.head.lower, ()):
        return None
    is_wanted = head.dep in ("acl", "ccomp") and head.head.pos == "NOUN" and head.head.lemma in _REQUESTS and head.tag in ("VB", "VBP")
    if is_asked(head) or is_wanted:
        return None  # "begged Egypt to keep talking", "its demand that Washington ease sanctions"
    if auxiliaries & _MAYBE:
        return None
    if "would" in auxiliaries and "have" in auxiliaries:
        return None  # "a resolution that would have renewed"
    status = _governed(pattern, head)
    if status != "":
        return status
    if pattern.parties == "host" and head.tag in ("VBZ", "VBP") and head.dep in ("ROOT", "conj", "ccomp") and not auxiliaries and head.lemma != "be":
        return "planned"  # "travels next to El Salvador"
    is_future = bool(auxiliaries & _FUTURE) or (
        head.pos == "NOUN" and re.search(r"\b(?:planned|upcoming|possible|next|future|proposed|imminent|prospective|scheduled|eventual)\b", _left(head))
    )
    if is_future and pattern.status in ("done", "ongoing"):
        return pattern.status if pattern.group == "speech" else "planned"
    if head.dep == "xcomp" and "to" in auxiliaries and head.head.lemma == "be":
        return "planned"
    if head.pos == "VERB" and head.dep in ("ROOT", "ccomp", "conj") and "to" in auxiliaries and "be" in auxiliaries:
        return "planned"
    return pattern.status


def _is_occasion(noun: Word) -> bool:
    """Whether a sentence begins with a meeting at which what it tells was done: `At a meeting with A, B called for calm`."""
    preposition, verb = noun.head, noun.head.head
    if noun.dep != "pobj" or preposition.lower not in ("at", "in", "during", "after", "following") or noun.i > verb.i:
        return False
    return verb.lemma not in _PLANS and not any(c.lower in _FUTURE or c.lower in _MAYBE for c in verb.children if c.dep == "aux")


def _is_feared(head: Word) -> bool:
    """Whether a clause tells what somebody fears or guesses: `concern that Peru would be the next to break ties`."""
    clauses = (a for a in [head, *head.ancestors] if a.dep in ("acl", "ccomp") and a.head.pos == "NOUN")
    return any(a.head.lemma in _FEARS and any(c.lower == "that" for c in a.children) for a in clauses)


def _denies(word: Word) -> bool:
    """Whether a word beside a verb negates it: `not`, `never`, `neither`, `no longer`."""
    return word.dep == "neg" or word.lower in ("never", "neither") or (word.lower == "longer" and any(c.lower == "no" for c in word.children))


def _holds_no(pattern: Pattern, head: Word) -> bool:
    """Whether `no` before its subject or object negates a verb: `no official would visit`, `offered no apology`; some rows are about `no`."""
    is_about_no = any(regex is not None and "no " in regex.pattern for regex in (pattern.needs, pattern.subject))
    holders = [c for c in head.children if c.dep in ("nsubj", "dobj")]
    if pattern.pos == "n":
        holders += [a for a in head.ancestors if a.pos == "NOUN"][:1] if head.dep == "pobj" else []  # "no decisions on sanctions have been taken"
    return not is_about_no and any(g.lower == "no" for c in holders for g in c.children)


def _governed(pattern: Pattern, head: Word) -> str | None:
    """What the governing words make of it; an empty string where they say nothing."""
    governor = head
    is_voiced = pattern.pos == "n" and pattern.group == "speech"  # "told Chile of its disappointment"
    climbs = (
        "xcomp",
        "ccomp",
        "pobj",
        "pcomp",
        *(("prep",) if head.dep == "pcomp" and head.head.head.lemma in ("go", "keep", "carry", "insist", "agree", "decide", "plan", "join") else ()),
        "conj",
        *(("dobj", "prep", "nsubjpass", "nsubj", "attr") if pattern.pos == "n" else ()),
        *(("acl",) if head.tag == "VB" or pattern.pos == "n" else ()),
    )
    if pattern.parties == "both" and _is_occasion(head):
        return ""
    is_means = head.dep == "pobj" and head.head.lower in ("with", "by")  # "tried to kill them with an air strike"
    while governor.dep in climbs and governor.head != governor:
        is_same_act = governor.dep == "conj" and governor.pos in ("VERB", "AUX") and not _is_of_promise(governor)
        is_told = governor.dep == "ccomp"  # "told reporters that": attribution, where "told them to" is a request
        is_subject = governor.dep in ("nsubj", "nsubjpass")
        is_passive_subject = governor.dep == "nsubjpass"
        is_to = governor.dep == "xcomp" and any(c.dep == "aux" and c.lower == "to" for c in governor.children)
        is_ill_joined = governor.dep == "conj" and governor.pos == "VERB" and _is_ill_joined(governor)
        if is_same_act and governor.tag in ("VBD", "VBZ", "VBP") and governor.head.tag in ("VB", "VBG"):
            return ""  # "threatened to impose tariffs and accused it": joined to the threat, not to what is threatened
        if is_same_act and governor.tag == "VBG" and governor.head.tag == "VB":
            return ""  # "ordering them to leave and accusing it": the parser joins what is not alike
        is_for = governor.dep == "advcl" and any(c.dep == "mark" and c.lower == "for" for c in governor.children)
        is_purpose = governor.dep == "acl" and governor.head.pos == "NOUN" and governor.head.lemma not in _KEEPS
        if pattern.pos == "n" and governor.tag == "VB" and (is_for or is_purpose):
            return None  # "clears the way for Skopje to start talks"
        governor = governor.head
        lemma = governor.lemma
        if pattern.pos == "n" and governor.dep == "advcl" and governor.tag == "VB" and governor.head.pos == "VERB":
            if governor.head.lemma in _REQUESTS or (governor.head.dep == "xcomp" and governor.head.head.lemma in _REQUESTS):
                return None  # "asked the alliance to invoke the article to hold consultations"
            if any(c.lower in _FUTURE for c in governor.head.children if c.dep == "aux"):
                return "planned"  # "will pay a visit to hold talks"
        if pattern.pos == "n" and lemma in _ANSWERS:
            return ""  # "will cut exports in response to two missile tests": the tests were
        if lemma == "help" and governor.tag == "VB" and head.tag == "VB":
            return None  # "will see what it can do to help the two reach an agreement"
        if is_ill_joined:
            return None  # "insisting Kyiv must withdraw and reject aid"
        if pattern.pos == "n" and pattern.group == "meet" and governor.pos == "NOUN" and lemma in _HOPES:
            return None
        if pattern.pos == "n" and is_passive_subject and lemma in _PLANS:
            return "planned"  # "a summit between A and B is planned"
        if pattern.pos == "n" and is_to and lemma == "be":
            return "planned"  # "was to have talks"
        if lemma == "insist" and is_told and head.tag in ("VB", "VBP"):
            return None  # "insisted that Ukraine give up four regions"
        if pattern.pos == "n" and lemma in ("venue", "site", "place") and governor.pos == "NOUN":
            return None  # "offered Geneva as the venue for talks"
        if lemma in ("offer", "propose", "ready") and pattern.event_type == "MEDIATION":
            return "planned"
        if lemma == "willing":
            return None if pattern.group == "meet" else "planned"
        if lemma in _PLANS and not is_same_act and not is_subject:
            return None if any(c.lower in ("may", "might", "could") for c in governor.children if c.dep == "aux") else "planned"
        if pattern.pos == "n" and pattern.group == "force" and lemma in ("stop", "cease", "end"):
            return None  # "unless they stopped fighting"
        if pattern.pos == "n" and pattern.group == "pressure" and lemma in ("lift", "ease"):
            return None  # "lifted its embargo"
        if pattern.pos == "n" and (lemma in _CALLED_OFF or (lemma == "call" and any(c.lower in ("for", "off") for c in governor.children))):
            return None
        if (
            lemma in _REQUESTS
            and not is_same_act
            and governor.pos == "VERB"
            and not (is_told and lemma in ("tell", "warn", "call"))
            and not is_subject
            and not is_voiced
        ):
            return None  # what somebody is asked to do has not been done
        if lemma in _CALLED_FOR and governor.pos == "VERB" and not is_same_act and not is_subject and pattern.group != "speech":
            return None
        if lemma in _WISHES and not is_same_act and not is_subject and not is_means:
            return None
        if any(c.dep == "neg" for c in governor.children) and not is_told and not is_same_act:
            return None
        if any(c.lower in _MAYBE for c in governor.children if c.dep == "aux") and not is_told:
            return None
        if governor.pos in ("VERB", "AUX") and lemma in _COMMITS and head.pos == "VERB" and not is_same_act:
            return "pledged" if pattern.status in ("done", "ongoing") else pattern.status
        if pattern.pos == "n" and pattern.group == "meet" and lemma in _COMMITS and not is_same_act and not is_subject and head.dep == "dobj":
            return "pledged"  # "agreed to resume talks with North Korea"
        if (
            pattern.pos == "n"
            and pattern.status == "done"
            and governor.pos in ("VERB", "AUX")
            and any(c.lower in _FUTURE for c in governor.children if c.dep == "aux")
        ):
            return "planned"
        if (
            (is_same_act or head.dep == "pcomp")
            and pattern.status in ("done", "ongoing")
            and any(c.lower in _FUTURE for c in governor.children if c.dep == "aux")
        ):
            return "planned"
        if is_told and governor.lower in ("deny", "denied"):
            return None
    return ""


def _is_of_promise(verb: Word) -> bool:
    """Whether an infinitive that the parser joins to a finite verb is what that verb promises: `agreed on a plan and to resume talks`."""
    is_infinitive = verb.tag == "VB" and any(c.dep == "aux" and c.lower == "to" for c in verb.children)
    return is_infinitive and verb.head.tag in ("VBD", "VBZ", "VBP", "VBN") and verb.head.lemma in _COMMITS | _PLANS


def _is_ill_joined(verb: Word) -> bool:
    """Whether a bare verb is joined to one of another form, and so to something below it: `urged them to talk, uphold the pact`."""
    is_bare = verb.tag in ("VB", "VBP") and not any(c.dep in ("nsubj", "aux") for c in verb.children)
    return is_bare and verb.head.tag in ("VBD", "VBG", "VBZ")


def _left(head: Word) -> str:
    return " ".join(t.text for t in head.children if t.i < head.i)
