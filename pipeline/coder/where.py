"""Where: the place of an act, its country and coordinates, and whom a visitor visits."""

from __future__ import annotations

import re

from pipeline.coder.actions import Act
from pipeline.coder.gazetteer import gazetteer
from pipeline.coder.parties import country_party
from pipeline.coder.tables import place_countries
from pipeline.coder.text import Text
from pipeline.model import Party, Place

_PLACE = re.compile(r"\b(?:in|at|near|off) ((?:the )?[A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+){0,3})")


def first_place(text: Text) -> Place | None:
    """Where the story is from: its dateline, else the first place that it names."""
    if text.dateline_place:
        return find_place(text.dateline_place.split("/")[0])
    return place_in(text.body[:900])


def find_place(name: str) -> Place:
    """A place by its name: its country and, for a city, its coordinates."""
    country = place_countries().get(name.casefold())
    city = gazetteer().get(name.title() if name.isupper() else name)
    if city is not None and country in (None, city.country):
        return Place(name, city.country, round(city.latitude, 4), round(city.longitude, 4))
    return Place(name, country)


def place_in(words: str) -> Place | None:
    """The first place that these words are in, at, near or off."""
    for match in _PLACE.finditer(words):
        name = match.group(1)
        while name:
            place = find_place(re.sub(r"^the ", "", name))
            if place.country:
                return place
            name = name.rpartition(" ")[0]
    return None


def find_host(act: Act, place: Place | None) -> tuple[Party, ...]:
    """Whom a visitor visits: the country of the place, or the country named; never the visitor's own."""
    mine = {p.country for p in act.actors}
    named = re.findall(r"(\bfor )?([A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+)*)", act.clause)
    found = [(opener, word, place_countries().get(re.sub(r"['’]s$", "", word).casefold())) for opener, word in named]
    if any(opener and country in mine for opener, _, country in found):
        return ()  # "left for Tokyo": home
    if place and place.country and place.country not in mine:
        return (country_party(place.country, place.name),)
    return next(((country_party(country, word),) for _, word, country in found if country and country not in mine), ())
