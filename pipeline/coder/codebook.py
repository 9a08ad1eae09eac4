"""The codebook as a page: every event type with its mappings and the rows that find it."""

from __future__ import annotations

from pipeline.coder.explain import spell
from pipeline.coder.pairs import SURE, TYPES
from pipeline.coder.tables import Pattern, event_types, patterns

_GROUPS = {
    "meet": "Meeting", "text": "Texts", "commit": "Promises and co-operation", "speech": "Speech", "relations": "Relations", "pressure": "Pressure",
    "force": "Force", "person": "Persons",
}  # fmt: skip
_LEVELS = "Talks are coded as SUMMIT_TALKS, MINISTERIAL_TALKS, WORKING_TALKS or MULTILATERAL_MEETING by the offices and the number of those who hold them."
_PARTIES = {
    "both": "all parties are actors, who act together", "joint": "two or more do it together", "to": "the recipient is required", "opt": "a recipient may be named", "self": "no recipient",
    "host": "the recipient is the country of the place", "place": "the recipient is who is hit or given to, else the country where it happens",
    "said": "the speaker says it of the subject, who is the recipient", "clause": "the recipient is the subject of what is said",
    "from": "the actor follows from or by", "got": "the subject is the recipient, the actor follows from", "about": "the recipient follows about or over",
    "mediate": "the recipients are those brought together",
}  # fmt: skip


def codebook_page() -> str:
    """Markdown, made from the tables; a test holds docs/codebook.md to it."""
    rows = patterns()
    lines = [
        "# Codebook",
        "",
        "Made by `communique codebook` from `pipeline/coder/data/`; change the tables, not this page.",
        "",
        f"{len(event_types())} event types, {len(rows)} rows. A row is a word that carries an act, what its clause must hold and must not hold, and who is who;",
        "its example must be coded by it and its counterexample must not: these are its tests. Earlier rows win.",
        "",
        f"Where no row speaks of a verb with a party on either side, the relation model does, if it is at least {SURE:.0%} sure:",
        ", ".join(f"{root} → {kind}" for root, kind in TYPES.items()) + ".",
        "",
        "Parties: " + "; ".join(f"*{name}*, {text}" for name, text in _PARTIES.items()) + ".",
        "",
    ]
    for group, title in _GROUPS.items():
        lines += [f"## {title}", ""]
        if group == "meet":
            lines += [_LEVELS, ""]
        names = [t for t in event_types().values() if t.group == group]
        for meaning in names:
            mode = f"/{meaning.plover_mode}" if meaning.plover_mode else ""
            quads = f"{meaning.quad_plover or '–'} and {meaning.quad_cameo or '–'}"
            lines += [
                f"### {meaning.event_type}",
                "",
                f"{meaning.meaning}. PLOVER {meaning.plover_type or 'none'}{mode} ({meaning.plover_map}), CAMEO {meaning.cameo_code or 'none'} ({meaning.cameo_map}),"
                f" quad classes {quads}, Goldstein {_number(meaning.goldstein)}, PLOVER score {_number(meaning.plover_score)}.",
                "",
            ]
            lines += _table([p for p in rows if p.event_type == meaning.event_type])
        if group == "meet":
            lines += ["### TALKS", "", "The level is set by who holds them.", "", *_table([p for p in rows if p.event_type == "TALKS"])]
    return "\n".join(lines).rstrip() + "\n"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _table(rows: list[Pattern]) -> list[str]:
    if not rows:
        return []
    lines = ["| row | found by | parties | status | coded | not coded |", "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        cells = [row.pattern_id, f"`{spell(row)}`", row.parties, row.status, row.example, row.counterexample]
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return [*lines, ""]
