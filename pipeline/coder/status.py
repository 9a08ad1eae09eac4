"""Whether an act is done, promised, planned or not an act at all, by the words that govern it."""

from __future__ import annotations

import re

from spacy.tokens import Token

from pipeline.coder.grammar import ASKING, is_asked
from pipeline.coder.tables import Pattern

_PLANS = frozenset("plan expect schedule set intend prepare slate arrange due prepared ready".split())
_WISHES = frozenset(
    "hope want wish seek consider try mull weigh aim like refuse decline fail attempt threaten able need propose prohibit prevent ban allow deny risk avoid fear discuss".split()
)
_REQUESTS = ASKING | frozenset("demand request encourage warn suggest accuse".split())
_CALLED_OFF = frozenset(
    "rule put delay halt pull quit leave abandon break cancel postpone scrap shelve propose reject demand request skip boycott want seek avoid urge suspend".split()
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


def find_status(pattern: Pattern, head: Token) -> str | None:
    """Status of the act, or None where it is denied, only wished for or supposed."""
    if pattern.event_type == "DENIAL" and not pattern.is_negated:
        return pattern.status
    is_negated = any(c.dep_ == "neg" or c.lower_ == "never" for c in head.children)
    if is_negated != pattern.is_negated:
        return None
    if is_negated:
        return pattern.status
    if any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether") for c in head.children):
        return None
    objects = [c for c in head.children if c.dep_ == "dobj"]
    is_named = any(pattern.needs.search(o.text) for o in objects) if pattern.needs else False
    if pattern.parties == "host" and objects and head.lemma_ != "visit" and not is_named and objects[0].lemma_ not in _JOURNEYS:
        return None  # "flew tents to Turkey"
    if pattern.parties == "host" and head.dep_ == "pcomp" and head.head.lower_ == "of":
        return None  # "the custom of going to Delhi first"
    auxiliaries = {c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")}
    is_purpose = head.dep_ in ("acl", "advcl") and head.tag_ == "VB" and "to" in auxiliaries and head.head.lemma_ not in _KEEPS
    if is_purpose and not (pattern.group == "speech" and head.head.pos_ in ("VERB", "AUX")):
        return None  # "efforts to change", "in order to meet"; but speech comes with its purpose: "telephoned to express"
    if head.dep_ == "pcomp" and head.head.head.lemma_ in _HELD_BACK.get(head.head.lower_, ()):
        return None
    if is_asked(head):
        return None  # "begged Egypt to keep talking"
    if auxiliaries & _MAYBE:
        return None
    if "would" in auxiliaries and "have" in auxiliaries:
        return None  # "a resolution that would have renewed"
    status = _governed(pattern, head)
    if status != "":
        return status
    is_future = bool(auxiliaries & _FUTURE) or (head.pos_ == "NOUN" and re.search(r"\b(?:planned|upcoming|possible|next|future|proposed)\b", _left(head)))
    if is_future and pattern.status in ("done", "ongoing"):
        return pattern.status if pattern.group == "speech" else "planned"
    if head.dep_ == "xcomp" and "to" in auxiliaries and head.head.lemma_ == "be":
        return "planned"
    if head.pos_ == "VERB" and head.dep_ in ("ROOT", "ccomp", "conj") and "to" in auxiliaries and "be" in auxiliaries:
        return "planned"
    return pattern.status


def _governed(pattern: Pattern, head: Token) -> str | None:
    """What the governing words make of it; an empty string where they say nothing."""
    governor = head
    is_voiced = pattern.pos == "n" and pattern.group == "speech"  # "told Chile of its disappointment"
    climbs = (
        "xcomp",
        "ccomp",
        "pobj",
        "pcomp",
        *(("prep",) if head.dep_ == "pcomp" and head.head.head.lemma_ in ("go", "keep", "carry", "insist") else ()),
        "conj",
        *(("dobj", "prep", "nsubjpass", "nsubj") if pattern.pos == "n" else ()),
        *(("acl",) if head.tag_ == "VB" else ()),
    )
    is_means = head.dep_ == "pobj" and head.head.lower_ in ("with", "by")  # "tried to kill them with an air strike"
    while governor.dep_ in climbs and governor.head != governor:
        is_same_act = governor.dep_ == "conj" and governor.pos_ in ("VERB", "AUX")
        is_told = governor.dep_ == "ccomp"  # "told reporters that": attribution, where "told them to" is a request
        is_subject = governor.dep_ in ("nsubj", "nsubjpass")
        if is_same_act and governor.tag_ in ("VBD", "VBZ", "VBP") and governor.head.tag_ in ("VB", "VBG"):
            return ""  # "threatened to impose tariffs and accused it": joined to the threat, not to what is threatened
        governor = governor.head
        lemma = governor.lemma_
        if lemma in ("offer", "propose", "ready") and pattern.event_type == "MEDIATION":
            return "planned"
        if lemma in _PLANS and not is_same_act and not is_subject:
            return "planned"
        if pattern.pos == "n" and (lemma in _CALLED_OFF or (lemma == "call" and any(c.lower_ in ("for", "off") for c in governor.children))):
            return None
        if (
            lemma in _REQUESTS
            and not is_same_act
            and governor.pos_ == "VERB"
            and not (is_told and lemma in ("tell", "warn", "call"))
            and not is_subject
            and not is_voiced
        ):
            return None  # what somebody is asked to do has not been done
        if lemma in _CALLED_FOR and governor.pos_ == "VERB" and not is_same_act and not is_subject and pattern.group != "speech":
            return None
        if lemma in _WISHES and not is_same_act and not is_subject and not is_means:
            return None
        if any(c.dep_ == "neg" for c in governor.children) and not is_told and not is_same_act:
            return None
        if any(c.lower_ in _MAYBE for c in governor.children if c.dep_ == "aux") and not is_told:
            return None
        if governor.pos_ in ("VERB", "AUX") and lemma in _COMMITS and head.pos_ == "VERB" and not is_same_act:
            return "pledged" if pattern.status in ("done", "ongoing") else pattern.status
        if (
            pattern.pos == "n"
            and pattern.status == "done"
            and governor.pos_ in ("VERB", "AUX")
            and any(c.lower_ in _FUTURE for c in governor.children if c.dep_ == "aux")
        ):
            return "planned"
        if (
            (is_same_act or head.dep_ == "pcomp")
            and pattern.status in ("done", "ongoing")
            and any(c.lower_ in _FUTURE for c in governor.children if c.dep_ == "aux")
        ):
            return "planned"
        if is_told and governor.lower_ in ("deny", "denied"):
            return None
    return ""


def _left(head: Token) -> str:
    return " ".join(t.text for t in head.children if t.i < head.i)
