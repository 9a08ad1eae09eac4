"""Sixty wire pages as twelve kinds of sites build them, with what a reader would take from each.

    python samples/pages.py score         how cleaning does on them
    python samples/pages.py FOLDER        writes them as HTML, to look at

The stories are those of samples/wire and samples/gold; the sites are ours, after the habits of agencies, portals
and ministries: captions, end marks, counters, related coverage, old tables, lost encodings, digests. The six
layouts of `HELD_OUT` were written before any rule was tried on them, and nobody tunes to them: their pages are
scored and not looked at.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
JST = dt.timezone(dt.timedelta(hours=9))
A_LAYOUT = 5
"""Pages a layout."""


@dataclass(frozen=True)
class Told:
    """A story as its agency sent it."""

    headline: str
    paragraphs: tuple[str, ...]
    place: str
    published: dt.datetime


@dataclass(frozen=True)
class Truth:
    """What a reader takes from a page, a story each; `dateline` is place and date, `published` is None where the page does not say."""

    headline: str
    dateline: tuple[str, dt.date | None] | None
    published: dt.datetime | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class WirePage:
    """A page with its site's time zone and wire, and the stories that it holds."""

    name: str
    wire: str
    zone: str
    html: bytes
    stories: tuple[Truth, ...]


Layout = Callable[[int, Told], WirePage]


def _truth(told: Told, dateline: tuple[str, dt.date | None] | None = None, published: dt.datetime | None = None) -> Truth:
    return Truth(told.headline, dateline, (published or told.published).astimezone(dt.UTC), told.paragraphs)


def _p(paragraphs: Iterable[str], attributes: str = "") -> str:
    return "\n".join(f"<p{attributes}>{html.escape(p, quote=False)}</p>" for p in paragraphs)


def _led(told: Told, lead: str) -> list[str]:
    return [lead + told.paragraphs[0], *told.paragraphs[1:]]


def _document(head: str, body: str, lang: str = "en") -> str:
    return f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8">{head}</head>\n<body>{body}</body>\n</html>\n'


def _e(text: str) -> str:
    return html.escape(text, quote=False)


def _short(told: Told) -> str:
    return f"{told.published:%B} {told.published.day}"


# --- the layouts that rules are written with ---------------------------------------------------------------------


def kyodo_site(number: int, told: Told) -> WirePage:
    """The agency's own site: JSON-LD, a figure first, dateline, end mark, related coverage."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.headline,
        "datePublished": told.published.isoformat(),
        "author": {"@type": "Organization", "name": "Kyodo News"},
    }
    figure = (
        f"<figure><img src=a.jpg><figcaption>Officials meet in {told.place} on {_short(told)}, {told.published.year}. (Kyodo)</figcaption></figure>"
        if number % 2
        else ""
    )
    end = " ==Kyodo" if number % 3 else ""
    related = "<p>Related coverage:</p><p><a href=/articles/-/1>Japan, Peru agree on fishing rules</a></p><p><a href=/articles/-/2>Rice talks to resume in May</a></p>"
    lines = _led(told, f"{told.place.upper()}, {_short(told)} Kyodo - ")
    lines[-1] += end
    body = (
        '<header><nav><a href=/>Home</a> <a href=/world>World</a></nav></header><main><h1 class="article-title">'
        f'{_e(told.headline)}</h1><p class="article-meta">KYODO NEWS - {told.published:%b %d, %Y - %H:%M} | World, Japan</p>'
        f'<div class="article-body__inner">{figure}{_p(lines)}{related if number % 2 == 0 else ""}</div></main>'
        '<aside class="ranking"><h2>Most read</h2><ul><li><a href=/3>Trains delayed by snow</a></li></ul></aside><footer>© Kyodo News. All rights reserved.</footer>'
    )
    page = _document(f'<title>{_e(told.headline)}</title><script type="application/ld+json">{json.dumps(data)}</script>', body)
    return WirePage(f"kyodo-{number}", "kyodo", "Asia/Tokyo", page.encode(), (_truth(told, (told.place, told.published.date())),))


def kyodo_digest(number: int, told: Told) -> WirePage:
    """A page of several short items, parted by hyphens."""
    others = [
        (
            "Chile raises copper royalty",
            "SANTIAGO - ",
            "Chile's lower house on Sunday voted to raise the royalty that foreign miners pay on copper, over the objections of industry groups.",
        ),
        (
            "Two ferries collide off Cebu",
            "MANILA - ",
            "Two ferries collided off the Philippine island of Cebu early Sunday, leaving at least 12 passengers hurt, the coast guard said.",
        ),
    ]
    intro = "The following is the latest list of selected news summaries by Kyodo News."
    pieces = [intro, "----------", told.headline, f"{told.place.upper()} - {told.paragraphs[0]}"]
    for headline, lead, text in others:
        pieces += ["----------", headline, lead + text]
    pieces[-1] += " ==Kyodo"
    body = f'<h1>Kyodo news summary -{number}-</h1><div class="article-body__inner">{_p(pieces)}</div><footer>Terms of use</footer>'
    page = _document(f'<meta property="article:published_time" content="{told.published.isoformat()}">', body)
    first = Truth(told.headline, (told.place, None), told.published.astimezone(dt.UTC), told.paragraphs[:1])
    rest = [Truth(h, (lead[:-3].title(), None), told.published.astimezone(dt.UTC), (text,)) for h, lead, text in others]
    return WirePage(f"digest-{number}", "kyodo", "Asia/Tokyo", page.encode(), (first, *rest))


def yonhap_site(number: int, told: Told) -> WirePage:
    """An agency's site with a time in the text only, an e-mail address and (END) after the story."""
    lines = [*_led(told, f"{told.place.upper()}, {_short(told)} (Yonhap) -- "), "desk@yna.co.kr", "(END)"]
    mark = ["", "(LEAD) ", "(2nd LD) "][number % 3]
    body = (
        f'<div class="title-article"><h1 class="tit">{mark}{_e(told.headline)}</h1><p class="update-time"><time datetime="{told.published:%Y-%m-%d %H:%M}">'
        f'{told.published:%H:%M %B %d, %Y}</time></p></div><div class="share-box"><a>Facebook</a><a>X</a></div>'
        f'<article class="story-news article">{_p(lines)}</article><div class="related-zone"><a href=1>Seoul shares open lower</a></div>'
    )
    return WirePage(
        f"yonhap-{number}", "yonhap", "Asia/Seoul", _document("<title>Yonhap</title>", body).encode(), (_truth(told, (told.place, told.published.date())),)
    )


def ap_site(number: int, told: Told) -> WirePage:
    """A rich-text body with hub links between paragraphs and a rule of underscores before the credits."""
    lines = _led(told, f"{told.place.upper()} (AP) — ")
    body = (
        f'<div class="Page-content"><h1>{_e(told.headline)}</h1><div class="Page-byline">By <a href=/x>MARI ENDO</a></div>'
        f'<bsp-timestamp data-timestamp="1"></bsp-timestamp><div class="RichTextStoryBody RichTextBody">{_p(lines[:1])}'
        '<div class="PageListEnhancementGeneric related"><h3>Related stories</h3><ul><li><a href=1>Storm nears Luzon</a></li><li><a href=2>Oil falls again</a></li></ul></div>'
        f"{_p(lines[1:])}<p>___</p><p>Follow AP’s coverage of Asia at https://apnews.example/asia</p></div></div>"
    )
    head = f'<meta property="og:title" content="{html.escape(told.headline)}"><meta property="article:published_time" content="{told.published.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}">'
    return WirePage(f"ap-{number}", "ap", "America/New_York", _document(head, body).encode(), (_truth(told, (told.place, None)),))


def blog_reprint(number: int, told: Told) -> WirePage:
    """A WordPress blog's reprint: advertisements, a caption, a source line, share buttons; now and then mojibake."""
    lines = _led(told, f"{told.place.upper()} — Kyodo — ")
    text = _p(lines[:1]) + "<p>[ad_1]</p>" + _p(lines[1:])
    if number % 2:
        text = text.replace("'", "’").encode().decode("cp1252", "ignore") if "’" not in text else text
    body = (
        f'<div id="page"><header><a>Harbor Watch</a></header><article class="post"><h1 class="entry-title">{_e(told.headline)}</h1>'
        f'<div class="entry-meta">1204 views</div><div class="entry-content"><figure class="wp-caption"><figcaption class="wp-caption-text">A view of {told.place}. (Kyodo)</figcaption></figure>'
        f'{text}<p>[ad_2]</p><p>Source: Kyodo</p><div class="sharedaddy"><h3>Share this:</h3><a>Print</a></div></div></article><div id="comments"><p>Great post, thanks for sharing it with all of us here today.</p></div></div>'
    )
    head = f'<meta property="article:published_time" content="{told.published.isoformat()}"><title>{_e(told.headline)} – Harbor Watch</title>'
    paragraphs = tuple(p.replace("'", "’") for p in told.paragraphs) if number % 2 else told.paragraphs
    truth = Truth(told.headline, (told.place, None), told.published.astimezone(dt.UTC), paragraphs)
    return WirePage(f"blog-{number}", "kyodo", "Asia/Tokyo", _document(head, body).encode(), (truth,))


def old_table(number: int, told: Told) -> WirePage:
    """A page of the table age: breaks for paragraphs, a time as text, upper-case tags."""
    lines = _led(told, f"(Kyodo) -- {told.place.upper()} - " if number % 2 else f"{told.place.upper()}, {_short(told)} -- (Kyodo) _ ")
    body = (
        "<TABLE><TR><TD><A HREF=/>Top</A><BR><A HREF=/biz>Business</A></TD><TD>"
        f"<H1>{_e(told.headline)}</H1><TIME DATETIME='{told.published:%Y/%m/%d %H:%M}'></TIME><FONT SIZE=2><DIV CLASS=story-body>{'<BR><BR>'.join(map(_e, lines))}</DIV></FONT></TD></TR></TABLE>"
    )
    dateline = (told.place, None if number % 2 else told.published.date())
    return WirePage(f"old-{number}", "kyodo", "Asia/Tokyo", _document("", body).encode(), (_truth(told, dateline),))


# --- the layouts that nobody tunes to ----------------------------------------------------------------------------


def jiji_site(number: int, told: Told) -> WirePage:
    """Title-case dateline with the agency in brackets, a copyright tail, a time with its zone in words."""
    lines = [*_led(told, f"{told.place}, {told.published:%b}. {told.published.day} (Jiji Press)--"), "[Copyright The Jiji Press, Ltd.]"]
    body = (
        f'<div class="l-header"><a>JIJI PRESS</a></div><div class="p-article"><h1 class="p-article__title">{_e(told.headline)}</h1>'
        f'<p class="p-article__date"><time datetime="{told.published.isoformat()}">{told.published:%b. %d, %Y %H:%M} (JST)</time></p>'
        f'<div class="p-article__body">{_p(lines)}</div></div><div class="p-ranking"><a>Ranking</a></div>'
    )
    return WirePage(
        f"jiji-{number}",
        "jiji",
        "Asia/Tokyo",
        _document(f"<title>{_e(told.headline)} | JIJI</title>", body).encode(),
        (_truth(told, (told.place, told.published.date())),),
    )


def xinhua_site(number: int, told: Told) -> WirePage:
    """A caption between paragraphs, Enditem, source and editor in one line."""
    lines = _led(told, f"{told.place.upper()}, {_short(told)} (Xinhua) -- ")
    lines[-1] += " Enditem"
    caption = f"<p><font>Delegates attend a meeting in {told.place}, {_short(told)}, {told.published.year}. (Xinhua/Li Ming)</font></p>"
    local = told.published.astimezone(dt.timezone(dt.timedelta(hours=8)))
    body = (
        f'<div class="header"><a href=/>Xinhuanet</a></div><h1 class="Btitle">{_e(told.headline)}</h1><p class="time">Source: Xinhua | {local:%Y-%m-%d %H:%M:%S} | Editor: huaxia</p>'
        f'<div id="detail" class="content">{_p(lines[:1])}{caption}{_p(lines[1:])}</div><div class="footer">Copyright © Xinhuanet</div>'
    )
    head = f'<meta name="pubdate" content="{local:%Y-%m-%d %H:%M:%S}"><title>{_e(told.headline)} - Xinhua</title>'
    return WirePage(f"xinhua-{number}", "xinhua", "Asia/Shanghai", _document(head, body).encode(), (_truth(told, (told.place, told.published.date())),))


def reuters_site(number: int, told: Told) -> WirePage:
    """Paragraphs as divs with test ids, credits and a statement of principles after the story."""
    lines = _led(told, f"{told.place.upper()}, {_short(told)} (Reuters) - ")
    inner = "".join(f'<div data-testid="paragraph-{i}" class="article-body__paragraph">{_e(line)}</div>' for i, line in enumerate(lines))
    data = {
        "@type": "NewsArticle",
        "headline": told.headline,
        "datePublished": told.published.astimezone(dt.UTC).isoformat(),
        "dateModified": told.published.astimezone(dt.UTC).isoformat(),
    }
    body = (
        f'<article><header><h1>{_e(told.headline)}</h1><div class="info">By Mari Endo<time>about now</time></div></header><div class="article-body__content">{inner}'
        "<p>Reporting by Mari Endo; Editing by Jon Brandt</p><p>Our Standards: The Thomson Reuters Trust Principles., opens new tab</p></div></article>"
    )
    return WirePage(
        f"reuters-{number}",
        "reuters",
        "Europe/London",
        _document(f'<script type="application/ld+json">{json.dumps(data)}</script>', body).encode(),
        (_truth(told, (told.place, told.published.date())),),
    )


def un_news(number: int, told: Told) -> WirePage:
    """No dateline; a standfirst, a pull quote of links, a newsletter box."""
    body = (
        f'<div class="layout-container"><div class="title"><h1>{_e(told.headline)}</h1></div><time datetime="{told.published.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}">{told.published:%d %B %Y}</time>'
        f'<div class="field--type-text-long field--name-field-text-column">{_p(told.paragraphs)}</div>'
        '<div class="newsletter-signup"><p>Get the top stories from around the world in your inbox every morning.</p></div><ul class="tags"><li>Peace and Security</li></ul></div>'
    )
    return WirePage(f"un-{number}", "any", "America/New_York", _document("", body).encode(), (_truth(told),))


def ministry(number: int, told: Told) -> WirePage:
    """A government's press release: summary, body in a rich-text component, contacts for the press; sometimes Shift JIS."""
    encoding = "shift_jis" if number % 2 else "utf-8"
    text = _p(told.paragraphs)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        encoding = "utf-8"
    page = (
        f'<html lang="en"><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"><meta name="date" content="{told.published.isoformat()}"><title>{_e(told.headline)}</title></head>'
        f'<body><div class="gov-header">Ministry of Foreign Affairs</div><main><span class="gem-c-title__context">Press release</span><h1 class="gem-c-title__text">{_e(told.headline)}</h1>'
        f'<div class="gem-c-govspeak govuk-govspeak">{text}</div><section class="contact"><h2>Media enquiries</h2><p>Email newsdesk@ministry.example</p></section></main>'
        f"{'<p>日本外務省</p>' if encoding == 'shift_jis' else ''}<footer>All content is available under the open licence</footer></body></html>"
    )
    return WirePage(f"ministry-{number}", "any", "Asia/Tokyo", page.encode(encoding), (_truth(told),))


def vna_site(number: int, told: Told) -> WirePage:
    """Title-case dateline in brackets, the agency's end sign, a box of related news within the body."""
    lines = _led(told, f"{told.place} (VNA) – ")
    lines[-1] = lines[-1].removesuffix(".") + "./."
    local = told.published.astimezone(dt.timezone(dt.timedelta(hours=7)))
    body = (
        f'<div class="article-container"><h1 class="article-title">{_e(told.headline)}</h1><time datetime="{local:%Y-%m-%dT%H:%M}">{local:%d/%m/%Y - %H:%M}</time>'
        f'<div class="article-body cms-body">{_p(lines[:1])}<div class="related-news"><a>Hanoi hosts rice fair</a><a>Ports grow</a></div>{_p(lines[1:])}</div><p class="article-tag">#trade</p></div>'
    )
    return WirePage(f"vna-{number}", "vna", "Asia/Ho_Chi_Minh", _document("", body).encode(), (_truth(told, (told.place, None)),))


DEVELOP: Sequence[Layout] = (kyodo_site, kyodo_digest, yonhap_site, ap_site, blog_reprint, old_table)
HELD_OUT: Sequence[Layout] = (jiji_site, xinhua_site, reuters_site, un_news, ministry, vna_site)


def develop_pages() -> list[WirePage]:
    """Thirty pages that rules are written with."""
    return _pages(DEVELOP, _wire_stories())


def held_out_pages() -> list[WirePage]:
    """Thirty pages of other layouts with other stories."""
    return _pages(HELD_OUT, _gold_stories())


def _pages(layouts: Sequence[Layout], stories: Sequence[Told]) -> list[WirePage]:
    return [layout(number, stories[(which * A_LAYOUT + number) % len(stories)]) for which, layout in enumerate(layouts) for number in range(A_LAYOUT)]


def _wire_stories() -> list[Told]:
    found = []
    for path in sorted((FOLDER / "wire").glob("2026*.toml")):
        for story in tomllib.loads(path.read_text("utf-8"))["story"]:
            paragraphs = tuple(p.strip() for p in story["body"].strip().split("\n\n"))
            title = story["title"].split(": ", 1)[-1]
            place = story.get("dateline", "TOKYO").split(",")[0].split(" - ")[0].strip()
            if story.get("kind", "story") == "story" and len(paragraphs) > 1 and "/" not in place:
                found.append(Told(title, paragraphs, place.title(), dt.datetime.fromisoformat(story["published"])))
    return found


def _gold_stories() -> list[Told]:
    found = []
    for line in (FOLDER / "gold" / "develop.jsonl").read_text("utf-8").splitlines():
        story = json.loads(line)
        paragraphs = tuple(p.strip() for p in story["body"].strip().split("\n\n"))
        place = story.get("dateline_place") or ""
        if len(paragraphs) > 2 and place.replace(" ", "").isalpha():
            # Its first words serve as a headline: these stories have none of their own.
            headline = " ".join(paragraphs[0].split()[:9]).rstrip(",.")
            found.append(Told(headline, paragraphs, place, dt.datetime.fromisoformat(story["published_on"]).replace(hour=10, minute=24, tzinfo=JST)))
    return found


def score(pages: Iterable[WirePage]) -> dict[str, float | int]:
    """Shares of stories with exact headline, dateline and published minute; precision and recall of whole paragraphs."""
    from pipeline.clean import clean_copy, clean_page
    from pipeline.errors import CleanError

    counts = dict.fromkeys(("pages", "stories", "headline", "dateline", "published"), 0)
    right = found = wanted = 0
    for page in pages:
        counts["pages"] += 1
        try:
            stories = clean_copy(clean_page(page.html, None, page.zone, "en", dt.datetime(2026, 12, 31, tzinfo=dt.UTC)), page.wire, "sample", None)
        except CleanError:
            stories = []
        found += sum(len(s.body.split("\n\n")) for s in stories)
        for index, truth in enumerate(page.stories):
            counts["stories"] += 1
            wanted += len(truth.paragraphs)
            if index < len(stories):
                story = stories[index]
                counts["headline"] += story.headline == truth.headline
                counts["dateline"] += ((story.dateline.place, story.dateline.on) if story.dateline else None) == truth.dateline
                counts["published"] += story.published_at == truth.published
                right += len(set(story.body.split("\n\n")) & set(truth.paragraphs))
    shares = {name: round(counts[name] / max(counts["stories"], 1), 4) for name in ("headline", "dateline", "published")}
    return {**counts, **shares, "paragraph_precision": round(right / max(found, 1), 4), "paragraph_recall": round(right / max(wanted, 1), 4)}


if __name__ == "__main__":
    sets = {"develop": develop_pages(), "held_out": held_out_pages()}
    for name, pages in sets.items():
        if sys.argv[1] == "score":
            print(json.dumps({"set": name, **score(pages)}))
            continue
        (Path(sys.argv[1]) / name).mkdir(parents=True, exist_ok=True)
        for page in pages:
            (Path(sys.argv[1]) / name / f"{page.name}.html").write_bytes(page.html)
