"""The dossier of one programme in a region, in the order of the CMMBO questions. Every answer says what is known, from which source
and year, and what is not known and why; every number opens how it was made. Made to be printed on A4."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, select
from dashboard.components.cards import (
    DUO_GRADUATES,
    VACANCY_SOURCES,
    Context,
    described_sources,
    figure_footer,
    page_title,
    stat,
)
from dashboard.components.crosswalk_words import lineage_words, year_words
from dashboard.components.explain import explained_here
from dashboard.components.how_counted import how_counted
from dashboard.components.icons import class_chip
from dashboard.components.notices import empty_state
from dashboard.components.official import (
    declared,
    detail_text,
    missing_indicators,
    official_table,
    period_text,
    value_text,
    words_text,
)
from dashboard.components.programme_demand import (
    alternatives,
    alternatives_table,
    demand_card,
    demand_lines,
    usual_reader,
)
from dashboard.components.programme_signals import signals_card
from dashboard.components.reach_card import reach_card
from dashboard.components.tables import Column, Row, rows_of, table
from dashboard.i18n import Translator
from dashboard.limits import limits_of
from dashboard.markup import Markup, h, join
from dashboard.pages.programmes import quiet_reason, total
from etl.alignment import lineage
from warehouse import asking_lineage, asking_official, asking_programmes, asking_supply
from warehouse.queries import NATIONAL

PERSONS = ("students_low", "students_high", "graduates_low", "graduates_high")
CHANCES = ("cbs-leavers", "sbb-prospects", "roa-ita")
TENSION = ("uwv-tension",)
SOURCES = ("duo-students", DUO_GRADUATES, "duo-offer", "duo-institutions", *VACANCY_SOURCES, "esco", *TENSION, *CHANCES)


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    region = reader.region_names()[selection.region]
    found = reader.programme(selection.programme) if selection.programme else None
    back = [(t("programme.to_grid"), state.to_url(selection, page="programmes", programme=None))]
    if found is None:
        return [page_title("programme", region, t("programme.none_title")), block("programme-empty", empty_state(t("programme.none_title"), t("programme.none_text"), back)), _controls(context)]
    years = rows_of(reader.programme_years(selection.region, selection.programme))
    now = next((r for r in years if r["period"] == selection.period), None)
    eyebrow = f"{region} · {selection.period} · crebo {found['crebo']}"
    title = f"{found['name']} ({t('programme.level', level=found['level'])})"
    if now is None:
        return [page_title("programme", eyebrow, title, t("programme.absent", region=region)), block("programme-empty", empty_state(t("programme.absent_title"), t("programme.absent_text"), [*_heirs(context), *back])), _controls(context)]
    official = rows_of(asking_official.official_of(reader, selection.region, selection.period, "programme", selection.programme))
    quiet = now["class"] == "too_little_data"
    lead = h("span", class_chip(now["class"], t(f"programme.class_{now['class']}")), " ", quiet_reason(now["reason"], t) if quiet else t(
        "programme.lead", ratio=formats.ratio(now["ratio"], t.lang), interval=formats.interval(now["ratio_low"], now["ratio_high"], t.lang, 1), gap=formats.interval(now["gap_low"], now["gap_high"], t.lang, sign=True)))
    return [
        page_title("programme", eyebrow, title, lead, _stats(context, now)), how_counted(context), _controls(context, back), signals_card(context, now, official),
        _jobs(context, official), _at_level(context, found), _need(context, now, series(context, years), official), _others(context, found), reach_card(context, found), _progression(context, found, now),
        demand_card(context, now), _skills(context, now), _lineage(context), _sources(context),
    ]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """Rows behind the cards."""
    if not selection.programme:
        return {}
    made = {"years": reader.programme_years(selection.region, selection.programme).copy(), "providers": reader.programme_institutions(selection.region, selection.programme).copy(),
            "crosswalk": demand_lines(reader, selection), "series": series_frame(Context(reader, selection, t)), "official": asking_official.official_of(reader, selection.region, selection.period, "programme", selection.programme).copy()}
    attribution = {key: row["attribution"] for key in SOURCES for row in described_sources(reader, [key])}
    for name, keys in {"years": ("duo-students", DUO_GRADUATES, *VACANCY_SOURCES), "providers": ("duo-students", DUO_GRADUATES, "duo-offer"), "crosswalk": (*VACANCY_SOURCES, "esco"), "series": ("duo-students", DUO_GRADUATES), "official": (*TENSION, *CHANCES)}.items():
        made[name].attrs["source"] = "; ".join(dict.fromkeys(attribution[key] for key in keys if key in attribution))
    return made


def series(context: Context, years: list[Row]) -> list[Row]:
    """Per year what is known of the programme, its earlier codes with it: rows of mart_programme with the students and graduates of all
    its codes, `codes` (of which they are made, joined by |) and `basis` (see etl.alignment.lineage.chain). A year without vacancies has no demand."""
    reader, selection, _t = context
    crebo = str(selection.programme)
    counts = asking_lineage.counts(reader, str(selection.region), crebo)
    joined = rows_of(lineage.chain(counts, asking_lineage.family(reader, crebo), values=PERSONS))
    own = {int(r["year"]): r for r in joined if r["crebo"] == crebo}
    known = {r["period"]: r for r in years}
    nothing = dict.fromkeys((*PERSONS, "supply_low", "supply_high", "demand_low", "demand_high", "n", "class"))
    made = []
    for year in sorted({*own, *known}):
        people = own.get(year, {"codes": crebo, "basis": "own"})
        made.append({**nothing, **known.get(year, {}), "period": year, "codes": people["codes"], "basis": people["basis"], **{name: people.get(name) for name in PERSONS}})
    return made


def series_frame(context: Context) -> pd.DataFrame:
    """The years table as rows to download: year, codes, basis, students and graduates with their bounds."""
    columns = ["period", "codes", "basis", *PERSONS]
    reader, selection, _t = context
    return pd.DataFrame(series(context, rows_of(reader.programme_years(selection.region, selection.programme))), columns=columns)


def _heirs(context: Context) -> list[tuple[str, str]]:
    """Links to what became of a code that is no more."""
    reader, selection, t = context
    rows = rows_of(asking_lineage.family(reader, str(selection.programme)))
    after = [r["crebo"] for r in rows if r["predecessor"] == selection.programme and r["relation"] != asking_lineage.AMBIGUOUS]
    return [(t("programme.to_heir", code=code), state.to_url(selection, programme=code)) for code in after]


# --- head -----------------------------------------------------------------------------------------------------------
def _controls(context: Context, back: list[tuple[str, str]] | None = None) -> Component:
    reader, selection, t = context
    programmes = [(r["crebo"], f"{r['name']} · {t('programme.level', level=r['level'])} · {r['crebo']}") for r in rows_of(reader.programmes())]
    actions = [h("a", label, href=href, cls="button") for label, href in back or []]
    return box(select("programme", selection.programme, programmes, t("programme.choose"), search=True),
               block("programme-actions", actions, h("button", t("programme.print"), type="button", data_action="print", cls="button"), cls="actions"), cls="controls dossier-controls")


def _stats(context: Context, now: Row) -> list[Markup]:
    reader, selection, t = context
    lang = t.lang
    years = [r for r in rows_of(asking_programmes.student_years(reader, selection.region)) if r["crebo"] == selection.programme and r["year"] == selection.period]
    per = {r["pathway"]: formats.count(r["students_low"], r["students_high"], lang) for r in years if not formats.is_absent(r["students_low"])}
    students = explained_here(context, "stat-students", formats.count(now["students_low"], now["students_high"], lang), t("programme.made_students"), [(t(f"programme.pathway_{p}"), text) for p, text in per.items()],
                              ("duo-students",), note=t("programmes.masked_note"))
    return [
        stat(t("programme.students"), students, " · ".join(f"{t(f'programme.pathway_{p}')} {text}" for p, text in per.items()) or t("programme.on_1_october")),
        stat(t("programme.supply"), _made_living(context, now, "stat") if selection.supply == "living" else _made_supply(context, now, "stat"), t("programme.a_year")),
        stat(t("programme.demand"), _made_demand(context, now, "stat"), t("programme.vacancies_a_year")),
        stat(t("programme.providers"), formats.number(now["providers"], lang), t("programme.in_region")),
    ]


def _made_supply(context: Context, now: Row, key: str) -> Markup:
    _reader, selection, t = context
    share = progression(context.reader, context.reader.programme(selection.programme))
    values = [(t("programme.graduates"), f"{formats.count(now['graduates_low'], now['graduates_high'], t.lang)} ({selection.period})"), (t("programme.continuing"), formats.share_interval(share["share_low"], share["share_high"], t.lang)),
              (t("programme.middle"), formats.number(now["supply"], t.lang, 1))]
    return explained_here(context, f"{key}-supply", formats.interval(now["supply_low"], now["supply_high"], t.lang), t("programme.made_supply"), values, (DUO_GRADUATES, "duo-offer"), note=t("programme.supply_note", source=share["source"].rstrip(". ")))


def _made_living(context: Context, now: Row, key: str) -> Markup:
    t = context.t
    values = [(t("programme.middle"), formats.number(now["supply_living"], t.lang, 1))]
    return explained_here(context, f"{key}-living", formats.interval(now["supply_living_low"], now["supply_living_high"], t.lang), t("programme.made_living"), values, (DUO_GRADUATES, "duo-students"), note=t("programme.living_note"))


def _made_demand(context: Context, now: Row, key: str) -> Markup:
    _reader, _selection, t = context
    lang = t.lang
    values = [(t("programme.n"), formats.number(now["n"], lang)), (t("programme.apportioned"), formats.number(now["demand"], lang))]
    for name in ("demand_raw", "experienced"):
        if name in now and not formats.is_absent(now[name]):
            values.append((t(f"programme.{name}"), formats.number(now[name], lang)))
    if not formats.is_absent(now.get("factor")):
        values.append((t("explain.factor"), f"{formats.number(now['factor'], lang, 2)} ({now.get('factor_basis') or formats.ABSENT})"))
    if not formats.is_absent(now.get("demand_alt_low")):
        values.append((t("explain.other_crosswalks"), formats.interval(now["demand_alt_low"], now["demand_alt_high"], lang)))
    return explained_here(context, f"{key}-demand", formats.interval(now["demand_low"], now["demand_high"], lang), t("programme.made_demand"), values, VACANCY_SOURCES, now["n"], t("programme.demand_note"))


def _question(name: str, number: int, title: str, answer: Any, *parts: Any, unknown: str, footer: Markup | None = None) -> Component:
    """A question of the dossier: the answer in a sentence, what it rests on, and what is not known."""
    return block(f"programme-{name}", h("section", h("h2", f"{number}. {title}"), h("p", answer, cls="answer"), parts, h("p", unknown, cls="unknown"), footer, cls="card question", id=f"question-{number}"))


# --- the five questions ---------------------------------------------------------------------------------------------
def _jobs(context: Context, official: list[Row]) -> Component:
    reader, selection, t = context
    known, region = declared(reader), reader.region_names()[selection.region]
    rows = [r for key in CHANCES for r in official if r["indicator"] == key]
    said = []
    for row in rows:
        indicator = known[row["indicator"]]
        shown = value_text(row, indicator, t.lang)
        said.append(t(f"programme.said_{row['indicator'].replace('-', '_')}", value=shown, words=words_text(row), detail=detail_text(row, t, region, short=True), period=period_text(row["indicator_period"], t), groups=", ".join(g.lstrip("0123456789 ") for g in str(row["groups"]).split("|"))))
    answer = " ".join(said) or t("programme.jobs_nothing")
    body = [official_table(context, rows, "jobs")] if rows else []
    return _question("jobs", 1, t("programme.question_jobs"), answer, *body, missing_indicators(context, rows, CHANCES),
                     unknown=t("programme.jobs_unknown"), footer=figure_footer(context, CHANCES, ", ".join(dict.fromkeys(period_text(r["indicator_period"], t) for r in rows)) or formats.ABSENT))


LEVELS = ("mbo1", "mbo2", "mbo3", "mbo4", "mbo", "hbo", "wo", "none")


def _at_level(context: Context, found: Row) -> Component:
    reader, selection, t = context
    lang = t.lang
    uris = [r["occupation_uri"] for r in rows_of(reader.programme_occupations(selection.programme))]
    counts = {r["level"]: int(r["n"]) for r in rows_of(asking_programmes.asked_levels(reader, selection.region, selection.period, uris))}
    asked = sum(n for level, n in counts.items() if level != "none")
    own = counts.get(f"mbo{found['level']}", 0)
    footer = figure_footer(context, VACANCY_SOURCES, str(selection.period), sum(counts.values()))
    if asked < limits_of(reader).min_n:
        return _question("level", 2, t("programme.question_level"), t("programme.level_quiet", n=formats.sample(asked, lang)), unknown=t("programme.level_unknown"), footer=footer)
    shown = explained_here(context, "level-share", formats.share(own / asked, lang), t("programme.made_level"), [
        (t("programme.asks_level", level=found["level"]), formats.number(own, lang)), (t("programme.states_level"), formats.number(asked, lang)), (t("programme.states_none"), formats.number(counts.get("none", 0), lang))],
        VACANCY_SOURCES, asked, t("programme.level_note"))
    rows = [{"level": level, "n": counts[level]} for level in LEVELS if counts.get(level)]
    columns = [Column("level", t("programme.level_asked"), lambda r: t(f"programme.asked_{r['level']}")), Column("n", t("programme.vacancies"), lambda r: formats.number(r["n"], lang), True),
               Column("share", t("programme.of_stated"), lambda r: formats.ABSENT if r["level"] == "none" else formats.share(r["n"] / asked, lang), True)]
    return _question("level", 2, t("programme.question_level"), join([shown, " ", t("programme.level_answer", level=found["level"], year=selection.period)]), table(rows, columns, t("programme.question_level"), "compact"),
                     unknown=t("programme.level_unknown"), footer=footer)


def _need(context: Context, now: Row, years: list[Row], official: list[Row]) -> Component:
    reader, selection, t = context
    lang, limits = t.lang, limits_of(reader)
    quiet = now["class"] == "too_little_data"
    demand, supply = formats.number(now["demand"], lang), formats.number(now["supply"], lang, 1)
    usual = next((r for r in rows_of(usual_reader(context).programme_years(selection.region, selection.programme)) if r["period"] == selection.period), now)
    facts = [(t("programme.demand"), _made_demand(context, now, "need"), t("programme.vacancies_a_year")),
             (t("programme.supply_teaching"), _made_supply(context, usual, "need"), t("programme.a_year") if selection.supply == "teaching" else t("programme.not_counted"))]
    living = not formats.is_absent(usual.get("supply_living"))
    if living:
        facts.append((t("programme.supply_living"), _made_living(context, usual, "need"), t("programme.a_year") if selection.supply == "living" else t("programme.not_counted")))
    if not quiet:
        parts = [(t("programme.demand"), demand), (t("explain.demand_margin"), formats.interval(now["demand_low"], now["demand_high"], lang)), (t("programme.supply"), supply),
                 (t("explain.supply_margin"), formats.interval(now["supply_low"], now["supply_high"], lang, 1))]
        ratio = explained_here(context, "need-ratio", formats.interval(now["ratio_low"], now["ratio_high"], lang, 1), t("programme.made_ratio"), [*parts, (t("programme.middle"), formats.number(now["ratio"], lang, 1))],
                               (*VACANCY_SOURCES, DUO_GRADUATES), now["n"], t("explain.ratio_note", shortage=formats.number(limits.shortage, lang, 2), surplus=formats.number(limits.surplus, lang, 2)))
        gap = explained_here(context, "need-gap", formats.interval(now["gap_low"], now["gap_high"], lang, sign=True), t("programme.made_gap"), [*parts, (t("programme.middle"), formats.number(now["gap"], lang, sign=True))],
                             (*VACANCY_SOURCES, DUO_GRADUATES), now["n"], t("explain.gap_note"))
        facts += [(t("programme.ratio"), ratio, t("programme.ratio_direction")), (t("programme.gap"), gap, t("programme.gap_direction"))]
    chip = class_chip(now["class"], t(f"programme.class_{now['class']}"))
    answer = join([chip, " ", quiet_reason(now["reason"], t) if quiet else t("programme.need_answer")])
    columns = [
        Column("period", t("programme.year")), *([Column("codes", t("programme.code"), lambda r: join([r["codes"].replace("|", " + "), h("small", year_words(t, r["basis"], r["codes"]))]))] if any(r["basis"] != "own" for r in years) else []),
        Column("students_low", t("programme.students"), lambda r: formats.count(r["students_low"], r["students_high"], lang), True),
        Column("graduates_low", t("programme.graduates"), lambda r: formats.count(r["graduates_low"], r["graduates_high"], lang), True),
        Column("supply_low", t("programme.supply"), lambda r: formats.interval(r["supply_low"], r["supply_high"], lang), True),
        Column("demand", t("programme.demand"), lambda r: formats.interval(r["demand_low"], r["demand_high"], lang), True), Column("n", t("programme.n"), lambda r: formats.number(r["n"], lang), True),
        Column("class", t("programme.picture"), lambda r: class_chip(r["class"], t(f"programme.class_{r['class']}")) if r["class"] else formats.ABSENT),
    ]
    tension = [r for r in official if r["indicator"] in TENSION]
    beside = join([h("h3", t("programme.beside")), official_table(context, tension, "need")]) if tension else h("p", t("programme.no_tension"))
    return _question(
        "need", 3, t("programme.question_need"), answer, h("dl", [stat(label, value, note) for label, value, note in facts], cls="stats inside"),
        h("p", t("programme.need_basis"), " ", h("a", t("programme.to_lines"), href="#demand-made"), " ", t("programme.two_supplies") if living else t("programme.one_supply"), cls="subtitle"),
        alternatives_table(context, alternatives(context)),
        h("h3", t("programme.years_title")), table(years, columns, t("programme.years_title"), "compact"), h("p", t("programme.years_without_demand"), cls="subtitle") if any(not r["class"] for r in years) else None,
        beside, h("p", t("programme.otherwise"), cls="subtitle"), unknown=t("programme.need_unknown"),
        footer=figure_footer(context, ("duo-students", DUO_GRADUATES, *VACANCY_SOURCES, *TENSION), f"{years[0]['period']}–{years[-1]['period']}", int(now["n"])))


def below(low: float, high: float, limit: int) -> str:
    """certain, possible or no: whether a count between these bounds is below a limit."""
    return "certain" if high < limit else "possible" if low < limit else "no"


def _others(context: Context, found: Row) -> Component:
    reader, selection, t = context
    lang = t.lang
    rows = [r for r in rows_of(reader.programme_institutions(selection.region, selection.programme)) if r["year"] == selection.period]
    per: dict[str, Row] = {}
    for r in rows:
        entry = per.setdefault(r["institution_code"], {"name": r["institution_name"], "basis": r["location_basis"], "places": set(), "split": r["share_in_region"] < 1, "graduates": []})
        entry["places"] |= {p for p in (r["places"] or "").split("|") if p}
        if not formats.is_absent(r["students_low"]):
            entry[r["pathway"]] = (int(r["students_low"]), int(r["students_high"]))
        if not formats.is_absent(r["graduates_low"]):
            entry["graduates"].append((int(r["graduates_low"]), int(r["graduates_high"])))
    listed = [{**entry, "total": total(entry)} for entry in per.values()]
    limits = limits_of(reader)
    limit, few = int(limits.small_provider), int(limits.few_students)
    elsewhere = rows_of(asking_programmes.regions_of_programme(reader, str(selection.programme), selection.period))
    country = next((r for r in elsewhere if r["region_code"] == NATIONAL), None)
    others = [r for r in elsewhere if r["region_code"] not in (NATIONAL, selection.region)]

    def counted(pathway: str) -> Any:
        return lambda e: formats.count(*e[pathway], lang) if pathway in e else formats.ABSENT

    columns = [
        Column("name", t("programme.institution")), Column("bol", t("programmes.col_bol"), counted("bol"), True), Column("bbl", t("programmes.col_bbl"), counted("bbl"), True),
        Column("graduates", t("programme.graduates"), lambda e: formats.count(sum(g[0] for g in e["graduates"]), sum(g[1] for g in e["graduates"]), lang) if e["graduates"] else formats.ABSENT, True),
        Column("total", t("programme.below", limit=limit), lambda e: t(f"programme.below_{below(*e['total'], limit)}")),
        Column("places", t("programme.places"), lambda e: join([", ".join(sorted(e["places"])) or formats.ABSENT, f" ({t('programme.head_office')})" if e["basis"] == "head office" else None, h("small", t("programme.also_elsewhere")) if e["split"] and selection.region != NATIONAL else None])),
    ]
    body = table(listed, columns, t("programme.question_others")) if listed else h("p", t("programme.no_providers"))
    certain = sum(below(*e["total"], limit) == "certain" for e in listed)
    possible = sum(below(*e["total"], limit) == "possible" for e in listed)
    small = t("programme.small_yes", n=certain, limit=limit) if len(listed) > 1 and certain else t("programme.small_maybe", n=possible, limit=limit) if len(listed) > 1 and possible else t("programme.small_no", limit=limit)
    national = (t(f"programme.national_{below(country['students_low'], country['students_high'], few)}", students=formats.count(country["students_low"], country["students_high"], lang), few=few, providers=country["providers"])
                if country and not formats.is_absent(country["students_low"]) else t("programme.national_unknown"))
    answer = t.plural("programme.others_answer", len(listed), names=", ".join(e["name"] for e in listed)) if listed else t("programme.no_providers")
    away = h("details", h("summary", t.plural("programme.elsewhere", len(others))), h("ul", [h("li", h("a", r["name"], href=state.to_url(selection, region=r["region_code"])), h("span", t.plural("programme.elsewhere_line", int(r["providers"]), students=formats.count(r["students_low"], r["students_high"], lang)), cls="muted")) for r in others], cls="link-list"), cls="behind") if others else None
    return _question("others", 4, t("programme.question_others"), answer, body, h("ul", h("li", h("b", t("programme.rule_small", limit=limit)), " ", small), h("li", h("b", t("programme.rule_few", few=few)), " ", national), cls="plain"), away,
                     unknown=t("programme.others_unknown"), footer=figure_footer(context, ("duo-students", DUO_GRADUATES, "duo-offer", "duo-institutions"), str(selection.period)))


def progression(reader: Any, found: Row) -> Row:
    """The share of a programme's graduates who continue in education (its level in its sector, or its level): share, share_low, share_high, source."""
    rows = asking_supply.progression(reader)
    rows = rows[rows["level"] == int(found["level"])]
    own = rows[rows["sector"] == (found.get("sector") or "")]
    row = (own if len(own) else rows[rows["sector"] == "*"]).iloc[0]
    return {name: float(row[name]) for name in ("share", "share_low", "share_high")} | {"source": row["source"]}


def _progression(context: Context, found: Row, now: Row) -> Component:
    reader, _selection, t = context
    row = progression(reader, found)
    shown = explained_here(context, "progression-share", formats.share_interval(row["share_low"], row["share_high"], t.lang), t("programme.made_progression"), [(t("programme.middle"), formats.share(row["share"], t.lang))], (), note=row["source"])
    return _question("progression", 5, t("programme.question_progression"), join([shown, " ", t("programme.progression_answer", level=found["level"])]),
                     h("p", t("programme.progression_effect", graduates=formats.count(now["graduates_low"], now["graduates_high"], t.lang), supply=formats.interval(now["supply_low"], now["supply_high"], t.lang)), cls="subtitle"),
                     unknown=t("programme.progression_unknown"), footer=h("p", h("span", h("b", t("shell.source")), " ", row["source"]), cls="footer"))


# --- what it rests on -----------------------------------------------------------------------------------------------
def _skills(context: Context, now: Row) -> Component:
    reader, selection, t = context
    rows = rows_of(reader.skills(selection.region, selection.period, "programme", selection.programme, 8))
    items = [h("li", h("span", r[f"label_{t.lang}"]), h("span", formats.share(r["share"], t.lang), " · ", t(f"skills.cover_{r['cover']}") if not formats.is_absent(r["cover"]) else "", cls="muted")) for r in rows]
    if formats.is_absent(now["coverage"]):
        text: Any = t("programme.coverage_unknown")
    else:
        shown = explained_here(context, "coverage", formats.share(now["coverage"], t.lang), t("programme.made_coverage"), [], VACANCY_SOURCES, now["coverage_n"], t("programme.coverage_note"))
        text = join([shown, " ", t("programme.coverage")])
    return block("programme-skills", h("section", h("h2", t("programme.skills")), h("p", text, cls="subtitle"), h("ul", items, cls="link-list") if items else h("p", t("skills.quiet_title")),
                                       h("p", h("a", t("programme.to_skills"), href=state.to_url(selection, page="skills", programme=selection.programme))), cls="card"))


def _lineage(context: Context) -> Component:
    _reader, selection, t = context
    rows = rows_of(asking_lineage.family(context.reader, str(selection.programme)))
    items = [h("li", lineage_words(t, r), None if r["relation"] == asking_lineage.AMBIGUOUS else h("span", " · ", t("programme.sure", confidence=formats.share(r["confidence"], t.lang)), cls="muted")) for r in rows]
    body = [h("ul", items, cls="plain"), h("p", t("programme.lineage_note"), cls="subtitle")] if rows else h("p", t("programme.no_lineage"), cls="subtitle")
    return block("programme-lineage", h("section", h("h2", t("programme.lineage")), body, cls="card"))


def _sources(context: Context) -> Component:
    reader, selection, t = context
    rows = described_sources(reader, SOURCES)
    columns = [
        Column("title", t("programme.source"), lambda r: h("a", r["title"] if t.lang == "nl" else r["title_en"], href=state.to_url(selection, page="data"))), Column("reference_period", t("programme.period"), lambda r: formats.ABSENT if formats.is_absent(r["reference_period"]) else r["reference_period"] or formats.ABSENT),
        Column("retrieved_at", t("programme.retrieved"), lambda r: formats.ABSENT if formats.is_absent(r["retrieved_at"]) else formats.day(r["retrieved_at"].date(), t.lang)), Column("licence", t("programme.licence")),
    ]
    caveats = [t(f"programme.caveat_{name}") for name in ("adverts", "institution", "masked", "crosswalk", "progression", "region")]
    published = t("programme.published", moment=formats.moment(reader.info.created_at, t.lang), id=reader.info.id)
    folded = h("details", h("summary", t("programme.sources_and_caveats", n=len(rows), m=len(caveats))), h("h3", t("programme.sources")), table(rows, columns, t("programme.sources"), "compact"),
               h("h3", t("programme.caveats")), h("ul", [h("li", text) for text in caveats], cls="caveats"), cls="on-paper", id="dossier-sources")
    return block("programme-sources", h("section", h("h2", t("programme.sources")), folded, h("p", published, [" ", t("shell.invented")] if reader.info.demonstration else None, cls="subtitle"), cls="card"))
