"""To whom something is done: objects, partners, addressees, places."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.coder.grammar import beside, distinct, last_other, parties_of
from pipeline.coder.parties import Mention
from pipeline.coder.subjects import RULERS, find_subject
from pipeline.coder.toward import FREED, HARMS, words_toward
from pipeline.coder.words import Word
from pipeline.model import Party

_REACHES = frozenset("call telephone phone ring cable write meet visit summon".split())
_POSTS = frozenset("ambassador envoy consul".split())
_TURNS = frozenset("as in at near via through after before during as while from amid because if that".split())
"""Words after which a name is no longer the one that is acted on."""
_BETWEEN = frozenset("shuttle mediate act serve pass relay carry".split())
"""What somebody does between two, and is not of their talks: `with Omani officials shuttling between them`."""
_OCCASIONS = frozenset("war conflict conference summit meeting gathering forum session ceremony speech interview congress".split())
"""What is held in a country that has no part in it."""
_TRADED = frozenset("export good product import shipment steel aluminium aluminum".split())
"""What is another's where one puts something on it."""
_BACK = frozenset("recall withdraw pull send dispatch deploy".split())
"""Verbs whose object, called `its`, is one's own."""
_KINDS = frozenset("state country regime enemy aggressor sponsor puppet bully nation".split())
"""What a country is called, and no deed."""
_VOICES = frozenset("express voice pledge offer convey reiterate repeat reaffirm renew declare lend state extend underline stress".split())
"""Verbs of which the object, whosever it is called, is what the speaker feels or gives."""
_AIMS = frozenset("point lash hit aim take direct level rail swipe fire fume jab snipe scoff".split())
"""Verbs whose `at` names whom they are against, a capital too."""


def find_partners(head: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Those with whom: the object of `met`, and what `with` governs, on the head or its object."""
    objects = [c for c in head.children if c.dep in ("dobj", "attr") or (c.dep == "oprd" and head.lemma == "call")]  # "called Sudani on Sunday"
    found = [o for o in objects if _is_partner(o, at)]
    for peer in (o for o in objects if o.lemma in ("counterpart", "colleague") and o.i not in at):  # "phoned his counterparts in Washington and London"
        found.extend(g for c in peer.children if c.lower == "in" for g in c.children if g.dep == "pobj")
    if head.dep == "relcl" and any(o.lower == "whom" for o in objects):
        found.append(head.head)  # "Ramaphosa, whom Xi received"
    if head.dep == "pcomp" and head.head.head.lemma == "join":  # "joined Egypt and France in conducting a drill"
        found.extend(c for c in head.head.head.children if c.dep == "dobj")
    if head.lemma == "engage":
        objects += [g for c in head.children if c.dep == "prep" and c.lower == "in" for g in c.children]
    joined = [c for o in objects for c in o.children if c.dep == "conj"]  # "hosted ministers and diplomats from Myanmar"
    is_own = head.lemma == "discuss" and any(c.lower == "with" for c in head.children)  # "discussed with A the fighter jet that they develop with B"
    for base in [
        head,
        *(objects if not is_own else ()),
        *joined,
        *(x for c in head.children if c.dep in ("xcomp", "ccomp") for x in [c, *(o for o in c.children if o.dep == "dobj")]),
    ]:
        for child in base.children:
            if child.dep in ("prep", "dative") and child.lower in ("with", "between", "among", "by", "alongside"):
                found.extend(c for c in child.children if c.dep in ("pobj", "pcomp") and not any(g.tag == "VBG" and g.lemma in _BETWEEN for g in c.children))
                found.extend(g for c in child.children if c.lower == "visiting" for g in c.children if g.dep == "dobj")
                found.extend(g for c in child.children if c.dep == "pcomp" for g in c.children if g.dep == "nsubj")  # "with the leaders of A and B attending"
            is_paid = base.lemma == "call" and child.lower == "on"  # "paid a courtesy call on the premier", "called on him at his home"
            if (base in objects or (is_paid and base is head)) and child.dep == "prep" and (child.lower in ("to", "by", "of", "from") or is_paid):
                found.extend(c for c in child.children if c.dep == "pobj" and c.i in at and at[c.i].kind in ("person", "country"))
    return parties_of(found, at)


def _is_partner(noun: Word, at: dict[int, Mention]) -> bool:
    """Whether the object of `met` is somebody: named, set beside a name (`met X, the envoy of A`), or of an armed group (`met M23 rebels`)."""
    if noun.i in at and at[noun.i].kind != "adjective":
        return True
    beside = [(c, at[c.i]) for c in noun.children if c.i in at]
    return any(c.dep == "appos" or (c.dep == "compound" and m.kind == "body" and m.parties[0].sector == "REB") for c, m in beside)


def find_objects(
    head: Word, at: dict[int, Mention], mine: Collection[str] = (), deep: bool = False, is_deed: bool = False, may_be_own: bool = False
) -> tuple[Party, ...]:
    """Those to whom: the direct object, then the prepositions of the head and of its object, then deeper clauses.

    `mine` are the keys of the actors, who are passed over: "expressed its condolences to". With `is_deed`,
    `it` and `them` are taken for acts, not for parties; with `may_be_own` an actor may be named as recipient too.
    """
    for token in words_toward(head, deep, is_deed):
        mention = at.get(token.i)
        is_of_rights = token.head.lower == "in" and token.head.head.lemma in ("right", "abuse", "crackdown", "repression")  # "over human rights in Xinjiang"
        if mention is None or mention.kind == "we" or (mention.kind == "region" and not is_of_rights) or _is_of_law(token, mention):
            continue
        is_doer = token.dep == "nsubj" and token.head.dep == "ccomp"  # "complain that it has done nothing"
        is_called = token.lower == "it" and any(c.dep == "oprd" and c.lemma in _KINDS for c in head.children)  # "called it an aggressor state"
        if is_deed and token.lower in ("it", "them", "they", "that", "statement") and not (is_doer or is_called):
            continue
        if token.lower == "their" and token.dep == "poss" and token.head.dep == "dobj" and token.head.head == head and _is_of_many(head, at):
            continue  # "Chinese jets aimed their radars at": their own
        if mention.kind in ("pronoun", "group") and token.dep == "poss" and token.head.dep == "dobj" and token.head.head == head and head.lemma in _VOICES:
            continue  # "pledged their support": one's own
        if token.lower in ("its", "their") and token.dep == "poss" and token.head.dep == "dobj" and token.head.head == head and head.lemma in _BACK:
            continue  # "closed its skies to Mali and withdrew its envoys": its own
        is_post = token.head.head.lemma in _POSTS and not is_deed  # "recalled its ambassador in Caracas"
        is_aimed = token.head.lower == "at" and token.head.head.lemma in _AIMS  # "lashed out at London"
        is_who = token.head.lower == "in" and token.head.head.lemma in RULERS and token.head.head.dep == "dobj"  # "urged lawmakers in Copenhagen"
        if mention.kind == "seat" and token.dep == "pobj" and token.head.lower in ("in", "at", "near") and not (is_post or is_aimed or is_who):
            continue
        if is_deed and mention.kind == "seat" and token.dep == "compound":
            continue  # "the Ankara declaration"
        if mention.kind in ("country", "seat") and token.dep == "pobj" and token.head.lower == "in" and token.head.head == head:
            continue
        if mention.kind == "country" and token.dep == "pobj" and token.head.lower in ("in", "at") and token.head.head.lemma in _OCCASIONS:
            continue  # "declined to sign the text at a conference in Switzerland"
        is_aside = mention.kind in ("pronoun", "group") and token.dep == "poss" and token.head.dep == "pobj"  # "killed 11 civilians in their sleep"
        parties = tuple(p for p in parties_of([token], at) or mention.parties if p.key not in mine or (may_be_own and not is_aside))
        is_its = is_deed and token.dep == "poss" and token.head.dep == "dobj" and token.lower == "its"  # "after Spain criticised its conduct of the war"
        is_its = is_its or (token.dep == "poss" and token.head.lemma in _TRADED and token.head.head.lower == "on")  # "put a tariff on its exports"
        if not parties and mention.kind == "pronoun" and (token.dep in ("dobj", "dative") or is_its or (head.lemma == "call" and token.head.lower == "on")):
            parties = last_other(token, at, mine)  # "threatened tariffs on Mexico and accused it of": not itself
        if not parties:
            continue
        if (
            is_deed
            and len(parties) == 1
            and token.dep in ("amod", "poss", "compound")
            and token.head.lemma not in HARMS
            and (between := beside([token.head], at))
        ):
            return distinct([*parties, *between])
        return parties
    return ()


def _is_of_many(verb: Word, at: dict[int, Mention]) -> bool:
    """Whether a verb's subject is named and in the plural."""
    return any(c.dep == "nsubj" and c.tag in ("NNS", "NNPS") and c.i in at for c in verb.children)


def nearest_after(verb: Word, at: dict[int, Mention], mine: Collection[str], reach: tuple[int, int]) -> tuple[Party, ...]:
    """Who stands right after a verb, where the parser finds no object."""
    for index in range(verb.i + 1, min(reach[1], verb.i + 7) + 1):
        token = verb.line[index]
        if token.lemma in HARMS | FREED or token.lower in _TURNS or (token.dep == "conj" and token.pos == "VERB"):
            return ()
        if token.lower == "against" and index + 1 < len(verb.line) and verb.line[index + 1].tag == "VBG":
            return ()  # "cautioned against letting the weapons reach Ukraine"
        mention = at.get(index)
        if mention is not None and _is_of_law(token, mention):
            continue
        if mention is not None and mention.kind in ("country", "seat", "person", "body", "adjective"):
            return tuple(p for p in parties_of([token], at) or mention.parties if p.key not in mine)
    return ()


def find_occasion(head: Word, at: dict[int, Mention], mine: Collection[str]) -> tuple[Party, ...]:
    """Whose act a clause of time or cause tells, the one that is spoken to: `Chile protested when Argentina published a map`, `will respond if Peru arms`."""
    for token in head.subtree:
        opens = token.lower in ("when", "after", "because", "if", "unless") and token.dep in ("advmod", "mark") and token.i > head.i
        if opens and (theirs := tuple(p for p in find_subject(token.head, at)[0] if p.key not in mine)):
            return theirs
    return ()


def find_addressee(head: Word, at: dict[int, Mention], mine: Collection[str]) -> tuple[Party, ...]:
    """Who is told what a clause says: `told the alliance that it would not pay`, `telephoned the emir to express solidarity`."""
    if head.dep in ("xcomp", "advcl") and head.tag == "VB" and head.head.lemma in _REACHES:
        reached = [c for c in head.head.children if c.dep in ("dobj", "dative", "iobj", "oprd")]
        reached += [g for c in head.head.children if head.head.lemma == "write" and c.lower == "to" for g in c.children]  # "wrote to Conakry to pledge"
        return tuple(p for p in parties_of(reached, at) if p.key not in mine)
    if head.dep == "conj" and head.head.lemma in ("tell", "inform", "notify", "summon"):
        told = [c for c in head.head.children if c.dep in ("dobj", "dative", "iobj")]
        return tuple(p for p in parties_of(told, at) if p.key not in mine)  # "told Britain that it was leaving and asked for talks"
    if head.dep != "ccomp" or head.head.lemma not in ("tell", "inform", "assure", "remind", "warn", "notify", "caution"):
        return ()
    told = [c for c in head.head.children if c.dep in ("dobj", "dative", "iobj")]
    return tuple(p for p in parties_of(told, at) if p.key not in mine)


_SENDS = frozenset("send deploy dispatch move fire launch shift transfer".split())
"""Verbs of which `from` names where something came from, and never whom it was against."""


def place_parties(head: Word, at: dict[int, Mention], reach: tuple[int, int], mine: Collection[str] = ()) -> tuple[Party, ...]:
    """The country of the first place that an act's clause names after its head: `struck southern Lebanon`, `landed in Niamey`."""
    for index in range(head.i + 1, reach[1] + 1):
        mention = at.get(index)
        if mention is not None and mention.kind in ("country", "seat", "region", "adjective", "body", "pronoun", "person") and mention.parties[0].country:
            word = head.line[index]
            if any(a.dep == "agent" and a.head == head for a in word.ancestors):
                continue  # "the thousands killed by German troops"
            if word.dep == "poss" and word.head.lemma in ("request", "behest", "invitation"):
                continue  # "arrested them at China's request"
            if word.dep == "nsubj" and word.head.lemma in ("call", "say", "describe"):
                continue  # "fired missiles at what it called bases of a group in Pakistan"
            if word.head.lower == "from" and mention.kind != "pronoun" and head.lemma in _SENDS:
                continue  # "sent soldiers from Turkey to its force"
            if mention.kind == "adjective" and word.head.lemma in ("border", "frontier") and word.head.head.lower == "near":
                continue  # "captured in a clash near the Gambian border": on which side, nobody says
            parties = tuple(p for p in parties_of([head.line[index]], at) or mention.parties if p.key not in mine)
            if not parties and mention.kind in ("seat", "country") and index - head.i < 3:
                return ()  # "left for Tokyo": home
            if not parties and mention.kind == "pronoun":
                parties = last_other(head.line[index], at, mine)  # "Russian drones that crossed into its airspace"
            if parties:
                also = [t for t in head.line[index : reach[1] + 1] if t.dep == "conj" and t.lower == word.head.lower and t.pos == "ADP"]
                return distinct([*parties, *(p for t in also for p in parties_of(t.children, at) if p.key not in mine)])  # "to A on Monday and to B"
    return ()


def place_before(noun: Word, at: dict[int, Mention], mine: Collection[str]) -> tuple[Party, ...]:
    """The country of the place that stands before a journey's noun: `Anwar, in Russia for a visit, said`."""
    preposition = noun.head
    if noun.dep != "pobj" or preposition.lower not in ("for", "on") or preposition.i < 2 or preposition.line[preposition.i - 2].lower != "in":
        return ()
    mention = at.get(preposition.i - 1)
    return tuple(p for p in mention.parties if p.key not in mine) if mention is not None and mention.kind in ("country", "seat", "region") else ()


_OF_LAW = frozenset("sanction resolution embargo charter mechanism convention mandate".split())


def _is_of_law(token: Word, mention: Mention) -> bool:
    """Whether a body's name only says whose law a thing is: `threatened to activate U.N. sanctions`."""
    return token.dep in ("compound", "nmod", "amod") and token.head.lemma in _OF_LAW and mention.parties[0].sector == "IGO"
