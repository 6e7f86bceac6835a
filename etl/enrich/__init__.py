"""What a vacancy says: adverts in, vacancies and skill mentions out. Pure functions of a batch and a vocabulary."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from etl.enrich import dedupe, level
from etl.enrich.language import language
from etl.enrich.text import one_line, plain
from etl.enrich.vocabulary import Vocabulary

BATCH = 2000
FIELDS = ("source", "source_id", "url", "title", "description", "employer", "place_text", "province_text", "country", "employment_type",
          "education_text", "first_seen", "last_seen")
MENTION_COLUMNS = ["vacancy_id", "region_code", "skill_id", "start", "end"]
NETHERLANDS = frozenset({"", "nl", "nld", "nederland", "netherlands", "the netherlands"})


@dataclass
class Understood:
    """`vacancies` has the columns of table vacancy, `mentions` those of vacancy_skill."""

    vacancies: pd.DataFrame
    mentions: pd.DataFrame


def vacancy_id(source: str, source_id: str) -> int:
    """A stable positive number below 2**63 for an advert of a source."""
    return int.from_bytes(hashlib.sha256(f"{source}\0{source_id}".encode()).digest()[:8], "big") >> 1


def understand(adverts: pd.DataFrame, vocabulary: Vocabulary, *, workers: int = 1,
               progress: Callable[[int, int], None] | None = None) -> Understood:
    """Read adverts (columns of table advert). The outcome does not depend on order, batches or workers."""
    ordered = adverts.sort_values(["source", "source_id"], kind="stable")
    rows = list(zip(*(_column(ordered, name) for name in FIELDS), strict=True))
    batches = [rows[i:i + BATCH] for i in range(0, len(rows), BATCH)]
    vacancies, mentions, done = [], [], 0
    keys: list[tuple[int, date, str, tuple[int, ...]]] = []
    for read, found, sketched in _read_batches(batches, vocabulary, workers):
        vacancies.append(read)
        mentions.append(found)
        keys.extend(sketched)
        done += len(read)
        if progress:
            progress(done, len(rows))
    if not vacancies:
        return Understood(pd.DataFrame(), pd.DataFrame(columns=MENTION_COLUMNS))
    group_of = dedupe.groups(keys)
    together = pd.concat(vacancies, ignore_index=True)
    together["duplicate_group"] = [group_of[key[0]] for key in keys]
    together["duplicates"] = together.groupby("duplicate_group")["vacancy_id"].transform("count") - 1
    together["counts"] = together["duplicate_group"] == together["vacancy_id"]
    return Understood(together, pd.concat(mentions, ignore_index=True))


def _column(frame: pd.DataFrame, name: str) -> list[Any]:
    if name in ("first_seen", "last_seen"):
        return [value.date() for value in pd.to_datetime(frame[name])]
    return [value if isinstance(value, str) else None for value in frame[name]]


Batch = tuple[pd.DataFrame, pd.DataFrame, list[tuple[int, date, str, tuple[int, ...]]]]


def _read_batches(batches: Sequence[list[Any]], vocabulary: Vocabulary, workers: int) -> Iterator[Batch]:
    if workers <= 1 or len(batches) <= 1:
        for batch in batches:
            yield read_batch(batch, vocabulary)
        return
    # fork: batches and vocabulary are shared as they stand in memory instead of being sent to every worker
    global _shared
    _shared = (vocabulary, batches)
    gc.freeze()
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        yield from pool.map(_read_shared, range(len(batches)))
    gc.unfreeze()
    _shared = None


_shared: tuple[Vocabulary, Sequence[list[Any]]] | None = None


def _read_shared(index: int) -> Batch:
    assert _shared is not None
    gc.disable()  # a worker makes many small objects that all live until it answers
    vocabulary, batches = _shared
    return read_batch(batches[index], vocabulary)


def read_batch(batch: Sequence[tuple[Any, ...]], vocabulary: Vocabulary) -> Batch:
    """Vacancies and mentions of a batch of adverts (tuples in the order of FIELDS), and what duplicates are found by:
    (vacancy_id, first_seen, block, sketch) per advert."""
    vacancies, mentions, keys = [], [], []
    for advert in batch:
        vacancy, found, made = read_advert(dict(zip(FIELDS, advert, strict=True)), vocabulary)
        vacancies.append(vacancy)
        mentions.extend((vacancy["vacancy_id"], vacancy["region_code"], skill, start, end) for skill, start, end in found)
        block = f"{vacancy['municipality_code']}|{vacancy['occupation_uri'] or vacancy['title'].lower()[:40]}"
        keys.append((vacancy["vacancy_id"], vacancy["first_seen"], block, made))
    return pd.DataFrame(vacancies), pd.DataFrame(mentions, columns=MENTION_COLUMNS), keys


def read_advert(advert: dict[str, Any], vocabulary: Vocabulary) -> tuple[dict[str, Any], list[tuple[str, int, int]], tuple[int, ...]]:
    """One advert: its vacancy (without duplicate group), mentions (skill, start, end) and sketch."""
    title, text = one_line(advert["title"]), plain(advert["description"] or "")
    municipality, status = place_of(advert, vocabulary)
    tongue = language(text)
    occupation, confidence = vocabulary.titles.match(title)
    asked = level.level(advert["education_text"], text)
    low, high = level.hours(advert["employment_type"], text)
    sector, reason = sector_of(title, occupation, asked, vocabulary)
    first = advert["first_seen"]
    vacancy = {
        "vacancy_id": vacancy_id(advert["source"], advert["source_id"]), "source": advert["source"], "source_id": advert["source_id"],
        "region_code": vocabulary.region_of.get(municipality or ""), "municipality_code": municipality, "place_text": advert["place_text"],
        "place_status": status, "first_seen": first, "last_seen": advert["last_seen"], "year": first.year, "month": first.month,
        "title": title, "text": text, "employer": one_line(advert["employer"]) or None, "url": web_address(advert["url"]), "language": tongue,
        "occupation_uri": occupation, "isco4": vocabulary.isco.get(occupation or "") or None, "occupation_confidence": confidence if occupation else None,
        "level": asked, "hours_min": low, "hours_max": high, "sector": sector, "unmapped_reason": reason,
    }
    found = vocabulary.matcher.find(title, text) if tongue in ("nl", "en") else []
    vacancy["skill_ids"] = "|".join(skill for skill, _, _ in found)
    return vacancy, found, dedupe.sketch(text)


def web_address(url: str | None) -> str | None:
    """An http(s) address, or None: other schemes must never become a link."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def place_of(advert: dict[str, Any], vocabulary: Vocabulary) -> tuple[str | None, str]:
    """(municipality code, place status) of an advert."""
    if (advert["country"] or "").strip().lower() not in NETHERLANDS:
        return None, "abroad"
    return vocabulary.gazetteer.resolve(advert["place_text"], advert["province_text"])


def sector_of(title: str, occupation: str | None, asked: str, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """(sector, None) or (None, reason): exactly one of the two."""
    if level.learning_place(title):
        return None, "learning place"
    if asked in ("hbo", "wo") or (occupation and vocabulary.level_min.get(occupation, 1) >= 5):
        return None, "other level"
    if occupation is None:
        return None, "no occupation"
    sector = vocabulary.sector_of.get(occupation)
    if sector is None or (occupation in vocabulary.level_min and occupation not in vocabulary.has_programme):
        return None, "no programme"
    return sector, None
