"""Where programmes are taught: DUO's offer has provider names but no institution code, so names are linked here.

A name links when it is the same after cleaning, or when exactly one institution's cleaned name is contained in it (or
nearly the same). What does not link is counted; its institution falls back to the head office.
"""

from __future__ import annotations

import re

import pandas as pd
from rapidfuzz import fuzz, process

from etl.enrich.place import Gazetteer

_NOISE = re.compile(r"\b(stichting|st|roc|mbo|aoc|vakschool|onderwijsgroep|bv|b v|voor|van|de|het|locatie|college)\b")
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
    found = rows.groupby(keys, as_index=False).agg(places=("place", lambda s: "|".join(sorted({p.title() for p in s}))))
    found["basis"] = "offer"
    known = set(zip(found["institution_code"], found["crebo"], strict=True))
    head = dict(zip(institutions["code"], institutions["municipality_code"], strict=True))
    towns = dict(zip(institutions["code"], institutions["place"].fillna("").str.title(), strict=True))
    pairs = taught[["institution_code", "crebo"]].drop_duplicates()
    missing = [(i, c) for i, c in zip(pairs["institution_code"], pairs["crebo"], strict=True) if (i, c) not in known and isinstance(region_of.get(head.get(i) or ""), str)]
    fallback = pd.DataFrame([(i, c, region_of[head[i]], head[i], towns.get(i, ""), "head office") for i, c in missing], columns=[*keys, "places", "basis"])
    return pd.concat([found, fallback], ignore_index=True)


def by_region(places: pd.DataFrame) -> pd.DataFrame:
    """Rows of taught_in per institution, programme and region: without municipality_code, with all its towns there."""
    keys = ["institution_code", "crebo", "region_code"]
    return places.groupby(keys, as_index=False, sort=False).agg(
        places=("places", lambda s: "|".join(sorted({t for p in s for t in str(p).split("|") if t}))), basis=("basis", "first"))


def teaching_places(
    offer: pd.DataFrame, institutions: pd.DataFrame, taught: pd.DataFrame, gazetteer: Gazetteer, region_of: dict[str, str],
) -> pd.DataFrame:
    """taught_in per region: institution_code, crebo, region_code, places, basis."""
    return by_region(taught_in(offer, institutions, taught, gazetteer, region_of))
