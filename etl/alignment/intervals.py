"""Intervals for counts, shares, ratios and gaps. 90% throughout; formulas in docs/methodology.md."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

CONFIDENCE = 0.90
Z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
Array = npt.NDArray[np.float64]
SMALLEST = 1e-6  # a supply below a millionth of a person is none


def poisson(counts: npt.ArrayLike) -> tuple[Array, Array]:
    """Exact (Garwood 1936) bounds of a Poisson mean, given counts (same unit as the counts)."""
    n = np.asarray(counts, dtype=float)
    tail = (1 - CONFIDENCE) / 2
    low = np.where(n > 0, stats.chi2.ppf(tail, 2 * np.maximum(n, 1)) / 2, 0.0)
    high = stats.chi2.ppf(1 - tail, 2 * (n + 1)) / 2
    return np.minimum(low, n), np.maximum(high, n)


def wilson(asked: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Array, Array]:
    """Wilson (1927) bounds of a share asked/n; n must be above zero."""
    k, total = np.asarray(asked, dtype=float), np.asarray(n, dtype=float)
    share = k / total
    centre = (share + Z**2 / (2 * total)) / (1 + Z**2 / total)
    half = Z * np.sqrt(share * (1 - share) / total + Z**2 / (4 * total**2)) / (1 + Z**2 / total)
    return np.clip(np.minimum(centre - half, share), 0, 1), np.clip(np.maximum(centre + half, share), 0, 1)


def ratio(demand: tuple[Array, Array, Array], supply: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """(low, point, high) of demand / supply for intervals (low, point, high); NaN where supply can be zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        usable = supply[0] > SMALLEST
        return (
            np.where(usable, demand[0] / supply[2], np.nan), np.where(usable, demand[1] / supply[1], np.nan),
            np.where(usable, demand[2] / supply[0], np.nan),
        )


def gap(demand: tuple[Array, Array, Array], supply: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """(low, point, high) of demand - supply."""
    return demand[0] - supply[2], demand[1] - supply[1], demand[2] - supply[0]
