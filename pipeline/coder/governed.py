"""What the words above an act make of it: `threatened to`, `agreed to`, `was expected to`, `called for`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.coder.grammar import ANSWERS, ASKING
from pipeline.coder.tables import Pattern
from pipeline.coder.words import Word

Verdict = str | None
"""A status; None where the act was not done; an empty string where nothing is said of it."""
MAYBE = frozenset("may might could can should must".split())
FUTURE = frozenset(("will", "would", "'ll", "’ll", "shall"))
PLANS = frozenset("realize realise plan expect schedule set intend prepare slate arrange due prepared ready".split())
REQUESTS = ASKING | frozenset("require demand request encourage warn suggest accuse".split())
_BRACED = frozenset("ready prepared willing determined".split())
KEEPS = frozenset("decision agreement right declaration".split())
"""Nouns whose `to` tells what was done by them."""
_COMMITS = frozenset("agree decide pledge promise vow commit offer undertake".split())
_WISHES = frozenset(
    "support oppose favor favour hope want wish seek consider try mull weigh aim like refuse decline fail attempt threaten able need forget neglect omit hint propose postpone delay prohibit prevent ban allow deny risk avoid fear discuss".split()
)
_HOPES = frozenset(
    "resumption restart revival absence lack prospect possibility importance need necessity speculation arrangement preparation hope chance atmosphere venue".split()
)
"""Nouns of which a meeting is only what they are about: `the early resumption of talks`."""
_CALLED_OFF = frozenset(
    "dismiss derail disrupt scuttle torpedo upend rule put delay halt block pull walk quit leave abandon break cancel postpone scrap shelve propose reject demand request skip boycott want seek avoid urge suspend veto oppose freeze".split()
)
_ADMITS = frozenset("admit acknowledge concede confess own".split())
_LETS = frozenset("let allow permit".split())
_CALLED_FOR = frozenset("urge demand request seek want propose reject oppose threaten consider face fear avoid".split())
_GOES_ON = frozenset("go keep carry insist agree decide plan join commit committed".split())
"""Verbs with a preposition before what they make of an act: `insisted on imposing`."""


@dataclass(frozen=True)
class _Step:
    """A step up from an act: `below`, which is the act or hangs above it, hangs from `above`."""

    pattern: Pattern
    act: Word
    below: Word
    above: Word

    @property
    def is_noun(self) -> bool:
        """Whether the act is a noun: `talks`, `a visit`."""
        return self.pattern.pos == "n"

    @property
    def is_same_act(self) -> bool:
        """Whether the two are joined: what is said of the one is not said of the other."""
        return self.below.dep == "conj" and self.below.pos in ("VERB", "AUX") and not _is_of_promise(self.below)

    @property
    def is_told(self) -> bool:
        """`told reporters that`: attribution, where `told them to` is a request."""
        return self.below.dep == "ccomp"

    @property
    def is_subject(self) -> bool:
        """Whether the act, or what holds it, is what the verb above speaks of."""
        return self.below.dep in ("nsubj", "nsubjpass")

    @property
    def is_of_verb(self) -> bool:
        """Whether the word above is a verb that has what is below as its own."""
        return self.above.pos == "VERB" and not self.is_same_act and not self.is_subject


def governed_status(pattern: Pattern, act: Word) -> Verdict:
    """What the words above make of an act, from the nearest up."""
    if pattern.parties == "both" and _is_occasion(act):
        return ""
    for step in _steps(pattern, act):
        if _ends(step):
            return ""
        for rule in _RULES:
            if (verdict := rule(step)) != "":
                return verdict
    return ""


def _steps(pattern: Pattern, act: Word) -> Iterator[_Step]:
    climbs = {
        "xcomp", "ccomp", "pobj", "pcomp", "conj",
        *(("prep",) if act.dep == "pcomp" and act.head.head.lemma in _GOES_ON else ()),
        *(("dobj", "prep", "advmod", "nsubjpass", "nsubj", "attr") if pattern.pos == "n" else ()),
        *(("acl",) if act.tag == "VB" or pattern.pos == "n" else ()),
    }  # fmt: skip
    below = act
    while below.dep in climbs and below.head != below:
        yield _Step(pattern, act, below, below.head)
        below = below.head


def _ends(step: _Step) -> bool:
    """Whether what stands above says nothing more of the act."""
    if step.is_same_act and step.below.tag in ("VBD", "VBZ", "VBP") and step.above.tag in ("VB", "VBG"):
        return True  # "threatened to impose tariffs and accused it": joined to the threat, not to what is threatened
    if step.is_same_act and step.below.tag == "VBG" and step.above.tag == "VB":
        return True  # "ordering them to leave and accusing it": the parser joins what is not alike
    if step.is_noun and step.is_subject and step.below.pos == "PROPN":
        return True  # "Kishida, in Seoul for a summit with B, urged": what he does there says nothing of the summit
    return step.is_noun and step.above.lemma in ANSWERS  # "will cut exports in response to two missile tests": the tests were


def _of_infinitive(step: _Step) -> Verdict:
    """What an infinitive makes of an act: a purpose is none yet."""
    below, above = step.below, step.above
    is_for = below.dep == "advcl" and any(c.dep == "mark" and c.lower == "for" for c in below.children)
    is_purpose = below.dep == "acl" and above.pos == "NOUN" and above.lemma not in KEEPS
    if step.is_noun and below.tag == "VB" and (is_for or is_purpose):
        return None  # "clears the way for Skopje to start talks"
    if step.is_noun and above.dep == "advcl" and above.tag == "VB" and above.head.pos == "VERB":
        if above.head.lemma in REQUESTS or (above.head.dep == "xcomp" and above.head.head.lemma in REQUESTS):
            return None  # "asked the alliance to invoke the article to hold consultations"
        if has_auxiliary(above.head, FUTURE):
            return "planned"  # "will pay a visit to hold talks"
    if above.lemma == "have" and any(c.lower == "yet" for c in (*above.children, *below.children)):
        return None  # "have yet to issue a statement"
    if above.lemma == "help" and above.tag == "VB" and step.act.tag in ("VB", "VBP"):
        return None  # "will see what it can do to help the two reach an agreement"
    if below.dep == "conj" and below.pos == "VERB" and _is_ill_joined(below):
        return None  # "insisting Kyiv must withdraw and reject aid"
    return None if above.lemma == "insist" and step.is_told and step.act.tag in ("VB", "VBP") else ""  # "insisted that Ukraine give up regions"


def _of_meeting(step: _Step) -> Verdict:
    """What is said of a meeting before it is held."""
    lemma = step.above.lemma
    if not step.is_noun:
        return ""
    if step.below.dep == "dobj" and any(c.dep == "mark" and c.lower in ("if", "unless", "until") for c in step.above.children):
        return None  # "if Tehran resumed talks with Washington"
    if step.pattern.group == "meet" and step.above.pos == "NOUN" and lemma in _HOPES:
        return None
    if step.below.dep == "nsubjpass" and lemma in PLANS:
        return "planned"  # "a summit between A and B is planned"
    if step.below.dep == "xcomp" and has_auxiliary(step.below, ("to",)) and lemma == "be":
        return "planned"  # "was to have talks"
    return None if lemma in ("venue", "site", "place") and step.above.pos == "NOUN" else ""  # "offered Geneva as the venue for talks"


def _of_plan(step: _Step) -> Verdict:
    """What is planned, offered or prepared."""
    lemma = step.above.lemma
    if lemma in ("offer", "propose", "ready") and step.pattern.event_type == "MEDIATION":
        return "planned"
    if step.above.pos == "ADJ" and lemma in _BRACED and step.pattern.group in ("pressure", "force") and not step.is_noun:
        return None  # "ready to suspend funds": a threat, which has a row of its own
    if lemma == "willing":
        return None if step.pattern.group == "meet" else "planned"
    if lemma == "expect" and step.is_told and any(c.dep == "nsubj" for c in step.below.children) and any(c.dep == "nsubj" for c in step.above.children):
        return None  # "the EU expects Russia to release them"
    if lemma in PLANS and not step.is_same_act and not step.is_subject:
        return None if has_auxiliary(step.above, MAYBE) else "planned"
    return ""


def _of_end(step: _Step) -> Verdict:
    """What is stopped, lifted or called off."""
    lemma = step.above.lemma
    if not step.is_noun:
        is_stopped = lemma in ("stop", "cease", "halt", "quit") and step.below.tag == "VBG" and step.below.dep in ("xcomp", "dobj")
        return None if is_stopped else ""  # "stopped sharing intelligence"
    if lemma == "break" and step.below.dep == "nsubj":
        return ""  # "talks between A and B broke down": they were held
    if step.pattern.group == "force" and lemma in ("stop", "cease", "end"):
        return None  # "unless they stopped fighting"
    if step.pattern.group == "pressure" and lemma in ("lift", "ease"):
        return None  # "lifted its embargo"
    return None if lemma in _CALLED_OFF or (lemma == "call" and any(c.lower in ("for", "off") for c in step.above.children)) else ""


def _of_wish(step: _Step) -> Verdict:
    """What is asked for, wished for, denied or only possible."""
    lemma = step.above.lemma
    is_voiced = step.is_noun and step.pattern.group == "speech"  # "told Chile of its disappointment"
    if lemma in REQUESTS and step.is_of_verb and not (step.is_told and lemma in ("tell", "warn", "call")) and not is_voiced:
        return None  # what somebody is asked to do has not been done
    if lemma in _CALLED_FOR and step.is_of_verb and step.pattern.group != "speech":
        return None
    if lemma == "get" and step.above.tag == "VB" and step.is_of_verb:
        return None  # "in a bid to get Trump to lower the tariff"
    is_means = step.act.dep == "pobj" and step.act.head.lower in ("with", "by")  # "tried to kill them with an air strike"
    if lemma in _WISHES and not step.is_same_act and not step.is_subject and not is_means:
        return None
    if lemma == "warn" and step.is_told and not step.is_noun and step.pattern.group in ("text", "relations", "pressure") and has_auxiliary(step.below, FUTURE):
        return None  # "warned that Tehran would scrap the deal": a threat, which has been told
    if lemma == "let" and step.below.dep == "ccomp" and step.below.i > step.above.i and any(c.dep == "nsubj" for c in step.below.children):
        return None  # "will let Poland reopen two crossings": not done by Poland yet
    if any(c.dep == "neg" for c in step.above.children) and (lemma in _LETS or not step.is_told) and not step.is_same_act:
        return None
    return None if has_auxiliary(step.above, MAYBE) and not step.is_told else ""


def _of_promise(step: _Step) -> Verdict:
    """What is promised, or told of the future."""
    above, status = step.above, step.pattern.status
    is_verb = above.pos in ("VERB", "AUX")
    if above.lower == "committed" and step.act.dep == "pcomp" and status in ("done", "ongoing"):
        return "pledged"  # "remains committed to providing 500 million dollars"
    if is_verb and above.lemma in _COMMITS and step.act.pos == "VERB" and not step.is_same_act:
        return "pledged" if status in ("done", "ongoing") else status
    is_agreed = above.lemma in _COMMITS and not step.is_same_act and not step.is_subject and step.act.dep == "dobj"
    if step.is_noun and step.pattern.group == "meet" and is_agreed:
        return "pledged"  # "agreed to resume talks with North Korea"
    if step.is_noun and status == "done" and is_verb and has_auxiliary(above, FUTURE):
        return "planned"
    if (step.is_same_act or step.act.dep == "pcomp") and status in ("done", "ongoing") and has_auxiliary(above, FUTURE):
        return "planned"
    if step.is_told and above.lemma in _ADMITS and step.pattern.event_type in ("ACCUSATION", "CONDEMN"):
        return None  # "admitted that its missiles were to blame"
    return None if step.is_told and above.lower in ("deny", "denied") else ""


_RULES: tuple[Callable[[_Step], Verdict], ...] = (_of_infinitive, _of_meeting, _of_plan, _of_end, _of_wish, _of_promise)
"""In this order: `may plan talks` is a possibility before it is a plan."""


def has_auxiliary(verb: Word, words: frozenset[str] | tuple[str, ...]) -> bool:
    """Whether a verb has one of these words as its auxiliary."""
    return any(c.dep == "aux" and c.lower in words for c in verb.children)


def _is_occasion(noun: Word) -> bool:
    """Whether a sentence begins with a meeting at which what it tells was done: `At a meeting with A, B called for calm`."""
    preposition, verb = noun.head, noun.head.head
    if noun.dep == "pobj" and preposition.lower in ("after", "following") and verb.tag == "VBD":
        return True  # "warned Belarus against provocations, after a meeting with B"
    if noun.dep != "pobj" or preposition.lower not in ("at", "in", "during", "after", "following") or noun.i > verb.i:
        return False
    return verb.lemma not in PLANS and not has_auxiliary(verb, FUTURE | MAYBE)


def _is_of_promise(verb: Word) -> bool:
    """Whether an infinitive that the parser joins to a finite verb is what that verb promises: `agreed on a plan and to resume talks`."""
    is_infinitive = verb.tag == "VB" and has_auxiliary(verb, ("to",))
    return is_infinitive and verb.head.tag in ("VBD", "VBZ", "VBP", "VBN") and verb.head.lemma in _COMMITS | PLANS


def _is_ill_joined(verb: Word) -> bool:
    """Whether a bare verb is joined to one of another form, and so to something below it: `urged them to talk, uphold the pact`."""
    is_bare = verb.tag in ("VB", "VBP") and not any(c.dep in ("nsubj", "aux") for c in verb.children)
    return is_bare and verb.head.tag in ("VBD", "VBG", "VBZ")
