"""What is read from a vacancy: text, place, title, level, skills, duplicates."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from etl.enrich import dedupe, level, scan, understand
from etl.enrich.language import language
from etl.enrich.occupation import cleaned
from etl.enrich.place import Gazetteer
from etl.enrich.skills import SkillMatcher
from etl.enrich.text import plain
from etl.enrich.vocabulary import Vocabulary
from warehouse import reference


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.shipped()


@pytest.fixture(scope="module")
def gazetteer(vocabulary: Vocabulary) -> Gazetteer:
    return vocabulary.gazetteer


@pytest.mark.parametrize(("text", "province", "expected"), [
    ("Zwolle", None, ("GM0193", "resolved")), ("ZWOLLE (Overijssel)", None, ("GM0193", "resolved")), ("8011 AB Zwolle", None, ("GM0193", "resolved")), ("Den Haag", None, ("GM0518", "resolved")),
    ("'s-Gravenhage", None, ("GM0518", "resolved")), ("Den Bosch", None, ("GM0796", "resolved")), ("Genemuiden", None, ("GM1896", "resolved")), ("Zwolle, Overijssel", None, ("GM0193", "resolved")),
    ("Hengelo", None, (None, "ambiguous")), ("Hengelo (Ov)", None, ("GM0164", "resolved")), ("Hengelo Gld", None, ("GM1876", "resolved")), ("Hengelo", "Overijssel", ("GM0164", "resolved")),
    ("Bergen", None, (None, "ambiguous")), ("Bergen NH", None, ("GM0373", "resolved")), ("Bergen (L)", None, ("GM0893", "resolved")), ("regio Zwolle", None, (None, "region only")), ("Zwolle en omgeving", None, (None, "region only")), ("Venlo e.o.", None, (None, "region only")), ("Leeuwarden / deels thuis", None, ("GM0080", "resolved")), ("Hoorn", None, ("GM0405", "resolved")), ("omgeving Zwolle", None, (None, "region only")),
    ("Zeeland", None, (None, "region only")), ("Utrecht", None, ("GM0344", "resolved")), ("Zwolle / Meppel", None, (None, "ambiguous")), ("Thuiswerken", None, (None, "missing")), ("", None, (None, "missing")), ("Atlantis", None, (None, "unknown")),
    ("Duitsland", None, (None, "abroad")),
])
def test_a_place_is_resolved_or_honestly_left_open(gazetteer: Gazetteer, text: str, province: str | None, expected: tuple[str | None, str]) -> None:
    assert gazetteer.resolve(text, province) == expected


@pytest.mark.parametrize(("title", "name"), [
    ("Allround lasser m/v", "lasser"), ("TIG Lasser 32-40 uur in Zwolle", "lasser"), ("Topbaan! Vrachtwagenchauffeur (CE)", "vrachtwagenchauffeur"), ("Verzorgende IG - Kampen", "verzorgende ig"),
    ("Junior software developer", "software developer"), ("Kok gezocht!", "kok"), ("ervaren elektromonteur", "elektricien"),
])
def test_a_title_is_linked_to_its_occupation(vocabulary: Vocabulary, title: str, name: str) -> None:
    labels = dict(zip(reference.read("occupations")["esco_uri"], reference.read("occupations")["label_nl"], strict=True))
    uri, confidence = vocabulary.titles.match(title)
    assert uri and labels[uri].split("|")[0].startswith(name.split()[0][:4]) and confidence >= 0.5


def test_a_title_that_says_nothing_is_linked_to_nothing(vocabulary: Vocabulary) -> None:
    assert vocabulary.titles.match("Duizendpoot") == (None, 0.0)


def test_title_noise_is_taken_away() -> None:
    assert cleaned("Lasser (m/v) 32-40 uur mbo 3 in Zwolle") == "lasser"


def test_escaped_html_becomes_clean_lines_without_contact_data() -> None:
    text = plain("&amp;lt;p&amp;gt;Bel Henk: 06-12345678 of mail henk@bedrijf.example&amp;lt;/p&amp;gt;&amp;lt;ul&amp;gt;&amp;lt;li&amp;gt;lassen&amp;lt;/li&amp;gt;&amp;lt;/ul&amp;gt;")
    assert text == "Bel [naam verwijderd]: [telefoonnummer verwijderd] of mail [e-mail verwijderd]\nlassen"


def test_scripts_and_direction_marks_do_not_survive() -> None:
    assert plain("<p>veilig<script>alert(1)</script>\u202e werk</p>") == "veilig werk"


MATCHER = SkillMatcher({"lassen": "welding", "TIG": "tig", "excel": "excel", "VCA": "vca", "heftruckcertificaat": "forklift", "SAP": "sap"})


def mentioned(text: str, title: str = "") -> set[str]:
    return {skill for skill, _, _ in MATCHER.find(title, text)}


@pytest.mark.parametrize(("text", "expected"), [
    ("Je kunt lassen en hebt VCA.", {"welding", "vca"}), ("Een verlassen gebouw.", set()), ("tig jaren ervaring", set()), ("TIG is een pre", {"tig"}), ("Een heftruckcertificaat is niet nodig.", set()),
    ("Je krijgt een cursus Excel.", set()), ("Kennis van Excel.", {"excel"}), ("Geen ervaring met SAP vereist.", set()), ("Wij zijn marktleider in SAP. Je kent Excel.", {"excel"}),
    ("Wat vragen wij?\nExcel\nWat bieden wij?\nVCA\nJouw profiel\nlassen", {"excel", "welding"}), ("Over ons\nWij doen SAP en lassen.", set()),
])
def test_only_what_is_asked_counts_as_a_skill(text: str, expected: set[str]) -> None:
    assert mentioned(text) == expected


def test_a_mention_carries_its_offsets_and_the_title_has_none() -> None:
    found = {skill: (start, end) for skill, start, end in MATCHER.find("TIG lasser", "Je kunt lassen.")}
    assert found == {"welding": (8, 14), "tig": (-1, -1)}


@pytest.mark.parametrize(("education", "text", "expected"), [
    ("MBO niveau 3", "", "mbo3"), ("", "mbo 3/4 werk- en denkniveau", "mbo3"), ("", "Je hebt mbo-niveau 2", "mbo2"), ("HBO", "", "hbo"), ("", "minimaal mbo", "mbo"), ("", "een universitaire master", "wo"), ("", "vmbo of gewoon zin", "none"), (None, "mbo of hbo", "mbo"),
])
def test_the_requested_level_is_the_lowest_that_is_asked(education: str | None, text: str, expected: str) -> None:
    assert level.level(education, text) == expected


@pytest.mark.parametrize(("written", "expected"), [("32-40 uur", (32.0, 40.0)), ("fulltime", (36.0, 40.0)), ("24 uur per week", (24.0, 24.0)), ("", (None, None)), ("24 uur per dag bereikbaar, 168 uur", (24.0, 24.0))])
def test_hours_a_week_are_read(written: str, expected: tuple[float | None, float | None]) -> None:
    assert level.hours(written, "") == expected


@pytest.mark.parametrize(("text", "expected"), [("Wij zoeken een kok voor onze keuken en je werkt met het team in de zaak", "nl"), ("We are looking for a cook and you will work with the team in our kitchen", "en"),
                                               ("Wir suchen einen Koch und du bist mit dem Team in der Küche für uns", "other"), ("", "other"), ("12345", "other")])
def test_language_is_told_apart(text: str, expected: str) -> None:
    assert language(text) == expected


TEXT = " ".join(f"woord{i} zin{i % 7} over werk en taak nummer {i}" for i in range(60))


def groups(*rows: tuple[int, date, str, str]) -> dict[int, int]:
    """Adverts (id, first seen, municipality, text) of one title -> group per id."""
    ids, days, places, texts = (list(column) for column in zip(*rows, strict=True))
    numbers = [day.toordinal() for day in days]
    found = dedupe.groups(dedupe.Adverts(ids, numbers, numbers, places, ["lasser"] * len(ids), [""] * len(ids), dedupe.sketches([[scan.number(word.strip(scan.SIGNS)) for word in text.lower().split()] for text in texts])))
    return dict(zip(ids, found, strict=True))


def test_a_repost_with_small_changes_counts_once_and_is_named_after_the_first() -> None:
    changed = TEXT.replace("woord3 ", "iets anders ") + " Solliciteer snel."
    assert groups((9, date(2025, 1, 1), "a", TEXT), (2, date(2025, 2, 1), "a", changed)) == {9: 9, 2: 9}


def test_another_vacancy_another_place_or_much_later_is_another_group() -> None:
    other = " ".join(f"geheel{i} anders{i % 5} verhaal {i}" for i in range(60))
    assert groups((1, date(2025, 1, 1), "a", TEXT), (2, date(2025, 1, 2), "a", other)) == {1: 1, 2: 2}
    assert groups((1, date(2025, 1, 1), "a", TEXT), (2, date(2025, 1, 2), "b", TEXT)) == {1: 1, 2: 2}
    assert groups((1, date(2025, 1, 1), "a", TEXT), (2, date(2025, 9, 2), "a", TEXT)) == {1: 1, 2: 2}


def test_the_outcome_does_not_depend_on_order_or_workers(vocabulary: Vocabulary, small_year: object, small_settings: object) -> None:
    from sqlalchemy import select

    from etl.settings import Settings
    from warehouse import schema
    from warehouse.work import WorkDatabase

    assert isinstance(small_settings, Settings)
    with WorkDatabase(small_settings.data / "work.duckdb") as work:
        adverts = work.frame(select(schema.advert)).head(4500)
    once = understand(adverts, vocabulary, workers=1)
    again = understand(adverts.sample(frac=1, random_state=3), vocabulary, workers=2)
    pd.testing.assert_frame_equal(once.vacancies, again.vacancies)
    pd.testing.assert_frame_equal(once.mentions, again.mentions)
    assert (once.vacancies["sector"].isna() == once.vacancies["unmapped_reason"].notna()).all()


@pytest.mark.parametrize("text", ["Word jij onze nieuwe collega?", "Plaatwerk knippen, zetten en kanten.", "Wij zoeken exact zo iemand als jij.", "De bediening van de machine leer je snel."])
def test_ordinary_words_are_no_skills(vocabulary: Vocabulary, text: str) -> None:
    labels = dict(zip(reference.read("skills")["skill_id"], reference.read("skills")["label_nl"], strict=True))
    found = {labels[skill] for skill, _, _ in vocabulary.matcher.find("", text)}
    assert found <= {"Kantbank bedienen", "Staalbewerking"}


@pytest.mark.parametrize(("written", "kept"), [
    ("Bel Ton Brouwer, teamleider, of mail ons.", "Bel [naam verwijderd], teamleider, of mail ons."), ("Neem contact op met Sanne de Vries of Kim.", "Neem contact op met [naam verwijderd]."),
    ("Onze recruiter Marieke Jansen-Bos helpt je.", "Onze recruiter [naam verwijderd] helpt je."), ("Vragen over Excel en Word.", "Vragen over Excel en Word."),
    ("Contact met klanten in Zwolle en Meppel.", "Contact met klanten in Zwolle en Meppel."), ("Duits spreek je vloeiend, Frans is een pré.", "Duits spreek je vloeiend, Frans is een pré."),
])
def test_names_of_persons_to_reach_are_removed(written: str, kept: str) -> None:
    assert plain(written) == kept


@pytest.mark.parametrize(("place", "text", "expected"), [
    ("Hengelo", "Een metaalbedrijf met vestigingen in Almelo en Haaksbergen.", "GM0164"), ("Hengelo", "Je rijdt door de hele Achterhoek.", "GM1876"), ("Hengelo", "Een fijne baan.", None),
    ("Hengelo", "Je werkt in Twente en in de Achterhoek.", None), ("", "Een fijne baan.", "GM0193"),
])
def test_an_advert_decides_between_namesakes_only_when_it_is_clear(gazetteer: Gazetteer, place: str, text: str, expected: str | None) -> None:
    assert gazetteer.resolve_in(place, None, "Lasser - Zwolle", text)[0] == expected


def test_a_study_and_what_is_told_before_the_reader_is_spoken_to_are_no_requests(vocabulary: Vocabulary) -> None:
    text = "Van Dam is sterk in elektrotechniek en loodgieterswerk.\nWat vragen wij?\nMbo niveau 3, richting elektrotechniek\nJe kunt metselen"
    counted, ignored = vocabulary.matcher.read("Monteur", text)
    assert {text[m.start:m.end].lower() for m in counted} == {"metselen"}
    assert {i.why for i in ignored} == {"company", "study"}


def test_the_text_names_the_job_when_the_title_does_not(vocabulary: Vocabulary) -> None:
    assert vocabulary.titles.match("Toppers gezocht in Zwolle!", "Wij zoeken een allround timmerman voor mooie projecten.")[0] == vocabulary.titles.match("timmerman")[0]


SKILLED = [1 << i for i in range(12)]


def pair(hours: tuple[float, float], level: str, town: str = "GM0193", employer: str = "bakker") -> list[int]:
    """Groups of an employer's advert and an agency's, that ask for the same skills; the second with these hours and this level."""
    numbers = [[scan.number(f"woord{i}eigen{part}") for i in range(40)] for part in (0, 1)]
    return dedupe.groups(dedupe.Adverts(
        [1, 2], [10, 20], [10, 20], ["GM0193", town], ["kok", "kok"], [employer, "flexwerk"], dedupe.sketches(numbers), [sum(SKILLED), sum(SKILLED[:10])], [False, True], ["5120", "5120"],
        [(32.0, 32.0, "mbo3"), (*hours, level)]))


def test_an_agencys_version_in_other_words_is_the_same_vacancy_unless_something_contradicts() -> None:
    assert pair((32.0, 32.0), "mbo3") == [1, 1]
    assert pair((40.0, 40.0), "mbo3") == [1, 2]
    assert pair((32.0, 32.0), "hbo") == [1, 2]
    assert pair((32.0, 32.0), "mbo3", town="GM0307") == [1, 2]
    assert pair((32.0, 32.0), "mbo3", employer="flexwerk") == [1, 2]
