"""Who is named by another name: `the E3`, `both Koreas`, `the head of the junta`, `the former colonial power`."""

from __future__ import annotations

import re
from functools import cache

from pipeline.coder.parties import Mention, country_party
from pipeline.coder.reading import Reading
from pipeline.coder.tables import read_table
from pipeline.model import Party

_HEAD_OF = re.compile(r"\b(?:head|leader|ruler|chief) of (?:the )?$")
_COLONIAL = re.compile(r"\b(?:the |its |their )?former colonial (?:power|ruler|master)\b", re.IGNORECASE)
_EMPIRES = frozenset("FRA GBR PRT BEL ESP NLD DEU ITA".split())
"""Who had colonies, so that a story that names one of them means it by `the former colonial power`."""
_KOREAS = re.compile(r"\b(?:[Tt]he )(?P<half>North|South)\b(?! (?:China|Pacific|Korea|Atlantic|America|Africa|Asia|Sea|Pole|Sudan|Carolina|Dakota|Ossetia))")
_KOREAN = re.compile(r"(?<!North )(?<!South )(?<!North-)(?<!-)\bKoreans?\b(?! (?:[Pp]eninsula|War\b|Central|language|Air))")


def find_bynames(reading: Reading) -> None:
    """Who is named by another name: `the E3`, `both Koreas`, `the North` in a story of the Koreas."""
    for number, mention in enumerate(reading.found):
        party = mention.parties[0]
        is_of_state = mention.kind == "body" and party.country and party.sector in ("GOV", "MIL")
        if is_of_state and (headed := _HEAD_OF.search(reading.text[: mention.start])):  # "the head of Myanmar's junta"
            ruler = Party(reading.text[headed.start() : mention.end], f"head of {party.name}", party.country, "head_of_state", "GOV")
            reading.found[number] = Mention(headed.start(), mention.end, (ruler,), "person")
    for match in _COLONIAL.finditer(reading.text):
        named = (*reading.discourse.recent, *(p for m in reading.found if m.end <= match.start() for p in m.parties))
        known = [p.country for p in named if p.country in _EMPIRES]
        if known and known[-1]:
            reading.add(match.span(), [country_party(known[-1], match.group(0))], "country")
    pattern, members = _clubs()
    for match in pattern.finditer(reading.text):
        reading.add(match.span(), [country_party(code, match.group(0)) for code in members[match["name"]]], "group")
    if reading.discourse.has_koreas or reading.discourse.home in ("KOR", "PRK"):
        for match in _KOREAS.finditer(reading.text):
            code = "PRK" if match["half"] == "North" else "KOR"
            reading.add(match.span(), [country_party(code, match.group(0))], "country")
        for match in _KOREAN.finditer(reading.text):  # "some 300 Korean workers"
            reading.add(match.span(), [country_party("KOR", match.group(0))], "adjective")


@cache
def _clubs() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    members = {name: row["countries"].split() for row in read_table("groups") for name in row["aliases"].split("|")}
    names = "|".join(map(re.escape, sorted(members, key=len, reverse=True)))
    lead = r"(?:(?<=\bof )|(?<=\bwith )|(?<=\band )|\b(?:[Tt]he|[Bb]oth|three|five) )"
    return re.compile(rf"{lead}(?P<name>{names})\b(?! (?:of|including|such as|like)\b)"), members
