"""Who does what a verb says."""

from __future__ import annotations

from pipeline.coder.grammar import agents_of, beside, distinct, governing_verb, has_agent, last_other, parties_of, parties_within
from pipeline.coder.parties import Mention
from pipeline.coder.words import Word
from pipeline.model import Party

Found = tuple[tuple[Party, ...], float]
"""Parties, and how surely they are those, 0 to 1."""
DRIVES = frozenset("get prompt lead cause push drive force compel provoke oblige".split())
"""Verbs whose object does what follows, because of what their subject did."""
_BLOWS = frozenset("attack strike raid assault bombing shelling".split())
_OTHERS = frozenset("company firm business entity individual network".split())
"""Those who are no party to what is done about them."""
_ARMED = frozenset("militia rebel gunman group faction insurgent militant terrorist extremist separatist guerrilla gang".split())
"""Those who act for themselves: `called on A to rein in militias that fire at its bases`."""
_STATES = frozenset("country nation state government".split())
"""Those who do what follows themselves, whoever they are: `does not support countries that upgrade ties`."""
_TEXTS = frozenset("case lawsuit suit report resolution complaint petition indictment".split())
"""What accuses by itself: `threw out a case that accuses Myanmar`."""
PLURAL = frozenset("envoy minister diplomat country nation government leader member official power".split())
"""Those of nobody in particular where no country stands with them."""
PRIVATE = frozenset(
    "relative family analyst economist scholar researcher observer commentator investor consumer trader shopper resident fan lawyer critic".split()
)
"""Those whose words and deeds are not their country's."""
_CHARGED = frozenset("involve engage implicate accuse suspect".split())
_SINGLE = frozenset("officer man woman journalist activist writer blogger lawyer dissident critic exile student priest bishop lawmaker official".split())
_HARMED = frozenset("murder killing assassination death arrest abduction detention jailing beating".split())
_KILLS = frozenset("kill wound injure damage destroy".split())
RULERS = frozenset("lawmaker authority leader ruler general colonel junta government official legislator parliamentarian".split())
"""Those who act for the country of the city that they are in."""
_ANSWERS = frozenset("response reaction objection opposition".split())
_MOODS = frozenset("alarm concern anger outrage dismay fury unease worry fear disquiet regret".split())
_REMARKS = frozenset("call describe brand label accuse denounce say warn cite".split())
_HANGS = frozenset("conj xcomp advcl ccomp pcomp dep acl relcl prep".split())
"""How a verb hangs from one whose subject may be its own."""


def find_subject(verb: Word, at: dict[int, Mention], depth: int = 0) -> Found:
    """Parties that do what the verb says: its subject, the agent of a passive, or the subject of what governs it."""
    if agents := agents_of(verb, at):
        return agents, 1.0
    if verb.dep == "acl" and verb.tag == "VBN" and has_agent(verb):
        return (), 0.0  # "the 60 days set by a truce": by nobody
    if verb.dep in ("acomp", "oprd") and verb.head.pos in ("AUX", "VERB"):
        return find_subject(verb.head, at, depth)
    subjects = [c for c in verb.children if c.dep in ("nsubj", "csubj", "expl")]
    if not subjects:  # the small parser takes a lone country for an adverb: "Sweden suspended aid"
        subjects = [c for c in verb.children if c.dep == "npadvmod" and c.i < verb.i and c.i in at]
    if subjects:
        return _named(verb, subjects, at, depth)
    if joined := _joined(verb, at):
        return joined, 0.9
    if any(c.dep in ("nsubjpass", "auxpass") for c in verb.children):
        return _of_passive(verb, at, depth)
    found = _of_participle(verb, at, depth)
    if found is None and depth < 4 and verb.dep in _HANGS:
        found = _governed(verb, at, depth)
    if found is None:
        found = next((find_subject(first, at, depth + 1) for first in verb.children if _comes_first(first)), None)
    return found or ((), 0.0)


def _named(verb: Word, subjects: list[Word], at: dict[int, Mention], depth: int) -> Found:
    """The parties of a verb's own subject, or of what `which` stands for."""
    subjects = [s for s in subjects if s.lemma not in PRIVATE or s.i in at]
    if not subjects:
        return (), 0.0
    owner = next((c for s in subjects for c in s.children if c.lower == "whose"), None)
    if owner is not None and verb.dep == "relcl" and (before := [w for w in owner.line[max(0, owner.i - 2) : owner.i] if w.i in at]):
        return at[before[-1].i].parties, 0.9  # "between Armenia and Azerbaijan, whose president telephoned"
    if parties := parties_of(subjects, at):
        direct = any(s.i in at and at[s.i].kind not in ("group", "pronoun") for s in subjects)
        return parties, 1.0 if direct else 0.9
    if subjects[0].lower not in ("who", "which", "that") or verb.dep != "relcl":
        return _near(verb, subjects[0], at), 0.7
    noun = _behind(verb)
    if noun.lemma in _SINGLE and noun.i not in at and noun.dep == "pobj" and noun.head.head.lemma in _HARMED:
        return (), 0.0  # "condemned the murder of an army officer who had criticized the president"
    struck = {p.key for c in noun.children if noun.lemma in _BLOWS and c.lower in ("on", "against") for p in parties_within(c, at)}
    if found := tuple(p for p in parties_of([noun], at) or parties_within(noun, at, before=verb) if p.key not in struck):
        return found, 0.9
    if noun.head.pos == "VERB" and noun.dep in ("dobj", "pobj") and noun.lemma not in _BLOWS | _ARMED | _TEXTS | _STATES and depth < 2:
        return find_subject(noun.head, at, depth + 1)[0], 0.7  # "scrambled a jet that bombed"
    return (), 0.0


def _behind(verb: Word) -> Word:
    """The noun that a relative clause speaks of: in `an attack on a base that killed` it is the attack, whatever the parser made of it."""
    noun = verb.head
    is_on = noun.dep == "pobj" and noun.head.lower in ("on", "against") and noun.head.head.lemma in _BLOWS
    return noun.head.head if is_on and verb.lemma in _KILLS else noun


def _of_passive(verb: Word, at: dict[int, Mention], depth: int) -> Found:
    """Who does what a passive tells without an agent."""
    subjects = [c for c in verb.children if c.dep == "nsubjpass"]
    if depth and verb.lemma == "summon":  # "the envoy was summoned to express": who summons does, and may be who speaks
        return find_subject(verb.head, at, depth + 1) if verb.dep == "ccomp" and depth < 3 else ((), 0.0)
    if depth:  # "Hoa is scheduled to hold talks": whom the plan is about does what is planned
        return parties_of(subjects, at), 0.9
    between = beside(subjects, at)
    return (between, 0.8) if between else ((), 0.0)


def _of_participle(verb: Word, at: dict[int, Mention], depth: int) -> Found | None:
    """Who does what a participle tells, where the words before it say so; None where they do not."""
    if verb.dep == "pcomp" and verb.head.lower in ("for", "of", "over", "against"):
        # "condemned A for firing": the one who fired is the object
        objects = [c for c in verb.head.head.children if c.dep == "dobj"]
        if parties := parties_of(objects, at) or tuple(p for o in objects for p in parties_within(o, at)):
            accuser = {p.key for p in find_subject(verb.head.head, at, depth + 1)[0]} if depth < 3 else set()
            if all(p.key in accuser for p in parties) and any(o.i in at and at[o.i].kind == "pronoun" for o in objects):
                parties = last_other(objects[0], at, accuser) or parties
            return parties, 0.9
    blamed = verb.head.head
    if (
        verb.dep == "pcomp"
        and verb.head.lower == "of"
        and blamed.dep == "dobj"
        and blamed.head.lemma in ("accuse", "suspect")
        and (theirs := parties_of([blamed], at))
    ):
        return theirs, 0.9  # "accusing the former colonial power of siding with Kinshasa"
    if verb.dep == "pcomp" and verb.head.lower == "at" and any(c.lemma in _MOODS for c in verb.head.head.children):
        return (), 0.0  # "voiced alarm at shelling from Chile": not by those who are alarmed
    if verb.tag != "VBG":
        return None
    before = verb.line[verb.i - 1] if verb.i - 1 in at else None
    if before is not None and before.dep == "pobj" and (before.head.head.lemma in _ANSWERS or before.head.lower in ("over", "despite", "without")):
        return parties_of([before], at), 0.9  # "in response to Brazil snubbing Venezuela", "anger over Chile sending a minister"
    return ((), 0.0) if verb.dep in ("acl", "advcl") and _follows_text(verb) else None  # "a resolution on Monday calling for a truce"


def _governed(verb: Word, at: dict[int, Mention], depth: int) -> Found | None:
    """Who does what a verb tells that hangs from another: the subject of that; None where there is no other verb."""
    governor = verb.head
    if verb.dep == "conj" and verb.tag == governor.tag == "VBN" and any(c.dep == "auxpass" for c in governor.children):
        return (), 0.0  # "was called to the ministry and given a note": nobody says by whom
    if (
        verb.dep in ("xcomp", "ccomp")
        and verb.tag == "VB"
        and governor.lemma in DRIVES
        and (driven := parties_of([c for c in governor.children if c.dep == "dobj"], at))
    ):
        return driven, 0.9  # "prompting Israel to withdraw its ambassador"
    if verb.dep == "conj":
        governor = _joined_to(verb)
    is_remark = verb.dep == "advcl" and verb.tag == "VBG" and verb.lemma in _REMARKS and verb.line[verb.i - 1].text == ","
    if is_remark and governor.dep == "relcl" and (above := governing_verb(governor.head)) is not None:
        governor = above  # "rejected a decree that moves the border, calling it unlawful"
    while governor.pos not in ("VERB", "AUX") and governor.head != governor:
        if verb.dep == "acl" and (found := _of_noun(verb, governor, at)):
            return found
        governor = governor.head
    if governor.pos not in ("VERB", "AUX") or governor == verb:
        return None
    parties, certainty = find_subject(governor, at, depth + 1)
    is_of_teller = verb.dep == "conj" and governor.dep == "ccomp" and verb.tag == governor.head.tag == "VBD" and depth < 3
    if not parties and is_of_teller:  # "acknowledged that the killings were genocide and offered aid"
        parties, certainty = find_subject(governor.head, at, depth + 1)
    return parties, certainty * 0.95


def _of_noun(verb: Word, noun: Word, at: dict[int, Mention]) -> Found | None:
    """Who does what a participle after a noun tells, where the noun or what stands beside it is a party."""
    if noun.lemma in _BLOWS:
        return parties_within(noun, at, before=verb), 0.8  # "attacks launched by the rebels targeting towns": not who told of them
    if verb.tag == "VBG" and noun.i in at and at[noun.i].kind == "body":
        return at[noun.i].parties, 0.8  # "the incident involving Russian drones violating its airspace"
    between = beside([noun], at)
    if noun.lemma in _OTHERS and (verb.tag == "VBG" or verb.lemma in _CHARGED):
        return between, 0.8  # "put sanctions on firms involved in sending arms": not who put them
    return (between, 0.8) if between else None


def _joined_to(verb: Word) -> Word:
    """The verb whose subject a joined verb shares: the one that it is joined to, or one above where their forms say so."""
    governor = verb.head
    link = verb.line[verb.i - 1]
    if link.lower == "and" and verb.line[link.i - 1].text != "," and governor.dep != "relcl":
        # "barred the ships, a step that Moscow called hostile and said": who said is who called it so
        near = [
            w for w in verb.line[governor.i + 1 : link.i] if w.dep == "relcl" and w.tag == verb.tag == "VBD" and [c.dep for c in w.children[:1]] == ["dobj"]
        ]
        governor = near[-1] if near else governor
    if _has(verb) and governor.dep == "ccomp" and governor.head.tag in ("VBZ", "VBP") and not _has(governor):
        return governor.head  # "maintains that they were guards and has demanded": who has demanded is who maintains
    has_him = any(c.dep == "dobj" and c.lower in ("him", "her") for c in verb.children)
    if has_him and verb.tag == "VBD" and governor.dep == "acl" and governor.tag == "VB" and (above := governing_verb(governor.head)) is not None:
        return above  # "expressed confidence that ties would grow and invited him"
    if has_him and governor.dep == "ccomp" and governor.head.lemma == "say" and any(c.dep == "nsubj" for c in governor.children):
        return governor.head  # "they said Trump deserved the prize and invited him": not Trump himself
    is_told = governor.dep == "ccomp" and governor.tag != "VBD" and governor.head.tag == "VBD" and governor.head.i < verb.i
    if verb.tag == "VBD" and is_told:
        governor = governor.head  # "said Prague was trying to please and promised a response": who promised is who said
    is_parted = link.lower in ("and", "but") and verb.line[link.i - 1].text == "," and governor.dep == "ccomp"
    if is_parted and verb.tag == "VBD" and governor.head.tag == "VBD" and governor.head.i < governor.i and governor.head.lemma in ("say", "claim", "allege"):
        governor = governor.head  # "said Beijing made promises that it did not keep, and urged": who urged is who said
    is_aside = governor.dep == "advcl" and any(c.dep == "mark" and c.lower in ("after", "before") for c in governor.children)
    if is_aside and link.lower == "and" and verb.line[link.i - 1].text == "," and verb.tag == governor.head.tag == "VBD" and governor.head.i < governor.i:
        governor = governor.head  # "closed its crossing, a day after a driver killed two soldiers, and asked Amman to": who closed it
    if verb.tag == "VBD" and governor.tag == "VBG" and governor.dep == "pcomp":
        # "accused Minsk of sending balloons and shut the border": who shut it is who accused
        governor = next((a for a in governor.ancestors if a.tag == "VBD"), governor)
    if verb.tag in ("VBZ", "VBP") and governor.tag == "VB" and not any(c.tag == "MD" for c in governor.children):
        # "condemns its attempts to suppress Taiwan and calls on": who calls is who condemns
        governor = next((a for a in governor.ancestors if a.tag == verb.tag or any(c.tag == "MD" for c in a.children)), governor)
    if _has(verb) and not _has(governor) and (above := governing_verb(governor.head)) is not None and _has(above):
        governor = above  # "has denied that rebels are hiding and has denounced": who has denounced is who has denied
    return governor


def _comes_first(verb: Word) -> bool:
    """Whether a verb hangs from the one that it comes before: to the small parser `The bloc condemned the coup, suspended Mali`."""
    return verb.dep == "advcl" and verb.i < verb.head.i and verb.tag == verb.head.tag == "VBD" and not any(c.dep in ("mark", "advmod") for c in verb.children)


def _follows_text(verb: Word) -> bool:
    """Whether a participle stands right after a text, or after the day of one."""
    words = [w for w in verb.line[max(0, verb.i - 4) : verb.i] if w.lower != "on" and not w.text.endswith("day")]
    return bool(words) and words[-1].lemma in ("resolution", "motion", "bill") and verb.line[verb.i - 1].text != ","


def _joined(verb: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who stands right before a verb, where the parser joins it to the object before: `sent troops to its border and Peru held drills`."""
    before = verb.line[verb.i - 1] if verb.i - 1 in at else None
    if before is None or before.dep != "conj" or verb.tag not in ("VBD", "VBZ") or any(c.dep in ("auxpass", "agent", "nsubj") for c in verb.children):
        return ()
    preposition = before.head.head
    if preposition.head == verb or preposition.lower in ("after", "since", "before", "until"):
        return parties_of([before.head], at)  # "In March Peru and Chile signed a pact": both
    return at[before.i].parties


def _has(verb: Word) -> bool:
    """Whether a verb is in the perfect of one who `has`."""
    return any(c.dep == "aux" and c.lower == "has" for c in verb.children)


def _near(verb: Word, subject: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties within a subject whose own head names none: `leaders of Japan and Chile`, `a Tokyo decision`."""
    edge = subject.subtree[0].i
    inside = [t for t in subject.subtree if t.i < verb.i and t.i in at]
    if subject.lemma in ("country", "nation", "state"):  # "countries sharing a border with the North have urged it": they are not named
        inside = [t for t in inside if not any(a.dep in ("relcl", "acl") for a in t.ancestors if a.i >= edge and a != verb)]
    outer = [
        t
        for t in inside
        if not any(
            (a.dep in ("relcl", "acl") and a.lemma not in ("lead", "head")) or (a.dep == "pobj" and a.head.lower in ("in", "at"))
            for a in [t, *t.ancestors]
            if a.i >= edge and a.i <= subject.subtree[-1].i
        )
    ]
    parties: list[Party] = []
    for token in outer or inside:
        is_of_seat = token.head.lower == "from" or (
            token.head.lower == "in" and subject.lemma in RULERS
        )  # "a delegation from the Pentagon", "lawmakers in Skopje"
        if at[token.i].kind != "seat" or token.dep in ("nsubj", "poss", "conj") or is_of_seat:
            parties.extend(at[token.i].parties)
    return distinct(parties)


def nearest_before(verb: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who stands before a finite verb with no other verb between, where the parser finds no subject: wire copy puts the subject there."""
    if verb.tag not in ("VBD", "VBZ", "VBP") or (verb.dep == "relcl" and _behind(verb).lemma in _BLOWS):
        return ()
    for index in range(verb.i - 1, -1, -1):
        token = verb.line[index]
        if token.tag in ("VBD", "VBZ", "VBP", "MD") or token.text in (";", "“", "”", '"'):
            break
        mention = at.get(index)
        if mention is None or mention.kind in ("adjective", "we", "region") or token.lower in ("its", "their", "his", "her"):
            continue
        first = index
        while first > 0 and at.get(first - 1) is mention:
            first -= 1
        before = verb.line[first - 1] if first > 0 else None
        if before is not None and before.lower == "the" and first > 1:
            before = verb.line[first - 2]
        if before is None or before.pos not in ("ADP", "SCONJ") or before.lower in ("that", "after", "as", "while", "when"):
            return parties_of([token], at) or mention.parties
    return ()


def clause_subjects(head: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties that are the subject of the clause that a word or its object governs: `said that Rwanda had`, `proof that Iran ran`."""
    for base in (head, *(c for c in head.children if c.dep in ("dobj", "attr"))):
        for clause in base.children:
            is_content = clause.dep == "relcl" and base.lemma in ("information", "intelligence", "evidence")  # "had information that Rwanda planned to"
            if (clause.dep in ("ccomp", "acl", "xcomp") or is_content) and clause.pos in ("VERB", "AUX"):
                subjects = [c for c in clause.children if c.dep in ("nsubj", "nsubjpass")]
                if clause.dep == "xcomp" and not subjects:  # "expected Caracas to release them"
                    subjects = [c for c in base.children if c.dep == "dobj" and c.i < clause.i]
                if parties := parties_of(subjects, at) or distinct(p for s in subjects for p in parties_within(s, at)):
                    return parties
    return ()


def set_beside(noun: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Whom `, on a trip to Greenland,` is set beside: the name right before the comma."""
    if noun.dep != "pobj" or noun.head.lower not in ("on", "during", "in") or (first := noun.head.i) < 2 or noun.line[first - 1].text != ",":
        return ()
    mention = at.get(first - 2)
    return mention.parties if mention is not None and mention.kind == "person" else ()
