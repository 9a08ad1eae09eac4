"""Who says the words that an act stands in."""

from __future__ import annotations

from pipeline.coder.grammar import parties_of
from pipeline.coder.parties import Mention
from pipeline.coder.subjects import find_subject
from pipeline.coder.words import Word
from pipeline.model import Party

_SPEECH = frozenset("say tell add state announce note quote write explain stress report argue insist adamant counter retort respond reply".split())


def find_speaker(head: Word, at: dict[int, Mention]) -> tuple[Party, ...]:
    """Who says the words that `head` stands in."""
    for token in [head, *head.ancestors]:
        for near in [token, *token.children]:
            if near.lower == "according" and (speakers := parties_of([g for c in near.children for g in c.children if g.dep == "pobj"], at)):
                return speakers
            if near.lemma in _SPEECH and near != head:
                parties, _ = find_subject(near, at)
                if parties:
                    return parties
    # "..." said Chinh: a verb of speech after the quotation, whatever the parser made of it
    for token in head.line:
        if token.lemma in _SPEECH and token.i > head.i:
            after = [at[t.i] for t in head.line[token.i :][:4] if t.i in at and at[t.i].kind == "person"]
            before = [at[t.i] for t in head.line if t.i in at and head.i < t.i < token.i and at[t.i].kind in ("person", "country", "pronoun")]
            if after or before:
                return (after or before[-1:])[0].parties
    return ()


def speak_for(party: Party, head: Word, at: dict[int, Mention]) -> Party:
    """The person who speaks, where the party is only that person's country: `Kishida said Japan supports`."""
    if party.role is None and party.sector == "GOV" and party.country:
        for ancestor in head.ancestors:
            if ancestor.lemma in _SPEECH:
                speakers, _ = find_subject(ancestor, at)
                for speaker in speakers:
                    if speaker.country == party.country and speaker.role:
                        return speaker
    return party
