"""Apportioning demand of occupations over programmes: apportioned + unmapped = total, always, under every crosswalk."""

from __future__ import annotations

import pandas as pd

COUNTED = ("n", "experienced", "demand", "demand_raw", "demand_var")


def checked(crosswalk: pd.DataFrame) -> pd.Series:
    """Sum of the weights per occupation. Raises ValueError when one exceeds 1."""
    sums = crosswalk.groupby("occupation_uri")["weight"].sum()
    if (sums > 1 + 1e-6).any():
        raise ValueError(f"weights of {sums.idxmax()} sum to {sums.max():.4f}, above 1")
    return sums


def apportion(demand: pd.DataFrame, crosswalk: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(demand per programme, unmapped per area).

    `demand`: area columns, occupation_uri (may be null), n, and where there are weights demand (weighted count), demand_var (sum of
    squared weights) and experienced. `crosswalk`: crebo, occupation_uri, weight, where the weights of an occupation sum to at most 1;
    what is left over goes to no programme. The first frame has the area columns, crebo, n and experienced (all vacancies in the
    programme's occupations), demand, demand_raw (n x weight) and demand_var; the second the area columns and unmapped (of n).
    """
    sums = checked(crosswalk)
    area = [c for c in demand.columns if c not in ("occupation_uri", *COUNTED)]
    rows = demand.assign(demand=demand.get("demand", demand["n"]), demand_var=demand.get("demand_var", demand["n"]), experienced=demand.get("experienced", 0))
    joined = rows.merge(crosswalk[["crebo", "occupation_uri", "weight"]], on="occupation_uri", how="inner")
    joined["demand_raw"] = joined["n"] * joined["weight"]
    joined["demand"], joined["demand_var"] = joined["demand"] * joined["weight"], joined["demand_var"] * joined["weight"] ** 2
    per_programme = joined.groupby([*area, "crebo"], as_index=False)[list(COUNTED)].sum()
    left = demand.assign(unmapped=demand["n"] * (1 - demand["occupation_uri"].map(sums).fillna(0.0)))
    unmapped = pd.DataFrame(left.groupby(area, as_index=False)[["unmapped"]].sum())
    return per_programme, unmapped


def by_programme(demand: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Weighted demand per area, crebo and variant (columns area, crebo, variant, demand); `variants`: variant, crebo, occupation_uri, weight."""
    area = [c for c in demand.columns if c not in ("occupation_uri", *COUNTED)]
    joined = demand.merge(variants[["variant", "crebo", "occupation_uri", "weight"]], on="occupation_uri", how="inner")
    joined["demand"] = joined["demand"] * joined["weight"]
    return pd.DataFrame(joined.groupby([*area, "crebo", "variant"], as_index=False)[["demand"]].sum())


def by_sector(demand: pd.DataFrame, variants: pd.DataFrame, sector_of: pd.Series) -> pd.DataFrame:
    """Weighted demand per area, sector and variant: every occupation divided over the sectors of its programmes under that variant.

    `demand` has a column sector, in which an occupation stays that the variant does not know, so that the total over all sectors is the
    same under every variant. `sector_of`: sector by crebo.
    """
    area = [c for c in demand.columns if c not in ("occupation_uri", "sector", *COUNTED)]
    by = ["variant", "occupation_uri"]
    shares = variants.assign(other=variants["crebo"].map(sector_of)).dropna(subset=["other"]).groupby([*by, "other"], as_index=False)[["weight"]].sum()
    shares["share"] = shares["weight"] / shares.groupby(by)["weight"].transform("sum")
    every = demand.merge(variants[["variant"]].drop_duplicates(), how="cross")
    joined = every.merge(shares[[*by, "other", "share"]], on=by, how="left")
    joined["demand"] = joined["demand"] * joined["share"].fillna(1.0)
    joined["sector"] = joined["other"].fillna(joined["sector"])
    return pd.DataFrame(joined.groupby([*area, "sector", "variant"], as_index=False)[["demand"]].sum())


# Crosswalks that could be defended. Names alone (variant "text") can be looked at, yet are too coarse to widen an interval.
DEFENSIBLE = frozenset({"combined", "even", "by_graduates"})


def spread(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Lowest and highest demand over the defensible variants: by, demand_alt_low, demand_alt_high."""
    return rows[rows["variant"].isin(DEFENSIBLE)].groupby(by, as_index=False).agg(demand_alt_low=("demand", "min"), demand_alt_high=("demand", "max"))
