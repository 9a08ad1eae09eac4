"""A story's text → events: acts found, dated, placed, and merged, one event a happening."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from spacy.tokens import Span, Token

from pipeline.coder import language
from pipeline.coder.actions import Act, find_acts, parsed_sentences
from pipeline.coder.dates import Dated, find_dates, find_duration, toward_future
from pipeline.coder.parties import Discourse, country_party, find_mentions
from pipeline.coder.quantities import find_quantities
from pipeline.coder.tables import event_types, objects, place_countries, read_table, tables_hash
from pipeline.model import Event, Evidence, Party, Place, sha256_of

LONGEST_SENTENCE = 2_000
"""Characters; longer ones are lists or noise, and parsing grows with their square."""
LONGEST_PARAGRAPH = 50_000
"""Characters; a report that has lost its paragraphs has some 5,000, and what is longer than this is not one."""
BACKGROUND_DAYS = 10
"""What ended longer before publication than this is told as background."""
QUOTE_LENGTH = 240

_SPEECH_GROUP = frozenset({"speech", "text"})
_MEET = frozenset({"SUMMIT_TALKS", "MINISTERIAL_TALKS", "WORKING_TALKS", "MULTILATERAL_MEETING", "CALL"})
_HEADS = frozenset({"head_of_government", "head_of_state"})
_MINISTERS = frozenset({"foreign_minister", "defence_minister", "minister", "deputy_head"})
_PLACE = re.compile(r"\b(?:in|at|near|off) ((?:the )?[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+){0,3})")


@dataclass(frozen=True)
class Text:
    """What the coder needs of a story. `published_on` is the day in the wire's own time zone."""

    body: str
    published_on: dt.date
    captions: tuple[str, ...] = ()
    dateline_place: str | None = None
    home: str | None = None
    """Country of the dateline or the agency, ISO 3166-1 alpha-3."""


@cache
def coder_version() -> str:
    """Hash of the coder's code, tables and model, 12 hexadecimal characters."""
    code = [path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return sha256_of([code, tables_hash(), language.MODEL, language.VERSION])[:12]


def code_text(text: Text) -> list[Event]:
    """Events of a story, in the order of their first evidence."""
    nlp = language.load_language()
    discourse = Discourse(home=text.home)
    main = _main_date(text)
    found: list[Event] = []
    offset = 0
    paragraphs = []
    for paragraph in text.body.split("\n\n"):
        paragraphs.append((offset, paragraph))
        offset += len(paragraph) + 2
    usable = [(at, p) for at, p in paragraphs if p.strip() and len(p) <= LONGEST_PARAGRAPH]
    place = _first_place(text)
    for (at, _), doc in zip(usable, nlp.pipe(p for _, p in usable), strict=True):
        for sentence in parsed_sentences(doc):
            if len(sentence.text) > LONGEST_SENTENCE:
                continue
            mentions = [replace(m, start=m.start + sentence.start_char, end=m.end + sentence.start_char) for m in find_mentions(sentence.text, discourse)]
            dates = find_dates(sentence.text, text.published_on, main.first or text.published_on)
            for act in find_acts(sentence, mentions):
                event = _event(act, sentence, at, dates, main, text, place)
                if event is not None:
                    found.append(event)
                    if event_types()[event.event_type].is_symmetric and len(event.actors) == 2:
                        discourse.pair_up(event.actors)
    return _merge(found)


def _main_date(text: Text) -> Dated:
    """The day the story is about: the first day named in its first two sentences, else that of publication."""
    opening = text.body[:600]
    anchors = [d for c in text.captions for d in find_dates(c, text.published_on, text.published_on) if d.basis == "explicit"]
    for dated in find_dates(opening, text.published_on, text.published_on):
        if dated.precision == "day" and dated.first and abs((text.published_on - dated.first).days) <= 7 and dated.basis in ("weekday", "explicit"):
            confirmed = dated.basis == "weekday" and any(a.first == dated.first for a in anchors)
            return replace(dated, basis="weekday+caption" if confirmed else dated.basis)
    return Dated(0, 0, text.published_on, None, "day", "publication")


def _first_place(text: Text) -> Place | None:
    if text.dateline_place:
        name = text.dateline_place.split("/")[0]
        return Place(name, place_countries().get(name.casefold()))
    return _place_in(text.body[:900])


def _place_in(words: str) -> Place | None:
    for match in _PLACE.finditer(words):
        name = match.group(1)
        while name:
            country = place_countries().get(name.casefold())
            if country:
                return Place(name, country)
            name = name.rpartition(" ")[0]
    return None


def _event(act: Act, sentence: Span, offset: int, dates: Sequence[Dated], main: Dated, text: Text, story_place: Place | None) -> Event | None:
    """The event of one act, or None where it lacks what its type needs."""
    event_type = _level(act) if act.pattern.event_type == "TALKS" else act.pattern.event_type
    status = act.status
    if status == "pledged" and (event_type in _MEET or event_type == "VISIT"):
        return None  # "agreed to hold talks" is the agreement, which has a row of its own
    event_type, status = _planned(event_type, status)
    dated = _date_of(act, sentence, dates, main)
    is_planned = status == "planned" or event_type == "VISIT_ANNOUNCED"
    if is_planned:
        dated = toward_future(dated, text.published_on)
    elif dated.first and dated.first > text.published_on:
        if act.pattern.status in ("done", "ongoing"):
            return None  # a future date on a past act: the date belongs to something else
        dated = main
    first, last = dated.first, dated.last
    meaning = event_types()[event_type]
    recipients = act.recipients
    # What is said or promised is about places; only what is done is somewhere.
    place = _place_in(act.clause) if meaning.group in ("meet", "force") else None
    if act.pattern.parties == "host":
        place = place or _place_in(sentence.text[act.start - sentence.start_char :])
        recipients = _host(act, place)
        if not recipients:
            return None
        days = find_duration(sentence.text)
        if days and days > 1 and first and dated.precision == "day":
            last = first + dt.timedelta(days=days - 1)
            dated = replace(dated, basis=f"{dated.basis}+duration")
            status = "ongoing" if status == "done" and last >= text.published_on else status
    elif place is None and event_type in _MEET and first == main.first:
        place = story_place
    if meaning.needs_recipient and not recipients:
        return None
    object_key, contexts = _object(act, sentence, meaning.group, event_type)
    cameo = _cameo(event_type, contexts) or meaning.cameo_code
    is_old = (last or first or text.published_on) < text.published_on - dt.timedelta(days=BACKGROUND_DAYS)
    start, end = act.start + offset, min(act.end, act.start + QUOTE_LENGTH) + offset
    evidence = Evidence(
        sentence=sentence.text,
        sentence_start=sentence.start_char + offset,
        start=start,
        end=end,
        quote=text.body[start:end],
        pattern_id=act.pattern.pattern_id,
    )
    implied = act.implied if meaning.group == "speech" else ()
    return _with_id(
        Event(
            event_id="",
            event_type=event_type,
            plover_type=meaning.plover_type,
            plover_mode=meaning.plover_mode,
            cameo_code=cameo,
            quad_plover=meaning.quad_plover,
            quad_cameo=meaning.quad_cameo,
            goldstein=meaning.goldstein,
            plover_score=meaning.plover_score,
            status=status,  # type: ignore[arg-type]  # the codebook's test holds it to the list
            is_background=is_old or dated.precision == "before",
            object_key=object_key,
            actors=act.actors,
            recipients=recipients,
            implied=implied,
            date_start=first,
            date_end=last,
            date_precision=dated.precision,
            date_basis=dated.basis,
            place=place,
            quantities=tuple(find_quantities(_reach(act, sentence)))
            if event_type.startswith(("AID", "ARMS", "MISSILE", "DEPLOY", "ENVOY_EXP", "SANCTION"))
            else (),
            contexts=contexts,
            evidence=(evidence,),
            confidence=round(0.9 * act.certainty * (0.9 if dated.basis == "publication" else 1.0), 3),
            coder_version=coder_version(),
        )
    )


def _level(act: Act) -> str:
    """Level of talks, by the offices of those who hold them, else by the words."""
    roles = {p.role for p in act.actors if p.role}
    if len({p.country for p in act.actors if p.country}) >= 3:
        return "MULTILATERAL_MEETING"
    if roles and roles <= _HEADS:
        return "SUMMIT_TALKS"
    if roles and roles & (_MINISTERS | _HEADS):
        return "MINISTERIAL_TALKS"
    if re.search(r"\bsummit\b", act.clause, re.IGNORECASE):
        return "SUMMIT_TALKS"
    return "MINISTERIAL_TALKS" if re.search(r"\bminister", act.clause, re.IGNORECASE) else "WORKING_TALKS"


def _planned(event_type: str, status: str) -> tuple[str, str]:
    """What a type becomes when it is only announced: a visit to come is an announcement, aid to come a pledge."""
    if status in ("planned", "pledged"):
        if event_type == "AID_DELIVERED":
            return "AID_PLEDGED", "pledged"
        if event_type in _MEET or event_type == "VISIT":
            return "VISIT_ANNOUNCED", "planned"
    return event_type, status


def _date_of(act: Act, sentence: Span, dates: Sequence[Dated], main: Dated) -> Dated:
    """The date that the act's own words govern, else that of the verb above it, else the story's."""
    governed: dict[int, Dated] = {}
    for dated in dates:
        span = sentence.doc.char_span(sentence.start_char + dated.start, sentence.start_char + dated.end, alignment_mode="expand")
        if span is None:
            continue
        token = span.root
        if dated.precision == "before":
            governed.setdefault(token.head.i, dated)  # "recent" dates the noun that it stands with, not the verb
            continue
        nouns = 0
        while token.head != token and token.pos_ not in ("VERB", "AUX") and token != act.head:
            token = token.head
            nouns += token.pos_ in ("NOUN", "PROPN") and token not in span
        if nouns and dated.basis in ("month name", "year") and token.pos_ in ("VERB", "AUX"):
            continue  # "invited him to a summit in June": the month is the summit's
        governed.setdefault(token.i, dated)
    verb: Token = act.head
    for _ in range(6):
        if verb.i in governed:
            return governed[verb.i]
        below = [c for c in verb.children if c.dep_ in ("xcomp", "ccomp") and c.pos_ == "VERB"] if verb == act.head else []
        for child in below:
            if child.i in governed and governed[child.i].precision != "before":
                return governed[child.i]
        if verb.head == verb or (verb.dep_ in ("relcl", "acl") and verb != act.head):
            break
        verb = verb.head
    return main


def _host(act: Act, place: Place | None) -> tuple[Party, ...]:
    """Whom a visitor visits: the country of the place, or the country named; never the visitor's own."""
    mine = {p.country for p in act.actors}
    if place and place.country and place.country not in mine:
        return (country_party(place.country, place.name),)
    for word in re.findall(r"[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+)*", act.clause):
        country = place_countries().get(re.sub(r"['’]s$", "", word).casefold())
        if country and country not in mine:
            return (country_party(country, word),)
    return ()


def _reach(act: Act, sentence: Span) -> str:
    """The act's words to the end of the sentence's clause chain: amounts may follow in a participle."""
    return sentence.text[max(0, act.start - sentence.start_char - 60) :]


def _object(act: Act, sentence: Span, group: str, event_type: str) -> tuple[str, tuple[str, ...]]:
    """What the act is about, by the act's own words, for speech also by its sentence."""
    if event_type.startswith("VISIT"):
        return "visit", ("diplomatic",)
    where = [act.clause, sentence.text] if group in _SPEECH_GROUP and event_type not in ("JOINT_STATEMENT",) else [act.clause]
    for words in where:
        matched = [rule for rule in objects() if rule.pattern.search(words)]
        if matched:
            return matched[0].object_key, tuple(dict.fromkeys(c for rule in matched for c in rule.contexts))
    return ("bilateral_ties" if group in ("meet", "text", "relations", "commit") else group), ("diplomatic",)


@cache
def _refined() -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for row in read_table("refinements"):
        table.setdefault(row["event_type"], []).append((row["context"], row["cameo_code"]))
    return table


def _cameo(event_type: str, contexts: tuple[str, ...]) -> str | None:
    return next((code for context, code in _refined().get(event_type, []) if context in contexts), None)


def _with_id(event: Event) -> Event:
    """Identity: type, parties, date and object; status and evidence may change without making another event."""
    defining = [
        event.event_type,
        sorted(p.key for p in event.actors),
        sorted(p.key for p in event.recipients),
        event.date_start,
        event.object_key,
    ]
    return replace(event, event_id="ev-" + sha256_of(defining)[:20])


def _merge(events: Sequence[Event]) -> list[Event]:
    """One event a happening: the same identity, and talks or statements that are told again with fewer particulars."""
    kept: list[Event] = []
    for event in events:
        index = next((i for i, other in enumerate(kept) if _is_same(other, event)), None)
        if index is None:
            kept.append(event)
            continue
        first = kept[index]
        evidence = tuple({(e.start, e.end): e for e in (*first.evidence, *event.evidence)}.values())
        richer = max(first, event, key=lambda e: (len(e.actors), sum(1 for p in e.actors if p.role), e.confidence))
        merged = replace(
            richer,
            evidence=evidence,
            implied=first.implied or event.implied,
            place=first.place or event.place,
            quantities=first.quantities or event.quantities,
            contexts=tuple(dict.fromkeys((*first.contexts, *event.contexts))),
            confidence=max(first.confidence, event.confidence),
            is_background=first.is_background and event.is_background,
            object_key=first.object_key,
        )
        kept[index] = _with_id(merged)
    return kept


def _is_same(one: Event, two: Event) -> bool:
    if one.event_id == two.event_id:
        return True
    if one.event_type != two.event_type or one.date_start != two.date_start or one.is_background != two.is_background:
        return False
    mine, theirs = {p.key for p in one.actors}, {p.key for p in two.actors}
    if one.event_type == "JOINT_STATEMENT" and (mine <= theirs or theirs <= mine):
        return True
    actors = mine == theirs
    # One meeting, one joint statement, one visit a day between the same parties, whatever words tell it again.
    return (
        actors
        and (one.event_type in _MEET or one.event_type in ("JOINT_STATEMENT", "VISIT", "VISIT_ANNOUNCED"))
        and ({p.key for p in one.recipients} == {p.key for p in two.recipients})
    )
