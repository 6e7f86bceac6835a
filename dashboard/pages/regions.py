"""Regions: what a region has relatively much of, which regions are most like it, and the same figures of other regions beside it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from dashboard import formats, state
from dashboard.components.blocks import Component, block, box, choose_many
from dashboard.components.cards import (
    DUO_GRADUATES,
    VACANCY_SOURCES,
    Context,
    described_sources,
    figure_card,
    figure_footer,
    page_title,
    stat,
)
from dashboard.components.explain import explained_here
from dashboard.components.how_counted import how_counted
from dashboard.components.icons import class_chip
from dashboard.components.mismatch_rows import reason_text
from dashboard.components.strips import RATIO, ratio_axis, strip
from dashboard.components.tables import Column, Row, rows_of, table
from dashboard.figures.spark import HEIGHT, WIDTH, spark_path
from dashboard.i18n import Translator
from dashboard.limits import limits_of
from dashboard.markup import Markup, h, join
from dashboard.specialised import JOBS, Picture, branch_names, picture, reader_of, region_name
from etl.alignment import specialisation as rules
from warehouse import asking_regions
from warehouse.queries import NATIONAL

CBS_JOBS = ("cbs-jobs",)
NAMED = 3


def render(reader: Any, selection: state.Selection, t: Translator) -> list[Component]:
    """The page."""
    context = Context(reader, selection, t)
    beside = compared(selection)
    seen = picture(reader, selection.region, selection.period, beside)
    names = branch_names(reader, seen.basis, t)
    top: Component | None = box(_quotients(context, seen, names), _alike(context, seen, names), cls="grid wide-left") if selection.region != NATIONAL and len(seen.of(selection.region)) else None
    return [page for page in [
        _title(context, seen, names), _basis(context, seen), top, _controls(context), how_counted(context), _side_by_side(context, beside), _signals(context, beside)] if page is not None]


def tables(reader: Any, selection: state.Selection, t: Translator) -> dict[str, pd.DataFrame]:
    """The rows behind the cards: specialisation (all years, the regions beside it too), alike, compare (mismatch) and signals."""
    beside = compared(selection)
    seen = picture(reader, selection.region, selection.period, beside)
    names = branch_names(reader, seen.basis, t)
    shown = seen.rows[seen.rows["region_code"].isin([selection.region, *beside, NATIONAL])].copy()
    shown.insert(1, "region_name", [region_name(reader, c) for c in shown["region_code"]])
    shown.insert(4, "branch_name", [names.get(b, b) for b in shown["branch"]])
    near = seen.near.copy()
    if len(near):
        near.insert(1, "region_name", [region_name(reader, c) for c in near["region_code"]])
    codes = [selection.region, *beside, *([] if selection.region == NATIONAL else [NATIONAL])]
    made = {"specialisation": shown, "alike": near, "compare": pd.concat([_reader(reader, selection, c).mismatch(c, selection.period) for c in codes], ignore_index=True),
            "signals": pd.concat([asking_regions.strongest(_reader(reader, selection, c), c, selection.period) for c in codes], ignore_index=True)}
    attribution = {key: row["attribution"] for key in (*CBS_JOBS, *VACANCY_SOURCES, DUO_GRADUATES) for row in described_sources(reader, [key])}
    for name, keys in {"specialisation": _keys(seen), "alike": _keys(seen), "compare": (*VACANCY_SOURCES, DUO_GRADUATES), "signals": (*VACANCY_SOURCES, DUO_GRADUATES)}.items():
        made[name].attrs["source"] = "; ".join(dict.fromkeys(attribution[key] for key in keys if key in attribution))
    return made


def compared(selection: state.Selection) -> list[str]:
    """Regions beside the chosen one, in the order of the address."""
    return [code for code in (selection.compare or "").split(",") if code and code not in (selection.region, NATIONAL)]


def _reader(reader: Any, selection: state.Selection, code: str) -> Any:
    return reader if code == selection.region else reader_of(reader, code)


def _keys(seen: Picture) -> tuple[str, ...]:
    return CBS_JOBS if seen.basis == JOBS else VACANCY_SOURCES


# --- title ----------------------------------------------------------------------------------------------------------
def _title(context: Context, seen: Picture, names: dict[str, str]) -> Component:
    reader, selection, t = context
    region = reader.region_names()[selection.region]
    eyebrow = f"{region} · {seen.period}"
    rows = rows_of(seen.of(selection.region))
    if selection.region == NATIONAL:
        return page_title("regions", eyebrow, t("regions.country_title"), t("regions.country_lead"))
    if not rows:
        return page_title("regions", eyebrow, t("regions.none_title"), t("regions.none_text"))
    many = sorted((r for r in rows if r["kind"] == "many"), key=lambda r: -r["lq"])
    few = sorted((r for r in rows if r["kind"] == "few"), key=lambda r: r["lq"])
    more, less = (_listed([names[r["branch"]] for r in held[:NAMED]], t) for held in (many, few))
    title = (t("regions.title_quiet", region=region) if all(r["kind"] == "quiet" for r in rows) else t(f"regions.title_{seen.basis}", region=region, branches=more) if many else
             t(f"regions.title_{seen.basis}_few", region=region, branches=less) if few else t(f"regions.title_{seen.basis}_even", region=region))
    lead = t(f"regions.lead_{seen.basis}", year=seen.period) + (" " + t("regions.lead_few", branches=less) if many and few else "")
    total = rows[0]["total"] * (1000 if seen.basis == JOBS else 1)
    counted = explained_here(context, "lq-total", formats.number(total, t.lang), t(f"regions.made_total_{seen.basis}"), [(t("regions.parts"), formats.number(rows[0]["parts"], t.lang))] if seen.basis == JOBS else [], _keys(seen), total,
                             t(f"regions.note_total_{seen.basis}"))
    away = rules.distance(seen.shares.loc[selection.region].to_dict(), seen.shares.loc[NATIONAL].to_dict()) if {NATIONAL, selection.region} <= set(seen.shares.index) else None
    differs = explained_here(context, "lq-away", _percent(away, t.lang), t("regions.made_distance"), [], _keys(seen), total, t("regions.note_distance"))
    return page_title("regions", eyebrow, title, lead, [stat(t(f"regions.stat_{seen.basis}"), counted, str(seen.period)), stat(t("regions.stat_away"), differs, t("regions.stat_away_note"))])


def _basis(context: Context, seen: Picture) -> Component | None:
    """Says so when the figures are not from jobs, and why."""
    t = context.t
    if not seen.why:
        return None
    return block("regions-basis", h("p", h("b", t("regions.basis_title")), " ", t(f"regions.basis_{seen.why}"), " ", t("regions.basis_vacancies"), cls="callout"))


def _listed(names: list[str], t: Translator) -> str:
    small = [name[0].lower() + name[1:] if name[1:2].islower() else name for name in names]
    return "".join(small) if len(small) < 2 else f"{', '.join(small[:-1])} {t('regions.and')} {small[-1]}"


def _percent(share: Any, lang: str) -> str:
    return formats.ABSENT if formats.is_absent(share) else f"{formats.number(share * 100, lang, 1)}%"


def _amount(value: Any, seen: Picture, lang: str) -> str:
    return formats.number(value * 1000 if seen.basis == JOBS else value, lang)


# --- what there is relatively much of ---------------------------------------------------------------------------------
def _quotients(context: Context, seen: Picture, names: dict[str, str]) -> Component:
    selection, t = context.selection, context.t
    lang = t.lang
    rows = sorted(rows_of(seen.of(selection.region)), key=lambda r: -(r["lq"] if r["kind"] != "quiet" else -1.0))
    courses = {branch: part.sort_values("period") for branch, part in seen.rows[(seen.rows["region_code"] == selection.region) & seen.rows["lq"].notna()].groupby("branch")}
    moved = {r["branch"]: r for r in rows_of(seen.trends)}
    unit = t(f"regions.unit_{seen.basis}")
    head = h("li", h("span", t(f"regions.branch_{seen.basis}")), ratio_axis(lang, t("regions.axis_less"), t("regions.axis_more")), h("span", t("regions.quotient"), cls="number"), h("span", t("regions.share"), cls="number"),
             h("span", t("regions.course", first=seen.first, last=seen.period)), cls="lq-head", aria_hidden="true")
    items = [_quotient(context, seen, row, names, courses.get(row["branch"]), moved.get(row["branch"])) for row in rows]
    many, few = (sum(r["kind"] == k for r in rows) for k in ("many", "few"))
    title = t(f"regions.lq_title_{seen.basis}", many=many, few=few, of=len(rows))
    beside = [code for code in [selection.region, *compared(selection)] if len(seen.of(code))]
    each = {code: {r["branch"]: r for r in rows_of(seen.of(code))} for code in beside}

    def cell(code: str) -> Any:
        def text(row: Row) -> Any:
            own = each[code].get(row["branch"])
            return formats.ABSENT if own is None else _why(own, t) if own["kind"] == "quiet" else join([formats.number(own["lq"], lang, 2), h("small", formats.interval(own["lq_low"], own["lq_high"], lang, 2))])
        return text

    columns = [Column("branch", t(f"regions.branch_{seen.basis}"), lambda r: names[r["branch"]]), Column("value", unit, lambda r: formats.ABSENT if r["reason"] == "hidden" else _amount(r["value"], seen, lang), True),
               Column("share", t("regions.share_here"), lambda r: formats.ABSENT if r["reason"] == "hidden" else _percent(r["share"], lang), True), Column("country_share", t("regions.share_country"), lambda r: _percent(r["country_share"], lang), True),
               *(Column(code, t("regions.quotient_of", region=region_name(context.reader, code)), cell(code), True) for code in beside), Column("kind", t("regions.said"), lambda r: t(f"regions.kind_{r['kind']}"))]
    return figure_card(
        context, "specialisation", title, t(f"regions.lq_subtitle_{seen.basis}", year=seen.period, many=formats.number(rules.MANY, lang, 2), few=formats.number(rules.FEW, lang, 2)),
        [block("lq-rows", h("ul", head, items, cls="lq-rows", role="list")), block("lq-note", h("p", t(f"regions.lq_note_{seen.basis}"), cls="muted"))],
        table=table(rows, columns, title), footer=figure_footer(context, _keys(seen), f"{seen.first}–{seen.period}" if seen.first < seen.period else str(seen.period), rows[0]["total"] * (1000 if seen.basis == JOBS else 1)))


def _why(row: Row, t: Translator) -> str:
    return t(f"regions.quiet_{row['reason']}")


def _quotient(context: Context, seen: Picture, row: Row, names: dict[str, str], course: pd.DataFrame | None, moved: Row | None) -> Markup:
    t, lang = context.t, context.t.lang
    quiet = row["kind"] == "quiet"
    name = h("span", h("b", names[row["branch"]]), h("small", t(f"regions.kind_{row['kind']}")), cls=f"lq-name lq-{row['kind']}")
    if quiet:
        number: Any = formats.ABSENT
    else:
        values = [(t(f"regions.{name}_{seen.basis}"), _amount(row[column], seen, lang)) for name, column in (("here", "value"), ("all_here", "total"), ("there", "value_nl"), ("all_there", "total_nl"))]
        values += [(t("regions.share_here"), _percent(row["share"], lang)), (t("regions.share_country"), _percent(row["country_share"], lang))]
        note = t(f"regions.lq_made_note_{seen.basis}") + (" " + t("regions.hidden_note", n=int(row["hidden"]), parts=int(row["parts"])) if row["hidden"] else "")
        number = explained_here(context, f"lq-{row['branch']}", join([formats.number(row["lq"], lang, 2), h("small", formats.interval(row["lq_low"], row["lq_high"], lang, 2))]), t(f"regions.made_lq_{seen.basis}"), values, _keys(seen),
                                row["total"] * (1000 if seen.basis == JOBS else 1), note)
    path = spark_path([float(v) for v in course["lq"]], 2 * (rules.CHANGE - 1) * float(course["lq"].max())) if course is not None else ""
    said = t(f"regions.change_{moved['change']}", first=int(moved["first"]), then=formats.number(moved["lq_first"], lang, 2)) if moved else t("regions.change_none")
    spark = h("span", Markup(f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true"><path d="{path}"/></svg>') if path else None, h("small", said), cls="lq-course")
    shares = h("span", formats.ABSENT if row["reason"] == "hidden" else _percent(row["share"], lang), h("small", t("regions.against", share=_percent(row["country_share"], lang))), cls="number lq-share")
    return h("li", name, strip(row["lq_low"], row["lq"], row["lq_high"], f"lq-{row['kind']}", RATIO, (rules.FEW, rules.MANY), _why(row, t) if quiet else ""), h("span", number, cls="number"), shares, spark, cls="lq-row")


# --- alike ------------------------------------------------------------------------------------------------------------
def _alike(context: Context, seen: Picture, names: dict[str, str]) -> Component:
    reader, selection, t = context
    lang, rows = t.lang, rows_of(seen.near)
    if not rows:
        return block("regions-alike", h("section", h("h2", t("regions.alike_none_title")), h("p", t("regions.alike_none"), cls="subtitle"), cls="card"))
    mine = {r["branch"]: r for r in rows_of(seen.of(selection.region))}
    items = []
    for row in rows:
        theirs = {r["branch"]: r for r in rows_of(seen.of(row["region_code"]))}
        shared = {kind: [names[b] for b, r in mine.items() if r["kind"] == kind and theirs.get(b, {}).get("kind") == kind] for kind in ("many", "few")}
        name = region_name(reader, row["region_code"])
        ours, other = seen.shares.loc[selection.region], seen.shares.loc[row["region_code"]]
        made = explained_here(context, f"alike-{row['region_code']}", _percent(row["distance"], lang), t("regions.made_distance"), [
            (names[b], t("regions.differs", here=_percent(ours[b], lang), there=_percent(other[b], lang))) for b in (row["branch"], row["branch_2"])], _keys(seen), None, t("regions.note_distance"))
        said = [t(f"regions.shared_{kind}", branches=_listed(shared[kind], t)) for kind in ("many", "few") if shared[kind]] or [t("regions.shared_none")]
        differs = t("regions.differs_most", branch=_listed([names[row["branch"]]], t), here=_percent(ours[row["branch"]], lang), there=_percent(other[row["branch"]], lang))
        others = [*(c for c in compared(selection) if c != row["region_code"]), row["region_code"]][-state.MOST_COMPARED:]
        items.append(h("li", h("p", h("a", name, href=state.to_url(selection, region=row["region_code"], near=False)), h("span", made, " ", t("regions.other_words"), cls="muted")),
                       h("p", " ".join(said)), h("p", differs), h("p", h("a", t("regions.put_beside"), href=state.to_url(selection, compare=",".join(others)), data_reveal="side-by-side", cls="more"))))
    title = t("regions.alike_title", region=region_name(reader, rows[0]["region_code"]))
    columns = [Column("region_code", t("terms.region"), lambda r: region_name(reader, r["region_code"])), Column("distance", t("regions.distance"), lambda r: _percent(r["distance"], lang), True),
               Column("branch", t("regions.most_different"), lambda r: names[r["branch"]]), Column("difference", t("regions.difference"), lambda r: f"{formats.number(r['difference'] * 100, lang, 1, sign=True)}", True)]
    return figure_card(context, "alike", title, t(f"regions.alike_subtitle_{seen.scheme}", what=t(f"regions.unit_{seen.basis}").lower()), [block("alike-list", h("ol", items, cls="alike"))],
                       table=table(rows, columns, title), footer=figure_footer(context, _keys(seen), str(seen.period)))


# --- side by side -----------------------------------------------------------------------------------------------------
def _controls(context: Context) -> Component:
    reader, selection, t = context
    found = asking_regions.codes(reader)
    order = {"arbeidsmarktregio": 0, "province": 1, "corop": 2}
    rows = sorted((r for r in rows_of(found) if r["scheme"] in order and r["code"] != selection.region), key=lambda r: (order[r["scheme"]], r["name"].lower()))
    options = [(r["code"], r["name"] if r["scheme"] == "arbeidsmarktregio" else f"{r['name']} ({r['code'][:2]})") for r in rows]
    return box(block("regions-compare-head", h("h2", t("regions.compare_title")), h("p", t("regions.compare_lead"), cls="subtitle")),
               choose_many("compare", compared(selection), options, t("regions.compare"), t("regions.compare_placeholder"), t("shell.no_region"), state.MOST_COMPARED), cls="compare-controls")


def _side_by_side(context: Context, beside: list[str]) -> Component:
    reader, selection, t = context
    codes = [selection.region, *beside, *([] if selection.region == NATIONAL else [NATIONAL])]
    cells = {code: {r["sector"]: r for r in rows_of(_reader(reader, selection, code).mismatch(code, selection.period))} for code in codes}
    sectors = [r for r in rows_of(reader.sectors()) if any(r["code"] in held for held in cells.values())]

    def cell(code: str) -> Any:
        def text(row: Row) -> Any:
            found = cells[code].get(row["code"])
            return formats.ABSENT if found is None else _outcome(context, code, found)
        return text

    columns = [Column("code", t("terms.sector"), lambda r: t.pick(r, "short")), *(Column(code, region_name(reader, code), cell(code)) for code in codes)]
    differ = sum(len({held[r["code"]]["class"] for held in cells.values() if r["code"] in held and held[r["code"]]["class"] in ("shortage", "surplus", "balance")}) > 1 for r in sectors)
    title = t("regions.side_title_some", n=differ, of=len(sectors)) if differ else t("regions.side_title_none")
    body: Any = table(sectors, columns, title, "side") if sectors else h("p", t("regions.side_empty"))
    total = sum(r["n"] for r in cells[selection.region].values())
    return figure_card(context, "compare", title, t("regions.side_subtitle", year=selection.period), [block("side-by-side", body)], table=None,
                       footer=figure_footer(context, (*VACANCY_SOURCES, DUO_GRADUATES), str(selection.period), total))


def _outcome(context: Context, code: str, row: Row) -> Markup:
    t, lang = context.t, context.t.lang
    chip = class_chip(row["class"], t(f"terms.class_{row['class']}"))
    if formats.is_absent(row["ratio"]):
        return join([chip, h("small", reason_text(row["reason"], t))])
    limits = limits_of(context.reader)
    values = [(t("programme.demand"), formats.number(row["demand"], lang)), (t("explain.demand_margin"), formats.interval(row["demand_low"], row["demand_high"], lang)), (t("programme.supply"), formats.number(row["supply"], lang, 1)),
              (t("explain.supply_margin"), formats.interval(row["supply_low"], row["supply_high"], lang, 1))]
    number = explained_here(context, f"side-{_plain(code)}-{row['sector']}", join([formats.ratio(row["ratio"], lang), h("small", formats.interval(row["ratio_low"], row["ratio_high"], lang, 1))]), t("programme.made_ratio"), values,
                            (*VACANCY_SOURCES, DUO_GRADUATES), row["n"], t("explain.ratio_note", shortage=formats.number(limits.shortage, lang, 2), surplus=formats.number(limits.surplus, lang, 2)))
    return h("span", chip, number, cls="side-cell")


def _signals(context: Context, beside: list[str]) -> Component:
    reader, selection, t = context
    codes = [selection.region, *beside, *([] if selection.region == NATIONAL else [NATIONAL])]
    short = {str(r["code"]): t.pick(r, "short") for r in rows_of(reader.sectors())}
    columns = []
    for code in codes:
        rows = rows_of(asking_regions.strongest(_reader(reader, selection, code), code, selection.period))
        items = [h("li", h("p", _subject(context, code, row, short)), h("p", t(f"programmes.signal_{row['code']}"), _figures(context, f"{code}-{row['subject']}", row))) for row in rows]
        columns.append(h("div", h("h3", region_name(reader, code)), h("ol", items) if items else h("p", t("regions.no_signals"), cls="muted")))
    body = h("div", columns, cls="signal-columns")
    return figure_card(context, "signals", t("regions.signals_title"), t("regions.signals_subtitle", year=selection.period), [block("region-signals", body)], table=None,
                       footer=figure_footer(context, (*VACANCY_SOURCES, DUO_GRADUATES), str(selection.period)))


def _subject(context: Context, code: str, row: Row, short: dict[str, str]) -> Markup:
    selection, t = context.selection, context.t
    where = selection.region if code == selection.region else code
    if row["subject_kind"] == "sector":
        return h("a", short.get(row["subject"], row["subject"]), href=state.to_url(selection, page="programmes", region=where, sector=row["subject"], compare=None))
    name = row["subject"] if formats.is_absent(row["name"]) else f"{row['name']} ({t('programme.level', level=int(row['level']))})"
    return h("a", name, href=state.to_url(selection, page="programme", region=where, programme=row["subject"], compare=None))


def _figures(context: Context, key: str, row: Row) -> Markup | None:
    """The figures a signal stands on, in a few words, each opening how it was made."""
    held, t, lang = json.loads(row["values"]), context.t, context.t.lang
    key, sources = f"signal-{_plain(key)}-{row['code']}", (*VACANCY_SOURCES, DUO_GRADUATES)
    if row["code"] in ("shortage", "surplus"):
        values = [(t("programme.demand"), formats.number(held["demand"], lang)), (t("explain.demand_margin"), formats.interval(held["demand_low"], held["demand_high"], lang)), (t("programme.supply"), formats.number(held["supply"], lang, 1)),
                  (t("explain.supply_margin"), formats.interval(held["supply_low"], held["supply_high"], lang, 1))]
        shown = join([formats.ratio(held["ratio"], lang), f" ({formats.interval(held['ratio_low'], held['ratio_high'], lang, 1)})"])
        return join([": ", explained_here(context, key, shown, t("programme.made_ratio"), values, sources, held["n"])])
    if "n_previous" in held:
        year = context.selection.period
        values = [(str(year - 1), formats.number(held["n_previous"], lang)), (str(year), formats.number(held["n"], lang))]
        shown = join([t("regions.figures_change", before=formats.number(held["n_previous"], lang), now=formats.number(held["n"], lang))])
        return join([": ", explained_here(context, key, shown, t("regions.made_change"), values, VACANCY_SOURCES, held["n"])])
    return join([" (", formats.sample(held["n"], lang), ")"]) if "n" in held else None


def _plain(code: str) -> str:
    """A key of a region as part of an id."""
    return "".join(c if c.isalnum() else "-" for c in code)
