"""One form of a value, for hashes and for JSON; and how long a text is. Floor 0: imports nothing of ours."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence


def sha256_of(value: object) -> str:
    """SHA-256, hexadecimal, of bytes, or of any JSON-like value in canonical form."""
    data = value if isinstance(value, bytes) else to_json(value).encode()
    return hashlib.sha256(data).hexdigest()


def to_json(value: object) -> str:
    """Canonical JSON: sorted keys, ISO dates, dataclasses as objects; NUL is left out, since Postgres has no place for it."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""An escaped NUL; not an escaped backslash before `u0000`."""


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # Not asdict: it copies all the way down, which json does again.
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Kana, Han and Hangul: scripts that are written without spaces, or nearly so."""


def count_words(text: str) -> int:
    """Words of a text; two characters of a script without spaces count as one word."""
    return len(_CJK.sub(" ", text).split()) + len(_CJK.findall(text)) // 2


def longest_word(text: str) -> int:
    """Characters of the longest run without a space, scripts without spaces left out."""
    return max(map(len, _CJK.sub(" ", text).split()), default=0)
