"""What a revision changed, for people: the words that went and came, with a few around them."""

from __future__ import annotations

import difflib

AROUND = 6
"""Words shown on either side of a change."""
LONGEST = 4_000
"""Characters; a longer account is cut, since the texts themselves are kept."""

MOST_WORDS = 3_000
"""Words of each text that are compared, some six times a news story. difflib leaves out words that make over 1 % of a long
text when it looks for where to begin, which also keeps a hostile text of one word, repeated, from taking minutes."""


def word_changes(old: str, new: str) -> str:
    """`provide [-five-] {+six+} patrol vessels`: changes in order, parted by ` … `; empty where the words are the same."""
    before, after = old.split()[:MOST_WORDS], new.split()[:MOST_WORDS]
    pieces: list[str] = []
    end = 0
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            continue
        lead = after[max(end, c - AROUND) : c]
        if pieces and c - end > 2 * AROUND:
            pieces += [*after[end : end + AROUND], "…", *lead]
        else:
            pieces += after[end:c] if pieces else lead
        pieces += [f"[-{' '.join(before[a:b])}-]"] if b > a else []
        pieces += [f"{{+{' '.join(after[c:d])}+}}"] if d > c else []
        end = d
    pieces += after[end : end + AROUND] if pieces else []
    text = " ".join(pieces)
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + " …"
