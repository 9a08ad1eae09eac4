"""The sample wire: serves samples/wire as feeds and article pages on loopback.

    python samples/server.py PORT        (0 takes a free port and prints it)

Pages have what real ones have around a story: navigation, captions, a "== Kyodo" end mark, related
coverage, counters and a footer. One page is broken, one is a table, one is a digest.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import html
import json
import sys
import tomllib
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

WIRE = Path(__file__).parent / "wire"


@dataclass(frozen=True)
class SampleStory:
    """One entry of a file in samples/wire."""

    site: str
    slug: str
    number: int
    published: dt.datetime
    title: str
    body: str
    kind: str = "story"
    dateline: str = ""
    byline: str = ""
    caption: str = ""
    related: tuple[str, ...] = ()


def load_stories() -> list[SampleStory]:
    """All stories, oldest first."""
    found: list[SampleStory] = []
    for path in sorted(WIRE.glob("*.toml")):
        site = "harbor" if path.stem == "harbor-post" else "kyodo"
        for entry in tomllib.loads(path.read_text("utf-8"))["story"]:
            published = dt.datetime.fromisoformat(entry.pop("published"))
            related = tuple(entry.pop("related", ()))
            found.append(SampleStory(site=site, number=90_001 + len(found), published=published, related=related, **entry))
    return sorted(found, key=lambda s: s.published)


def address(base: str, story: SampleStory) -> str:
    """Where the article page of a story is."""
    return f"{base}/{story.site}/articles/-/{story.number}"


def rss(base: str, stories: list[SampleStory]) -> str:
    """RSS 2.0, newest first, with leads."""
    items = "".join(
        f'<item><title>{html.escape(s.title)}</title><link>{address(base, s)}</link><guid isPermaLink="false">sample-{s.number}</guid>'
        f"<pubDate>{s.published:%a, %d %b %Y %H:%M:%S} JST</pubDate><description>{html.escape(s.body.strip()[:160])}</description></item>\n"
        for s in reversed(stories)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Sample wire</title><link>{base}</link><description>Invented stories</description>\n{items}</channel></rss>'


def atom(base: str, stories: list[SampleStory]) -> str:
    """Atom 1.0, newest first, without text."""
    items = "".join(
        f'<entry><title>{html.escape(s.title)}</title><id>tag:harbor.invalid,2026:{s.slug}</id><link href="{address(base, s)}"/>'
        f"<published>{s.published.isoformat()}</published><updated>{s.published.isoformat()}</updated></entry>\n"
        for s in reversed(stories)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>The Harbor Post</title><id>tag:harbor.invalid,2026:feed</id><updated>{stories[-1].published.isoformat()}</updated>\n{items}</feed>'


def page(base: str, story: SampleStory) -> str:
    """An article page as sites build them."""
    if story.kind == "broken":
        return "<!DOCTYPE html><html><head><title>Envoys meet"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Organization", "name": "Sample wire"},
    }
    paragraphs = [p for p in story.body.strip().split("\n\n") if p]
    if story.kind == "table":
        main = "<table>" + "".join(f"<tr><td>{html.escape(line)}</td></tr>" for line in story.body.strip().split("\n")) + "</table>"
    else:
        paragraphs[0] = story.dateline + paragraphs[0]
        if story.caption and story.number % 2:  # on some pages the caption is the first paragraph
            paragraphs.insert(0, story.caption)
        if story.site == "kyodo" and story.kind == "story":
            paragraphs[-1] += " ==Kyodo"
        main = "".join(f"<p>{html.escape(p)}</p>\n" for p in paragraphs)
        if story.caption and not story.number % 2:
            main = f'<figure><img src="/photo.jpg" alt=""><figcaption>{html.escape(story.caption)}</figcaption></figure>' + main
        if story.related:
            main += "<p>Related coverage:</p>" + "".join(f'<p><a href="#">{html.escape(r)}</a></p>' for r in story.related)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(story.title)} | Sample wire</title>
<meta property="og:title" content="{html.escape(story.title)}">
<script type="application/ld+json">{json.dumps(data)}</script></head>
<body><header><nav><ul><li><a href="{base}">Home</a></li><li><a href="#">Politics</a></li><li><a href="#">World</a></li></ul></nav></header>
<main><h1>{html.escape(story.title)}</h1><p class="date"><time datetime="{story.published.isoformat()}">{story.published:%B %d, %Y}</time></p>
<p>1204 views</p>
<div class="article-body__inner">
{main}</div>
<aside class="related-articles"><h2>Related stories</h2><ul><li><a href="#">Tokyo shares open higher</a></li></ul></aside></main>
<footer><p>Copyright 2026 Sample wire. All rights reserved.</p><p>Sign up for our daily newsletter.</p></footer></body></html>"""


class Handler(BaseHTTPRequestHandler):
    """Answers feeds and pages, with ETags."""

    protocol_version = "HTTP/1.1"
    stories = load_stories()

    def do_GET(self) -> None:
        """One answer."""
        base = f"http://{self.headers.get('Host', '127.0.0.1')}"
        sites = {site: [s for s in self.stories if s.site == site] for site in ("kyodo", "harbor")}
        number = self.path.rpartition("/")[2]
        if self.path == "/kyodo/rss.xml":
            self._answer(rss(base, sites["kyodo"]), "application/rss+xml; charset=utf-8")
        elif self.path == "/harbor/atom.xml":
            self._answer(atom(base, sites["harbor"]), "application/atom+xml; charset=utf-8")
        elif story := next((s for s in self.stories if str(s.number) == number and self.path.startswith(f"/{s.site}/articles/")), None):
            self._answer(page(base, story), "text/html; charset=utf-8")
        elif self.path == "/":
            self._answer("<!DOCTYPE html><title>Sample wire</title><p>The sample wire is up.</p>", "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def _answer(self, text: str, content_type: str) -> None:
        body = text.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        is_known = self.headers.get("If-None-Match") == etag
        self.send_response(304 if is_known else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Type", content_type)
        self.send_header("Last-Modified", email.utils.format_datetime(self.stories[-1].published.astimezone(dt.UTC), usegmt=True))
        self.send_header("Content-Length", "0" if is_known else str(len(body)))
        self.end_headers()
        if not is_known:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the fetch log has it all."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    print(f"sample wire on http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
