"""Stories with the truth of who reports what anew: originals, revisions, copies, other agencies' reports, look-alikes.

    python samples/duplicates.py          how dedupe does on them

A group is one report: its original, its revisions and its copies. Bases are the stories of samples/gold; from each the
kinds below are made by rules with a fixed seed, as wires and their customers make them. Other agencies' reports of the
same happening and stories by template (earthquakes, launches, markets, the same leaders a day later) are groups of
their own. `held_out()` is scored by its totals only.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Candidate, Signal, Story

GOLD = Path(__file__).parent / "gold"
START = dt.datetime(2026, 5, 4, 1, 0, tzinfo=dt.UTC)
OUTLETS = ("harbor-post", "north-gazette", "daily-ledger", "coast-times", "star-online", "valley-news")

_SYNONYMS = {
    "said": "stated", "told": "informed", "agreed": "consented", "met": "gathered", "talks": "discussions", "visit": "trip", "leader": "chief", "leaders": "chiefs",
    "country": "nation", "countries": "nations", "government": "administration", "agreement": "accord", "pact": "deal", "announced": "declared", "urged": "pressed",
    "called": "appealed", "condemned": "denounced", "criticized": "blasted", "warned": "cautioned", "rejected": "dismissed", "accused": "blamed", "demanded": "insisted",
    "supports": "backs", "support": "backing", "concern": "worry", "concerns": "worries", "serious": "grave", "military": "armed", "troops": "soldiers", "ships": "vessels",
    "attack": "assault", "attacks": "assaults", "killed": "slain", "wounded": "injured", "sanctions": "penalties", "imposed": "slapped", "sent": "dispatched",
    "dispatched": "sent", "provide": "supply", "provided": "supplied", "pledged": "promised", "promised": "pledged", "help": "aid", "assistance": "help", "strengthen": "bolster",
    "deepen": "boost", "expand": "widen", "cooperation": "collaboration", "relations": "ties", "ties": "relations", "border": "frontier", "decision": "move", "plan": "scheme",
    "plans": "schemes", "meeting": "gathering", "held": "staged", "signed": "inked", "opened": "launched", "began": "started", "start": "begin", "ended": "finished",
    "year": "twelvemonth", "years": "twelvemonths", "big": "large", "small": "minor", "new": "fresh", "old": "former", "major": "key", "important": "crucial", "people": "persons",
    "citizens": "nationals", "arrested": "detained", "released": "freed", "expelled": "ejected", "ordered": "instructed", "asked": "requested", "offered": "proposed",
    "welcomed": "hailed", "praised": "lauded", "thanked": "expressed gratitude to", "denied": "refuted", "protest": "complaint", "protested": "complained", "region": "area",
    "area": "zone", "waters": "seas", "fishing": "fishery", "trade": "commerce", "goods": "merchandise", "money": "funds", "billion": "bn", "million": "mn", "percent": "pct",
    "quickly": "swiftly", "soon": "shortly", "after": "following", "before": "ahead of", "because": "since", "while": "as", "would": "will", "could": "might", "also": "additionally",
    "earlier": "previously", "later": "afterwards", "last": "past", "next": "coming", "several": "a number of", "many": "numerous", "both": "the two", "against": "versus",
    "during": "amid", "about": "around", "near": "close to", "including": "among them", "statement": "communique", "reporters": "journalists", "spokesman": "representative",
    "spokeswoman": "representative", "officials": "authorities", "official": "functionary", "report": "account", "document": "paper", "letter": "note", "war": "conflict",
    "peace": "calm", "crisis": "emergency", "violence": "bloodshed", "elections": "polls", "election": "poll", "vote": "ballot", "law": "legislation", "court": "tribunal",
}  # fmt: skip
_TAILS = (
    "Subscribe to our morning briefing for more stories from around the region.",
    "Read the full version of this report in the print edition on Saturday.",
    "The views of readers are welcome at the editor's desk.",
)


@dataclass(frozen=True)
class Labelled:
    """A story as it arrives, the report that it belongs to, and what it is there."""

    candidate: Candidate
    group: str
    kind: str


@dataclass
class _Maker:
    """Numbers stories and addresses."""

    rng: random.Random
    count: int = 0

    def story(
        self, group: str, kind: str, headline: str, body: str, outlet: str, wire: str, when: dt.datetime, signal: Signal = "new", address: str = ""
    ) -> Labelled:
        self.count += 1
        url = address or f"https://{outlet}.example/{self.count}"
        story = Story(headline, body, "en", wire, outlet, url, published_at=when, date_basis="given", signal=signal)
        key = f"{outlet}|{url}"
        return Labelled(Candidate(self.count, 0, outlet, key, story), group, kind)


def develop() -> list[Labelled]:
    """The half that thresholds were set on."""
    return _half("develop", 1)


def held_out() -> list[Labelled]:
    """The half that was only scored."""
    return _half("held_out", 2)


def _half(name: str, seed: int) -> list[Labelled]:
    rng = random.Random(seed)
    maker = _Maker(rng)
    bases = [b for b in _bases(name) if len(b.split()) >= 60]
    found: list[Labelled] = []
    for number, body in enumerate(bases[:48]):
        found += _family(maker, f"{name}-{number}", number, body)
    for which in range(seed - 1, len(_OTHER_REPORTS), 2):
        found += _two_reports(maker, f"{name}-event-{which}", *_OTHER_REPORTS[which], _BY_HAND[which] if which < len(_BY_HAND) else None)
    found += _templates(maker, name)
    return found


def _bases(name: str) -> list[str]:
    return [json.loads(line)["body"] for line in (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines()]


def _family(maker: _Maker, group: str, number: int, body: str) -> Iterator[Labelled]:
    """An original with the copies and revisions that wires and their customers make of it."""
    rng = maker.rng
    wire = ("kyodo", "reuters", "ap", "yonhap")[number % 4]
    when = START + dt.timedelta(hours=5 * number)
    headline = " ".join(body.split()[:8]).rstrip(",.")
    first, second, third = rng.sample(OUTLETS, 3)
    hour = dt.timedelta(hours=1)
    yield maker.story(group, "original", headline, body, wire, wire, when)
    makers: list[Callable[[], Labelled]] = [
        lambda: maker.story(group, "exact", headline, _typography(body), first, wire, when + hour),
        lambda: maker.story(group, "trimmed", headline, _trimmed(body, rng.uniform(0.45, 0.7)), second, wire, when + 2 * hour),
        lambda: maker.story(group, "retitled", f"Report: {headline.lower()}", f"{body}\n\n{rng.choice(_TAILS)}", third, wire, when + 3 * hour),
        lambda: maker.story(group, "reworded", headline, _reworded(body, rng, rng.uniform(0.5, 0.9)), first, wire, when + 4 * hour),
        lambda: maker.story(group, "correction", f"CORRECTED {headline}", _corrected(body, rng), wire, wire, when + 2 * hour, "correction"),
        lambda: maker.story(
            group, "digest item", headline, _trimmed(body, 0.2), wire, wire, when + 5 * hour, address=f"https://{wire}.example/digest#{number}"
        ),
        lambda: maker.story(group, "update", headline, _updated(body), wire, wire, when + 3 * hour, "update"),
    ]
    for made in rng.sample(makers, rng.choice((4, 5, 6))):
        yield made()


def _typography(body: str) -> str:
    return body.replace('"', "”").replace("'", "’").replace(" - ", " — ").replace("\n\n", "\n\n ").strip()


def _trimmed(body: str, share: float) -> str:
    """The first paragraphs, as many as make the share, at least two sentences."""
    sentences = re.split(r"(?<=[.!?”\"])\s+", body)
    kept, target = [], share * len(body)
    for sentence in sentences:
        kept.append(sentence)
        if sum(map(len, kept)) >= target and len(kept) >= 2:
            break
    return " ".join(kept)


def _reworded(body: str, rng: random.Random, share: float) -> str:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        made = _SYNONYMS.get(word.lower())
        if made is None or rng.random() > share:
            return word
        return made.capitalize() if word[0].isupper() else made

    return re.sub(r"[A-Za-z]+", other, body)


def _corrected(body: str, rng: random.Random) -> str:
    """One number, or else one weekday, is another."""
    numbers = list(re.finditer(r"\b\d{1,4}\b", body))
    if numbers:
        match = rng.choice(numbers)
        return body[: match.start()] + str(int(match[0]) + rng.randint(1, 9)) + body[match.end() :]
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    for day, after in itertools.pairwise([*days, "Monday"]):
        if day in body:
            return body.replace(day, after, 1)
    return body + " The spelling of a name has been corrected."


def _updated(body: str) -> str:
    """A new top over the same report."""
    return f"{body.split('.')[0]}, in remarks that aides expanded on late in the day.\n\nAides gave further details in the evening, without taking questions.\n\n{body}"


_OTHER_REPORTS: Sequence[tuple[str, str]] = (
    (
        "Peruvian President Rosa Quispe and Ecuadorean counterpart Luis Andrade agreed Monday in Lima to reopen the Huaquillas crossing, shut since floods in February. The crossing will take trucks from June 1 and buses two weeks later, their joint statement said. Quispe said traders on both sides had lost 40 million dollars.",
        "A border bridge that floods washed out in February will carry trucks again next month, the presidents of Peru and Ecuador announced after two hours of talks. Rosa Quispe hosted Luis Andrade in the Peruvian capital. Bus service at Huaquillas follows in mid-June, officials told reporters.",
    ),
    (
        "Norway will give Moldova 30 million euros for winter gas purchases, Prime Minister Kari Lund said Tuesday during a stop in Chisinau. Lund told reporters that the grant would be paid in October. Moldovan Prime Minister Ion Rusu thanked her and said stocks stood at 60 percent.",
        "Moldova's gas stores, three-fifths full, are to be topped up with Norwegian money. On her first visit to Chisinau, Norway's premier, Kari Lund, promised a 30 million euro grant, to arrive in October. Her host, Ion Rusu, said it would see schools through the cold months.",
    ),
    (
        "Kenya recalled its ambassador from Mogadishu on Wednesday after Somali soldiers detained four Kenyan surveyors near Ras Kamboni. Foreign Minister Wanjiru Otieno called the detention a breach of the 2021 maritime accord. Somalia said the men had no permits.",
        "The arrest of four surveyors near a disputed stretch of coast has cost Somalia a Kenyan ambassador, who was called home by Nairobi. The men lacked permits, Mogadishu said. Wanjiru Otieno, the Kenyan foreign minister, pointed to an accord of 2021 that lets survey teams pass.",
    ),
    (
        "Finnish and Estonian coast guards began a two-week patrol of undersea cables in the Gulf of Finland on Thursday, the Finnish Defense Ministry said. Six vessels and a drone take part. The ministry said an anchor had damaged the Estlink cable in January.",
        "Six patrol boats from Helsinki and Tallinn have put to sea to watch over cables on the bottom of the Gulf of Finland, months after a dragged anchor cut a power link between the two. A drone will fly above them, and the watch is to last for two weeks, according to Finland's military.",
    ),
    (
        "Thailand and Laos signed a 25-year agreement on Friday under which Laos will sell 800 megawatts of hydropower a year. Energy ministers Somchai Rattana and Khamla Vongsa signed it in Vientiane. Deliveries start in 2029.",
        "Laos will light Thai homes for a quarter of a century. A contract for 800 megawatts from Mekong dams was inked in Vientiane by energy ministers Khamla Vongsa and Somchai Rattana, with the first current due to flow in 2029, the Thai side said.",
    ),
    (
        "Greece summoned the Turkish ambassador on Saturday after two Turkish jets flew over the island of Farmakonisi, the Foreign Ministry in Athens said. It was the third flight this month. Ankara said the jets were in international airspace.",
        "A third overflight of Farmakonisi in a month by Turkish F-16s earned Ankara's envoy a call to the Greek Foreign Ministry at the weekend. Turkey rejects the charge: its two aircraft, it said, kept to international airspace all along.",
    ),
    (
        "Canada imposed sanctions on eleven Belarusian judges on Monday over the jailing of journalists, Foreign Minister Claire Rousseau said. The judges may not enter Canada and their assets there are frozen. Minsk vowed to answer in kind.",
        "Eleven judges in Belarus who sent reporters to prison are now barred from Canada, with any property there locked up. Claire Rousseau, who runs Canadian diplomacy, announced the list; the Belarusian Foreign Ministry promised like for like.",
    ),
    (
        "Brazilian troops handed over the camp at Porto Velho to Bolivian border police on Tuesday, ending a joint mission against gold smuggling that began in 2023. Some 220 soldiers went home. Bolivian Interior Minister Jorge Mamani praised their discipline.",
        "After two years of hunting gold smugglers together, Brazil's 220 soldiers have left the frontier camp of Porto Velho, and Bolivia's border police have moved in. Jorge Mamani, the Bolivian interior minister, had warm words for them at the flag ceremony.",
    ),
    (
        "South Korea will lend Uzbekistan 500 million dollars for a rail line to Termez, President Han Ji-ho told counterpart Aziz Karimov in Seoul on Wednesday. Work is to begin in 2027. The two also agreed to double the quota of Uzbek seasonal workers to 10,000.",
        "Twice as many Uzbeks, 10,000 a year, may pick fruit in South Korea under a deal that the two presidents struck in Seoul. Han Ji-ho also promised Aziz Karimov half a billion dollars in credit for the railway that Tashkent wants to lay to Termez from 2027.",
    ),
    (
        "Iraq and Kuwait resumed talks on the Khor Abdullah waterway in Basra on Thursday after a break of 14 months, the Iraqi Foreign Ministry said. Delegations are led by deputy ministers Hadi Jabr and Nasser al-Subaie. The talks last until Saturday.",
        "For the first time in over a year Kuwaiti and Iraqi diplomats are at one table again over their shared waterway. In Basra, deputy ministers Nasser al-Subaie and Hadi Jabr have until Saturday to find words on Khor Abdullah, Baghdad said.",
    ),
    (
        "The Philippines filed a protest with Vietnam on Friday over the arrest of nine fishermen off Pag-asa island. Foreign Secretary Elena Cruz demanded their return. Hanoi said that the boats had entered its waters at night.",
        "Nine fishermen held by Vietnam since a night-time chase near Pag-asa should be sent home at once, Manila wrote in a protest note. Hanoi maintains that their boats strayed into Vietnamese waters. Elena Cruz, the Philippine foreign secretary, called that untrue.",
    ),
    (
        "Egypt opened the Rafah crossing for 60 aid trucks on Sunday after mediation by Qatar, the Egyptian Red Crescent said. The trucks carry flour and medicine. It is the first convoy in three weeks.",
        "Flour and medicine for Gaza rolled through Rafah again, in sixty lorries and for the first time in three weeks. Qatari mediators had talked Cairo into it, according to Egypt's Red Crescent, which ran the convoy.",
    ),
)


_BY_HAND: Sequence[str] = (
    "Presidents Rosa Quispe of Peru and Luis Andrade of Ecuador have agreed in Lima that the Huaquillas crossing, closed by floods since February, will open anew. Trucks may pass from June 1, buses two weeks afterwards, says the joint statement of Monday. Traders of both countries are 40 million dollars the poorer for it, according to Quispe.",
    "During a stop in Chisinau on Tuesday, Norwegian Prime Minister Kari Lund said that her country will help Moldova buy gas for the winter with 30 million euros. The money comes in October, Lund told reporters. Ion Rusu, the Moldovan prime minister, was thankful and put the stocks at 60 percent.",
    "Kenya's ambassador in Mogadishu was called home on Wednesday because Somali soldiers are holding four Kenyan surveyors, taken near Ras Kamboni. That breaches the maritime accord of 2021, Foreign Minister Wanjiru Otieno said. The men were without permits, Somalia answered.",
    "A patrol of two weeks over undersea cables in the Gulf of Finland was started by the coast guards of Finland and Estonia on Thursday, says the Finnish Defense Ministry. It is made up of six vessels and a drone. In January an anchor had damaged the Estlink cable, the ministry recalled.",
    "Laos is to sell Thailand 800 megawatts of hydropower a year for 25 years, under an agreement that energy ministers Somchai Rattana and Khamla Vongsa put their names to in Vientiane on Friday. The power flows from 2029.",
    "The ambassador of Turkey was summoned in Athens on Saturday over two Turkish jets that had flown above the island of Farmakonisi, according to the Greek Foreign Ministry. This month it was the third such flight. The jets kept to international airspace, said Ankara.",
    "Eleven Belarusian judges who jailed journalists are under Canadian sanctions from Monday, Foreign Minister Claire Rousseau said. Their assets in Canada are frozen, and they themselves are not let in. An answer in kind was vowed by Minsk.",
    "Bolivian border police took over the camp at Porto Velho from Brazilian troops on Tuesday, and so a joint mission against gold smuggling ended that had begun in 2023. About 220 soldiers left for home. Their discipline was praised by Bolivian Interior Minister Jorge Mamani.",
)
"""Copies of the first eight of `_OTHER_REPORTS` that somebody wrote in other words, sentence by sentence."""


def _two_reports(maker: _Maker, group: str, one: str, other: str, by_hand: str | None) -> Iterator[Labelled]:
    """Two agencies' own reports of one happening, each with a copy, and a copy by hand: two groups."""
    when = START + dt.timedelta(days=20, hours=maker.count)
    for agency, text, outlet in (("kyodo", one, "coast-times"), ("reuters", other, "daily-ledger")):
        name = f"{group}-{agency}"
        headline = " ".join(text.split()[:8])
        yield maker.story(name, "original", headline, text, agency, agency, when)
        yield maker.story(name, "exact", headline, _typography(text), outlet, agency, when + dt.timedelta(hours=2))
        if by_hand and agency == "kyodo":
            yield maker.story(name, "by hand", " ".join(by_hand.split()[:7]), by_hand, "valley-news", agency, when + dt.timedelta(hours=3))


_PLACES = ("Miyagi", "Iwate", "Noto", "Kushiro", "Chiba", "Aomori", "Oita", "Kochi")
_QUAKE = (
    "An earthquake with a preliminary magnitude of {m} struck off {place} Prefecture at {time} on {day}, the Japan Meteorological Agency said.\n\n"
    "The quake measured {shindo} on the Japanese seismic intensity scale of 7 at its strongest. Its focus was at a depth of {depth} kilometers. "
    "No tsunami warning was issued.\n\nThere were no immediate reports of damage, local police said."
)
_LAUNCH = (
    "North Korea fired {n} ballistic missile{s} toward the Sea of Japan on {day}, the South Korean military said, in its {nth} launch this year.\n\n"
    "The projectile{s} flew about {km} kilometers at a maximum altitude of {alt} kilometers and fell outside Japan's exclusive economic zone, the Japanese Defense Ministry said.\n\n"
    "Japan lodged a protest with North Korea through its embassy in Beijing."
)
_MARKET = (
    "Tokyo stocks closed {way} on {day}, with the Nikkei index {moved} {points} points, or {percent} percent, to {close}.\n\n"
    "The broader Topix index ended {way} {tp} points at {tclose}. The dollar traded at {yen} yen in late Tokyo trading.\n\n"
    "Analysts said investors were cautious ahead of United States data due later in the week."
)
_DAY_AFTER = (
    "{a} and {b} held a {nth} round of talks in {city} on {day}, turning to {topic}, officials said.\n\n"
    "The two leaders, who met for {hours} hours, are to meet the press on {next}, according to a spokesman for the host.\n\n"
    "{a} is on a visit that lasts until the end of the week."
)
_LEADERS = (("Indonesian President Ratna Wibowo", "Indian Prime Minister Arjun Rao"), ("French President Luc Moreau", "Polish President Ewa Zielinska"))
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOPICS = ("fishing quotas in the Natuna Sea", "a rail link and its price", "student visas and nurses", "palm oil duties", "joint patrols of the strait")
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def _templates(maker: _Maker, half: str) -> Iterator[Labelled]:
    """Reports that differ in names and numbers alone: each a group of its own, most with a copy elsewhere."""
    rng = maker.rng
    shift = 0 if half == "develop" else 3
    texts: list[tuple[str, str]] = []
    for number in range(7):
        texts.append((
            f"Quake hits off {_PLACES[(number + shift) % 8]}",
            _QUAKE.format(
                m=round(rng.uniform(4, 7), 1), place=_PLACES[(number + shift) % 8], time=f"{rng.randint(1, 12)}:{rng.randint(10, 59)} {rng.choice(('a.m.', 'p.m.'))}",
                day=_DAYS[number], shindo=rng.randint(2, 6), depth=rng.randint(1, 9) * 10,
            ),
        ))  # fmt: skip
        count = rng.randint(1, 3)
        texts.append((
            f"North Korea fires missiles for {_NTH[number]} time",
            _LAUNCH.format(n=("one", "two", "three")[count - 1], s="" if count == 1 else "s", day=_DAYS[number], nth=_NTH[number], km=rng.randint(30, 99) * 10, alt=rng.randint(5, 60) * 10),
        ))  # fmt: skip
        way, moved = rng.choice((("higher", "gaining"), ("lower", "losing")))
        close = rng.randint(30_000, 42_000)
        texts.append((
            f"Nikkei ends {way}",
            _MARKET.format(way=way, moved=moved, day=_DAYS[number], points=round(rng.uniform(20, 600), 2), percent=round(rng.uniform(0.1, 2), 2), close=f"{close:,}.{rng.randint(10, 99)}",
                           tp=round(rng.uniform(2, 40), 2), tclose=f"{close // 14:,}.{rng.randint(10, 99)}", yen=round(rng.uniform(140, 160), 2)),
        ))  # fmt: skip
    first, second = _LEADERS[0 if half == "develop" else 1]
    for number in range(4):
        texts.append((
            f"Leaders meet for {_NTH[number]} time",
            _DAY_AFTER.format(a=first, b=second, nth=_NTH[number], city="Jakarta" if half == "develop" else "Paris", day=_DAYS[number], topic=_TOPICS[number],
                              hours=("two", "three", "four", "five")[number], next=_DAYS[number + 1]),
        ))  # fmt: skip
    for number, (headline, text) in enumerate(texts):
        when = START + dt.timedelta(days=30 + number // 4, hours=number)
        group = f"{half}-template-{number}"
        yield maker.story(group, "template", headline, text, "kyodo", "kyodo", when)
        if number % 3:
            yield maker.story(group, "exact", headline, _typography(text), OUTLETS[number % 6], "kyodo", when + dt.timedelta(hours=1))


@dataclass
class Figures:
    """Pairs of stories that are in one report by truth and by decision; the adjusted Rand index of the two partitions."""

    stories: int
    groups: int
    precision: float
    recall: float
    f1: float
    rand: float
    merged_templates: int
    wrong: tuple[tuple[Labelled, Labelled], ...]


def compare(truth: Sequence[Labelled], given: Sequence[str]) -> Figures:
    """`given` names the report that each story was put in."""
    both = only_given = only_true = 0
    wrong: list[tuple[Labelled, Labelled]] = []
    merged = 0
    for (one, mine), (two, theirs) in itertools.combinations(zip(truth, given, strict=True), 2):
        is_same, is_put = one.group == two.group, mine == theirs
        both += is_same and is_put
        only_given += is_put and not is_same
        only_true += is_same and not is_put
        if is_same != is_put:
            wrong.append((one, two))
        merged += is_put and not is_same and "template" in one.group
    count = len(truth)
    pairs = count * (count - 1) / 2
    expected = (both + only_true) * (both + only_given) / pairs
    most = ((both + only_true) + (both + only_given)) / 2
    return Figures(
        stories=count,
        groups=len({one.group for one in truth}),
        precision=round(both / max(both + only_given, 1), 4),
        recall=round(both / max(both + only_true, 1), 4),
        f1=round(2 * both / max(2 * both + only_given + only_true, 1), 4),
        rand=round((both - expected) / (most - expected), 4),
        merged_templates=merged,
        wrong=tuple(wrong),
    )


def reports(labelled: Sequence[Labelled]) -> list[str]:
    """The report that dedupe puts each story in, whatever their order."""
    from pipeline.dedupe import replayed

    return replayed([one.candidate for one in labelled])


def linked(labelled: Sequence[Labelled]) -> tuple[int, int, int, int]:
    """Stories linked as another report of a happening, rightly and wrongly; happenings that are linked, of how many."""
    from pipeline.dedupe import decide_batch, sketch

    candidates = [one.candidate for one in labelled]
    groups = {one.candidate.story_key: one.group for one in labelled}
    happenings = {g.rpartition("-")[0] for g in groups.values() if "-event-" in g}
    right, wrong, found = 0, 0, set()
    for candidate, decision in decide_batch(candidates, [sketch(c.story.body) for c in candidates], [[]] * len(candidates), {}):
        if decision.relation == "report" and decision.target_key is not None:
            mine, theirs = (groups[key].rpartition("-")[0] for key in (candidate.story_key, decision.target_key))
            is_right = mine == theirs and mine in happenings
            right, wrong = right + is_right, wrong + (not is_right)
            found |= {mine} if is_right else set()
    return right, wrong, len(found), len(happenings)


if __name__ == "__main__":
    for name, half in (("develop", develop()), ("held_out", held_out())):
        figures = dataclasses.asdict(dataclasses.replace(compare(half, reports(half)), wrong=()))
        figures.pop("wrong")
        print(json.dumps({"set": name, **figures, "other_reports_right_wrong_found_of": linked(half)}))
