"""Wires: how each agency marks its copy, as data with examples. Floor 3.

`any.toml` holds what every agency does; `<wire>.toml` what one does. A rule has a kind, a pattern,
an example that it must match and, where a trap is known, a counterexample that it must not: a test
holds each rule to both.

Kinds: `end` (the copy ends here), `credit` (what stands before it is a caption), `lead` (cut from the
start of the copy), `related` (a list of other stories follows), `byline`, `drop` (a paragraph that is
not copy), `genre` and `update`, `correction`, `kill` (prefixes of the headline), `attribution` (how a headline ends that names its source), `digest` (a page of
many stories), `wire` (this copy is that agency's). And for lines of web pages that are no part of an
article, in `any.toml`: `pointer` (to another story), `contact` (of the writer, or an invitation to
subscribe) and `furniture`; clean/body.py says where each applies.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_KINDS = frozenset(
    {
        "end",
        "credit",
        "lead",
        "related",
        "byline",
        "drop",
        "genre",
        "update",
        "correction",
        "kill",
        "digest",
        "wire",
        "pointer",
        "contact",
        "furniture",
        "attribution",
    }
)


@dataclass(frozen=True)
class Rule:
    """One mark of an agency. `rule_id` is wire, kind and number, e.g. `kyodo/end/1`."""

    rule_id: str
    kind: str
    pattern: re.Pattern[str]
    example: str
    counterexample: str | None


@dataclass(frozen=True)
class Wire:
    """An agency: its slug, name and the names it signs with; `rules` include those of every agency."""

    slug: str
    name: str
    signatures: tuple[str, ...]
    time_zone: str
    """IANA zone in which its "Wednesday" is meant."""
    country: str | None
    """Whose ministry "the Foreign Ministry" is where no dateline says; ISO 3166-1 alpha-3."""
    rules: tuple[Rule, ...]

    def of(self, kind: str) -> tuple[Rule, ...]:
        """The rules of one kind, the agency's own first."""
        return tuple(rule for rule in self.rules if rule.kind == kind)


@cache
def load_wires() -> dict[str, Wire]:
    """All wires by slug. Raises ValueError, naming the file, for a rule that cannot be used."""
    common = _read("any")
    wires = {"any": common}
    for path in sorted(_FOLDER.glob("*.toml")):
        if path.stem != "any":
            own = _read(path.stem)
            wires[path.stem] = replace(own, rules=own.rules + common.rules)
    return wires


def find_wire(slug: str) -> Wire:
    """The wire with that slug, or the general one where it has no file."""
    wires = load_wires()
    return wires.get(slug, wires["any"])


def signed_by(text: str, default: str) -> str:
    """Slug of the agency whose copy `text` is by its own marks, else `default`."""
    best: tuple[int, str] | None = None
    for wire in load_wires().values():
        for rule in wire.of("wire"):
            if match := rule.pattern.search(text):
                best = min(best or (match.start(), wire.slug), (match.start(), wire.slug))
    return best[1] if best else default


@cache
def signatures() -> dict[str, str]:
    """Names that agencies sign datelines with, casefolded, and their slugs."""
    return {name.casefold(): wire.slug for wire in load_wires().values() for name in wire.signatures}


def _read(slug: str) -> Wire:
    path = _FOLDER / f"{slug}.toml"
    data = tomllib.loads(path.read_text("utf-8"))
    rules, numbers = [], dict.fromkeys(_KINDS, 0)
    for rule in data.get("rule", []):
        if rule["kind"] not in _KINDS:
            raise ValueError(f"{path}: unknown kind {rule['kind']!r}")
        numbers[rule["kind"]] += 1
        rules.append(
            Rule(
                rule_id=f"{slug}/{rule['kind']}/{numbers[rule['kind']]}",
                kind=rule["kind"],
                pattern=re.compile(rule["pattern"], re.MULTILINE),
                example=rule["example"],
                counterexample=rule.get("counterexample"),
            )
        )
    return Wire(slug, data["name"], tuple(data.get("signatures", ())), data["time_zone"], data["country"] or None, tuple(rules))
