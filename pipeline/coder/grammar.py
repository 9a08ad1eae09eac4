"""Who, by grammar: the parties that stand as subject, object, partner or speaker of a word in a parsed sentence.

Every function takes `at`, which gives the mention that a token belongs to by the token's index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from spacy.tokens import Token

from pipeline.coder.parties import Mention
from pipeline.model import Party

_SPEECH = frozenset("say tell add state announce note quote write explain stress report".split())
_TOWARD = frozenset("as to behind alongside around with for against on at over toward towards about upon of between among from by into in".split())
_HARMS = frozenset("attack strike assault bombing raid shelling invasion killing murder violation breach".split())
_PEOPLE = frozenset("minister leader president premier diplomat official government army navy military envoy head chief parliament country ambassador".split())
_MARKS = frozenset("while as after before when because although though if since amid where whereas".split())


def clause_of(head: Token, pos: str) -> tuple[int, int]:
    """First and last token of the head's own clause: from it, to the end of its subtree, other verbs joined to it left out."""
    first = head.i
    if pos == "n":
        first = min(t.i for t in [head, *(c for c in head.children if c.dep_ in ("amod", "compound", "det", "poss", "nummod") and c.i < head.i)])
    last = head.i
    waiting = [head]
    while waiting:
        token = waiting.pop()
        last = max(last, token.i)
        for child in token.children:
            has_mark = any(c.dep_ == "mark" and c.lower_ in _MARKS for c in child.children)
            is_for = any(c.dep_ == "mark" and c.lower_ == "for" for c in child.children)  # "called for the dispute to be settled"
            is_left_out = (
                child.dep_ in ("punct", "parataxis", "relcl")
                or (child.dep_ == "advcl" and (has_mark or (token == head and not is_for and not is_asked(child))))
                or (child.dep_ in ("conj", "cc") and child.pos_ in ("VERB", "AUX", "CCONJ") and token == head)
            )
            if child.i > head.i and not is_left_out:
                waiting.append(child)
    return first, last


ASKING = frozenset(
    "urge beg entreat counsel plead appeal implore beseech exhort instruct order ask tell invite remind press lobby push call petition bid advise".split()
)


def is_asked(verb: Token) -> bool:
    """Whether a clause that the parser took for a purpose is what somebody is asked to do: `entreated Egypt to keep talking`."""
    return verb.dep_ == "advcl" and verb.tag_ == "VB" and verb.head.lemma_ in ASKING and any(c.lower_ == "to" for c in verb.children)


def find_subject(verb: Token, at: dict[int, Mention], depth: int = 0) -> tuple[tuple[Party, ...], float]:
    """Parties that do what the verb says: its subject, the agent of a passive, or the subject of what governs it."""
    agents = [g for c in verb.children if c.dep_ == "agent" for g in c.children]
    if parties := parties_of(agents, at):
        return parties, 1.0
    if verb.dep_ in ("acomp", "oprd") and verb.head.pos_ in ("AUX", "VERB"):
        return find_subject(verb.head, at, depth)
    subjects = [c for c in verb.children if c.dep_ in ("nsubj", "csubj", "expl")]
    if not subjects:  # the small parser takes a lone country for an adverb: "Sweden suspended aid"
        subjects = [c for c in verb.children if c.dep_ == "npadvmod" and c.i < verb.i and c.i in at]
    is_passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)
    if not subjects and is_passive:
        joint = [c for c in verb.children if c.dep_ == "nsubjpass"]
        if depth:  # "Hoa is scheduled to hold talks": whom the plan is about does what is planned
            return parties_of(joint, at), 0.9
        between = beside(joint, at)
        return (between, 0.8) if between else ((), 0.0)
    if subjects:
        parties = parties_of(subjects, at)
        if parties:
            direct = any(s.i in at and at[s.i].kind not in ("group", "pronoun") for s in subjects)
            return parties, 1.0 if direct else 0.9
        if subjects[0].lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
            if found := parties_of([verb.head], at) or parties_within_noun(verb.head, verb, at):
                return found, 0.9
            if verb.head.head.pos_ == "VERB" and verb.head.dep_ in ("dobj", "pobj") and depth < 2:
                return find_subject(verb.head.head, at, depth + 1)[0], 0.7  # "scrambled a jet that bombed"
            return (), 0.0
        return _near(verb, subjects[0], at), 0.7
    if verb.dep_ == "pcomp" and verb.head.lower_ in ("for", "of", "over", "against"):
        # "condemned A for firing": the one who fired is the object
        objects = [c for c in verb.head.head.children if c.dep_ == "dobj"]
        if parties := parties_of(objects, at) or tuple(p for o in objects for p in parties_within(o, at)):
            return parties, 0.9
    if depth < 4 and verb.dep_ in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "dep", "acl", "relcl", "prep"):
        governor = verb.head
        while governor.pos_ not in ("VERB", "AUX") and governor.head != governor:
            if verb.dep_ == "acl":
                between = beside([governor], at)
                if between:
                    return between, 0.8
            governor = governor.head
        if governor.pos_ in ("VERB", "AUX") and governor != verb:
            parties, certainty = find_subject(governor, at, depth + 1)
            return parties, certainty * 0.95
    return (), 0.0


def _near(verb: Token, subject: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties within a subject whose own head names none: `leaders of Japan and Chile`, `a Tokyo decision`."""
    inside = [t for t in subject.subtree if t.i < verb.i and t.i in at]
    outer = [
        t
        for t in inside
        if not any(a.dep_ in ("relcl", "acl", "pobj") and a.head.lower_ in ("in", "at") for a in [t, *t.ancestors] if a.i >= subject.left_edge.i)
    ]
    parties: list[Party] = []
    for token in outer or inside:
        if at[token.i].kind != "seat" or token.dep_ in ("nsubj", "poss", "conj"):
            parties.extend(at[token.i].parties)
    return distinct(parties)


def beside(nouns: Sequence[Token], at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties that stand with nouns: between, with, among, by, of or from whom, and whose."""
    parties: list[Party] = []
    for noun in nouns:
        for child in noun.children:
            if child.dep_ == "prep" and child.lower_ in ("between", "with", "among", "by", "of", "from"):
                parties.extend(parties_of([c for c in child.children if c.dep_ == "pobj"], at))
            if child.dep_ == "poss":
                parties.extend(parties_of([child], at))
    return distinct(parties)


def find_partners(head: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Those with whom: the object of `met`, and what `with` governs, on the head or its object."""
    objects = [c for c in head.children if c.dep_ in ("dobj", "attr")]
    found: list[Token] = [o for o in objects if o.i in at and at[o.i].kind != "adjective"]
    for base in [head, *objects, *(x for c in head.children if c.dep_ in ("xcomp", "ccomp") for x in [c, *(o for o in c.children if o.dep_ == "dobj")])]:
        for child in base.children:
            if child.dep_ in ("prep", "dative") and child.lower_ in ("with", "between", "among", "by", "alongside"):
                found.extend(c for c in child.children if c.dep_ in ("pobj", "pcomp"))
            if base in objects and child.dep_ == "prep" and child.lower_ in ("to", "by", "of", "from"):
                found.extend(c for c in child.children if c.dep_ == "pobj" and c.i in at and at[c.i].kind in ("person", "country"))
    return parties_of(found, at)


def find_objects(head: Token, at: dict[int, Mention], mine: Collection[str] = (), deep: bool = False, is_deed: bool = False) -> tuple[Party, ...]:
    """Those to whom: the direct object, then the prepositions of the head and of its object, then deeper clauses.

    `mine` are the keys of the actors, who are passed over: "expressed its condolences to". With `is_deed`,
    `it` and `them` are taken for acts, not for parties.
    """
    for token in _object_tokens(head, deep, is_deed):
        mention = at.get(token.i)
        if mention is None or mention.kind in ("we", "region"):
            continue
        if is_deed and token.lower_ in ("it", "them", "they", "that", "statement"):
            continue
        if mention.kind == "seat" and token.dep_ == "pobj" and token.head.lower_ in ("in", "at", "near"):
            continue
        if is_deed and mention.kind == "seat" and token.dep_ == "compound":
            continue  # "the Ankara declaration"
        if mention.kind in ("country", "seat") and token.dep_ == "pobj" and token.head.lower_ == "in" and token.head.head == head:
            continue
        parties = tuple(p for p in parties_of([token], at) or mention.parties if p.key not in mine)
        if not parties and mention.kind == "pronoun" and token.dep_ in ("dobj", "dative"):
            parties = _last_other(token, at, mine)  # "threatened tariffs on Mexico and accused it of": not itself
        if not parties:
            continue
        if is_deed and len(parties) == 1 and token.dep_ in ("amod", "poss", "compound") and (between := beside([token.head], at)):
            return distinct([*parties, *between])
        return parties
    return ()


def _last_other(token: Token, at: dict[int, Mention], mine: Collection[str]) -> tuple[Party, ...]:
    """The party named last before a word in its sentence that is none of `mine`."""
    for index in range(token.i - 1, token.sent.start - 1, -1):
        mention = at.get(index)
        if mention is not None and mention.kind in ("country", "person", "body", "seat") and not {p.key for p in mention.parties} & set(mine):
            return mention.parties
    return ()


def _object_tokens(head: Token, deep: bool, is_deed: bool) -> Iterator[Token]:
    objects = [c for c in head.children if c.dep_ in ("dobj", "dative", "oprd", "attr", "obj")]
    harms = {o.i for o in objects if o.lemma_ in _HARMS}
    prepositions = [
        c
        for base in (head, *objects)
        for c in base.children
        if c.dep_ in ("prep", "dative")
        and c.lower_ in _TOWARD
        and c.i > head.i
        and not (is_deed and c.lower_ == "as")
        and not (base.i in harms and c.lower_ in ("against", "on", "of"))
    ]  # "condemned attacks on Japanese": not those who were attacked
    toward = [p for p in prepositions if p.lower_ not in ("in", "by", "of", "from", "into", "over", "about", "for")]
    yield from objects
    for noun in objects:
        yield from _owners(noun)
        for clause in noun.children:  # "a warrant issued by the court"
            if clause.dep_ == "acl":
                yield from (g for c in clause.children if c.dep_ == "agent" for g in c.children)
            if clause.dep_ in ("acl", "relcl", "advcl") and any(c.lower_ == "for" for c in clause.children):  # "an invitation for him to visit"
                yield from (c for c in clause.children if c.dep_ == "nsubj")
    for group in (toward, [p for p in prepositions if p not in toward]):
        for preposition in group:
            for noun in preposition.children:
                if noun.dep_ in ("pobj", "pcomp"):
                    yield noun
                    yield from _owners(noun)
                    for deeper in noun.children:
                        if deeper.dep_ == "prep" and deeper.lower_ in ("of", "by", "to", "against", "in", "from", "for", "between", "with"):
                            for far in (c for c in deeper.children if c.dep_ == "pobj"):
                                yield far
                                yield from _owners(far)
    if deep or not objects:
        for clause in (c for c in head.children if c.dep_ in ("ccomp", "xcomp") or _is_for(c)):
            yield from (c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass"))
            for subject in (c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")):
                yield from _owners(subject)
            if deep:
                yield from _object_tokens(clause, False, is_deed)


def _is_for(clause: Token) -> bool:
    """Whether it is the clause of `called for Japan to be prudent`."""
    return clause.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ == "for" for c in clause.children)


def nearest_before(verb: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who stands before a finite verb with no other verb between, where the parser finds no subject: wire copy puts the subject there."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP"):
        return ()
    for index in range(verb.i - 1, verb.sent.start - 1, -1):
        token = verb.doc[index]
        if token.tag_ in ("VBD", "VBZ", "VBP", "MD") or token.text in (";", "“", "”", '"'):
            break
        mention = at.get(index)
        if mention is None or mention.kind in ("adjective", "we", "region"):
            continue
        first = index
        while first > verb.sent.start and at.get(first - 1) is mention:
            first -= 1
        before = verb.doc[first - 1] if first > verb.sent.start else None
        if before is not None and before.lower_ == "the" and first - 1 > verb.sent.start:
            before = verb.doc[first - 2]
        if before is None or before.pos_ not in ("ADP", "SCONJ") or before.lower_ in ("that", "after", "as", "while", "when"):
            return mention.parties
    return ()


def nearest_after(verb: Token, at: dict[int, Mention], mine: Collection[str], reach: tuple[int, int]) -> tuple[Party, ...]:
    """Who stands right after a verb, where the parser finds no object."""
    for index in range(verb.i + 1, min(reach[1], verb.i + 7) + 1):
        token = verb.doc[index]
        if token.lemma_ in _HARMS or token.lower_ in ("in", "at", "near", "after", "before", "during", "as", "while", "from", "amid", "because", "if", "that"):
            return ()
        mention = at.get(index)
        if mention is not None and mention.kind in ("country", "seat", "person", "body", "adjective"):
            return tuple(p for p in mention.parties if p.key not in mine)
    return ()


def clause_subjects(head: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties that are the subject of the clause that a word or its object governs: `said that Rwanda had`, `proof that Iran ran`."""
    for base in (head, *(c for c in head.children if c.dep_ in ("dobj", "attr"))):
        for clause in base.children:
            if clause.dep_ in ("ccomp", "acl", "xcomp") and clause.pos_ in ("VERB", "AUX"):
                subjects = [c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")]
                if parties := parties_of(subjects, at) or distinct(p for s in subjects for p in parties_within(s, at)):
                    return parties
    return ()


_THIRD_PARTIES = frozenset("court tribunal judge jury panel arbitrator arbiter company firm bank expert analyst scholar economist".split())


def has_own_subject(head: Token) -> bool:
    """Whether a verb has a thing as its subject that no name stands for: `the court rejected`, but not `the statement said`."""
    subjects = [c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")]
    return any(c.pos_ in ("NOUN", "PROPN") and c.lemma_.lower() in _THIRD_PARTIES for c in subjects)


def find_occasion(head: Token, at: dict[int, Mention], mine: Collection[str]) -> tuple[Party, ...]:
    """Whose act a clause of time or cause tells, the one that is spoken to: `Chile protested when Argentina published a map`."""
    for token in head.subtree:
        opens = token.lower_ in ("when", "after", "because") and token.dep_ in ("advmod", "mark") and token.i > head.i
        if opens and (theirs := tuple(p for p in find_subject(token.head, at)[0] if p.key not in mine)):
            return theirs
    return ()


def set_beside(noun: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Whom `, on a trip to Greenland,` is set beside: the name right before the comma."""
    first = min((t.i for t in noun.subtree), default=noun.i)
    if noun.dep_ != "pobj" or noun.head.lower_ not in ("on", "during", "in") or (first := noun.head.i) < 2 or noun.doc[first - 1].text != ",":
        return ()
    mention = at.get(first - 2)
    return mention.parties if mention is not None and mention.kind == "person" else ()


def find_addressee(head: Token, at: dict[int, Mention], mine: Collection[str]) -> tuple[Party, ...]:
    """Who is told what a clause says: `told the alliance that it would not pay`."""
    if head.dep_ != "ccomp" or head.head.lemma_ not in ("tell", "inform", "assure", "remind", "warn", "notify", "caution"):
        return ()
    told = [c for c in head.head.children if c.dep_ in ("dobj", "dative", "iobj")]
    return tuple(p for p in parties_of(told, at) if p.key not in mine)


def relative_object(head: Token, is_told_without_agent: bool) -> Token | None:
    """The noun that a relative clause's verb acts on: the treaty in `a treaty that they signed` and in `a treaty signed in Paris`."""
    if head.dep_ == "acl":
        return head.head if head.tag_ == "VBN" and (is_told_without_agent or any(c.dep_ == "agent" for c in head.children)) else None
    if head.dep_ != "relcl" or head.head.pos_ not in ("NOUN", "PROPN"):
        return None
    parts = {c.dep_: c.lower_ for c in head.children}
    is_subject = parts.get("nsubj", parts.get("nsubjpass", "that")) in ("that", "which", "who") and "nsubjpass" not in parts
    return None if is_subject or parts.get("dobj", "that") not in ("that", "which", "who", "whom") else head.head


def _owners(noun: Token) -> Iterator[Token]:
    """Words before a noun that say whose it is, those of the nouns joined to it too."""
    for one in (noun, *(c for c in noun.children if c.dep_ in ("conj", "appos"))):
        for child in one.children:
            if child.dep_ in ("poss", "amod", "compound", "nmod"):
                yield child
                yield from (c for c in child.children if c.dep_ in ("amod", "compound", "poss", "nmod", "conj"))


def object_words(head: Token) -> str:
    """The nouns and pronouns that stand as object of a word, or as subject of a passive, each with what stands before it."""
    words: list[str] = []
    for child in head.children:
        if child.dep_ in ("dobj", "attr", "oprd", "nsubjpass", "dative", "ccomp"):
            if child.dep_ == "ccomp":
                words += [c.text for c in child.children if c.dep_ == "nsubj"]
            else:
                words.append(child.text)
                words += [f"{g.text}" for c in child.children if c.dep_ == "prep" for g in c.children if g.dep_ == "pobj"]
        elif child.dep_ in ("prep", "agent") and child.i > head.i:
            words += [c.text for c in child.children if c.dep_ == "pobj"]
    return " ".join(words)


def subject_words(head: Token) -> str:
    """The words of a verb's subject, its own or that of the verb it hangs from."""
    verb = head
    for _ in range(4):
        for child in verb.children:
            if child.dep_ in ("nsubj", "nsubjpass", "csubj"):
                if child.lower_ in ("that", "which", "who") and verb.dep_ == "relcl":
                    return " ".join(t.text for t in verb.head.subtree if t.i < verb.i)
                agents = [t.text for c in verb.children if c.dep_ == "agent" for t in c.subtree]
                return " ".join([*(t.text for t in child.subtree), *agents])
        if verb.dep_ in ("acl", "relcl"):
            return " ".join(t.text for t in verb.head.subtree if t.i < verb.i)
        if verb.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "acl"):
            break
        verb = verb.head
    return ""


def parties_within(token: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Every party that is named within a word's subtree."""
    return distinct(p for t in token.subtree if t.i in at and at[t.i].kind not in ("we", "pronoun", "region") for p in at[t.i].parties)


def parties_within_noun(noun: Token, before: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Every party that is named within a noun's subtree before a word."""
    return distinct(p for t in noun.subtree if t.i < before.i and t.i in at and at[t.i].kind not in ("we", "pronoun", "region") for p in at[t.i].parties)


def place_parties(head: Token, at: dict[int, Mention], reach: tuple[int, int], mine: Collection[str] = ()) -> tuple[Party, ...]:
    """The country of the first place that an act's clause names after its head: `struck southern Lebanon`, `landed in Niamey`."""
    for index in range(head.i + 1, reach[1] + 1):
        mention = at.get(index)
        if mention is not None and mention.kind in ("country", "seat", "region", "adjective", "body", "pronoun", "person") and mention.parties[0].country:
            parties = tuple(p for p in parties_of([head.doc[index]], at) or mention.parties if p.key not in mine)
            if parties:
                return parties
    return ()


def find_speaker(head: Token, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who says the words that `head` stands in."""
    for token in [head, *head.ancestors]:
        for near in [token, *token.children]:
            if near.lower_ == "according" and (speakers := parties_of([g for c in near.children for g in c.children if g.dep_ == "pobj"], at)):
                return speakers
            if near.lemma_ in _SPEECH and near != head:
                parties, _ = find_subject(near, at)
                if parties:
                    return parties
    # "..." said Chinh: a verb of speech after the quotation, whatever the parser made of it
    for token in head.sent:
        if token.lemma_ in _SPEECH and token.i > head.i:
            after = [at[t.i] for t in head.sent[token.i - head.sent.start :][:4] if t.i in at and at[t.i].kind == "person"]
            before = [at[t.i] for t in head.sent if t.i in at and head.i < t.i < token.i and at[t.i].kind in ("person", "country", "pronoun")]
            if after or before:
                return (after or before[-1:])[0].parties
    return ()


def speak_for(party: Party, head: Token, at: dict[int, Mention]) -> Party:
    """The person who speaks, where the party is only that person's country: `Kishida said Japan supports`."""
    if party.role is None and party.sector == "GOV" and party.country:
        for ancestor in head.ancestors:
            if ancestor.lemma_ in _SPEECH:
                speakers, _ = find_subject(ancestor, at)
                for speaker in speakers:
                    if speaker.country == party.country and speaker.role:
                        return speaker
    return party


def parties_of(tokens: Sequence[Token], at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties that these words name, with those joined to them by `and` or in apposition."""
    parties: list[Party] = []
    waiting, seen = list(tokens), set()
    while waiting:
        token = waiting.pop(0)
        if token.i in seen:
            continue
        seen.add(token.i)
        mention = at.get(token.i)
        if mention is not None:
            if mention.kind != "adjective" or token.dep_ in ("amod", "compound", "nmod", "poss"):
                parties.extend(mention.parties)
            words = [t for t in token.sent if at.get(t.i) is mention]
            waiting.extend(c for t in words if t != token for c in t.children if c.dep_ == "conj" and c not in words)
            if mention.kind in ("person", "country") and (before := _joined_before(words[0], at, mention)):
                parties[:0] = before
        elif token.pos_ in ("NOUN", "PROPN"):
            parties.extend(p for c in token.children if c.dep_ in ("poss", "amod", "compound", "nmod") and c.i in at for p in at[c.i].parties)
            if token.lemma_ in _PEOPLE:
                waiting.extend(g for c in token.children if c.dep_ == "prep" and c.lower_ in ("of", "from") for g in c.children if g.dep_ == "pobj")
        waiting.extend(c for c in token.children if c.dep_ == "conj" or (c.dep_ == "appos" and c.i in at))
    return distinct(parties)


def _joined_before(first: Token, at: dict[int, Mention], mention: Mention) -> tuple[Party, ...]:
    """The party of `A and` before a mention, whatever the parser made of it."""
    if first.i - first.sent.start < 2 or first.nbor(-1).lower_ != "and":
        return ()
    before = at.get(first.i - 2)
    return before.parties if before is not None and before.kind == mention.kind and before is not mention else ()


def distinct(parties: Iterable[Party]) -> tuple[Party, ...]:
    """One party a key; the one with an office wins."""
    kept: dict[str, Party] = {}
    for party in parties:
        old = kept.get(party.key)
        if old is None or (party.role and not old.role):
            kept[party.key] = party
    return tuple(kept.values())
