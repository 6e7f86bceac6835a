"""Sector of a vacancy, or why it has none. Exactly one of the two."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

OTHER_LEVEL, NO_OCCUPATION, NO_PROGRAMME, LEARNING_PLACE = "other level", "no occupation", "no programme", "learning place"
REASONS = (OTHER_LEVEL, NO_OCCUPATION, NO_PROGRAMME, LEARNING_PLACE)
HBO_LEVEL = 5  # level_min of occupations that ask hbo or wo


def sector_of(
    occupation: str | None, asked: str, learning: bool, *,
    sectors: Mapping[str, str], level_min: Mapping[str, int], has_programme: AbstractSet[str],
) -> tuple[str | None, str | None]:
    """(sector, None) or (None, reason).

    `sectors`: occupation -> sector (the shipped list, or the majority in its ISCO group); `level_min`: of shipped occupations;
    `has_programme`: occupations that a programme of the crosswalk leads to. A shipped occupation without a programme has no
    sector here: there is nothing on the supply side to hold it against.
    """
    if learning:
        return None, LEARNING_PLACE
    if asked in ("hbo", "wo") or (occupation is not None and level_min.get(occupation, 1) >= HBO_LEVEL):
        return None, OTHER_LEVEL
    if occupation is None:
        return None, NO_OCCUPATION
    sector = sectors.get(occupation)
    if sector is None or (occupation in level_min and occupation not in has_programme):
        return None, NO_PROGRAMME
    return sector, None
