"""Where programmes are taught: DUO's offer has provider names but no institution code, so names are linked here.

A name links when it is the same after cleaning, or when exactly one institution's cleaned name is contained in it (or
nearly the same). What does not link is counted; its institution falls back to the head office.
"""

from __future__ import annotations

import re

import pandas as pd
from rapidfuzz import fuzz, process

from etl.enrich.place import COUNTRIES, PROVINCES, SPELLINGS, Gazetteer, key

_NOISE = re.compile(r"\b(stichting|st|roc|mbo|aoc|vakschool|onderwijsgroep|bv|b v|voor|van|de|het|locatie|college)\b")
_PROVINCE = re.compile(r"\s+(?:ov|gld|gn|fr|dr|ut|nh|zh|zld|nb|lb)$", re.IGNORECASE)
_SMALL = re.compile(r"(?<=[ -])(Aan|Den|De|Der|Van|Op|In|Bij|Het|'T|En)(?=[ -])")
NEARLY = 92


def cleaned(name: str) -> str:
    """A name without legal form and school words, lower case."""
    text = re.sub(r"[^a-z0-9 ]+", " ", name.lower())
    short = " ".join(_NOISE.sub(" ", text).split())
    return short or " ".join(text.split())


def link_names(offered: list[str], institutions: dict[str, str]) -> dict[str, str]:
    """Offered provider name -> institution code, for names that link to exactly one institution (name -> code given)."""
    by_clean: dict[str, set[str]] = {}
    for name, code in institutions.items():
        by_clean.setdefault(cleaned(name), set()).add(code)
    linked = {}
    for name in sorted(set(offered)):
        wanted = cleaned(name)
        codes = by_clean.get(wanted, set())
        if len(codes) != 1:
            inside = {c for known, cs in by_clean.items() if len(known) > 4 and re.search(rf"\b{re.escape(known)}\b", wanted) for c in cs}
            codes = inside if len(inside) == 1 else codes
        if not codes:
            near = process.extract(wanted, list(by_clean), scorer=fuzz.ratio, score_cutoff=NEARLY, limit=2)
            codes = by_clean[near[0][0]] if len(near) == 1 else set()
        if len(codes) == 1:
            linked[name] = next(iter(codes))
    return linked


def town(written: str) -> str:
    """A town in DUO's capitals as people write it: "'S-HERTOGENBOSCH" is 's-Hertogenbosch, "HENGELO OV" Hengelo."""
    titled = _PROVINCE.sub("", written.strip()).title()
    return _SMALL.sub(lambda m: m[0].lower(), titled).replace("'S-", "'s-").replace("'T ", "'t ")


def taught_in(
    offer: pd.DataFrame, institutions: pd.DataFrame, taught: pd.DataFrame, gazetteer: Gazetteer, region_of: dict[str, str],
) -> pd.DataFrame:
    """Where each institution teaches each programme: institution_code, crebo, region_code, municipality_code, places (joined by |), basis.

    `institutions`: code, name, municipality_code (head office). `taught`: institution_code, institution_name, crebo of all
    students and graduates. basis is 'offer', or 'head office' where the offer does not say.
    """
    names = {str(n): str(c) for n, c in zip(institutions["name"], institutions["code"], strict=True)}
    names |= {str(n): str(c) for n, c in zip(taught["institution_name"], taught["institution_code"], strict=True)}
    linked = link_names([str(n) for n in offer["institution_name"].dropna()], names)
    rows = offer.assign(institution_code=offer["institution_name"].map(linked)).dropna(subset=["institution_code"])
    places = {p: gazetteer.resolve(p)[0] for p in rows["place"].unique()}
    rows = rows.assign(municipality_code=rows["place"].map(places))
    rows = rows.assign(region_code=rows["municipality_code"].map(region_of)).dropna(subset=["region_code"])
    keys = ["institution_code", "crebo", "region_code", "municipality_code"]
    found = rows.groupby(keys, as_index=False).agg(places=("place", lambda s: "|".join(sorted({town(p) for p in s}))))
    found["basis"] = "offer"
    known = set(zip(found["institution_code"], found["crebo"], strict=True))
    head = dict(zip(institutions["code"], institutions["municipality_code"], strict=True))
    towns = dict(zip(institutions["code"], institutions["place"].fillna("").map(town), strict=True))
    pairs = taught[["institution_code", "crebo"]].drop_duplicates()
    missing = [(i, c) for i, c in zip(pairs["institution_code"], pairs["crebo"], strict=True) if (i, c) not in known and isinstance(region_of.get(head.get(i) or ""), str)]
    fallback = pd.DataFrame([(i, c, region_of[head[i]], head[i], towns.get(i, ""), "head office") for i, c in missing], columns=[*keys, "places", "basis"])
    return pd.concat([found, fallback], ignore_index=True)


def by_region(places: pd.DataFrame) -> pd.DataFrame:
    """Rows of taught_in per institution, programme and region: without municipality_code, with all its towns there."""
    keys = ["institution_code", "crebo", "region_code"]
    several = places.duplicated(keys, keep=False)
    together = places[several].groupby(keys, as_index=False, sort=False).agg(
        places=("places", lambda s: "|".join(sorted({t for p in s for t in str(p).split("|") if t}))), basis=("basis", "first"))
    return pd.concat([places.loc[~several, [*keys, "places", "basis"]], together], ignore_index=True)


def teaching_places(
    offer: pd.DataFrame, institutions: pd.DataFrame, taught: pd.DataFrame, gazetteer: Gazetteer, region_of: dict[str, str],
) -> pd.DataFrame:
    """taught_in per region: institution_code, crebo, region_code, places, basis."""
    return by_region(taught_in(offer, institutions, taught, gazetteer, region_of))


def home_places(homes: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Home municipalities by name and province: `homes` with municipality_code and home_status filled in.

    The province decides between namesakes (Bergen in Limburg or Noord-Holland); a name that is a municipality's own means
    that municipality and no village of the same name. Foreign provinces are abroad; what stays open has no code.
    """
    written = homes[["municipality_name", "province_name"]].drop_duplicates()
    found = [_home(str(name), str(province), gazetteer) for name, province in zip(written["municipality_name"], written["province_name"], strict=True)]
    known = written.assign(municipality_code=[code for code, _ in found], home_status=[status for _, status in found])
    return homes.drop(columns=["municipality_code", "home_status"]).merge(known, on=["municipality_name", "province_name"], how="left")[list(homes.columns)]


def _home(name: str, province: str, gazetteer: Gazetteer) -> tuple[str | None, str]:
    where = key(province)
    if where in COUNTRIES or where.endswith("buitenland"):
        return None, "abroad"
    asked = PROVINCES.get(where)
    if asked is None and where not in ("", "onbekend"):
        return None, "unknown"
    written = SPELLINGS.get(key(name), key(name))
    own = gazetteer.own_names.get(written)
    if own and asked and gazetteer.province_of[own] == asked:
        return own, "resolved"
    code, status = gazetteer.resolve(name, asked)
    return code, status if status in ("resolved", "ambiguous", "abroad") else "unknown"
