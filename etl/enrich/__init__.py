"""What a vacancy says: adverts in, vacancies and skill mentions out. Pure functions of a batch and a vocabulary."""

from __future__ import annotations

import gc
import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.enrich import dedupe
from etl.enrich.reading import FIELDS, IGNORED, MENTION, READ, Batch, Row, read_batch, vacancy_id
from etl.enrich.vocabulary import Vocabulary

__all__ = ["Recipe", "Understood", "Vocabulary", "understand", "vacancy_id"]

BATCH = 250  # adverts: what is known of them fits into the processor's own memory
MENTION_COLUMNS = [name for name in MENTION if name != "sentence"]
IGNORED_COLUMNS = list(IGNORED)
# A sentence that asks nothing by itself and that an employer uses for so many different jobs, and for such a share of all
# its jobs, says nothing of one of them.
BOILERPLATE_SUBJECTS, BOILERPLATE_SHARE = 3, 0.5
VACANCY_COLUMNS = [*READ, "first_seen", "last_seen", "year", "month", "duplicate_group", "duplicates", "counts"]
COUNTED = ("language", "place_status", "level", "sector", "unmapped_reason")


@dataclass
class Understood:
    """`vacancies` has the columns of table vacancy, `mentions` those of vacancy_skill, `ignored` those of vacancy_ignored.

    `counts`: adverts, duplicates, mentions, no_occupation, and per column of COUNTED how often each value occurs ('' = null).
    """

    vacancies: pd.DataFrame
    mentions: pd.DataFrame
    ignored: pd.DataFrame
    counts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Recipe:
    """The tables of a vocabulary (see Vocabulary.from_tables): every process that reads makes its own of them, all at once."""

    tables: Mapping[str, pd.DataFrame]

    def make(self) -> Vocabulary:
        """The vocabulary."""
        return Vocabulary.from_tables(self.tables)


def understand(adverts: pd.DataFrame, vocabulary: Vocabulary | Recipe, *, workers: int = 1,
               progress: Callable[[int, int], None] | None = None) -> Understood:
    """Read adverts (columns of table advert). The outcome does not depend on order, batches or workers.

    `progress` is called with (adverts read, adverts in all). With `workers` above one the texts are read in that many processes.
    """
    if adverts.empty:
        return Understood(pd.DataFrame(columns=VACANCY_COLUMNS), pd.DataFrame(columns=MENTION_COLUMNS), pd.DataFrame(columns=IGNORED_COLUMNS), {"adverts": 0})
    ordered = adverts.sort_values(["source", "source_id"], kind="stable", ignore_index=True)
    rows: list[Row] = []
    mentions: list[pd.DataFrame] = []
    ignored: list[pd.DataFrame] = []
    subjects: list[str] = []
    agency: list[bool] = []
    parts: list[dedupe.Sketches] = []
    for batch in _read(list(_batches(ordered)), vocabulary, workers):
        rows.extend(batch.rows)
        mentions.append(batch.mentions)
        ignored.append(batch.ignored)
        subjects.extend(batch.subjects)
        agency.extend(batch.agency)
        parts.append(batch.sketches)
        if progress:
            progress(len(rows), len(ordered))
    vacancies = pd.DataFrame(dict(zip(READ, zip(*rows, strict=True), strict=True)))
    for name in ("occupation_confidence", "hours_min", "hours_max", "experience_years"):
        vacancies[name] = vacancies[name].astype("float64")
    for name in ("first_seen", "last_seen"):
        vacancies[name] = pd.to_datetime(ordered[name]).astype("datetime64[us]")
    vacancies["year"], vacancies["month"] = vacancies["first_seen"].dt.year, vacancies["first_seen"].dt.month
    vacancies["duplicate_group"] = _groups(vacancies, rows, subjects, agency, dedupe.Sketches.joined(parts))
    vacancies["duplicates"] = vacancies.groupby("duplicate_group")["vacancy_id"].transform("count") - 1
    vacancies["counts"] = vacancies["duplicate_group"] == vacancies["vacancy_id"]
    found, left_out = pd.concat(mentions, ignore_index=True), pd.concat(ignored, ignore_index=True)
    vacancies, found, repeated = _without_boilerplate(vacancies, found, subjects)
    left_out = pd.concat([left_out, repeated], ignore_index=True) if len(repeated) else left_out
    return Understood(vacancies, found[MENTION_COLUMNS], left_out, _counts(vacancies, found))


def _without_boilerplate(vacancies: pd.DataFrame, mentions: pd.DataFrame, subjects: list[str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Vacancies, mentions and what is now ignored, after sentences that an employer repeats for different jobs were left out."""
    about = pd.DataFrame({"vacancy_id": vacancies["vacancy_id"], "employer": vacancies["employer"].str.lower(), "subject": subjects})
    placed = mentions[mentions["sentence"] != 0].merge(about[about["employer"].notna()], on="vacancy_id")
    spread = placed.groupby(["employer", "sentence"])["subject"].nunique()
    jobs = about.groupby("employer")["subject"].nunique().reindex(spread.index.get_level_values("employer")).to_numpy()
    everywhere = spread[(spread >= BOILERPLATE_SUBJECTS) & (spread >= BOILERPLATE_SHARE * jobs)].index
    hit = placed.set_index(["employer", "sentence"]).index.isin(everywhere)
    gone = placed.loc[hit, ["vacancy_id", "skill_id"]]
    if gone.empty:
        return vacancies, mentions, pd.DataFrame(columns=IGNORED_COLUMNS)
    lost = pd.MultiIndex.from_frame(mentions[["vacancy_id", "skill_id"]]).isin(pd.MultiIndex.from_frame(gone))
    kept, repeated = mentions[~lost], mentions[lost]
    changed = vacancies["vacancy_id"].isin(gone["vacancy_id"])
    again = kept[kept["vacancy_id"].isin(gone["vacancy_id"])].groupby("vacancy_id", sort=False)["skill_id"].agg("|".join)
    vacancies.loc[changed, "skill_ids"] = vacancies.loc[changed, "vacancy_id"].map(again).fillna("")
    return vacancies, kept.reset_index(drop=True), repeated.assign(why="boilerplate")[IGNORED_COLUMNS]


def _groups(vacancies: pd.DataFrame, rows: list[Row], subjects: list[str], agency: list[bool], sketched: dedupe.Sketches) -> npt.NDArray[np.int64]:
    def column(name: str) -> list[Any]:
        position = READ.index(name)
        return [row[position] for row in rows]

    first, last = (vacancies[name].to_numpy("datetime64[D]").astype("int64").tolist() for name in ("first_seen", "last_seen"))
    employers = [(name or "").lower() for name in column("employer")]
    skills = dedupe.bits([text.split("|") if text else [] for text in column("skill_ids")])
    return np.array(dedupe.groups(dedupe.Adverts(column("vacancy_id"), first, last, column("municipality_code"), subjects, employers, sketched, skills, agency, [unit or "" for unit in column("isco4")], list(zip(column("hours_min"), column("hours_max"), column("level"), strict=True)))), dtype="int64")


def _counts(vacancies: pd.DataFrame, mentions: pd.DataFrame) -> dict[str, Any]:
    per_value = {name: {str(k): int(v) for k, v in vacancies[name].fillna("").value_counts().sort_index().items()} for name in COUNTED}
    return {
        "adverts": len(vacancies), "duplicates": int((~vacancies["counts"]).sum()), "mentions": len(mentions),
        "no_occupation": int(vacancies["occupation_uri"].isna().sum()), **per_value,
    }


def _batches(ordered: pd.DataFrame) -> Iterator[list[Row]]:
    """Batches of adverts as tuples in the order of FIELDS; whatever is no text is None."""
    for begin in range(0, len(ordered), BATCH):
        part = ordered.iloc[begin:begin + BATCH]
        columns = [[value if isinstance(value, str) else None for value in part[name].astype(object)] for name in FIELDS]
        yield list(zip(*columns, strict=True))


# --- several processes ----------------------------------------------------------------------------------------
_vocabulary: Vocabulary | None = None


def _begin(vocabulary: Vocabulary | Recipe) -> None:
    global _vocabulary
    gc.disable()  # a vocabulary is many small objects that all stay, and what is read lives until it is handed over
    _vocabulary = vocabulary.make() if isinstance(vocabulary, Recipe) else vocabulary


def _read_in_worker(batch: list[Row]) -> Batch:
    assert _vocabulary is not None
    return read_batch(batch, _vocabulary)


# What every process needs; loaded once, before it is needed.
PRELOADED = ["etl.enrich", "etl.pipeline", "etl.demonstration", "connectors.registry"]


def start_method() -> str:
    """fork where it is cheap and safe (Linux, no other threads in this process), else by a server that was made ready, or spawn."""
    if sys.platform != "linux":
        return "spawn"
    return "fork" if threading.active_count() == 1 else "forkserver"


def prepare() -> None:
    """Start the process from which reading processes are split off, while there is other work to wait for."""
    if sys.platform == "linux":
        from multiprocessing import forkserver

        multiprocessing.set_forkserver_preload(PRELOADED)
        forkserver.ensure_running()


def _read(batches: Sequence[list[Row]], vocabulary: Vocabulary | Recipe, workers: int) -> Iterator[Batch]:
    if workers <= 1 or len(batches) <= 1:
        vocabulary = vocabulary.make() if isinstance(vocabulary, Recipe) else vocabulary
        for batch in batches:
            yield read_batch(batch, vocabulary)
        return
    context = multiprocessing.get_context(start_method())
    with ProcessPoolExecutor(min(workers, len(batches)), mp_context=context, initializer=_begin, initargs=(vocabulary,)) as pool:
        yield from pool.map(_read_in_worker, batches)
