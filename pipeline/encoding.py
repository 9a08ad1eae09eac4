"""Bytes of a feed or page → text. Floor 1."""

from __future__ import annotations

import re

from bs4.dammit import EncodingDetector

_CHARSET = re.compile(r"charset=[\"']?([\w.-]+)", re.IGNORECASE)


def decode(body: bytes, content_type: str | None) -> str:
    """Text of a document: byte order mark, then UTF-8 if it is that, then what header or document declare, then a guess.

    Valid UTF-8 wins over a declaration: feeds that declare the wrong encoding are common, and text in
    another encoding is hardly ever valid UTF-8 by accident.
    """
    stripped, marked = EncodingDetector.strip_byte_order_mark(body)
    for encoding in (marked, "utf-8"):
        try:
            if encoding:
                return stripped.decode(encoding)
        except UnicodeDecodeError:
            continue
    header = _CHARSET.search(content_type or "")
    for encoding in EncodingDetector(body[:200_000], known_definite_encodings=[header[1]] if header else [], is_html=True).encodings:
        try:
            return body.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")
