"""Pages and texts → stories."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.canonical import count_words, longest_word
from pipeline.clean import clean_copy, clean_item, clean_page, clean_text
from pipeline.errors import CleanError
from pipeline.model import Entry, Feed, Item, Story

NOW = dt.datetime(2026, 3, 6, tzinfo=dt.UTC)
FEED = Feed("sample", "Sample", "https://wire.example/rss", "rss", "sample", "kyodo", "en", "JPN", "Asia/Tokyo", 15, 5)
LEAD = "Japan and Chile agreed Monday to deepen cooperation in mining, the two governments said after talks in Tokyo."
SECOND = "The agreement is to be signed in April, according to the Japanese Foreign Ministry."


def text(*paragraphs: str, headline: str = "Japan, Chile agree on mining") -> Story:
    (story,) = clean_copy(clean_text(headline + "\n\n" + "\n\n".join(paragraphs)), "kyodo", "kyodo", None)
    return story


def test_seed_story(shared: Path) -> None:
    (story,) = clean_copy(clean_text((shared / "seed" / "story.txt").read_text("utf-8")), "any", "any", None)
    assert story.body.split() == (shared / "seed" / "clean.txt").read_text("utf-8").split()
    assert len(story.captions) == 2 and all("November 24, 2021" in c for c in story.captions)
    assert story.related == ("Japan, Vietnam’s defense chiefs oppose offers to change status quo",)
    assert story.wire == "kyodo"


def test_caption_paragraph_with_dateline_end_mark_and_related() -> None:
    story = text(
        "Officials pose for photos in Tokyo on March 2, 2026. (Kyodo)",
        "TOKYO, March 2 Kyodo - " + LEAD,
        SECOND + " ==Kyodo",
        "Related coverage:",
        "Copper prices rise",
    )
    assert story.body == f"{LEAD}\n\n{SECOND}"
    assert story.captions == ("Officials pose for photos in Tokyo on March 2, 2026.",)
    assert story.dateline is not None and (story.dateline.place, story.dateline.wire) == ("Tokyo", "kyodo")
    assert story.related == ("Copper prices rise",)


def test_caption_between_sentences_of_one_paragraph() -> None:
    story = text(f"{LEAD} Officials pose for photos in Tokyo on March 2, 2026. (Kyodo) {SECOND}")
    assert story.body == f"{LEAD} {SECOND}"
    assert story.captions == ("Officials pose for photos in Tokyo on March 2, 2026.",)


def test_a_lead_mark_is_no_credit() -> None:
    story = text(f"TOKYO (Kyodo) -- {LEAD}", SECOND)
    assert story.body.startswith("Japan and Chile") and story.captions == ()


def test_what_was_removed_is_kept_with_its_rule() -> None:
    story = text(f"TOKYO - {LEAD}", SECOND, "Sign up for our daily newsletter.")
    assert {r.rule for r in story.removed} == {"dateline", "any/drop/1"}
    assert "newsletter" not in story.body


@pytest.mark.parametrize(
    ("headline", "clean", "genre", "signal"),
    [
        ("CORRECTED: Japan, Chile agree", "Japan, Chile agree", None, "correction"), ("UPDATE1: Japan, Chile agree", "Japan, Chile agree", None, "update"),
        ("FOCUS: Japan looks to Chile", "Japan looks to Chile", "FOCUS", "new"), ("KILL: Japan, Chile agree", "Japan, Chile agree", None, "kill"),
        ("Kyodo news summary -3-", "Kyodo news summary", None, "new"), ("Update on talks due Friday", "Update on talks due Friday", None, "new"),
    ],
)  # fmt: skip
def test_headline_marks(headline: str, clean: str, genre: str | None, signal: str) -> None:
    story = text(LEAD, SECOND, headline=headline)
    assert (story.headline, story.genre, story.signal) == (clean, genre, signal)


def test_double_stops_and_spaces_of_reworded_copy() -> None:
    assert text(f"{LEAD} . {SECOND}").body == f"{LEAD} {SECOND}"


def test_a_story_in_a_script_without_spaces() -> None:
    japanese = "日本とチリは月曜日、東京で会談し、鉱業分野での協力を深めることで合意した。両政府が共同声明で明らかにした。" * 10
    story = text(japanese, japanese, headline="日本とチリ、鉱業協力で合意")
    assert count_words(story.body) > 300 and longest_word(story.body) < 5
    with pytest.raises(CleanError):
        text("日本とチリ。", headline="日本とチリ、鉱業協力で合意")


def test_headline_dateline_and_text_in_one_line() -> None:
    (story,) = clean_copy(clean_text(f"Japan, Chile agree on mining TOKYO, March 2 Kyodo - {LEAD} {SECOND}"), "kyodo", "kyodo", None)
    assert (story.headline, story.dateline.place if story.dateline else None) == ("Japan, Chile agree on mining", "Tokyo")
    assert story.body == f"{LEAD} {SECOND}"
    whole = text(f"{LEAD} The U.S. - China talks go on.", SECOND, headline="")
    assert whole.headline == ""


def test_a_wire_file_with_wrapped_lines_indents_and_control_codes() -> None:
    half = LEAD.index(" to deepen")
    raw = clean_text(
        f"\x01Japan, Chile agree+\r\n\r\n     TOKYO, March 2 Kyodo - {LEAD[:half]}\r\n{LEAD[half + 1 :]}\r\n     {SECOND} He called it ''a good day.''\r\n     KWS-21:37-09-12-18\x03\r\n"
    )
    (story,) = clean_copy(raw, "kyodo", "kyodo", None)
    assert story.headline == "Japan, Chile agree"
    assert story.body == f'{LEAD}\n\n{SECOND} He called it "a good day."'


def test_a_flash_is_its_own_headline() -> None:
    flash = "North Korea fires what may be a ballistic missile, the Japanese Coast Guard says."
    story = text(flash, headline=flash)
    assert (story.body, story.genre, story.is_truncated) == (flash, "FLASH", False)


@pytest.mark.parametrize(
    ("headline", "clean", "attribution"),
    [("Japan to raise key rate in April: sources", "Japan to raise key rate in April", "sources"), ("Missile fell at sea: Tass", "Missile fell at sea", "Tass"),
     ("Talks to go on: no date is set", "Talks to go on: no date is set", None)],
)  # fmt: skip
def test_who_a_headline_says_it_by(headline: str, clean: str, attribution: str | None) -> None:
    story = text(LEAD, SECOND, headline=headline)
    assert (story.headline, story.attribution) == (clean, attribution)


def test_a_text_that_breaks_off_is_marked() -> None:
    assert text(LEAD, SECOND[:-20] + "P...").is_truncated
    assert text(LEAD, SECOND[:40]).is_truncated
    assert not text(LEAD, SECOND).is_truncated


def test_digest_is_split() -> None:
    digest = clean_text(
        "News Digest\n\nThe following is the latest list of selected news summaries by Kyodo News.\n\n----------\n\nSweden suspends aid\n\n"
        f"STOCKHOLM - {LEAD}\n\n----------\n\nTurkey recalls envoy\n\nANKARA - {SECOND}\n\n==Kyodo"
    )
    stories = clean_copy(digest, "kyodo", "kyodo", None)
    assert [(s.headline, s.dateline.place if s.dateline else None) for s in stories] == [
        ("Sweden suspends aid", "Stockholm"),
        ("Turkey recalls envoy", "Ankara"),
    ]
    assert stories[0].body == LEAD


@pytest.mark.parametrize("paragraphs", [("Tokyo 12 C fair", "Osaka 13 C fair", "Sapporo 1 C snow", "Naha 21 C rain"), ("Short.",), ("",)])
def test_what_is_no_story(paragraphs: tuple[str, ...]) -> None:
    with pytest.raises(CleanError) as error:
        text(*paragraphs)
    assert error.value.reason_code == "no_story"


def page(body: str, head: str = "", lang: str = "en") -> bytes:
    return (
        f'<html lang="{lang}"><head>{head}</head><body><nav>Home World</nav><h1>Japan, Chile agree</h1>{body}<footer>Copyright</footer></body></html>'.encode()
    )


ARTICLE = f'<div class="article-body"><figure><img><figcaption>Ministers in Tokyo. (Kyodo)</figcaption></figure><p>{LEAD}</p><p>{SECOND}</p></div><aside class="related-news"><a>More</a></aside>'


def read(data: bytes) -> Story:
    (story,) = clean_copy(clean_page(data, "text/html", "Asia/Tokyo", "en", NOW), "kyodo", "sample", "https://wire.example/1")
    return story


def test_page() -> None:
    data = json.dumps(
        {
            "@graph": [
                {
                    "@type": "NewsArticle",
                    "headline": "Japan, Chile agree on copper",
                    "datePublished": "2026-03-02T10:00:00+09:00",
                    "author": {"name": "Mariko Endo"},
                }
            ]
        }
    )
    story = read(page(ARTICLE, f'<script type="application/ld+json">{data}</script>'))
    assert (story.headline, story.byline, story.date_basis) == ("Japan, Chile agree on copper", "Mariko Endo", "json-ld")
    assert story.published_at == dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
    assert story.body == f"{LEAD}\n\n{SECOND}"
    assert story.related == ("More",)
    assert story.captions == ("Ministers in Tokyo. (Kyodo)",)


def test_published_time_from_meta_then_time_tag() -> None:
    meta = read(page(ARTICLE, '<meta property="article:published_time" content="2026-03-02T01:00:00Z">'))
    assert (meta.date_basis, meta.published_at) == ("meta", dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC))
    tag = read(page('<time datetime="2026-03-02 10:00">2 March</time>' + ARTICLE))
    assert (tag.date_basis, tag.published_at) == ("time", dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC))


def test_broken_json_ld_and_mojibake_do_no_harm() -> None:
    story = read(page(ARTICLE.replace("mining,", "miningâ€™s future,"), '<script type="application/ld+json">{broken</script>'))
    assert "mining’s future" in story.body


def test_page_without_a_story() -> None:
    with pytest.raises(CleanError):
        read(b"<!DOCTYPE html><html><head><title>Envoys meet")


def test_page_that_is_too_large_and_one_that_is_too_deep() -> None:
    with pytest.raises(CleanError) as error:
        clean_page(b"x" * 5_000_000, None, "UTC", "en", NOW)
    assert error.value.reason_code == "too_large"
    with pytest.raises(CleanError) as error:
        read(b"<html><body>" + b"<div>" * 20_000 + b"x" + b"</body></html>")
    assert error.value.reason_code == "broken_page"
    with pytest.raises(CleanError) as error:
        read(b"<html><body>" + b"<b>" * 150_000)
    assert error.value.reason_code == "too_large"


def item(page_bytes: bytes | None, content: str = "", outcome: str | None = "ok") -> Item:
    entry = Entry("g", "https://wire.example/1", "Japan, Chile agree", content, None, None, dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    return Item(1, FEED, entry, page_bytes, "https://wire.example/1", "text/html", outcome, None, 1)


def test_the_feeds_own_text_serves_where_the_page_has_less() -> None:
    (story,) = clean_item(item(b"<html><body><p>Please log in.</p></body></html>", f"<p>{LEAD}</p><p>{SECOND}</p>"), NOW)
    assert story.body == f"{LEAD}\n\n{SECOND}"
    assert story.date_basis == "feed"


def test_a_page_that_could_not_be_had_is_named() -> None:
    with pytest.raises(CleanError) as error:
        clean_item(item(None, "", "not_found"), NOW)
    assert error.value.reason_code == "page_not_found"
