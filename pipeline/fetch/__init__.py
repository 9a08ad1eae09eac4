"""Fetch: polite HTTP and feed parsing. Floor 4; the only sockets, the only feedparser."""
