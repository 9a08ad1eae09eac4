"""Whom words mean that name nobody: stand-ins, titles, moves, and what is only of a kind."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.coder.code import code_text
from pipeline.coder.gazetteer import is_in_region
from pipeline.coder.text import Text

CASES = {
    "rebels": (
        "The National Liberation Army attacked a post in Colombia. Colombian President Ana Soto suspended talks with the rebels and accused the group of murder.",
        {"MEETING_CANCELLED COL>ELN", "ACCUSATION COL>ELN"},
    ),
    "thing named before": (
        "Algeria shot down a Malian drone on Monday. Algeria's army said the drone had violated its airspace.",
        {"ACCUSATION DZA>MLI"},
    ),
    "continent": (
        "The United States revoked visas held by citizens of South Sudan because the African country had refused to take back deportees.",
        {"REJECTION SSD>USA"},
    ),
    "peers": (
        "Britain, France and Germany imposed sanctions on Iran on Monday. Iranian Foreign Minister Reza Azari told his European counterparts in a phone call that Tehran would respond appropriately.",
        {"CALL DEU,FRA,GBR,IRN", "WARNING IRN>DEU,FRA,GBR"},
    ),
    "leaders of": (
        "Chinese President Lin Hao and the leaders of Kazakhstan, Kyrgyzstan and Uzbekistan met in Astana. The heads of state signed a treaty on trade.",
        {"TREATY_SIGNED CHN,KAZ,KGZ,UZB"},
    ),
    "counterpart, apart": (
        "Pakistani Defence Minister Omar Dar headed one delegation and his Afghan counterpart, Mullah Yusuf, the other. They will meet again on Friday.",
        {"VISIT_ANNOUNCED AFG,PAK"},
    ),
    "the bloc of others": (
        "Nigerian President Bola Adeyemi addressed an ECOWAS summit. The European Union backed the bloc.",
        {"SUPPORT_ENDORSE European Union>ECOWAS"},
    ),
    "them": (
        "Ethiopia and Eritrea signed a peace deal in 2018. U.N. chief Antonio Guterres urged them to honor that agreement.",
        {"URGE United Nations>ERI,ETH"},
    ),
    "what was done to me": (
        "Rwanda cut ties with Belgium on Monday. Angola hosted Congo's president. Belgian Foreign Minister Luc Maes said the decision was disproportionate.",
        {"CONDEMN BEL>RWA"},
    ),
    "what one did": (
        "Norway recognized a Palestinian state on Monday. Spain thanked Chile for wine. Norway's move was hailed. Hamas hailed the decision.",
        {"PRAISE Hamas>NOR"},
    ),
    "same target": ("Bolivia broke off ties with Israel on Monday, while Chile recalled its ambassador.", {"ENVOY_RECALLED CHL>ISR"}),
    "prompted": ("Ireland recognized a Palestinian state on Monday, prompting Israel to withdraw its ambassador.", {"ENVOY_RECALLED ISR>IRL"}),
    "its, of the other": ("Iran protested in June after Israel bombed its airports.", {"ARMED_CLASH ISR>IRN"}),
    "joined by and": ("Russia's ministry said Prague was trying to please the Americans and promised a response.", {"WARNING RUS>CZE"}),
    "did the same": ("Belarus recalled its ambassador to Armenia on Monday, and Yerevan did the same.", {"ENVOY_RECALLED ARM>BLR", "ENVOY_RECALLED BLR>ARM"}),
    "each other": ("Rwanda and Congo blamed each other for the attack.", {"ACCUSATION COD>RWA", "ACCUSATION RWA>COD"}),
    "by phone": ("Japanese Prime Minister Ken Mori asked Iran's president by phone on Monday to open the strait.", {"CALL IRN,JPN", "URGE JPN>IRN"}),
    "cabinet office": ("Chilean Forestry and Fisheries Minister Luis Rojas thanked Peru for its help.", {"PRAISE CHL>PER"}),
    "official in apposition": ("Norwegian envoys met Alice Welles, a senior U.S. official, in Oslo on Monday.", {"WORKING_TALKS NOR,USA"}),
    "counterpart by name": (
        "Turkish President Kemal Aydin met his counterpart Italian President Sergio Bruni at a working lunch in Rome on Monday.",
        {"SUMMIT_TALKS ITA,TUR"},
    ),
    "government and people of": (
        "Egypt expressed its condolences to the government and people of Turkey on Monday.",
        {"CONDOLENCE EGY>TUR"},
    ),
    "visiting": ("Chinese President Lin Hao held talks with visiting Japanese Prime Minister Ken Mori on Monday.", {"SUMMIT_TALKS CHN,JPN"}),
    "whom a gift helps": ("Norway donated a shipment of ventilators on Monday to assist Ethiopia.", {"AID_DELIVERED NOR>ETH"}),
    "telephoned to say": ("Saudi Arabia telephoned the emir of Qatar on Monday to express solidarity.", {"SUPPORT_ENDORSE SAU>QAT"}),
    "two seats": ("In March Beijing and Male signed a pact on trade.", {"TREATY_SIGNED CHN,MDV"}),
    "joined objects": ("The OIC expressed its rejection and strong condemnation of the decision of Israel on Monday.", {"CONDEMN Organisation of Islamic Cooperation>ISR"}),
    "his aide": ("Hungarian Prime Minister Viktor Orban shrugged. His chief of staff, Gergely Gulyas, accused Warsaw of spite.", {"ACCUSATION HUN>POL"}),
    "ministers of a body": (
        "ASEAN foreign ministers issued a joint statement after a meeting in Chile on Monday. They condemned Peru over the shelling. They also announced sanctions against Peru.",
        {"CONDEMN ASEAN>PER", "JOINT_STATEMENT ASEAN", "SANCTION_IMPOSED ASEAN>PER"},
    ),
    "they who talked": (
        "Japanese Prime Minister Ken Mori held a telephone conversation with Chilean President Ana Soto on Monday, during which they condemned Peru.",
        {"CALL CHL,JPN", "CONDEMN CHL,JPN>PER"},
    ),
    "the two, after a wider meeting": (
        "Japanese Prime Minister Ken Mori and Chilean President Ana Soto met on Monday. Japan, Chile and Peru signed a treaty. The two agreed to cooperate on mining.",
        {"AGREE_COOPERATE CHL,JPN"},
    ),
    "the three, then they": (
        "The foreign ministers of Japan, Chile and Peru met on Monday. The three ministers issued a joint statement in which they urged Kenya to hold talks.",
        {"URGE CHL,JPN,PER>KEN"},
    ),
    "two counterparts": (
        "South Korean envoy Kim Tae-ho had phone calls with his American counterpart, John Hale, and his Japanese counterpart, Ken Mori, on Monday. The envoys promised to strengthen cooperation.",
        {"AGREE_COOPERATE JPN,KOR,USA", "CALL JPN,KOR", "CALL KOR,USA"},
    ),
    "envoy of the dateline": (
        "Urs Frei, special representative for peace in the Sahel, held talks with Malian Foreign Minister Ali Sow on Monday.",
        {"MINISTERIAL_TALKS CHE,MLI"},
    ),
    "he who speaks": (
        "Chinese President Lin Hao met Portuguese President Jorge Reis de Lima on Monday. In talks with Reis de Lima, Lin praised the port. He urged Portugal to open its market.",
        {"URGE CHN>PRT"},
    ),
    "both sides, of a country and a group": (
        "The leaders of Qatar and Egypt, the countries that mediate between Israel and Hamas, urged both sides on Monday to return to the table.",
        {"URGE EGY,QAT>Hamas,ISR"},
    ),
    "by whose deeds": ("Peru was alarmed on Monday by the actions of Chile's coast guard.", {"CONCERN_EXPRESSED PER>CHL"}),
    "its ships, of who says so": (
        "The Philippines said on Monday that the Chinese coast guard fired a water cannon at one of its ships.",
        {"COERCION CHN>PHL"},
    ),
    "nobody says who summoned": ("Chile's chargé d'affaires in Bern was summoned on Monday to hear a protest.", {"ENVOY_SUMMONED CHE>CHL"}),
    "numbers between": ("Russia asked 24 Italian and 27 Spanish diplomats on Monday to leave.", {"ENVOY_EXPELLED RUS>ESP,ITA"}),
    "expulsion of": ("The Russian foreign ministry announced on Monday the expulsion of ten Polish diplomats.", {"ENVOY_EXPELLED RUS>POL"}),
    "six others": (
        "France expelled thirty Russian diplomats on Monday. Six other Russian diplomats were declared persona non grata on Tuesday.",
        {"ENVOY_EXPELLED FRA>RUS"},
    ),
    "not a list": (
        "Kenya confirmed its cooperation in extending support for Ukraine, Japanese Foreign Minister Taro Abe said on Monday.",
        {"SUPPORT_ENDORSE KEN>UKR"},
    ),
    "hours of talks": ("Somalia and Ethiopia signed a pact on Monday after hours of talks.", {"TREATY_SIGNED ETH,SOM", "WORKING_TALKS ETH,SOM"}),
    "three counterparts": (
        "Iranian Foreign Minister Reza Azari had a phone call with his French, British and German counterparts on Monday. The three European powers threatened to activate U.N. sanctions on Iran.",
        {"CALL DEU,FRA,GBR,IRN", "WARNING DEU,FRA,GBR>IRN"},
    ),
    "both nations are not armed groups": (
        "Colombia accused Venezuela on Monday of hiding FARC and ELN rebels. The Organization of American States called on both nations to talk.",
        {"URGE Organization of American States>COL,VEN"},
    ),
    "who has also": (
        "Peru's government has denied allegations that rebels are hiding in its mountains and has denounced Chile's decision to publish the map.",
        {"CONDEMN PER>CHL"},
    ),
    "said so afterwards": (
        "Kenya has offered 6 million dollars in aid to Somalia on Monday and sent a rescue team, local media reported.",
        {"AID_DELIVERED KEN>SOM", "AID_PLEDGED KEN>SOM"},
    ),
    "met officials of three": (
        "Kenyan Foreign Minister Amina Otieno praised the plan during talks with officials from Chile, Peru and Japan on Monday.",
        {"MULTILATERAL_MEETING CHL,JPN,KEN,PER"},
    ),
    "condoled with the place": ("Kenyan President Amina Otieno offered condolences on Monday.", {"CONDOLENCE KEN>CHE"}),
    "revoked visas": ("India revoked visas for Pakistani citizens on Monday.", {"SANCTION_IMPOSED IND>PAK"}),
    "two hosts": ("Japanese Prime Minister Ken Mori began a tour of Chile and Peru on Monday.", {"VISIT JPN>CHL,PER"}),
    "they who are to meet": (
        "Japanese Prime Minister Ken Mori will hold talks with Chilean President Ana Soto on Tuesday. They are also expected to agree to start negotiations on a trade pact.",
        {"TALKS_AGREED CHL,JPN"},
    ),
    "a visit by": ("Peru recalled its ambassador on Monday over a visit by Chile's foreign minister to Kenya.", {"VISIT CHL>KEN"}),
    "killed in a strike": ("A Ukrainian town mourned nine civilians killed in a Russian drone strike on a bus on Monday.", {"ARMED_CLASH RUS>UKR"}),
    "clashes erupted": ("Clashes erupted between Sudanese and Ethiopian forces on Monday.", {"ARMED_CLASH ETH,SDN"}),
    "he has warned he will": (
        "Peruvian President Luis Rey is to travel to Chile, where Chilean President Ana Soto has warned she will ask him to accept the plan.",
        {"URGE CHL>PER"},
    ),
    "dollars": ("Honduras demanded US$2.5 billion in aid from Taiwan on Monday.", {"DEMAND HND>TWN"}),
    "agreed with": ("Peru's president agreed on Monday with Chile's assessment that talks had stalled.", {"SUPPORT_ENDORSE PER>CHL"}),
    "telephonic": ("U.S. Secretary of State John Hale engaged in a telephonic conversation with Russian Foreign Minister Ivan Orlov.", {"CALL RUS,USA"}),
    "join in": ("Cyprus and Greece will join Egypt in conducting a joint naval exercise on Monday.", {"COOPERATION_DONE CYP,EGY,GRC"}),
    "call since": (
        "South Korean Foreign Minister Cho Min held his first phone call since taking office with his Chinese counterpart, Wang Hao, on Monday.",
        {"CALL CHN,KOR"},
    ),
    "verb taken for an adjective": (
        "On Saturday, U.S. President John Hale enacted tariffs on Canada, Mexico, and China, marking a new stage.",
        {"SANCTION_IMPOSED USA>CAN,CHN,MEX"},
    ),
    "retaliated with": ("China retaliated with tariffs on many U.S. farm exports on Monday.", {"SANCTION_IMPOSED CHN>USA"}),
    "host's own premier": (
        "Swiss Foreign Minister Urs Frei will travel to Fiji on Friday to meet with Prime Minister Josefa Tabua. Frei praised Tabua.",
        {"PRAISE CHE>FJI"},
    ),
    "pact to resume ties": (
        "On Monday, Iran and Saudi Arabia signed an agreement mediated by China to resume relations.",
        {"MEDIATION CHN>IRN,SAU", "RELATIONS_RAISED IRN,SAU"},
    ),
    "long names": ("The Republic of Yemen and the State of Qatar have agreed to restore their diplomatic relations.", {"RELATIONS_RAISED QAT,YEM"}),
    "remark of who says so": (
        "Japan's chief cabinet secretary said the Chinese drill broke the law, describing the action of China as unacceptable.",
        {"CONDEMN JPN>CHN"},
    ),
    "whose counterpart": (
        "Turkish Foreign Minister Ali Demir voiced concern over Israel's attacks that targeted southern Syria in a phone call with his Jordanian counterpart, Omar Zaid.",
        {"CALL JOR,TUR"},
    ),
    "each recalled": ("Thailand and Cambodia clashed on Monday. Both countries recalled their ambassadors.", {"ENVOY_RECALLED KHM>THA", "ENVOY_RECALLED THA>KHM"}),
    "capital of whom the story is about": (
        "Haiti asked for help on Monday, Kenya's president said. The United States airlifted weapons to the capital.",
        {"ARMS_TRANSFER USA>HTI"},
    ),
    "spelled otherwise": ("Talks were held in Oman on Monday. Foreign Minister Abbas Araqchi thanked Oman.", {"PRAISE IRN>OMN"}),
    "which it denies": ("Norway accused Chile of lying on Monday, an allegation it denies.", {"DENIAL CHL"}),
    "the E3": ("The E3 held talks with Iran in Geneva on Tuesday.", {"MULTILATERAL_MEETING DEU,FRA,GBR,IRN"}),
    "countries of one name": ("The Baltic states expelled two Russian diplomats each on Monday.", {"ENVOY_EXPELLED EST,LTU,LVA>RUS"}),
    "not all of that name": ("The Baltic states of Estonia and Latvia signed a defence pact on Monday.", {"TREATY_SIGNED EST,LVA"}),
    "both Koreas": ("Both Koreas agreed on Monday to reopen a hotline.", {"AGREE_COOPERATE KOR,PRK"}),
    "prisoners for prisoners": ("Russia and Ukraine exchanged 90 prisoners of war each on Monday.", {"RELEASE RUS,UKR"}),
    "done again": ("Chile and Peru re-established diplomatic relations on Monday.", {"RELATIONS_RAISED CHL,PER"}),
    "talks that others open": ("The European Union started talks between Kosovo and Serbia on Monday.", {"WORKING_TALKS SRB,XKX"}),
    "envoys must leave": ("Mali's foreign ministry said on Monday that the Swedish envoys must leave within two days.", {"ENVOY_EXPELLED MLI>SWE"}),
    "asked to leave": ("The Malian foreign ministry said Swedish Ambassador Lars Berg was asked on Monday to leave Mali.", {"ENVOY_EXPELLED MLI>SWE"}),
    "summoned to hear": (
        "Chilean Foreign Minister Eva Cruz said on Monday the Peruvian ambassador was summoned to express Chile's opposition to Peru's dam.",
        {"ENVOY_SUMMONED CHL>PER", "OPPOSE CHL>PER"},
    ),
    "in response to another": ("Peru's latest steps on Monday are in response to Chile snubbing Bolivia.", {"REJECTION CHL>BOL"}),
    "post in a capital": (
        "Peru's government decided on Monday to recall its ambassador in Santiago for consultations, voicing regret over the stance of Kenya.",
        {"ENVOY_RECALLED PER>CHL"},
    ),
    "path chosen": ("Chinese President Lin Hao voiced support on Monday for the path that Kyrgyzstan has chosen.", {"SUPPORT_ENDORSE CHN>KGZ"}),
    "at a meeting": (
        "At a meeting with Kazakhstan's president Aidar Bekov on Monday, Chinese President Lin Hao called for more trade. The two presidents agreed to cooperate on rail.",
        {"SUMMIT_TALKS CHN,KAZ", "AGREE_COOPERATE CHN,KAZ"},
    ),
    "Central Asia": (
        "Turkish President Kemal Aydin met with leaders of Central Asian countries in Ankara on Monday.",
        {"MULTILATERAL_MEETING KAZ,KGZ,TJK,TKM,TUR,UZB"},
    ),
    "the three": (
        "The foreign ministers of Japan, South Korea and the United States condemned the test by North Korea on Monday. "
        "Japanese Foreign Minister Ken Mori met with South Korean Foreign Minister Park Jun. The three sides agreed to cooperate on patrols.",
        {"MINISTERIAL_TALKS JPN,KOR", "AGREE_COOPERATE JPN,KOR,USA"},
    ),
    "regime": (
        "Chile on Monday voiced concern about the North Korean rhetoric, denouncing the regime's threats against Peru.",
        {"CONCERN_EXPRESSED CHL>PRK", "CONDEMN CHL>PRK"},
    ),
    "delegations": ("Chilean and Peruvian delegations convened in Vienna on Monday for talks.", {"WORKING_TALKS CHL,PER"}),
    "cases": ("Chile and Kenya opened cases against Peru at the World Trade Organization on Monday.", {"LEGAL_CASE CHL,KEN>PER"}),
    "decided and done": (
        "Chile and Peru expelled each other's ambassadors on Monday. Chilean President Ana Soto decided on Monday to expel Peru's ambassador.",
        {"ENVOY_EXPELLED CHL>PER", "ENVOY_EXPELLED PER>CHL"},
    ),
    "constitutes": ("Peru's dam on the river constitutes a violation of the treaty, Chilean Foreign Minister Eva Cruz said on Monday.", {"CONDEMN CHL>PER"}),
    "ambassador to": (
        "Taiwan's foreign ministry said Ambassador to Honduras Vivia Chang had expressed concern to Honduran Foreign Minister Luis Rey on Monday.",
        {"CONCERN_EXPRESSED TWN>HND"},
    ),
    "two titles": (
        "Chilean Foreign Ministry spokesperson Ambassador Dina Soto praised Peru on Monday. Dina accused Kenya of lying.",
        {"ACCUSATION CHL>KEN"},
    ),
    "who is cited": (
        "Peruvian President Luis Rey is to visit Chile in May, according to Kenyan Foreign Minister Ann Otieno. She criticized Uganda.",
        {"CONDEMN KEN>UGA"},
    ),
    "anger over another": (
        "Taiwan recalled its ambassador on Monday in anger over Honduras sending its foreign minister to Beijing.",
        {"VISIT HND>CHN"},
    ),
    "whose attacks": (
        "Oman and Kuwait condemned the Houthi attacks which targeted an airport in Saudi Arabia on Monday.",
        {"CONDEMN KWT,OMN>Houthis", "ARMED_CLASH Houthis>SAU"},
    ),
    "and calls": (
        "Chile strongly condemns Peru's attempts to suppress the vote and calls on Kenya to act, its foreign minister said on Monday.",
        {"CONDEMN CHL>PER", "URGE CHL>KEN"},
    ),
    "discussions on": ("Chile has held discussions on a defense pact with Peru and Kenya, its minister said on Monday.", {"MULTILATERAL_MEETING CHL,KEN,PER"}),
    "set up ties": ("Honduran President Ana Soto announced on Monday that the nation would set up diplomatic ties with China.", {"RELATIONS_RAISED CHN,HND"}),
    "broken promises": ("China has failed to deliver on its promises, Taiwan's foreign ministry said on Monday.", {"ACCUSATION TWN>CHN"}),
    "note of protest": (
        "Lithuania summoned Russian charge d'affaires Oleg Belov on Monday to give him a protest note about drones in Poland.",
        {"ENVOY_SUMMONED LTU>RUS", "FORMAL_PROTEST LTU>RUS"},
    ),
    "whose drones": ("Poland complained on Monday about an incident involving Russian drones violating its airspace.", {"INCURSION RUS>POL"}),
    "Sahel": ("The Sahel states criticized ECOWAS on Monday.", {"CONDEMN BFA,MLI,NER>ECOWAS"}),
    "their membership": (
        "Mali and Niger held talks on Monday. ECOWAS condemned the coups, suspended their membership and urged them to hold elections.",
        {"SANCTION_IMPOSED ECOWAS>MLI,NER", "URGE ECOWAS>MLI,NER"},
    ),
    "signing by": ("The United Nations on Monday welcomed the signing of the border treaty by Kenya and Uganda.", {"TREATY_SIGNED KEN,UGA", "PRAISE United Nations>KEN,UGA"}),
    "courtesy call": (
        "Japanese Foreign Minister Ken Mori received a courtesy call from U.S. Ambassador to Japan Ann Lee on Monday.",
        {"MINISTERIAL_TALKS JPN,USA"},
    ),
    "paid a call": ("Indian envoy Ravi Mehta paid a courtesy call on Nepalese Prime Minister Hari Rai on Monday.", {"MINISTERIAL_TALKS IND,NPL"}),
    "spokeswoman": (
        "Chinese Foreign Ministry spokeswoman Lin Mei criticized Japan on Monday. The spokeswoman said the United States had violated the principles of the treaty.",
        {"ACCUSATION CHN>USA"},
    ),
    "the Secretary": (
        "U.S. Secretary of State John Hale spoke with Pakistani Foreign Minister Omar Dar on Monday. The Secretary and Foreign Minister Dar agreed to cooperate on trade.",
        {"AGREE_COOPERATE PAK,USA"},
    ),
    "open quotation": (
        "Chinese Foreign Ministry spokeswoman Lin Mei criticized Japan on Monday. \"We urge the United States to stop the sale. It must end at once.\"",
        {"URGE CHN>USA"},
    ),
    "State of": ("Kenya on Monday urged the Government of the State of Eritrea to hold elections.", {"URGE KEN>ERI"}),
    "held by": ("Chile voiced solidarity on Monday with citizens of Ukraine, who were detained by the Russian authorities.", {"DETENTION RUS>UKR"}),
    "opposes exchanges": ("China opposes official exchanges between Peru and Kenya, its foreign ministry said on Monday.", {"OPPOSE CHN>KEN,PER"}),
    "drills": ("China carried out assault drills near Taiwan on Monday.", {"DEPLOYMENT CHN"}),
    "no breakthrough": ("The leaders of Serbia and Kosovo made no breakthrough in talks on Monday.", {"WORKING_TALKS SRB,XKX"}),
    "face-to-face": ("Serbia and Kosovo refused to meet face-to-face on Monday.", {"REJECTION SRB>XKX", "REJECTION XKX>SRB"}),
    "and another did": (
        "Brazil sent troops to its border with Venezuela and Peru held military drills with Guyana on Monday.",
        {"COOPERATION_DONE GUY,PER"},
    ),
    "meeting of leaders": ("Chile and Peru praised Kenya. Ghana hosted a meeting of the leaders of Guyana and Venezuela on Monday.", {"MEDIATION GHA>GUY,VEN"}),
    "signed between": (
        "The treaty, signed at the start of the month between Beijing and Honiara, would harm the region, Australia said on Monday.",
        {"TREATY_SIGNED CHN,SLB"},
    ),
    "truce signed in": (
        "Peru urged Bolivia on Monday to adhere to the truce agreement signed in Chile late last month.",
        {"URGE PER>BOL", "CEASEFIRE PER>BOL"},
    ),
    "captured by": ("The fate of 18 Bolivian soldiers captured by Peru on Monday remains unresolved.", {"ARMED_CLASH PER>BOL"}),
    "consignment from": ("The first consignment of rice from an Australian donation arrived in Sri Lanka on Monday.", {"AID_DELIVERED AUS>LKA"}),
    "FM and PM": ("Japan's FM Ken Mori met Kenyan PM Dan Otieno on Monday.", {"MINISTERIAL_TALKS JPN,KEN"}),
    "representations": ("China has lodged solemn representations with Japan over its moves, it said on Monday.", {"FORMAL_PROTEST CHN>JPN"}),
    "phone talk": ("Kenyan Foreign Minister Dan Otieno held a phone talk with his Georgian counterpart on Monday.", {"CALL GEO,KEN"}),
    "summoned by name": (
        "A Chinese official summoned Akira Yokota, deputy chief of the Japanese Embassy in China, on Monday and lodged the protest.",
        {"ENVOY_SUMMONED CHN>JPN", "FORMAL_PROTEST CHN>JPN"},
    ),
    "unfortunate": ("Burundi's decision to close the border was unfortunate, Rwanda's spokeswoman said on Monday.", {"CONDEMN RWA>BDI"}),
}  # fmt: skip


def told(text: str, on: dt.date = dt.date(2026, 3, 3)) -> set[str]:
    """Events as `TYPE actors>recipients`, both in the order of the alphabet."""

    def side(parties: tuple) -> str:  # type: ignore[type-arg]
        return ",".join(sorted(p.country or p.name for p in parties))

    return {f"{e.event_type} {side(e.actors)}{'>' if e.recipients else ''}{side(e.recipients)}" for e in code_text(Text(text, on, home="CHE"))}


@pytest.mark.parametrize("case", CASES)
def test_whom_words_mean(case: str) -> None:
    text, expected = CASES[case]
    assert expected <= told(text)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Iran-backed militias attacked American troops on Monday.", "IRN"),
        ("Vietnam brought 100,000 U.S. dollars' worth of medicine to Laos on Monday.", "USA"),
        ("The United States quit a pact with Iran on Monday and announced sanctions against the OPEC member.", "OPEC"),
        ("A French lawyer filed a lawsuit against visiting Saudi Crown Prince Faisal bin Omar on Monday.", "VISIT"),
        ("Boko Haram torched a village in Cameroon on Monday, killing 11 people in their sleep.", ">Boko Haram"),
        ("The United Nations, NATO and Iran on Monday condemned the attack on a government building in Kabul.", "ARMED_CLASH"),
        ("Egypt is willing to hold talks with Ethiopia, an official said on Monday.", "TALKS"),
        ("Chile no longer considers the settlements of Israel illegal, its minister said on Monday.", "CONDEMN"),
        ("Chilean President Ana Soto smiled. Robert Hale, a historian, said the law was odd. He threatened Peru with a lawsuit.", "CHL"),
        ("Russia warned Chile on Monday that it would act if Chile did not accept the terms of Peru.", "REJECTION"),
        ("North Korea repeated on Monday its demand that the United States ease sanctions.", "SANCTION_LIFTED"),
        ("The United States on Monday lifted its embargo against Libya.", "SANCTION_IMPOSED"),
        ("Tehran may be planning to attack American forces, an envoy of Chile said on Monday.", "ARMED_CLASH"),
        ("Chilean President Ana Soto held bilateral discussions with Peruvian President Luis Rey on Monday.", "COOPERATION_DONE"),
        ("The Nikkei of Japan declined 3 percent on Monday after a fall of the index of South Korea.", "REJECTION"),
        ("A Qatar-based company sued Chile on Monday, and Peru praised Chile.", "QAT"),
        ("Japan criticized its policy of not supplying weapons to Ukraine.", "REJECTION"),
        ("Chile's president said no official of Chile would visit Peru on Monday.", "VISIT"),
        ("Colombia offered no apology to Ecuador on Monday.", "APOLOGY"),
        ("Chile praised Peru on Monday, and they agreed on a plan for the port and to resume talks with Kenya.", "KEN"),
        ("Japan condemned Chile's use of its ships on Monday to block a Peruvian boat from delivering food.", "REJECTION"),
        ("Peru's boats delivered food and fuel to the Peruvian forces on the shoal on Monday, Chile said.", "AID_DELIVERED"),
        ("U.S. sanctions targeting banks in Belarus took effect on Monday.", "ARMED_CLASH"),
        ("France took the decision on Monday in protest against the military operation launched by Russian President Ivan Orlov.", "COUP"),
        ("Chilean President Ana Soto exchanged proposals with Peru on Monday about a cease-fire deal.", "ARMED_CLASH"),
        ("Thousands of Israelis protested against Israel's government on Monday, as did Chile.", "FORMAL_PROTEST ISR"),
        ("The State Department of the United States condemned the latest missile test of North Korea on Monday.", "MISSILE_TEST USA"),
        ("Iran demanded guarantees from the United States on Monday before resuming talks.", "TALKS_AGREED"),
        ("Britain initiated a process on Monday to re-impose sanctions on Iran.", "SANCTION_IMPOSED"),
        ("Britain warned Iran on Monday that it may trigger the mechanism, reinstating sanctions on Iran.", "SANCTION_IMPOSED"),
        ("The strikes of Israel on Monday derailed talks between Iran and the United States.", "TALKS IRN,USA"),
        ("The United Nations was set on Monday to reimpose sanctions on Iran.", ">United Nations"),
        ("Iran is to hold a call with the British foreign minister on Monday.", "ACCUSATION"),
        ("Kenya agreed on Monday to continue consultations during talks in Istanbul.", ">TUR"),
        ("A summit between Chilean President Ana Soto and Peruvian President Luis Rey is planned for May.", "SUMMIT_TALKS"),
        ("Chilean President Ana Soto was to have talks with Peruvian President Luis Rey on Monday.", "SUMMIT_TALKS"),
        ("Chile dismissed speculation on Monday of an imminent summit with Peru.", "TALKS"),
        ("Chile set up a framework for providing weapons to Peru on Monday.", "DELIVERED"),
        ("Chilean President Ana Soto ordered her foreign minister on Monday to establish ties with Peru.", "DEMAND"),
        ("The Central American nation praised Chile on Monday.", "USA"),
        ("China requires that the allies of Taiwan sever ties with Taipei.", "RELATIONS_LOWERED"),
        ("Japanese Prime Minister Ken Mori spoke in Chile on Monday before he left for Tokyo to rest from the heat of Peru.", "VISIT"),
        ("The United States vetoed a resolution condemning Israel's raid on Monday.", "CONDEMN"),
        ("Peru praised Kenya on Monday. The proposal angered Chile. In addition, it called on Japan to act.", "URGE"),
        ("Chile noted the importance on Monday of the early resumption of talks between Peru and Kenya.", "TALKS"),
        ("North Korea launched 35 missiles into the East and Yellow Seas on Monday in anger at Japan.", "ARMED_CLASH"),
        ("U.S. tariffs on Canada came into effect on Monday.", "TREATY_RATIFIED"),
        ("The United States exchanged 24 prisoners with Russia on Monday.", "TALKS"),
        ("Yemen handed over a letter to the Qatari foreign minister on Monday.", "AID_DELIVERED"),
        ("Kenya called Peru's and Chile's premiers on Monday, and Anwar said he voiced concern to Peru.", "CONCERN"),
        ("Chile said on Monday it was not taking lightly the conflict between Peru and Kenya.", "REJECTION"),
        ("Cambodia fired rockets and artillery on Monday in an escalation of its row with Thailand.", "MISSILE_TEST"),
        ("Rebels from Chad captured Khartoum on Monday.", "DETENTION"),
        ("Indian envoy Ravi Mehta left for India on Monday after talks in Nepal.", "VISIT"),
        ("Burundi's president arrived in Kinshasa on Monday for a two-day visit.", "CHE"),
        ("The African Union has neither declared war on the people of Mali nor sent troops, Kenya said on Monday.", ">MLI"),
        ("China said on Monday it had turned back Philippine boats which it accuses of harming its reefs.", "PHL>CHN"),
        ("Chinese coast guard ships blocked and fired water cannons at Philippine boats on Monday.", "REJECTION"),
        ("Chile called on Peru on Monday not to test its firm resolve to defend our lawful rights.", "SUPPORT_ENDORSE"),
        ("Chile called on Peru on Monday not to test its firm resolve to defend our lawful rights.", "SETTLEMENT"),
        ("Chile and Peru agreed on Monday on the need to provide humanitarian assistance to Haiti.", "AID_PLEDGED"),
        ("Chilean Foreign Minister Eva Cruz, on a tour of the Middle East, thanked Kenya on Monday.", "VISIT"),
        ("Chilean President Ana Soto will attend a Shanghai Cooperation Organization summit on Monday.", "AGREE_COOPERATE"),
        ("Chilean Foreign Minister Eva Cruz agreed with her regional counterparts on Monday to put more pressure on Peru.", "PER"),
        ("Chilean Foreign Minister Eva Cruz cast doubt on Monday on any deal signed by Peruvian President Luis Rey.", "TREATY_SIGNED"),
        ("Chile on Monday lamented the silence of Peru on its proposal to finalize and sign the treaty.", "TREATY_SIGNED"),
        ("Chile claimed on Monday that the term of Peru's president was no longer valid.", "DENIAL"),
        ("Chilean President Ana Soto thanked Peru on Monday, her first visit since taking office.", "TAKES_OFFICE"),
        ("When asked to comment on Peru's idea, Chilean President Ana Soto smiled on Monday.", "URGE"),
        ("Countries sharing a border with Peru have urged Chile to hold back, a Kenyan minister said on Monday.", "URGE PER"),
        ("Chile has insisted since Monday on African Union-mediated talks with Peru.", "African Union"),
        ("Chilean President Ana Soto said on Monday she would see what she could do to help Peru and Kenya reach an agreement.", "TREATY_SIGNED"),
        ("Chile said on Monday that no decisions on sanctions against Peru had been taken.", "SANCTION"),
        ("Chile dismissed on Monday a concern that Peru would be the next nation to break ties with Taiwan.", "RELATIONS_LOWERED"),
        ("Chile warned Kenya on Monday of the risk of trusting Peru's commitment to establishing diplomatic relations.", "RELATIONS_RAISED"),
        ("Chilean Foreign Minister Eva Cruz said on Monday relations between Peru and Kenya should be handled well.", "URGE"),
        ("Chile and Peru intercepted missiles fired by the Houthis on Monday.", "DETENTION"),
        ("The Houthis said on Monday they were suspending drone attacks on Saudi Arabia.", "SANCTION"),
        ("Chile on Monday condemned the recent attacks in Kenya.", "CONDEMN CHL>KEN"),
        ("Lithuania summoned the Russian envoy on Monday to give him a protest note about drones.", "ARMS_TRANSFER"),
        ("Peru's envoy said on Monday he was called to the foreign ministry of Chile.", "URGE"),
        ("Chile's president said on Monday that the flights by Peru could not be considered an accident.", "DENIAL"),
        ("Chile and Peru met on Monday for talks concerning Kenya.", "CONCERN"),
        ("Mali turned to Russia on Monday for help in fighting jihadists.", "ARMED_CLASH"),
        ("Mali turned to Russia on Monday for help in fighting jihadists.", "COOPERATION_DONE"),
        ("ECOWAS leaders met in Abuja on Monday, appointing the presidents of Senegal and Togo as mediators with Mali.", "TALKS"),
        ("Tajikistan's president will visit Kyrgyzstan on Friday to hold talks with Kyrgyz President Azamat Bekov.", "SUMMIT_TALKS"),
        ("Poland asked NATO on Monday to invoke the article to hold consultations among its members.", "TALKS"),
        ("Russia's ambassador in Poland was called to the ministry on Monday and given a note of protest.", "RUS>POL"),
        ("The plan of Peru will be met with a resolute response by China, its foreign ministry said on Monday.", "VISIT_ANNOUNCED"),
        ("The European Union expects Russia to release Ukrainian sailors, it said on Monday.", "RELEASE"),
        ("The European Union called on Monday for the release of Ukrainian sailors.", ">UKR"),
        ("NATO said on Monday that it would act should Kosovo and Serbia continue to fight.", "URGE"),
        ("Chile's premier agreed on Monday to postpone the move, facing pressure from Peru.", "AGREE_COOPERATE"),
        ("The court warned Venezuela on Monday not to take any action against Guyana.", "REJECTION"),
        ("Russia and China vetoed a draft resolution on Monday calling for a truce in Syria.", "CALL_FOR_SETTLEMENT"),
        ("The first consignment of rice from an Australian donation arrived in Sri Lanka on Monday.", "VISIT"),
        ("The United States blamed an attack on a U.S. base in Jordan that killed three American soldiers on rebels on Monday.", "USA>USA"),
        ("The United States imposed sanctions on Monday on four companies involved in providing missiles to Iran.", "ARMS_TRANSFER"),
        ("Staff of Capital FM met the president of Peru on Monday.", "CHE"),
        ("The Chadian and Nigerian governments have yet to issue a joint statement on the border, a minister said on Monday.", "JOINT_STATEMENT"),
        ("Burundi accused Rwanda on Monday of backing Burundian rebels.", "SUPPORT_ENDORSE"),
        ("Burundi closed the border with Rwanda on Monday, claiming it was a response to its aid for rebels.", "DENIAL"),
        ("A pact with Arab states that have normalised relations with Israel was signed in Chile.", "RELATIONS_RAISED"),
    ],
)
def test_what_is_only_of_a_kind_or_not_done_is_not_coded(text: str, absent: str) -> None:
    assert not [e for e in told(text) if absent in e]


def test_regions() -> None:
    assert is_in_region("MLI", "African") and is_in_region("FRA", "Europeans") and is_in_region("QAT", "Gulf") and is_in_region("XKX", "European")
    assert not is_in_region("USA", "American") and not is_in_region(None, "African") and not is_in_region("MLI", "Martian")
