"""Reading one batch of adverts: what each says by itself. Duplicates need all of them and come later."""

from __future__ import annotations

import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from etl.enrich import cues, level, starters
from etl.enrich.dedupe import Sketches, sketches
from etl.enrich.language import language
from etl.enrich.occupation import cleaned
from etl.enrich.sector import sector_of
from etl.enrich.skills import AGENCY, HOURS, LEARNING, LEVEL, Ignored, Mention, Scanned
from etl.enrich.text import one_line, plain
from etl.enrich.vocabulary import Vocabulary

# What is read of an advert, in this order; missing values are None.
FIELDS = ("source", "source_id", "url", "title", "description", "employer", "place_text", "province_text", "country", "employment_type", "education_text")
# What comes out per advert, columns of table vacancy.
READ = (
    "vacancy_id", "source", "source_id", "region_code", "municipality_code", "place_text", "place_status", "title", "text", "employer", "url", "language", "occupation_uri", "isco4",
    "occupation_confidence", "occupation_second", "level", "hours_min", "hours_max", "sector", "unmapped_reason", "experience_years", "starters", "starters_rule", "skill_ids",
)
TEXT = READ.index("text")
# Columns of tables vacancy_skill (and the number of the sentence) and vacancy_ignored.
MENTION = {"vacancy_id": "int64", "region_code": "str", "skill_id": "str", "start": "int64", "end": "int64", "required": "bool", "sentence": "int64"}
IGNORED = {"vacancy_id": "int64", "region_code": "str", "start": "int64", "end": "int64", "why": "str"}
TITLE, DESCRIPTION = FIELDS.index("title"), FIELDS.index("description")
TOGETHER = 600_000  # characters of adverts whose words are looked up together
NETHERLANDS = frozenset({"", "nl", "nld", "nederland", "netherlands", "the netherlands", "holland"})

Row = tuple[Any, ...]


@dataclass
class Batch:
    """Of a batch: rows in the order of READ, mentions (MENTION) and ignored phrases (IGNORED), and what duplicates are found by."""

    rows: list[Row]
    mentions: pd.DataFrame
    ignored: pd.DataFrame
    subjects: list[str]
    sketches: Sketches
    agency: list[bool]


@dataclass
class Reading:
    """One advert as read: values of READ without skill_ids, all its mentions, what was ignored, what it is about (for duplicates),
    what its title is known as (an occupation, or ISCO and a unit group), and its words."""

    values: Row
    mentions: list[Mention]
    ignored: list[Ignored]
    subject: str
    known: str | None
    scanned: Scanned


def vacancy_id(source: str, source_id: str) -> int:
    """A stable positive number below 2**63 for an advert of a source."""
    return int.from_bytes(hashlib.sha256(f"{source}\0{source_id}".encode()).digest()[:8], "big") >> 1


def read_batch(adverts: Sequence[Row], vocabulary: Vocabulary) -> Batch:
    """Read adverts given as tuples in the order of FIELDS."""
    rows, mentions, ignored, subjects, agency, numbers = [], [], [], [], [], []
    for advert, found in zip(adverts, read_adverts(adverts, vocabulary), strict=True):
        identifier, region = found.values[0], found.values[3]
        first: dict[str, Mention] = {}
        for mention in found.mentions:
            first.setdefault(mention.skill, mention)
        rows.append((*found.values, "|".join(first)))
        subjects.append(found.subject)
        agency.append(is_agency(advert[FIELDS.index("employer")], found.scanned))
        numbers.append(found.scanned.numbers)
        mentions.extend([(identifier, region, m.skill, m.start, m.end, m.required, 0 if m.asked else sentence_number(found.scanned, m.start)) for m in first.values()])
        ignored.extend([(identifier, region, i.start, i.end, i.why) for i in found.ignored])
    return Batch(rows, framed(mentions, MENTION), framed(ignored, IGNORED), subjects, sketches(numbers), agency)


def framed(rows: Sequence[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows as a frame with these columns and their types, however few there are: made where they are read, frames are handed over faster."""
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def read_adverts(adverts: Sequence[Row], vocabulary: Vocabulary, clean: Sequence[str] | None = None, phrases_too: bool = False) -> Iterator[Reading]:
    """Adverts, tuples in the order of FIELDS; `clean`: their texts where the caller cleaned them, `phrases_too` as in SkillMatcher.read."""
    texts = clean if clean is not None else [plain(advert[DESCRIPTION] or "") for advert in adverts]
    said = [(one_line(advert[TITLE]), text) for advert, text in zip(adverts, texts, strict=True)]
    begin = 0
    while begin < len(said):
        end, size = begin, 0
        while end < len(said) and size < TOGETHER:
            size += len(said[end][1])
            end += 1
        for advert, (title, text), scanned in zip(adverts[begin:end], said[begin:end], vocabulary.matcher.scan(said[begin:end], phrases_too), strict=True):
            yield read_advert(advert, title, text, scanned, vocabulary, phrases_too)
        begin = end


def is_agency(employer: str | None, scanned: Scanned) -> bool:
    """True for an advert of somebody who places people with another employer."""
    if employer and cues.AGENCY_NAME.search(employer.lower()):
        return True
    return any(start < 3000 for start, _ in scanned.seen[AGENCY])


def sentence_number(scanned: Scanned, at: int) -> int:
    """A number for the sentence around an offset, the same for equal ones."""
    sentence = bisect_right(scanned.begins, at) - 1
    return zlib.crc32(scanned.folded[scanned.begins[sentence]:scanned.ends[sentence]].strip().encode("utf-8", "replace")) or 1


def read_advert(advert: Row, title: str, text: str, scanned: Scanned, vocabulary: Vocabulary, phrases_too: bool = False) -> Reading:
    """One advert, a tuple in the order of FIELDS, with its clean title and text and what stands in them."""
    source, source_id, url, _, _, employer, place_text, province_text, country, contract, education = advert
    municipality, status = place_of(place_text, province_text, country, vocabulary, title, text)
    tongue = language(scanned.folded)

    def starts(kind: str) -> list[int]:
        return [start for start, _ in scanned.seen[kind]]

    known, confidence, named = vocabulary.titles.find(title, text)
    written = known.rpartition("|")[2] if known else None
    occupation = written if written in vocabulary.classified else None
    isco = vocabulary.unit_group(named, known)
    second = (vocabulary.titles.runner_up(title, text) or "").rpartition("|")[2]
    asked = level.level(education, scanned.folded, title, starts(LEVEL))
    low, high = level.hours(contract, text, title, starts(HOURS))
    sector, reason = sector_of(
        occupation or known, asked, level.learning_place(title, contract, text, starts(LEARNING)),
        sectors=vocabulary.sector_of, level_min=vocabulary.level_min, has_programme=vocabulary.has_programme)
    mentions, ignored = vocabulary.matcher.read(title, text, phrases_too, scanned) if tongue != "other" else ([], [])
    years = starters.years_asked(text)
    values = (
        vacancy_id(source, source_id), source, source_id, vocabulary.region_of.get(municipality) if municipality else None, municipality, place_text, status, title, text,
        one_line(employer) or None, web_address(url), tongue, occupation, isco,
        confidence if known else None, second if second in vocabulary.classified and second != occupation else None, asked, low, high, sector, reason, years, *starters.suits(title, text, years, vocabulary.starter_rules),
    )
    return Reading(values, mentions, ignored, known or cleaned(title), known, scanned)


def web_address(url: str | None) -> str | None:
    """An http(s) address, or None: other schemes must never become a link."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def place_of(place: str | None, province: str | None, country: str | None, vocabulary: Vocabulary, title: str = "", text: str = "") -> tuple[str | None, str]:
    """(municipality code or None, place status) of an advert."""
    if country and country.strip().lower() not in NETHERLANDS:
        return None, "abroad"
    return vocabulary.gazetteer.resolve_in(place, province, title, text)
