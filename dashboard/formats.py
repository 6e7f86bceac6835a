"""Numbers and dates as people read them, in Dutch or English. The only place where they are written out.

A number that is not there is an en dash. Signs and decimal marks come from Unicode CLDR (babel).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime

ABSENT = "–"
MINUS = "\u2212"
ZONE = ZoneInfo("Europe/Amsterdam")


@lru_cache(maxsize=8)
def _marks(lang: str) -> tuple[str, str]:
    symbols: Any = Locale.parse(_locale(lang)).number_symbols
    symbols = symbols.get("latn", symbols)
    return symbols["group"], symbols["decimal"]


def _locale(lang: str) -> str:
    return "nl_NL" if lang == "nl" else "en_GB"


def is_absent(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA: a number that is not there."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:
        return True


def number(value: Any, lang: str, decimals: int = 0, sign: bool = False) -> str:
    """1234.5 -> "1.235" (nl) or "1,235" (en); `sign` adds a plus or a true minus."""
    if is_absent(value) or not isfinite(value):
        return ABSENT
    return _number(float(value), lang, decimals, sign)


@lru_cache(maxsize=50_000)
def _number(value: float, lang: str, decimals: int, sign: bool) -> str:
    group, decimal = _marks(lang)
    rounded = round(abs(value) + 1e-9, decimals)
    text = f"{rounded:,.{decimals}f}".replace(",", "\0").replace(".", decimal).replace("\0", group)
    if value < 0 and rounded:
        return MINUS + text
    return f"+{text}" if sign and rounded else text


def ratio(value: Any, lang: str) -> str:
    """A ratio with one decimal: "1,4"."""
    return number(value, lang, decimals=1)


def share(value: Any, lang: str) -> str:
    """A share (0-1) as a whole percentage: "43%"."""
    return ABSENT if is_absent(value) else f"{number(value * 100, lang)}%"


def interval(low: Any, high: Any, lang: str, decimals: int = 0, sign: bool = False) -> str:
    """Bounds of an interval: "120–150", with signs "−22 … +185"; one number when both read the same."""
    if is_absent(low) or is_absent(high):
        return ABSENT
    a, b = number(low, lang, decimals, sign), number(high, lang, decimals, sign)
    if a == b:
        return a
    return f"{a} … {b}" if sign or low < 0 else f"{a}–{b}"


def share_interval(low: Any, high: Any, lang: str) -> str:
    """Bounds of a share (0-1): "38–47%"."""
    if is_absent(low) or is_absent(high):
        return ABSENT
    a, b = number(low * 100, lang), number(high * 100, lang)
    return f"{a}%" if a == b else f"{a}–{b}%"


def count(low: Any, high: Any, lang: str) -> str:
    """A count that may be masked at the source: "37", or "1–4" when only bounds are known."""
    return interval(low, high, lang)


def sample(n: Any, lang: str, least: int = 10) -> str:
    """Number of observations: "n = 412", or "n < 10" below the least that is shown."""
    if is_absent(n):
        return f"n = {ABSENT}"
    return f"n < {least}" if n < least else f"n = {number(n, lang)}"


def parsed(iso: str) -> datetime:
    """An ISO time in Dutch time; without a zone it is UTC."""
    found = datetime.fromisoformat(iso)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(ZONE)


@lru_cache(maxsize=2048)
def day(value: date, lang: str) -> str:
    """21 nov 2026."""
    return ABSENT if is_absent(value) else format_date(value, "d MMM y", locale=_locale(lang)).replace(".", "")


@lru_cache(maxsize=2048)
def month(value: date, lang: str) -> str:
    """nov 2026."""
    return ABSENT if is_absent(value) else format_date(value, "MMM y", locale=_locale(lang)).replace(".", "")


@lru_cache(maxsize=2048)
def moment(value: datetime, lang: str) -> str:
    """21 nov 2026 14:05, Dutch time; a moment without a zone is UTC."""
    if is_absent(value):
        return ABSENT
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return format_datetime(aware, "d MMM y HH:mm", tzinfo=ZONE, locale=_locale(lang)).replace(".", "")
