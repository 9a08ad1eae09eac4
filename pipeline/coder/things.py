"""What is called after a place and speaks for nobody: seas, wars, treaties, newspapers."""

from __future__ import annotations

from pipeline.coder.reading import Reading

_SEAS = frozenset("Sea Strait Straits Channel Canal Bight Gulf War".split())
_SEAS_OF = frozenset("Gulf Sea Bay Strait Straits Lake Isthmus".split())
_PAPERS = frozenset("Times Post Herald Journal Tribune Gazette Independent Monitor Telegraph Observer Chronicle Examiner".split())
_PACTS = frozenset(
    "agreement agreements accord accords treaty treaties convention conventions protocol protocols statute memorandum declaration process format principles".split()
)
_SORTS = frozenset("peace climate nuclear ceasefire framework security naval".split())
"""What may stand between a pact's place and the pact: `the Paris climate accord`."""


def read_thing(reading: Reading, at: int) -> int | None:
    """The word after what is only called after a place, and begins at a word; None where nothing of the kind does.

    The table knows names; the rest are a place's name and a noun: `the Irish Sea`, `the Gulf of Guinea`, `the Washington
    Post`; and a town's with a pact: `the Minsk agreements`, `the Treaty of Lisbon`. A country's pact is the country's:
    `the Japan agreement`.
    """
    found = reading.name_at(at)
    after = at + found[1] if found and found[0].kind == "thing" else _named_after(reading, at) or _called_of(reading, at)
    if after is not None:
        reading.blocked.append(reading.span(at, after))
    return after


def _named_after(reading: Reading, at: int) -> int | None:
    """The word after a place's name and what is called after it."""
    found = reading.name_at(at)
    if found is None or found[0].kind not in ("country", "seat", "demonym", "region"):
        return None
    after = at + found[1]
    if not _goes_on(reading, after) or reading.words[after - 1].is_possessive:
        return None
    word = reading.words[after].key
    if word in _SEAS or (word in _PAPERS and found[0].kind != "demonym"):
        return after + 1
    if found[0].kind not in ("seat", "region"):
        return None
    after += word.casefold() in _SORTS and _goes_on(reading, after + 1)
    return after + 1 if reading.words[after].key.casefold() in _PACTS else None


def _called_of(reading: Reading, at: int) -> int | None:
    """The word after `the Gulf of Oman`, `the Treaty of Lisbon`."""
    head = reading.words[at]
    is_pact = head.is_capital and head.key.casefold() in _PACTS
    if not (is_pact or head.key in _SEAS_OF):
        return None
    is_of = at + 1 < len(reading.words) and reading.words[at + 1].key == "of"
    if not is_of and head.key != "Lake":
        return None
    name = at + 1 + is_of
    found = reading.name_at(name)
    is_place = found is not None and found[0].kind in (("seat", "region") if is_pact else ("country", "seat", "region"))
    return name + found[1] if found is not None and is_place else None


def _goes_on(reading: Reading, at: int) -> bool:
    """Whether a word follows the one before it without a comma or hyphen."""
    return at < len(reading.words) and reading.gap(at) == " "
