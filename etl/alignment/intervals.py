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


def counted(total: npt.ArrayLike, variance: npt.ArrayLike) -> tuple[Array, Array]:
    """Bounds of the mean of a weighted count: sum of w over vacancies, with variance the sum of w squared.

    Gamma interval of Jeffreys' form (n + 1/2) on the effective count total^2 / variance, in units of variance / total; with equal
    weights that is the usual one, whose mean coverage is close to nominal (Brown, Cai and DasGupta 2003). Zero counts begin at zero.
    """
    y, v = np.asarray(total, dtype=float), np.asarray(variance, dtype=float)
    some = (y > 0) & (v > 0)
    n = np.divide(y**2, v, out=np.zeros_like(y), where=some)
    unit = np.divide(v, y, out=np.ones_like(y), where=some)
    tail = (1 - CONFIDENCE) / 2
    low = np.where(some, unit * stats.gamma.ppf(tail, n + 0.5), 0.0)
    high = unit * stats.gamma.ppf(1 - tail, n + 0.5)
    return np.minimum(low, y), np.maximum(high, y)


def ratio(demand: tuple[Array, Array, Array], supply: tuple[Array, Array, Array], spread: tuple[Array, Array] | None = None) -> tuple[Array, Array, Array]:
    """(low, point, high) of demand / supply for independent 90% intervals (low, point, high), combined on the logarithmic scale
    (MOVER, Zou and Donner 2008); `spread` is the (lowest, highest) demand under other crosswalks. NaN where supply can be zero."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        usable = supply[0] > SMALLEST
        point = np.where(usable, demand[1] / supply[1], np.nan)
        least, most = spread if spread is not None else (demand[1], demand[1])
        down = np.sqrt(_log(demand[1], demand[0])**2 + _log(supply[2], supply[1])**2 + _log(demand[1], least)**2)
        up = np.sqrt(_log(demand[2], demand[1])**2 + _log(supply[1], supply[0])**2 + _log(most, demand[1])**2)
        low, high = point * np.exp(-down), np.where(point > 0, point * np.exp(up), demand[2] / supply[0])
        return np.where(usable, low, np.nan), point, np.where(usable, high, np.nan)


def gap(demand: tuple[Array, Array, Array], supply: tuple[Array, Array, Array], spread: tuple[Array, Array] | None = None) -> tuple[Array, Array, Array]:
    """(low, point, high) of demand - supply, combined as in ratio (MOVER for a difference)."""
    least, most = spread if spread is not None else (demand[1], demand[1])
    point = demand[1] - supply[1]
    down = np.sqrt((demand[1] - demand[0])**2 + (supply[2] - supply[1])**2 + (demand[1] - least)**2)
    up = np.sqrt((demand[2] - demand[1])**2 + (supply[1] - supply[0])**2 + (most - demand[1])**2)
    return point - down, point, point + up


def _log(above: Array, below: Array) -> Array:
    """log(above / below), 0 where both are zero, infinite where only the lower one is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(above > below, np.log(above) - np.log(below), 0.0)
