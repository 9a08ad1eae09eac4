"""Noise for the coder: unicode of every kind, wire words in any order, marks and numbers. Seeded, so that a failure comes again."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

WORDS = (
    "Japan China U.S. Tokyo Kremlin Japanese Chinese Prime Minister Ken Morita President his her its their counterpart the two leaders both sides they it "
    "agreed to met condemned accused warned urged North Korea on Monday over with in from of by “ ” \" ’s . , ; : — - ( ) and or but that who which will would "
    "not never said told called for sanctions treaty ambassador expelled talks visit statement joint a day earlier last month 5.6 million doses $ % % 1,000 in a "
    "veiled reference to U.N. Security Council ASEAN rebels troops fired missile embassy of Mr. Gen. No. a.m. Jan. 5 2026-03-02 http://x.example <b> &amp; {} \\ /"
).split(" ")  # fmt: skip
RANGES = ((32, 126), (160, 591), (768, 879), (880, 1327), (1424, 1791), (2304, 2431), (4352, 4607), (8192, 8303), (12352, 12543), (19968, 20500), (44032, 44500), (0x1F300, 0x1F6FF), (0xE0000, 0xE007F))  # fmt: skip


def noise(count: int, seed: int = 7) -> Iterator[str]:
    """Texts of all kinds: words in any order, characters of any script, control characters, and mixtures."""
    rng = random.Random(seed)
    for number in range(count):
        kind = number % 5
        if kind == 0:
            yield " ".join(rng.choice(WORDS) for _ in range(rng.randint(0, 30)))
        elif kind == 1:
            low, high = rng.choice(RANGES)
            yield "".join(chr(rng.randint(low, high)) for _ in range(rng.randint(0, 60)))
        elif kind == 2:
            yield "".join(chr(c) for c in (rng.randint(0, min(sys.maxunicode, 0x2FFFF)) for _ in range(rng.randint(0, 40))) if not 0xD800 <= c <= 0xDFFF)
        elif kind == 3:
            yield "".join(rng.choice(WORDS) + rng.choice(("", " ", "\n", "\n\n", "\t", "\u00a0", "\u200b")) for _ in range(rng.randint(0, 40)))
        else:
            words = [rng.choice(WORDS) for _ in range(rng.randint(1, 15))]
            words.insert(rng.randint(0, len(words)), "".join(chr(rng.randint(160, 0x3000)) for _ in range(8)))
            yield " ".join(words).upper() if number % 2 else " ".join(words)
