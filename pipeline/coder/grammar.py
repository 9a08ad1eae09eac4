"""A sentence's grammar: clauses, what stands in them, and the parties that words stand for.

Here, in `subjects` and in `recipients`, `at` gives the mention that a token belongs to by the token's index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pipeline.coder.parties import Mention
from pipeline.coder.words import Word
from pipeline.model import Party

_PEOPLE = frozenset("minister leader president premier diplomat official government army navy military envoy head chief parliament country ambassador".split())
_OTHERS_OF = frozenset("creditor lender enemy opponent rival critic ally partner backer donor adversary foe supporter neighbor neighbour".split())
"""Who is not of the country whose he is called: `Zambia's creditors`."""
_MARKS = frozenset("while as after before when because although though if since amid where whereas".split())


def clause_of(head: Word, pos: str) -> tuple[int, int]:
    """First and last token of the head's own clause: from it, to the end of its subtree, other verbs joined to it left out."""
    first = head.i
    if pos == "n":
        first = min(t.i for t in [head, *(c for c in head.children if c.dep in ("amod", "compound", "det", "poss", "nummod") and c.i < head.i)])
    last = head.i
    waiting = [head]
    while waiting:
        token = waiting.pop()
        last = max(last, token.i)
        for child in token.children:
            has_mark = any(c.dep == "mark" and c.lower in _MARKS for c in child.children)
            is_for = any(c.dep == "mark" and c.lower == "for" for c in child.children)  # "called for the dispute to be settled"
            is_for = is_for or (token == head and child.tag == "VB" and head.lemma in _PROMISES and any(c.lower == "to" for c in child.children))
            is_left_out = (
                child.dep in ("punct", "parataxis", "relcl")
                or (child.dep == "advcl" and (has_mark or (token == head and not is_for and not is_asked(child))))
                or (child.dep in ("conj", "cc") and child.pos in ("VERB", "AUX", "CCONJ") and token == head)
            )
            if child.i > head.i and not is_left_out:
                waiting.append(child)
    return first, last


_PROMISES = frozenset("agree consent decide pledge promise resolve undertake vow".split())
"""Verbs whose infinitive, a purpose to the parser, is what is promised: `agreed on Thursday to reboot relations`."""
ANSWERS = frozenset("response retaliation reaction reprisal revenge".split())
"""Nouns of which `to` or `for` names what was done before, whoever did it."""
ASKING = frozenset(
    "urge beg entreat counsel plead appeal implore beseech exhort instruct order ask tell invite remind press lobby push call petition bid advise".split()
)


def is_asked(verb: Word) -> bool:
    """Whether a clause that the parser took for a purpose is what somebody is asked to do: `entreated Egypt to keep talking`."""
    return verb.dep == "advcl" and verb.tag == "VB" and verb.head.lemma in ASKING and any(c.lower == "to" for c in verb.children)


def is_conditional(verb: Word) -> bool:
    """Whether what a verb tells depends on what somebody else does: `will impose tariffs unless`."""
    return any(c.dep == "advcl" and any(g.dep == "mark" and g.lower in ("unless", "if") for g in c.children) for c in verb.children)


def is_charge(verb: Word) -> bool:
    """Whether a verb tells what somebody is accused of: `accused France of supporting occupation`."""
    return verb.dep == "pcomp" and verb.head.lower == "of" and verb.head.head.lemma in ("accuse", "suspect")


def governing_verb(token: Word) -> Word | None:
    """The nearest verb at or above a word; none where no verb governs it."""
    return next((t for t in (token, *token.ancestors) if t.pos in ("VERB", "AUX")), None)


def agents_of(verb: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties by whom a passive is done."""
    return parties_of([g for c in verb.children if c.dep == "agent" for g in c.children], at)


def has_agent(verb: Word) -> bool:
    """Whether a passive says by whom."""
    return any(c.dep == "agent" for c in verb.children)


def beside(nouns: Sequence[Word], at: dict[int, Mention]) -> tuple[Party, ...]:
    """Parties that stand with nouns: between, with, among, by, of or from whom, and whose."""
    parties: list[Party] = []
    for noun in nouns:
        for child in noun.children:
            if child.dep == "prep" and child.lower in ("between", "with", "among", "by", "of", "from"):
                parties.extend(parties_of([c for c in child.children if c.dep == "pobj"], at))
            if child.dep == "poss":
                parties.extend(parties_of([child], at))
    return distinct(parties)


_THIRD_PARTIES = frozenset(
    "man woman crew survivor victim sailor fisherman passenger suspect boat vessel tanker court tribunal judge jury panel arbitrator arbiter company firm bank expert analyst scholar economist".split()
)


def has_own_subject(head: Word) -> bool:
    """Whether a verb has a thing as its subject that no name stands for: `the court rejected`, but not `the statement said`."""
    subjects = [c for c in head.children if c.dep in ("nsubj", "nsubjpass")]
    return any(c.pos in ("NOUN", "PROPN") and c.lemma.lower() in _THIRD_PARTIES for c in subjects)


def relative_object(head: Word, is_told_without_agent: bool) -> Word | None:
    """The noun that a relative clause's verb acts on: the treaty in `a treaty that they signed` and in `a treaty signed in Paris`."""
    if head.dep == "acl":
        return head.head if head.tag == "VBN" and (is_told_without_agent or has_agent(head)) else None
    if head.dep != "relcl" or head.head.pos not in ("NOUN", "PROPN"):
        return None
    parts = {c.dep: c.lower for c in head.children}
    is_subject = parts.get("nsubj", parts.get("nsubjpass", "that")) in ("that", "which", "who") and "nsubjpass" not in parts
    return None if is_subject or parts.get("dobj", "that") not in ("that", "which", "who", "whom") else head.head


def object_words(head: Word) -> str:
    """The nouns and pronouns that stand as object of a word, or as subject of a passive, each with what stands before it."""
    words: list[str] = []
    for child in head.children:
        if child.dep in ("dobj", "attr", "oprd", "nsubjpass", "dative", "ccomp"):
            if child.dep == "ccomp":
                words += [c.text for c in child.children if c.dep in ("nsubj", "nsubjpass")]
            else:
                words.append(child.text)
                words += [g.text for c in child.children if c.dep == "prep" for g in c.children if g.dep == "pobj"]
        elif child.dep in ("prep", "agent") and child.i > head.i:
            words += [c.text for c in child.children if c.dep == "pobj"]
    return " ".join(words)


def subject_words(head: Word) -> str:
    """The words of a verb's subject, its own or that of the verb it hangs from."""
    verb = head
    for _ in range(4):
        for child in verb.children:
            if child.dep in ("nsubj", "nsubjpass", "csubj"):
                if child.lower in ("that", "which", "who") and verb.dep == "relcl":
                    return " ".join(t.text for t in verb.head.subtree if t.i < verb.i)
                agents = [t.text for c in verb.children if c.dep == "agent" for t in c.subtree]
                return " ".join([*(t.text for t in child.subtree), *agents])
        if verb.dep in ("acl", "relcl"):
            return " ".join(t.text for t in verb.head.subtree if t.i < verb.i)
        if verb.dep not in ("conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "acl"):
            break
        verb = verb.head
    return ""


def parties_within(token: Word, at: dict[int, Mention], before: Word | None = None) -> tuple[Party, ...]:
    """Every party that is named within a word's subtree, as far as a word where one is given."""
    words = [t for t in token.subtree if t.i in at and (before is None or t.i < before.i)]
    return distinct(p for t in words if at[t.i].kind not in ("we", "pronoun", "region") for p in at[t.i].parties)


def parties_of(tokens: Sequence[Word], at: dict[int, Mention]) -> tuple[Party, ...]:
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
            is_joined = token.dep == "conj" and token.head.i in at and at[token.head.i].kind == "adjective"  # "Russian and Chinese sway"
            if mention.kind != "adjective" or token.dep in ("amod", "compound", "nmod", "poss") or is_joined:
                parties.extend(mention.parties)
            words = [t for t in token.line if at.get(t.i) is mention]
            waiting.extend(c for t in words if t != token for c in t.children if c.dep == "conj" and c not in words)
            if mention.kind == "person" and "counterpart" in mention.parties[0].text:
                parties.extend(_joined_after(words[-1], at))
            if mention.kind in ("person", "country", "seat") and (before := _joined_before(words[0], at, mention)):
                parties[:0] = before
        elif (token.pos in ("NOUN", "PROPN") or token.tag == "CD") and token.lemma not in _OTHERS_OF:
            owners = [c for c in token.children if c.dep in ("poss", "amod", "compound", "nmod")]
            owners += [g for c in owners if c.i in at for g in c.children if g.dep == "conj"]  # "Congo and M23 rebels"
            parties.extend(p for c in owners if c.i in at for p in at[c.i].parties)
            if token.lemma in _PEOPLE:
                waiting.extend(g for c in token.children if c.dep == "prep" and c.lower in ("of", "from") for g in c.children if g.dep == "pobj")
        # "met Alice Wells, a senior U.S. official": whom nobody knows is what stands beside the name
        waiting.extend(c for c in token.children if c.dep == "conj" or (c.dep == "appos" and (c.i in at or (mention is None and c.lemma in _PEOPLE))))
    return distinct(parties)


def last_other(token: Word, at: dict[int, Mention], mine: Collection[str]) -> tuple[Party, ...]:
    """The party named last before a word in its sentence that is none of `mine`."""
    for index in range(token.i - 1, -1, -1):
        mention = at.get(index)
        if mention is not None and mention.kind in ("country", "person", "body", "seat") and not {p.key for p in mention.parties} & set(mine):
            return mention.parties
    return ()


def _joined_before(first: Word, at: dict[int, Mention], mention: Mention) -> tuple[Party, ...]:
    """The parties of `A, B and` before a mention, whatever the parser made of it."""
    line, last = first.line, first.i - 2
    if last < 0 or line[first.i - 1].lower != "and":
        return ()
    is_parted = line[last].text == ","  # "A, B, and C", but not "A met B, and C"
    last -= is_parted
    parties: list[Party] = []
    count = 0
    while last >= 0 and (before := at.get(last)) is not None and before.kind == mention.kind and before is not mention:
        parties[:0] = before.parties
        count += 1
        while last > 0 and at.get(last - 1) is before:
            last -= 1
        if last < 2 or line[last - 1].text != ",":
            break
        last -= 2
    opens = line[last - 1] if last > 0 else None
    is_list = count > 1 and (opens is None or opens.pos != "ADP")  # "In Japan, China and Russia agreed": not Japan
    return tuple(parties) if is_list else () if is_parted else at[first.i - 2].parties if count else ()


def _joined_after(last: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """The further counterpart of `his American counterpart, A, and his Japanese counterpart, B`, whatever the parser made of it."""
    ahead = [w for w in last.line[last.i + 1 : last.i + 5] if w.text != "," and w.lower not in ("his", "her")]
    mention = at.get(ahead[1].i) if len(ahead) > 1 and ahead[0].lower == "and" else None
    return mention.parties if mention is not None and mention.kind == "person" and "counterpart" in mention.parties[0].text else ()


def distinct(parties: Iterable[Party]) -> tuple[Party, ...]:
    """One party a key; the one with an office wins."""
    kept: dict[str, Party] = {}
    for party in parties:
        old = kept.get(party.key)
        if old is None or (party.role and not old.role):
            kept[party.key] = party
    return tuple(kept.values())
