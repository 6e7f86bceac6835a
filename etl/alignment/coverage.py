"""Requested skills: shares with intervals, what rises and falls between two years, and how much of the demand a programme covers."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from etl.alignment import intervals

MIN_N = 10
FALSE_DISCOVERIES = 0.10  # share of the risen and fallen skills of one subject, region and pair of years that may be chance
EXACT_BELOW = 5.0  # expected vacancies in the smallest cell below which the exact test is used (Cochran 1954)
PARTLY = 0.5  # what a skill that is covered in part counts for
TAUGHT, PASSING = "taught", "passing"
COVERED, PART, NOT = "covered", "partly", "not"
Array = npt.NDArray[np.float64]


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Add share, share_low, share_high to rows with asked and n (vacancies, n > 0)."""
    made = rows.copy()
    made["share"] = made["asked"] / made["n"]
    made["share_low"], made["share_high"] = intervals.wilson(made["asked"], made["n"])
    return made


# --- rising and falling ---------------------------------------------------------------------------------------
def two_shares(asked: npt.ArrayLike, n: npt.ArrayLike, asked_before: npt.ArrayLike, n_before: npt.ArrayLike) -> Array:
    """Two-sided p value of "both shares are the same".

    Fisher's exact test (twice the smaller tail) where fewer than EXACT_BELOW vacancies are expected in one of the four cells,
    the chi-square test with Yates' correction elsewhere. Each n must be above zero.
    """
    a, n1, b, n2 = (np.asarray(v, dtype=float) for v in (asked, n, asked_before, n_before))
    total, both = n1 + n2, a + b
    expected = np.minimum(n1, n2) * np.minimum(both, total - both) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.maximum(np.abs(a * (n2 - b) - b * (n1 - a)) - total / 2, 0.0)
        square = total * distance**2 / (n1 * n2 * both * (total - both))
    p = special.chdtrc(1.0, np.nan_to_num(square))
    small = expected < EXACT_BELOW
    if small.any():
        p[small] = _fisher(a[small], n1[small], b[small], n2[small])
    return p


def _fisher(a: Array, n1: Array, b: Array, n2: Array) -> Array:
    """Twice the smaller tail of the hypergeometric distribution, at most one; arrays of whole numbers.

    Turned so that the counted cell is the one with the fewest expected: then a tail has few terms.
    """
    flip = a + b > (n1 + n2) / 2  # count those that do not ask instead
    a, b = np.where(flip, n1 - a, a), np.where(flip, n2 - b, b)
    swap = n1 > n2  # count in the smaller year
    a, b, n1, n2 = np.where(swap, b, a), np.where(swap, a, b), np.where(swap, n2, n1), np.where(swap, n1, n2)
    marked = a + b
    least = np.maximum(0.0, marked - n2)
    log = special.gammaln
    term = np.exp(
        log(marked + 1) - log(least + 1) - log(marked - least + 1) + log(n1 + n2 - marked + 1) - log(n1 - least + 1) - log(n2 - marked + least + 1)
        - log(n1 + n2 + 1) + log(n1 + 1) + log(n2 + 1))
    below, at = np.zeros_like(a), term.copy()
    k = least.copy()
    active = np.flatnonzero(k < a)
    while len(active):
        below[active] += at[active]
        step = k[active]
        at[active] *= (marked[active] - step) * (n1[active] - step) / ((step + 1) * (n2[active] - marked[active] + step + 1))
        k[active] += 1
        active = active[k[active] < a[active]]
    return np.minimum(1.0, 2 * np.minimum(below + at, np.maximum(1 - below, at)))


def discoveries(p: npt.ArrayLike, family: npt.ArrayLike, rate: float = FALSE_DISCOVERIES) -> npt.NDArray[np.bool_]:
    """Which p values stay below `rate` after Benjamini and Hochberg (1995), per family (whole numbers); nan is no test."""
    values, group = np.asarray(p, dtype=float), np.asarray(family)
    found = np.zeros(len(values), dtype=bool)
    tested = np.flatnonzero(~np.isnan(values))
    if not len(tested):
        return found
    order = tested[np.lexsort((values[tested], group[tested]))]
    begins = np.flatnonzero(np.r_[True, group[order][1:] != group[order][:-1]])
    sizes = np.diff(np.r_[begins, len(order)])
    rank = np.arange(len(order)) - np.repeat(begins, sizes) + 1
    within = values[order] <= rate * rank / np.repeat(sizes, sizes)
    last = np.maximum.reduceat(np.where(within, rank, 0), begins)
    found[order] = rank <= np.repeat(last, sizes)
    return found


def trend(now: pd.DataFrame, by: list[str], subjects: pd.DataFrame) -> pd.DataFrame:
    """Add share_previous (with _low and _high), trend and trend_p to shares of several periods (columns period, asked, n, share ...).

    Rising or falling: the p value of `two_shares` holds among all skills of the same region, subject and pair of periods
    (`discoveries`; the family is `by` without skill_id), and the 90% intervals of the two periods part. unknown without a
    figure for the period before. `subjects` (the family's columns, period, n) says which subjects had enough vacancies: a
    skill that nobody asked for in one of two such periods counts as asked 0 times there. Rows asked 0 times are in the answer
    only when they fell.
    """
    family = [c for c in by if c != "skill_id"]
    group, of_subject = _codes(now, subjects, family)
    skill, first = pd.factorize(now["skill_id"])[0], int(min(now["period"].min(), subjects["period"].min())) if len(now) else 0
    span = int(max(now["period"].max(), subjects["period"].max())) - first + 2 if len(now) else 1
    period = now["period"].to_numpy(dtype="int64") - first
    row = (group * (skill.max(initial=0) + 1) + skill) * span + period
    total = pd.Series(subjects["n"].to_numpy(dtype=float), index=of_subject * span + subjects["period"].to_numpy(dtype="int64") - first)
    total = total[total >= MIN_N]
    vanished = np.flatnonzero(~np.isin(row + 1, row) & np.isin(group * span + period + 1, total.index))
    made = pd.concat([now, now.iloc[vanished].assign(period=now["period"].iloc[vanished] + 1, asked=0, share=0.0)], ignore_index=True)
    row, at = np.r_[row, row[vanished] + 1], np.r_[group * span + period, (group * span + period)[vanished] + 1]
    made.loc[len(now):, "n"] = total.reindex(at[len(now):]).to_numpy()
    made.loc[len(now):, "share_low"], made.loc[len(now):, "share_high"] = intervals.wilson(np.zeros(len(vanished)), made["n"].iloc[len(now):])
    n_before = total.reindex(at - 1).to_numpy()
    tested = ~np.isnan(n_before)
    asked_before = pd.Series(now["asked"].to_numpy(dtype=float), index=row[:len(now)]).reindex(row - 1).fillna(0.0).to_numpy()
    p, before = np.full(len(made), np.nan), np.full((3, len(made)), np.nan)
    p[tested] = two_shares(made["asked"].to_numpy(dtype=float)[tested], made["n"].to_numpy(dtype=float)[tested], asked_before[tested], n_before[tested])
    before[0, tested], before[1:, tested] = asked_before[tested] / n_before[tested], intervals.wilson(asked_before[tested], n_before[tested])
    made["share_previous"], made["share_previous_low"], made["share_previous_high"] = before
    holds = discoveries(p, at)
    made["trend_p"] = p
    made["trend"] = np.select([~tested, holds & (made["share_low"].to_numpy() > before[2]), holds & (made["share_high"].to_numpy() < before[1])], ["unknown", "rising", "falling"], "steady")
    made = made[(made["asked"] > 0) | (made["trend"] == "falling")].reset_index(drop=True)
    made["asked"], made["n"] = made["asked"].astype("int64"), made["n"].astype("int64")
    return made


def _codes(rows: pd.DataFrame, subjects: pd.DataFrame, family: list[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """One number per family, the same in both frames."""
    codes = np.zeros(len(rows) + len(subjects), dtype="int64")
    for name in family:
        found, values = pd.factorize(pd.concat([rows[name], subjects[name]], ignore_index=True))
        codes = codes * (len(values) + 1) + found
    return codes[:len(rows)], codes[len(rows):]


# --- coverage -------------------------------------------------------------------------------------------------
def kinds(asked: pd.DataFrame, taught: pd.DataFrame, near: pd.DataFrame) -> pd.DataFrame:
    """subject, skill_id, cover, near_id: covered (taught as such), partly (a near skill is taught, or it is named in
    passing) or not; only subjects whose skills are known.

    `asked` has subject and skill_id; `taught` subject, skill_id and optionally `how` (TAUGHT or PASSING); `near` skill_id
    and near_id (etl/alignment/nearness.py). near_id is the taught skill that makes it partly, the first by id.
    """
    pairs = asked.loc[asked["subject"].isin(taught["subject"].unique()), ["subject", "skill_id"]].drop_duplicates()
    full = taught[taught["how"] == TAUGHT] if "how" in taught else taught
    close = pairs.merge(near, on="skill_id").merge(full[["subject", "skill_id"]].rename(columns={"skill_id": "near_id"}), on=["subject", "near_id"])
    close = close.sort_values("near_id").drop_duplicates(["subject", "skill_id"])
    if "how" in taught:
        passing = taught.loc[taught["how"] == PASSING, ["subject", "skill_id"]].drop_duplicates()
        close = pd.concat([passing.assign(near_id=passing["skill_id"]), close], ignore_index=True).drop_duplicates(["subject", "skill_id"])
    made = pairs.merge(full[["subject", "skill_id"]].drop_duplicates().assign(cover=COVERED), on=["subject", "skill_id"], how="left")
    made = made.merge(close, on=["subject", "skill_id"], how="left")
    made.loc[made["cover"].notna(), "near_id"] = None
    made["cover"] = made["cover"].fillna(made["near_id"].notna().map({True: PART, False: NOT}))
    return made


def weight(cover: pd.Series) -> Array:
    """What each kind of cover counts for: covered 1, partly PARTLY, not 0."""
    return np.asarray(cover.map({COVERED: 1.0, PART: PARTLY, NOT: 0.0}), dtype=np.float64)


def coverage(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Per group: coverage = sum of f_s x weight / sum of f_s over all asked skills, with coverage_low, coverage_high and coverage_n.

    Rows have share, n and cover. The interval is the delta method for a ratio of sums: with w_s the weight and C the coverage,
    variance = sum of (w_s - C)^2 f_s (1 - f_s) / n / (sum of f_s)^2, by the logit so that it stays within 0 and 1. Skills are
    taken as asked independently of each other within an advert; docs/methodology.md says what that leaves out.
    """
    weighed = rows[by].assign(share=rows["share"], w=weight(rows["cover"]), n=rows["n"])
    weighed["taught"] = weighed["share"] * weighed["w"]
    summed = weighed.groupby(by, as_index=False).agg(taught=("taught", "sum"), asked=("share", "sum"), coverage_n=("n", "max"))
    summed = summed[summed["asked"] > 0]
    summed["coverage"] = (summed["taught"] / summed["asked"]).clip(0.0, 1.0)
    each = weighed.merge(summed[[*by, "coverage", "asked"]], on=by)
    each["variance"] = (each["w"] - each["coverage"]) ** 2 * each["share"] * (1 - each["share"]) / each["n"] / each["asked"] ** 2
    summed = summed.merge(each.groupby(by, as_index=False)["variance"].sum(), on=by)
    summed["coverage_low"], summed["coverage_high"] = _between(summed["coverage"].to_numpy(), np.sqrt(summed["variance"].to_numpy()), summed["coverage_n"].to_numpy(dtype=float))
    return summed[[*by, "coverage", "coverage_low", "coverage_high", "coverage_n"]]


def _between(point: Array, error: Array, n: Array) -> tuple[Array, Array]:
    """90% bounds of a share with this standard error; where all or nothing is covered, Wilson's for n vacancies."""
    inside = (point > 0) & (point < 1)
    safe = np.where(inside, point, 0.5)
    middle, half = special.logit(safe), intervals.Z * np.where(inside, error, 0.0) / (safe * (1 - safe))
    low, high = special.expit(middle - half), special.expit(middle + half)
    edge_low, edge_high = intervals.wilson(np.round(point * n), n)
    return np.where(inside, np.minimum(low, point), edge_low), np.where(inside, np.maximum(high, point), edge_high)


def with_curriculum(cover: pd.Series, skill_ids: pd.Series, taught: Collection[str], passing: Collection[str], near: pd.DataFrame) -> pd.Series:
    """The kinds of cover of one programme's skills when a school's own curriculum is added: never less than before.

    `taught` and `passing` are skill ids of the curriculum; `near` as in `kinds`. Unknown cover (null) counts as not.
    """
    asked = pd.DataFrame({"subject": "own", "skill_id": skill_ids})
    own = pd.DataFrame([("own", s, TAUGHT) for s in sorted(taught)] + [("own", s, PASSING) for s in sorted(set(passing) - set(taught))], columns=["subject", "skill_id", "how"])
    if own.empty:
        return cover.fillna(NOT)
    found = kinds(asked, own, near).set_index("skill_id")["cover"]
    extra = skill_ids.map(found).fillna(NOT)
    return pd.Series(np.where(weight(extra) > weight(cover.fillna(NOT)), extra, cover.fillna(NOT)), index=cover.index)


__all__ = ["COVERED", "FALSE_DISCOVERIES", "MIN_N", "NOT", "PART", "PASSING", "TAUGHT", "coverage", "discoveries", "kinds", "shares", "trend", "two_shares", "with_curriculum"]
