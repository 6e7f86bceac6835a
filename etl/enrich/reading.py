"""Reading one batch of adverts: what each says by itself. Duplicates need all of them and come later."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from etl.enrich import level
from etl.enrich.dedupe import Sketches, sketches
from etl.enrich.language import language
from etl.enrich.occupation import cleaned
from etl.enrich.sector import sector_of
from etl.enrich.text import one_line, plain
from etl.enrich.vocabulary import Vocabulary

# What is read of an advert, in this order; missing values are None.
FIELDS = ("source", "source_id", "url", "title", "description", "employer", "place_text", "province_text", "country", "employment_type", "education_text")
# What comes out per advert, columns of table vacancy.
READ = (
    "vacancy_id", "source", "source_id", "region_code", "municipality_code", "place_text", "place_status", "title", "text", "employer", "url", "language", "occupation_uri", "isco4",
    "occupation_confidence", "level", "hours_min", "hours_max", "sector", "unmapped_reason", "skill_ids",
)
NETHERLANDS = frozenset({"", "nl", "nld", "nederland", "netherlands", "the netherlands", "holland"})

Row = tuple[Any, ...]


@dataclass
class Batch:
    """Of a batch: rows in the order of READ, mentions (vacancy_id, region_code, skill_id, start, end), and what duplicates are found by."""

    rows: list[Row]
    mentions: list[tuple[int, str | None, str, int, int]]
    subjects: list[str]
    sketches: Sketches


def vacancy_id(source: str, source_id: str) -> int:
    """A stable positive number below 2**63 for an advert of a source."""
    return int.from_bytes(hashlib.sha256(f"{source}\0{source_id}".encode()).digest()[:8], "big") >> 1


def read_batch(adverts: Sequence[Row], vocabulary: Vocabulary) -> Batch:
    """Read adverts given as tuples in the order of FIELDS."""
    rows, mentions, subjects = [], [], []
    for advert in adverts:
        row, found, subject = read_advert(advert, vocabulary)
        rows.append(row)
        subjects.append(subject)
        identifier, region = row[0], row[3]
        mentions.extend([(identifier, region, skill, start, end) for skill, start, end in found])
    text = READ.index("text")
    return Batch(rows, mentions, subjects, sketches([row[text] for row in rows]))


def read_advert(advert: Row, vocabulary: Vocabulary) -> tuple[Row, list[tuple[str, int, int]], str]:
    """One advert: its row (order of READ), mentions (skill, start, end) and what it is about (occupation, or cleaned title)."""
    source, source_id, url, raw_title, description, employer, place_text, province_text, country, contract, education = advert
    title, text = one_line(raw_title), plain(description or "")
    municipality, status = place_of(place_text, province_text, country, vocabulary)
    tongue = language(text)
    occupation, confidence = vocabulary.titles.match(title, text)
    asked = level.level(education, text, title)
    low, high = level.hours(contract, text, title)
    sector, reason = sector_of(
        occupation, asked, level.learning_place(title, contract, text),
        sectors=vocabulary.sector_of, level_min=vocabulary.level_min, has_programme=vocabulary.has_programme)
    found = vocabulary.matcher.find(title, text) if tongue != "other" else []
    row = (
        vacancy_id(source, source_id), source, source_id, vocabulary.region_of.get(municipality) if municipality else None, municipality, place_text, status, title, text,
        one_line(employer) or None, web_address(url), tongue, occupation, (vocabulary.isco.get(occupation) or None) if occupation else None,
        confidence if occupation else None, asked, low, high, sector, reason, "|".join([skill for skill, _, _ in found]),
    )
    return row, found, occupation or cleaned(title)


def web_address(url: str | None) -> str | None:
    """An http(s) address, or None: other schemes must never become a link."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def place_of(place: str | None, province: str | None, country: str | None, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """(municipality code or None, place status) of an advert."""
    if country and country.strip().lower() not in NETHERLANDS:
        return None, "abroad"
    return vocabulary.gazetteer.resolve(place, province)
