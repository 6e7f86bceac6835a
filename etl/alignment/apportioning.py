"""Apportioning demand of occupations over programmes: apportioned + unmapped = total, always."""

from __future__ import annotations

import pandas as pd


def apportion(demand: pd.DataFrame, crosswalk: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(demand per programme, unmapped per area).

    `demand`: area columns, occupation_uri (may be null), n. `crosswalk`: crebo, occupation_uri, weight, where the weights of
    an occupation sum to at most 1; what is left over goes to no programme. The first frame has the area columns, crebo,
    demand and n (all vacancies in the programme's occupations); the second the area columns and unmapped.
    Raises ValueError when the weights of an occupation exceed 1.
    """
    sums = crosswalk.groupby("occupation_uri")["weight"].sum()
    if (sums > 1 + 1e-6).any():
        raise ValueError(f"weights of {sums.idxmax()} sum to {sums.max():.4f}, above 1")
    area = [c for c in demand.columns if c not in ("occupation_uri", "n")]
    joined = demand.merge(crosswalk[["crebo", "occupation_uri", "weight"]], on="occupation_uri", how="inner")
    joined["demand"] = joined["n"] * joined["weight"]
    per_programme = joined.groupby([*area, "crebo"], as_index=False)[["demand", "n"]].sum()
    left = demand.assign(unmapped=demand["n"] * (1 - demand["occupation_uri"].map(sums).fillna(0.0)))
    unmapped = pd.DataFrame(left.groupby(area, as_index=False)[["unmapped"]].sum())
    return per_programme, unmapped
