"""Which code a programme had before: predecessors from official lists and from DUO's own years, and series that run on. Pure.

A link is made only where one answer stands out; candidates that are equally good are kept as ambiguous and used nowhere.
Columns of a lineage: crebo (the later code), predecessor, relation, basis (what the two have in common), why (of ambiguous ones:
several or taken) and others (the codes that stand in the way, joined by |), source, confidence, since (first year, when known).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pandas as pd

COLUMNS = ["crebo", "predecessor", "relation", "basis", "why", "others", "source", "confidence", "since"]
ONE, SPLIT, MERGED, AMBIGUOUS = "one to one", "one to many", "many to one", "ambiguous"
# (what two qualifications must share, confidence), the surest first. Two of a kind are told apart by the dossier, never guessed.
RULES: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("name level dossier", ("name", "level", "group"), 0.95),
    ("name level", ("name", "level"), 0.85),
    ("words level", ("words", "level"), 0.75),
)
EXTENDED, SPLIT_CONFIDENCE = "extended name", 0.7
ENDED, DUO_CONFIDENCE = "name level sector", 0.9
RUNNING_OUT, RUNNING_OUT_CONFIDENCE = "running out", 0.75  # as ENDED, but the earlier code still has students
SEVERAL, TAKEN = "several", "taken"  # codes that fit equally well; a code that fits another predecessor better
_LEVEL_WORDS = re.compile(r"\b(?:niveau|mbo)\s*[1-4]\b")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SMALL = frozenset({"de", "het", "een", "en", "of", "van", "in", "voor", "met", "m", "v"})


@dataclass(frozen=True)
class Lineage:
    """`links` (COLUMNS), `unmatched` (codes that ended without a successor) and `notes` (what could not be used, and why)."""

    links: pd.DataFrame
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Side:
    """The qualifications of one moment: crebo -> what they are compared by."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)


def plain(text: object) -> str:
    """Lower case without accents, punctuation and double spaces; '' for nothing."""
    if not isinstance(text, str):
        return ""
    folded = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9+#]+", " ", folded).split())


def words(text: object) -> str:
    """The words of a name in alphabetical order, without small words and a level: 'Technicus (niveau 4)' is 'technicus'."""
    return " ".join(sorted({w for w in _LEVEL_WORDS.sub(" ", plain(text)).split() if w not in _SMALL}))


def from_lists(lists: pd.DataFrame) -> Lineage:
    """Lineage from official lists of qualifications: crebo, list_name, name, level, dossier_name (table qualification).

    Lists are ordered by the year in their name; each is held against the next one. A code that the next list has too goes on.
    """
    dated: dict[int, str] = {}
    notes = []
    for name in sorted(set(lists["list_name"])):
        found = _YEAR.search(str(name))
        if not found:
            notes.append(f"{name}: no year in the name of the file, so its place in the order is unknown; not used for lineage")
        elif int(found[1]) in dated:
            notes.append(f"{name}: another list of {found[1]} ({dated[int(found[1])]}) is used")
        else:
            dated[int(found[1])] = str(name)
    parts: list[pd.DataFrame] = []
    unmatched: list[str] = []
    years = sorted(dated)
    for before, after in pairwise(years):
        old, new = (_side(lists[lists["list_name"] == dated[year]], "dossier_name") for year in (before, after))
        made = _matched(old, new, f"SBB {before} -> {after}", after)
        parts.append(made.links)
        unmatched += made.unmatched
    return Lineage(_joined(parts), tuple(unmatched), tuple(notes))


def from_years(counts: pd.DataFrame) -> Lineage:
    """Lineage from DUO's own years: crebo, name, level, sector, year, count (upper bound, so that a masked count is there).

    A code whose years end before the last, or which shrinks while another begins, and a code of the same name, level and
    sector that begins later, at the latest a year after the end.
    """
    there = counts[counts["count"] > 0]
    if there.empty:
        return Lineage(_joined([]))
    first_year, last_year = int(there["year"].min()), int(there["year"].max())
    span = there.groupby("crebo")["year"].agg(["min", "max"])
    begin, end = ({str(code): int(year) for code, year in span[name].items()} for name in ("min", "max"))
    latest = there.sort_values("year").drop_duplicates("crebo", keep="last").set_index("crebo")
    per_year = there.groupby(["crebo", "year"])["count"].sum().to_dict()
    kin: dict[tuple[str, str, str], list[str]] = {}
    for crebo in sorted(begin):
        row = latest.loc[crebo]
        kin.setdefault((plain(row["name"]), str(row["level"]), plain(row["sector"])), []).append(str(crebo))
    rows: list[dict[str, Any]] = []
    for codes in kin.values():
        for old in codes:
            later = [c for c in codes if _age(old) < _age(c) and max(first_year, begin[old]) < begin[c] <= end[old] + 1]
            ended = end[old] < last_year
            shrinking = bool(later) and per_year.get((old, last_year), 0) < per_year.get((old, min(begin[c] for c in later) - 1), 0)
            if not later or not (ended or shrinking):
                continue
            basis, sure = (ENDED, DUO_CONFIDENCE) if ended else (RUNNING_OUT, RUNNING_OUT_CONFIDENCE)
            rows += _candidates(old, later, basis, "DUO", sure, {c: begin[c] for c in later})
    return Lineage(_named(_joined([pd.DataFrame(rows, columns=COLUMNS)])))


def together(*found: Lineage) -> Lineage:
    """Lineages joined; the first that says something certain of a predecessor wins, ambiguity only stands where nothing is certain."""
    certain: set[str] = set()
    parts = []
    for lineage in found:
        links = lineage.links
        sure = links[(links["relation"] != AMBIGUOUS) & ~links["predecessor"].isin(certain)]
        certain |= set(sure["predecessor"])
        parts.append(sure)
    for lineage in found:
        links = lineage.links
        parts.append(links[(links["relation"] == AMBIGUOUS) & ~links["predecessor"].isin(certain)])
    made = _named(_joined(parts).drop_duplicates(["crebo", "predecessor"]))
    unmatched = tuple(dict.fromkeys(code for lineage in found for code in lineage.unmatched if code not in set(made["predecessor"])))
    return Lineage(made, unmatched, tuple(note for lineage in found for note in lineage.notes))


def successor_of(lineage: pd.DataFrame) -> dict[str, str]:
    """Predecessor -> the latest code that takes all of it over (links one to one and many to one, followed to the end)."""
    whole = lineage[lineage["relation"].isin([ONE, MERGED])]
    step = dict(zip(whole["predecessor"], whole["crebo"], strict=True))
    ends = {}
    for code in step:
        seen, end = {code}, step[code]
        while end in step and end not in seen:
            seen.add(end)
            end = step[end]
        ends[code] = end
    return {code: end for code, end in ends.items() if end != code}


def carried(rows: pd.DataFrame, lineage: pd.DataFrame) -> pd.DataFrame:
    """Rows with a column crebo, in which a predecessor that was taken over as a whole bears the code of today."""
    to = successor_of(lineage)
    return rows.assign(crebo=[to.get(code, code) for code in rows["crebo"]]) if to else rows


def also_before(rows: pd.DataFrame, lineage: pd.DataFrame) -> pd.DataFrame:
    """Rows with a column crebo and the same rows under the codes of predecessors that have none: what is offered now under the new
    code was taught in the same places under the old one."""
    to = successor_of(lineage)
    missing = pd.DataFrame([(old, new) for old, new in to.items() if old not in set(rows["crebo"])], columns=["old", "crebo"])
    copies = rows.merge(missing, on="crebo").drop(columns="crebo").rename(columns={"old": "crebo"})[list(rows.columns)]
    return pd.concat([rows, copies], ignore_index=True) if len(copies) else rows


def chain(counts: pd.DataFrame, lineage: pd.DataFrame, by: Sequence[str] = (), values: Iterable[str] = ("low", "high")) -> pd.DataFrame:
    """Yearly counts of programmes with those of their predecessors, so that a series does not break.

    `counts`: `by`, crebo, year and `values` (bounds are added up as bounds; nothing known stays nothing known). Answer: the same columns per code of today, with
    `codes` (the codes the number is made of, joined by |) and `basis`: own, predecessor, own + predecessor, or split predecessor
    for a year in which only a code was there that went on in several: its number is not divided, and is not in the row (null).
    """
    by, values = list(by), list(values)
    key = [*by, "crebo", "year"]
    to = successor_of(lineage)
    marked = counts.assign(own=counts["crebo"], crebo=[to.get(code, code) for code in counts["crebo"]])
    grouped = marked.groupby(key, as_index=False, dropna=False)
    made = grouped.agg(**{v: pd.NamedAgg(v, lambda known: known.sum(min_count=1)) for v in values}, codes=pd.NamedAgg("own", lambda own: "|".join(sorted(set(own)))))
    made["basis"] = [
        "own" if codes == crebo else "own + predecessor" if crebo in codes.split("|") else "predecessor"
        for crebo, codes in zip(made["crebo"], made["codes"], strict=True)]
    split = lineage[lineage["relation"] == SPLIT]
    if split.empty or made.empty:
        return made.sort_values(key, ignore_index=True)
    before = marked.merge(split[["crebo", "predecessor"]].rename(columns={"crebo": "heir"}), left_on="own", right_on="predecessor")
    before = before.assign(crebo=[to.get(code, code) for code in before["heir"]], codes=before["own"], basis="split predecessor")
    empty = before[[*key, "codes", "basis"]].drop_duplicates(key).merge(made[key], on=key, how="left", indicator=True)
    silent = empty[empty["_merge"] == "left_only"].drop(columns="_merge")
    return pd.concat([made, silent], ignore_index=True)[[*key, *values, "codes", "basis"]].sort_values(key, ignore_index=True)


# --- matching -------------------------------------------------------------------------------------------------
def _side(rows: pd.DataFrame, group: str) -> _Side:
    made = _Side()
    for row in rows.drop_duplicates("crebo").to_dict("records"):
        level = row["level"]
        made.rows[str(row["crebo"])] = {
            "name": plain(row["name"]), "words": words(row["name"]), "level": "" if level is None or level != level else str(int(level)), "group": words(row[group])}
    return made


def _matched(old: _Side, new: _Side, where: str, since: int) -> Lineage:
    ends = {code: row for code, row in old.rows.items() if code not in new.rows}
    begins = {code: row for code, row in new.rows.items() if code not in old.rows}
    rows: list[dict[str, Any]] = []
    unmatched = []
    indexes = [_index(begins, columns) for _, columns, _ in RULES]
    taken: dict[str, str] = {}  # successor -> the predecessor with which it shares the dossier too
    for code, row in sorted(ends.items()):
        exact = _alike(row, RULES[0], indexes[0])
        if len(exact) == 1:
            taken.setdefault(exact[0], code)
    for code, row in sorted(ends.items()):
        for number, (rule, index) in enumerate(zip(RULES, indexes, strict=True)):
            told, _, confidence = rule
            found = _alike(row, rule, index)
            parts = _specialised(row, begins) if number == 1 else []
            if parts:  # the own dossier goes before another one in which the name lives on
                rows += [_row(c, code, SPLIT, EXTENDED, where, SPLIT_CONFIDENCE, since) for c in parts]
            elif len(found) == 1 and number and found[0] in taken:
                rows.append(_row(found[0], code, AMBIGUOUS, told, where, 0.0, since, TAKEN, taken[found[0]]))
            else:
                rows += _candidates(code, found, told, where, confidence, dict.fromkeys(found, since))
            if parts or found:
                break
        else:
            unmatched.append(code)
    return Lineage(_named(pd.DataFrame(rows, columns=COLUMNS)), tuple(unmatched))


def _alike(row: dict[str, str], rule: tuple[str, tuple[str, ...], float], index: dict[tuple[str, ...], list[str]]) -> list[str]:
    """Codes that share all that the rule asks for; none where this row lacks a part of it."""
    return index.get(tuple(row[c] for c in rule[1]), []) if all(row[c] for c in rule[1]) else []


def _index(rows: dict[str, dict[str, str]], columns: tuple[str, ...]) -> dict[tuple[str, ...], list[str]]:
    made: dict[tuple[str, ...], list[str]] = {}
    for code, row in sorted(rows.items()):
        made.setdefault(tuple(row[c] for c in columns), []).append(code)
    return made


def _specialised(row: dict[str, str], begins: dict[str, dict[str, str]]) -> list[str]:
    """Codes of the same dossier and level whose name begins with this name: 'Technicus' became 'Technicus bouw' and 'Technicus infra'."""
    if not row["name"] or not row["group"] or not row["level"]:
        return []
    return [code for code, other in sorted(begins.items())
            if other["level"] == row["level"] and other["group"] == row["group"] and other["name"].startswith(row["name"] + " ")]


def _age(crebo: str) -> tuple[bool, str]:
    """Codes were given out in this order: 9xxxx until 2015, then 25xxx and up."""
    return not crebo.startswith("9"), crebo


def _candidates(old: str, found: list[str], basis: str, source: str, confidence: float, since: dict[str, int]) -> list[dict[str, Any]]:
    """A link to the one code that fits, or ambiguous ones to all that fit equally well."""
    if len(found) == 1:
        return [_row(found[0], old, ONE, basis, source, confidence, since[found[0]])]
    return [_row(c, old, AMBIGUOUS, basis, source, 0.0, since[c], SEVERAL, "|".join(o for o in found if o != c)) for c in found]


def _row(crebo: str, predecessor: str, relation: str, basis: str, source: str, confidence: float, since: int, why: str | None = None, others: str | None = None) -> dict[str, Any]:
    return {"crebo": crebo, "predecessor": predecessor, "relation": relation, "basis": basis, "why": why, "others": others, "source": source, "confidence": confidence, "since": since}


def _named(links: pd.DataFrame) -> pd.DataFrame:
    """The relation follows from the whole: a split has several heirs, a merger several predecessors."""
    sure = links[links["relation"] != AMBIGUOUS]
    heirs, parents = sure.groupby("predecessor")["crebo"].nunique(), sure.groupby("crebo")["predecessor"].nunique()
    relation = [
        AMBIGUOUS if r == AMBIGUOUS else SPLIT if heirs[p] > 1 else MERGED if parents[c] > 1 else ONE
        for c, p, r in zip(links["crebo"], links["predecessor"], links["relation"], strict=True)]
    return links.assign(relation=relation)


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    made = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame({c: pd.Series(dtype=object) for c in COLUMNS})
    return made[COLUMNS].astype({"confidence": float})
