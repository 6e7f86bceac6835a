"""Checks before publishing. A hard check that fails stops publishing and says which; soft ones are shown on the Data page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import and_, func, select, true

from etl.alignment import disclosure, supply
from etl.enrich.vocabulary import gazetteer_of
from warehouse import reference
from warehouse import schema as s
from warehouse.queries import NATIONAL
from warehouse.work import WorkDatabase


class ChecksFailed(RuntimeError):
    """Hard checks failed: nothing is published. `failed` lists (name, detail)."""

    def __init__(self, failed: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {detail}" for name, detail in failed))
        self.failed = failed


@dataclass(frozen=True)
class Check:
    """A named check; `run` gives None when it holds, otherwise a sentence saying what was found."""

    name: str
    hard: bool
    run: Callable[[WorkDatabase], str | None]


def totals_reconcile(work: WorkDatabase) -> str | None:
    """Demand by sector plus unmapped equals the total of every region and year."""
    m, r = s.mart_mismatch, s.mart_region
    by_sector = select(m.c.region_code, m.c.period, func.sum(m.c.n + m.c.experienced).label("n")).group_by(m.c.region_code, m.c.period).subquery()
    found = work.frame(
        select(r.c.region_code, r.c.period, r.c.total_demand, (func.coalesce(by_sector.c.n, 0) + r.c.unmapped_demand).label("parts"))
        .join(by_sector, and_(by_sector.c.region_code == r.c.region_code, by_sector.c.period == r.c.period), isouter=True)
    )
    wrong = found[found["total_demand"] != found["parts"]]
    return None if wrong.empty else f"{len(wrong)} region-years do not add up, e.g. {wrong.iloc[0].to_dict()}"


def crosswalks_reconcile(work: WorkDatabase) -> str | None:
    """Under every crosswalk the sectors of a region and year have the same demand together, and never more goes to programmes than there is."""
    m, x = s.mart_mismatch, s.mart_variant
    total = select(m.c.region_code, m.c.period, func.sum(m.c.demand).label("demand")).group_by(m.c.region_code, m.c.period).subquery()
    found = work.frame(
        select(x.c.region_code, x.c.period, x.c.variant, func.sum(x.c.demand).label("parts"), func.max(total.c.demand).label("demand"))
        .join(total, and_(total.c.region_code == x.c.region_code, total.c.period == x.c.period))
        .where(x.c.subject_kind == "sector").group_by(x.c.region_code, x.c.period, x.c.variant))
    wrong = found[(found["parts"] - found["demand"]).abs() > 1e-6 * (1 + found["demand"])]
    if len(wrong):
        return f"{len(wrong)} region-years do not add up under another crosswalk, e.g. {wrong.iloc[0].to_dict()}"
    over = work.frame(select(m.c.region_code, m.c.period, m.c.sector, m.c.n, m.c.apportioned).where((m.c.apportioned > m.c.n + 1e-6) | (m.c.apportioned < 0)))
    return None if over.empty else f"{len(over)} cells give programmes more than there is, e.g. {over.iloc[0].to_dict()}"


def municipalities_add_up(work: WorkDatabase) -> str | None:
    """The atoms of a region's municipalities add up to what the region has: vacancies, demand, bounds of the supply, all adverts."""
    keys = ["region_code", "period", "sector"]
    m, d, a, t, r = s.mart_mismatch.c, s.mart_area_demand.c, s.mart_area_supply.c, s.mart_area_month.c, s.mart_region.c
    cells = work.frame(select(m.region_code, m.period, m.sector, m.n, m.experienced, m.demand, m.supply_low, m.supply, m.supply_high).where(m.region_code != NATIONAL))
    demand = work.frame(
        select(d.region_code, d.period, d.sector, *(func.sum(d[name]).label(name) for name in ("n", "experienced", "demand")))
        .where(d.municipality_code.is_not(None)).group_by(d.region_code, d.period, d.sector))
    middle = (a.graduates_low + a.graduates_high) / 2.0
    leaving = {"leaving_low": a.graduates_low * (1 - a.share_high), "leaving": middle * (1 - a.share), "leaving_high": a.graduates_high * (1 - a.share_low)}
    leavers = work.frame(
        select(a.region_code, a.year, a.sector, *(func.sum(value * a.share_in_area).label(name) for name, value in leaving.items())).group_by(a.region_code, a.year, a.sector))
    parts = demand.merge(supply.yearly_mean(leavers.dropna(subset=["sector"]), sorted({int(p) for p in cells["period"]}), ["region_code", "sector"]), on=keys, how="outer")
    both = cells.merge(parts, on=keys, how="left", suffixes=("", "_parts"))
    for name in ("n", "experienced", "demand", "supply_low", "supply", "supply_high"):
        wrong = both[(both[name].fillna(0) - both[f"{name}_parts"].fillna(0)).abs() > 1e-6 * (1 + both[name].abs())]
        if len(wrong):
            return f"{name} of {len(wrong)} cells, e.g. {wrong.iloc[0][[*keys, name, f'{name}_parts']].to_dict()}"
    months = work.frame(select(t.region_code, t.period, func.sum(t.n).label("n"), func.sum(t.adverts).label("all_adverts")).where(t.municipality_code.is_not(None)).group_by(t.region_code, t.period))
    totals = work.frame(select(r.region_code, r.period, r.total_demand, r.adverts).where(r.region_code != NATIONAL)).merge(months, on=["region_code", "period"], how="left").fillna(0)
    wrong = totals[(totals["total_demand"] != totals["n"]) | (totals["adverts"] != totals["all_adverts"])]
    return None if wrong.empty else f"vacancies of {len(wrong)} region-years, e.g. {wrong.iloc[0].to_dict()}"


def reasons_reconcile(work: WorkDatabase) -> str | None:
    """The reasons for being unmapped add up to the unmapped total."""
    u, r = s.mart_unmapped, s.mart_region
    by_reason = select(u.c.region_code, u.c.period, func.sum(u.c.demand).label("n")).group_by(u.c.region_code, u.c.period).subquery()
    found = work.frame(
        select(r.c.region_code, r.c.period, r.c.unmapped_demand, func.coalesce(by_reason.c.n, 0).label("n"))
        .join(by_reason, and_(by_reason.c.region_code == r.c.region_code, by_reason.c.period == r.c.period), isouter=True)
    )
    wrong = found[found["unmapped_demand"] != found["n"]]
    return None if wrong.empty else f"{len(wrong)} region-years, e.g. {wrong.iloc[0].to_dict()}"


def months_reconcile(work: WorkDatabase) -> str | None:
    """The months of a year add up to the region's total of that year."""
    d, r = s.mart_demand_month, s.mart_region
    year = func.year(d.c.month)
    by_year = select(d.c.region_code, year.label("period"), func.sum(d.c.demand).label("n")).group_by(d.c.region_code, year).subquery()
    found = work.frame(
        select(r.c.region_code, r.c.period, r.c.total_demand, func.coalesce(by_year.c.n, 0).label("n"))
        .join(by_year, and_(by_year.c.region_code == r.c.region_code, by_year.c.period == r.c.period), isouter=True)
    )
    wrong = found[found["total_demand"] != found["n"]]
    return None if wrong.empty else f"{len(wrong)} region-years, e.g. {wrong.iloc[0].to_dict()}"


def intervals_contain_their_point(work: WorkDatabase) -> str | None:
    """Every lower bound is at most, every upper bound at least the point."""
    problems = []
    for table, names in ((s.mart_mismatch, ("demand", "supply", "supply_living", "ratio", "gap")), (s.mart_region, ("supply", "supply_living")),
                         (s.mart_programme, ("demand", "supply", "supply_living", "ratio", "gap")), (s.mart_home, ("supply",))):
        for name in names:
            low, point, high = table.c[f"{name}_low"], table.c[name], table.c[f"{name}_high"]
            found = work.frame(select(func.count().label("n")).select_from(table).where((low > point + 1e-9) | (point > high + 1e-9)))
            if int(found["n"].iloc[0]):
                problems.append(f"{table.name}.{name}: {int(found['n'].iloc[0])} rows")
    return ", ".join(problems) or None


def masked_counts_are_intervals(work: WorkDatabase) -> str | None:
    """No count below zero, no upper bound under the lower one, masked rows wider than a point."""
    problems = []
    for table, name in ((s.enrolment, "students"), (s.graduates, "graduates"), (s.enrolment_pathway, "students"), (s.home_students, "students")):
        low, high = table.c[f"{name}_low"], table.c[f"{name}_high"]
        found = work.frame(select(func.count().label("n")).select_from(table).where(
            (low < 0) | (high < low) | and_(table.c.masked == true(), high == low)))
        if int(found["n"].iloc[0]):
            problems.append(f"{table.name}: {int(found['n'].iloc[0])} rows")
    return ", ".join(problems) or None


def masked_counts_stay_masked(work: WorkDatabase) -> str | None:
    """No masked count of an institution can be computed from the total of its programme in the region."""
    p, i = s.mart_programme.c, s.mart_programme_institution.c
    problems = []
    for measure in ("students", "graduates"):
        bounds = [f"{measure}_low", f"{measure}_high"]
        totals = work.frame(select(p.region_code, p.period, p.crebo, *(p[b] for b in bounds)).where(p[bounds[0]].is_not(None)))
        parts = work.frame(select(i.region_code, i.year.label("period"), i.crebo, *(i[b] for b in bounds)))
        shown = disclosure.shown_totals(totals, parts, ["region_code", "period", "crebo"], measure)
        wrong = int((shown[bounds] != totals[bounds]).any(axis=1).sum())
        if wrong:
            problems.append(f"{measure}: {wrong} totals give a masked count away")
    return ", ".join(problems) or None


def living_reconciles(work: WorkDatabase) -> str | None:
    """Leavers by home region, abroad and unknown add up to those of the country by teaching place."""
    r, h = s.mart_region.c, s.mart_home.c
    living = work.frame(select(r.region_code, r.period, r.supply, r.supply_living).where(r.supply_living.is_not(None)))
    outside = work.frame(select(h.period, func.sum(h.supply).label("n")).where(h.home_code.in_([supply.ABROAD, supply.UNKNOWN])).group_by(h.period))
    country = living[living["region_code"] == NATIONAL].set_index("period")["supply"]
    parts = living[living["region_code"] != NATIONAL].groupby("period")["supply_living"].sum().add(outside.set_index("period")["n"], fill_value=0.0)
    apart = (country - parts.reindex(country.index)).abs()
    wrong = apart[~(apart <= 1e-6 * (1 + country))]
    return None if wrong.empty else f"{len(wrong)} years do not add up, e.g. {wrong.index[0]}: {country[wrong.index[0]]} in all, {parts.get(wrong.index[0])} by home"


def programmes_add_up_to_pathways(work: WorkDatabase) -> str | None:
    """Students by programme (file 03) contain the total DUO gives per institution and pathway (file 01)."""
    keys = ["institution_code", "pathway_source", "year"]
    parts, totals = (
        work.frame(select(*(t.c[k] for k in keys), func.sum(t.c.students_low).label("low"), func.sum(t.c.students_high).label("high")).group_by(*(t.c[k] for k in keys)))
        for t in (s.enrolment, s.enrolment_pathway))
    both = totals.merge(parts, on=keys, how="left", suffixes=("", "_parts")).fillna(0).sort_values(keys)
    wrong = both[(both["high_parts"] < both["low"]) | (both["low_parts"] > both["high"])]
    return None if wrong.empty else f"{len(wrong)} of {len(both)} totals lie outside what the programmes add up to, e.g. {wrong.iloc[0].to_dict()}"


def most_homes_resolved(work: WorkDatabase) -> str | None:
    """At least 95% of the students who live in the Netherlands have a home municipality that was found."""
    h = s.home_students.c
    found = work.frame(select(h.municipality_name, h.province_name, h.home_status, func.sum(h.students_high).label("n"))
                       .where(h.home_status != "abroad").group_by(h.municipality_name, h.province_name, h.home_status).order_by(func.sum(h.students_high).desc(), h.municipality_name))
    if found.empty:
        return None
    open_ = found[found["home_status"] != "resolved"]
    share = 1 - float(open_["n"].sum()) / float(found["n"].sum())
    named = ", ".join(f"{r.municipality_name} ({r.province_name}, {r.home_status})" for r in open_.head(8).itertuples())
    return None if share >= 0.95 else f"only {share:.0%} of the homes were found; not: {named}"


def most_teaching_places_resolved(work: WorkDatabase) -> str | None:
    """At least 95% of the teaching locations on offer lie in a municipality that was found; the others do not count for any region."""
    o, m = s.offer.c, s.municipality
    found = work.frame(select(o.place, func.count().label("n")).group_by(o.place).order_by(func.count().desc(), o.place))
    if found.empty:
        return None
    latest = select(func.max(m.c.year)).scalar_subquery()
    gazetteer = gazetteer_of({"municipality": work.frame(select(m).where(m.c.year == latest)), "ref_places": reference.read("places")})
    open_ = found[[gazetteer.resolve(place)[0] is None for place in found["place"]]]
    share = 1 - float(open_["n"].sum()) / float(found["n"].sum())
    return None if share >= 0.95 else f"only {share:.0%} of the teaching places were found; not: {', '.join(open_['place'].head(8))}"


def municipalities_have_a_region(work: WorkDatabase) -> str | None:
    """Every municipality of the boundary year belongs to exactly one labour-market region that exists."""
    m, link, r = s.municipality, s.municipality_region, s.region
    found = work.frame(
        select(m.c.code, m.c.year).join(
            link, and_(link.c.municipality_code == m.c.code, link.c.year == m.c.year, link.c.scheme == "arbeidsmarktregio"), isouter=True
        ).join(r, and_(r.c.code == link.c.region_code, r.c.year == m.c.year, r.c.scheme == "arbeidsmarktregio"), isouter=True)
        .where(r.c.code.is_(None))
    )
    if found.empty:
        count = work.frame(select(func.count().label("n")).select_from(m))
        return None if int(count["n"].iloc[0]) else "there are no municipalities; load cbs-regions first"
    return f"{len(found)} municipalities without a region, e.g. {found.iloc[0]['code']} ({found.iloc[0]['year']})"


def vacancies_refer_to_what_exists(work: WorkDatabase) -> str | None:
    """Municipalities, sectors and skills named by vacancies exist."""
    v, m = s.vacancy, s.vacancy_skill
    problems = []
    for label, statement in (
        ("municipality", select(func.count().label("n")).select_from(v).where(
            v.c.municipality_code.is_not(None), v.c.municipality_code.not_in(select(s.municipality.c.code)))),
        ("sector", select(func.count().label("n")).select_from(v).where(v.c.sector.is_not(None), v.c.sector.not_in(select(s.sector.c.code)))),
        ("skill", select(func.count().label("n")).select_from(m).where(m.c.skill_id.not_in(select(s.skill.c.skill_id)))),
        ("sector or reason", select(func.count().label("n")).select_from(v).where(v.c.sector.is_(None) == v.c.unmapped_reason.is_(None))),
    ):
        n = int(work.frame(statement)["n"].iloc[0])
        if n:
            problems.append(f"{n} with an unknown or contradictory {label}")
    return ", ".join(problems) or None


def duplicate_groups_count_once(work: WorkDatabase) -> str | None:
    """Every duplicate group has exactly one advert that counts."""
    v = s.vacancy
    heads = func.sum(func.cast(v.c.counts, s.Integer))
    found = work.frame(select(v.c.duplicate_group).group_by(v.c.duplicate_group).having(heads != 1).limit(5))
    return None if found.empty else f"groups {', '.join(str(g) for g in found['duplicate_group'])} count not exactly once"


def most_places_resolved(work: WorkDatabase) -> str | None:
    """At least 85% of Dutch adverts with a place have a municipality."""
    v = s.vacancy
    found = work.frame(select(v.c.place_status, func.count().label("n")).group_by(v.c.place_status))
    counts = dict(zip(found["place_status"], found["n"], strict=True))
    placed = sum(n for k, n in counts.items() if k not in ("missing", "abroad"))
    if not placed:
        return "there are no vacancies with a place"
    share = counts.get("resolved", 0) / placed
    return None if share >= 0.85 else f"only {share:.0%} of {placed} places resolved: {counts}"


def crosswalks_divide(work: WorkDatabase) -> str | None:
    """Per variant and occupation the weights sum to at most one, and every programme named exists; the one in use is the first variant."""
    c, p = s.crosswalk_variant.c, s.programme
    over = work.frame(select(c.variant, c.occupation_uri, func.sum(c.weight).label("total")).group_by(c.variant, c.occupation_uri).having(func.sum(c.weight) > 1 + 1e-6))
    unknown = int(work.frame(select(func.count().label("n")).where(c.crebo.not_in(select(p.c.crebo))))["n"].iloc[0])
    problems = [f"{len(over)} sums above 1, e.g. {over.iloc[0].to_dict()}"] if len(over) else []
    return ", ".join([*problems, *([f"{unknown} links of programmes that do not exist"] if unknown else [])]) or None


def override_lines_are_used(work: WorkDatabase) -> str | None:
    """No line of the institutions' override files was rejected."""
    o = s.crosswalk_override.c
    found = work.frame(select(o.file, o.line, o.why).where(o.outcome == "rejected").order_by(o.file, o.line))
    return None if found.empty else f"{len(found)} lines rejected: " + "; ".join(f"{r.file} line {r.line}: {r.why}" for r in found.head(3).itertuples())


def listed_occupations_are_known(work: WorkDatabase) -> str | None:
    """At least 80% of the rows of official lists name an occupation that is one of ours."""
    rows = int(work.frame(select(func.count().label("n")).select_from(s.crebo_occupation))["n"].iloc[0])
    missed = int(work.frame(select(func.count().label("n")).select_from(s.crosswalk_missed))["n"].iloc[0])
    return None if missed <= 0.2 * rows else f"{missed} of {rows} rows name no occupation of ours; see table crosswalk_missed"


def there_is_something_to_show(work: WorkDatabase) -> str | None:
    """At least one vacancy or one graduate row."""
    n = sum(int(work.frame(select(func.count().label("n")).select_from(t))["n"].iloc[0]) for t in (s.vacancy, s.graduates))
    return None if n else "no vacancies and no graduates were loaded"


CHECKS: tuple[Check, ...] = (
    Check("something to show", True, there_is_something_to_show),
    Check("sectors and unmapped add up to the region", True, totals_reconcile),
    Check("crosswalks add up", True, crosswalks_reconcile),
    Check("municipalities add up to their region", True, municipalities_add_up),
    Check("reasons add up to unmapped", True, reasons_reconcile),
    Check("months add up to the year", True, months_reconcile),
    Check("intervals contain their point", True, intervals_contain_their_point),
    Check("masked counts are intervals", True, masked_counts_are_intervals),
    Check("masked counts stay masked", True, masked_counts_stay_masked),
    Check("leavers by home add up to the country", True, living_reconciles),
    Check("municipalities have a region", True, municipalities_have_a_region),
    Check("vacancies refer to what exists", True, vacancies_refer_to_what_exists),
    Check("duplicate groups count once", True, duplicate_groups_count_once),
    Check("crosswalks divide no more than there is", True, crosswalks_divide),
    Check("most places are resolved", False, most_places_resolved),
    Check("override lines are used", False, override_lines_are_used),
    Check("listed occupations are known", False, listed_occupations_are_known),
    Check("students by programme add up to the pathways", False, programmes_add_up_to_pathways),
    Check("most homes are resolved", False, most_homes_resolved),
    Check("most teaching places are resolved", False, most_teaching_places_resolved),
)


def run_checks(work: WorkDatabase, checks: tuple[Check, ...] = CHECKS) -> pd.DataFrame:
    """Run all checks; a frame for table check_result. Raises ChecksFailed when a hard one fails."""
    rows = []
    for check in checks:
        found = check.run(work)
        rows.append({"name": check.name, "severity": "hard" if check.hard else "soft", "passed": found is None, "detail": found or "holds"})
    failed = [(str(r["name"]), str(r["detail"])) for r in rows if r["severity"] == "hard" and not r["passed"]]
    if failed:
        raise ChecksFailed(failed)
    return pd.DataFrame(rows)
