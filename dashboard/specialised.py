"""What a region has relatively much of, and which regions are alike: the frames of a publication put through the rules of
etl/alignment/specialisation.py. From jobs (CBS) where they are loaded for this kind of region, otherwise from the vacancies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import areas
from dashboard.i18n import Translator
from etl.alignment import specialisation as rules
from warehouse import asking_regions
from warehouse.queries import NATIONAL

JOBS, VACANCIES = "jobs", "vacancies"
OWN_KINDS = {"PV": "province", "CR": "corop"}
COLUMNS = ("region_code", "period", "branch", "value", "total", "share", "country_share", "lq", "lq_low", "lq_high", "kind", "reason", "hidden", "unsound", "parts", "value_nl", "total_nl")


@dataclass(frozen=True)
class Picture:
    """`rows` are those of specialisation.quotients (all periods up to the chosen year) for the region and the regions beside it, `near` those of
    specialisation.alike, `trends` those of specialisation.trends; `why` says why it is not from jobs: "", not_loaded, no_year or incomplete."""

    basis: str
    why: str
    period: int
    first: int
    rows: pd.DataFrame
    shares: pd.DataFrame
    near: pd.DataFrame
    trends: pd.DataFrame
    scheme: str

    def of(self, region: str) -> pd.DataFrame:
        """Rows of a region in the period."""
        return self.rows[(self.rows["region_code"] == region) & (self.rows["period"] == self.period)]


def picture(reader: Any, region: str, period: int, beside: Sequence[str] = ()) -> Picture:
    """The specialisation of a region in a year, and of the regions beside it."""
    scheme = OWN_KINDS.get(region[:2], "arbeidsmarktregio") if not getattr(getattr(reader, "area", None), "near", False) and "@" not in region else "arbeidsmarktregio"
    why, rows = "not_loaded", pd.DataFrame(columns=COLUMNS)
    if len(asking_regions.jobs(reader)):
        rows = _from_jobs(reader, region, scheme, beside)
        rows = rows[rows["period"] <= period]
        mine = rows[rows["region_code"] == region]
        why = "no_year" if rows.empty else "incomplete" if mine.empty else ""
    basis = VACANCIES if why else JOBS
    if why:
        scheme = "arbeidsmarktregio"
        rows = _from_vacancies(reader, region, period, beside)
    mine = rows[rows["region_code"] == region]
    newest = int(mine["period"].max()) if len(mine) else period
    now = rows[(rows["period"] == newest) & (rows["unsound"] == 0)]
    shares = rules.profiles(now) if len(now) else pd.DataFrame()
    among = [str(c) for c in asking_regions.members(reader, scheme)["region_code"].unique()]
    near = rules.alike(shares, region, among) if region != NATIONAL and len(shares) else pd.DataFrame()
    return Picture(basis, why, newest, int(mine["period"].min()) if len(mine) else period, rows, shares, near, rules.trends(mine), scheme)


def _from_jobs(reader: Any, region: str, scheme: str, beside: Sequence[str]) -> pd.DataFrame:
    """Rows of every region of a scheme, of the country, and of what else is on the page."""
    parts = [_published(reader, one) for one in sorted({scheme, *(OWN_KINDS.get(code[:2], "arbeidsmarktregio") for code in beside)})]
    if getattr(reader, "area", None) and all(region not in set(frame["region_code"]) for frame in parts):
        members = pd.DataFrame({"region_code": region, "part_code": list(reader.members)})
        country = parts[0][parts[0]["region_code"] == NATIONAL]
        parts.append(rules.quotients(_years(_amounts(reader, members)), _amounts_of_country(reader)) if len(country) else pd.DataFrame(columns=COLUMNS))
    return pd.concat(parts, ignore_index=True).drop_duplicates(["region_code", "period", "branch"])


def _published(reader: Any, scheme: str) -> pd.DataFrame:
    """Quotients of all regions of a scheme and the country, made once for a publication."""
    base = getattr(reader, "base", reader)

    def make() -> pd.DataFrame:
        members, figures = asking_regions.members(base, scheme), asking_regions.jobs(base)
        direct = sorted(set(members["region_code"]) & set(figures["part_code"]))
        summed = members[~members["region_code"].isin(direct)]
        groups = pd.concat([pd.DataFrame({"region_code": direct, "part_code": direct}), summed], ignore_index=True)
        country = _amounts_of_country(base)
        return rules.quotients(pd.concat([_years(_amounts(base, groups)), country], ignore_index=True), country)
    return base._answer(("specialisation", scheme), make)


def _amounts(reader: Any, groups: pd.DataFrame) -> pd.DataFrame:
    return rules.amounts(asking_regions.jobs(reader), groups, list(asking_regions.sections(reader)), asking_regions.total(reader))


def _amounts_of_country(reader: Any) -> pd.DataFrame:
    base = getattr(reader, "base", reader)
    return base._answer(("jobs of the country",), lambda: _years(_amounts(base, pd.DataFrame({"region_code": [NATIONAL], "part_code": [NATIONAL]}))))


def _years(rows: pd.DataFrame) -> pd.DataFrame:
    """CBS's periods (2024JJ00) as years."""
    return rows.assign(period=rows["period"].str[:4].astype(int))


def _from_vacancies(reader: Any, region: str, period: int, beside: Sequence[str]) -> pd.DataFrame:
    """New vacancies by sector of the labour-market regions and of what is on the page, up to a year."""
    found, country = [], []
    for year in (p for p in reader.periods() if p <= period):
        country.append(_counts(reader.mismatch(NATIONAL, year)))
        every = _counts(reader.matrix(year))
        found.append(every)
        for code in {region, *beside, NATIONAL} - set(every["region_code"]):
            found.append(_counts((reader if code == region else reader_of(reader, code)).mismatch(code, year)))
    if not found or not sum(map(len, found)):
        return pd.DataFrame(columns=COLUMNS)
    return rules.counted(pd.concat(found, ignore_index=True), pd.concat(country, ignore_index=True)).assign(hidden=0, unsound=0, parts=1)


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"region_code": rows["region_code"], "period": rows["period"].astype(int), "branch": rows["sector"], "n": (rows["n"] + rows["experienced"]).astype(int)})


def reader_of(reader: Any, code: str) -> Any:
    """The reader that answers for another region, counted in the same way."""
    base = getattr(reader, "base", reader)
    return areas.located(base, code, False, getattr(reader, "count", areas.USUAL))


def region_name(reader: Any, code: str) -> str:
    """Name of a region of any kind."""
    names = reader.region_names()
    if code in names:
        return str(names[code])
    found = next((r for r in asking_regions.codes(reader).to_dict("records") if r["code"] == code), None)
    return f"{found['name']} ({code[:2]})" if found else code


def branch_names(reader: Any, basis: str, t: Translator) -> dict[str, str]:
    """Names of the branches: industries by their letter, or our sectors; and of the rest."""
    if basis == JOBS:
        named = {code: t(f"regions.branch_{title[0]}") if t.has(f"regions.branch_{title[0]}") else title[2:] for code, title in asking_regions.sections(reader).items()}
    else:
        named = {str(r["code"]): t.pick(r, "short") for r in reader.sectors().to_dict("records")}
    return {**named, rules.REST: t("regions.branch_rest")}
