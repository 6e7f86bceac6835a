"""The numbers of a sector (rows of mart_mismatch), each with how it was made: demand, supply, ratio, gap; and how demand was calibrated.

Counted and estimated are never the same thing here: `n` is what was counted in adverts, `demand` is what that stands for after
calibration to CBS's totals. Wherever both are near each other the words are there: geteld, geschat.
"""

from __future__ import annotations

from typing import Any

from dashboard import formats, state
from dashboard.components.cards import DUO_GRADUATES, VACANCY_SOURCES, Context
from dashboard.components.explain import explained_here
from dashboard.components.tables import Row, rows_of
from dashboard.i18n import Translator
from dashboard.limits import limits_of
from dashboard.markup import Markup, h, join
from etl.alignment.area import Count
from warehouse import asking_area, asking_supply

OFFICIAL = ("cbs-open-vacancies", "cbs-vacancy-flow")
SUPPLY_SOURCES = (DUO_GRADUATES, "duo-offer")
HOMES = "duo-homes"
USUAL = Count()
MOST_DECIMALS = 5


def estimated(context: Context, row: Row) -> bool:
    """Whether the demand of this row is an estimate: lifted to CBS's totals, or divided in another way than counted."""
    count = context.selection.count
    return (count.demand == USUAL.demand and row["factor_basis"] != "none") or count.crosswalk != USUAL.crosswalk


def word_of(context: Context, row: Row) -> str:
    """geschat or geteld: what the demand of this row is."""
    return context.t("made.estimated" if estimated(context, row) else "made.counted")


def factor_text(n: float, factor: float, demand: float, lang: str) -> str:
    """The factor with as many decimals as it takes for n x factor, as printed, to give the printed demand."""
    decimals = next((d for d in range(2, MOST_DECIMALS) if formats.number(n * round(factor, d), lang) == formats.number(demand, lang)), MOST_DECIMALS)
    return formats.number(factor, lang, decimals)


def basis_text(row: Row, t: Translator) -> str:
    """What the calibration stands on: "CBS 2025, provincie x sector"; why there is none otherwise."""
    if row["factor_basis"] == "none":
        return t("made.not_calibrated")
    return t("made.basis", year=formats.ABSENT if formats.is_absent(row["factor_year"]) else int(row["factor_year"]), basis=t(f"made.basis_{str(row['factor_basis']).replace(' ', '_')}"))


def above(number: str, under: str) -> Markup:
    """A number with what belongs to it in small type under it."""
    return join([number, h("br"), h("small", under)])


# --- the four numbers -----------------------------------------------------------------------------------------------
def demand_explained(context: Context, row: Row) -> Markup:
    """Demand with what was counted under it."""
    t, lang, count = context.t, context.t.lang, context.selection.count
    shown = above(formats.number(row["demand"], lang), t("made.n_counted", n=formats.number(row["n"], lang)))
    values = [(t("made.n"), formats.number(row["n"], lang))]
    if count.crosswalk != USUAL.crosswalk:
        formula, note = t("made.demand_crosswalk", crosswalk=t(f"counted.crosswalk_{count.crosswalk}_words")), t("made.demand_crosswalk_note")
    elif estimated(context, row):
        formula, note = t("made.demand_formula"), t("made.demand_note")
        values += [(t("made.factor"), factor_text(row["n"], row["factor"], row["demand"], lang)), (t("made.rests_on"), basis_text(row, t))]
    else:
        formula, note = t("made.demand_counted"), t("made.demand_raw_note") if count.demand != USUAL.demand else basis_text(row, t)
    values += [(t("made.experienced"), formats.number(row["experienced"], lang)), (t("explain.demand_margin"), formats.interval(row["demand_low"], row["demand_high"], lang))]
    if not formats.is_absent(row["demand_alt_low"]):
        values.append((t("explain.other_crosswalks"), formats.interval(row["demand_alt_low"], row["demand_alt_high"], lang)))
    sources = (*VACANCY_SOURCES, *OFFICIAL) if estimated(context, row) else VACANCY_SOURCES
    return explained_here(context, f"demand-{row['sector']}", shown, formula, values, sources, row["n"], note)


def supply_explained(context: Context, row: Row) -> Markup:
    """Supply with its bounds under it."""
    t, lang, living = context.t, context.t.lang, context.selection.count.supply == "living"
    if formats.is_absent(row["supply"]):
        return Markup(formats.ABSENT)
    shown = above(formats.number(row["supply"], lang), formats.interval(row["supply_low"], row["supply_high"], lang))
    values = [(t("made.bounds"), formats.interval(row["supply_low"], row["supply_high"], lang)), *continuing(context, row["sector"])]
    if not living and not formats.is_absent(row["supply_se"]):
        values.insert(1, (t("made.error"), formats.number(row["supply_se"], lang, 1)))
    sources = (*SUPPLY_SOURCES, HOMES) if living else SUPPLY_SOURCES
    return explained_here(context, f"supply-{row['sector']}", shown, t("made.supply_formula"), values, sources, note=t("made.supply_living_note" if living else "made.supply_note"))


def ratio_explained(context: Context, row: Row) -> Markup:
    """The ratio with its interval under it."""
    t, lang = context.t, context.t.lang
    if formats.is_absent(row["ratio"]):
        return Markup(formats.ABSENT)
    limits = limits_of(context.reader)
    shown = above(formats.ratio(row["ratio"], lang), formats.interval(row["ratio_low"], row["ratio_high"], lang, 1))
    note = t("explain.ratio_note", shortage=formats.number(limits.shortage, lang, 2), surplus=formats.number(limits.surplus, lang, 2))
    values = [*_inputs(context, row), (t("made.ratio_margin"), formats.interval(row["ratio_low"], row["ratio_high"], lang, 2))]
    return explained_here(context, f"ratio-{row['sector']}", shown, f"{_demand_name(context, row)} ÷ {t('terms.graduates')}", values, _sources(context, row), row["n"], note)


def gap_explained(context: Context, row: Row) -> Markup:
    """The gap with its interval under it."""
    t, lang = context.t, context.t.lang
    if formats.is_absent(row["gap"]):
        return Markup(formats.ABSENT)
    shown = above(formats.number(row["gap"], lang, sign=True), formats.interval(row["gap_low"], row["gap_high"], lang, sign=True))
    return explained_here(
        context, f"gap-{row['sector']}", shown, f"{_demand_name(context, row)} {formats.MINUS} {t('terms.graduates')}", _inputs(context, row), _sources(context, row), row["n"], t("explain.gap_note"))


def _demand_name(context: Context, row: Row) -> str:
    return context.t("made.demand_name", word=word_of(context, row))


def _inputs(context: Context, row: Row) -> list[tuple[str, str]]:
    """What ratio and gap are made of, with one decimal so that the sum can be done again."""
    t, lang = context.t, context.t.lang
    made = [(_demand_name(context, row), formats.number(row["demand"], lang, 1)), (t("explain.demand_margin"), formats.interval(row["demand_low"], row["demand_high"], lang)),
            (t("terms.graduates"), formats.number(row["supply"], lang, 1)), (t("made.bounds"), formats.interval(row["supply_low"], row["supply_high"], lang))]
    if not formats.is_absent(row["demand_alt_low"]):
        made.append((t("explain.other_crosswalks"), formats.interval(row["demand_alt_low"], row["demand_alt_high"], lang)))
    return made


def _sources(context: Context, row: Row) -> tuple[str, ...]:
    return (*VACANCY_SOURCES, *(OFFICIAL if estimated(context, row) else ()), DUO_GRADUATES)


def continuing(context: Context, sector: str) -> list[tuple[str, str]]:
    """Who continue in education, by level: name and "40% (35–50%), gepubliceerd"."""
    t, lang = context.t, context.t.lang
    by_level: dict[int, Row] = {}
    for row in rows_of(asking_supply.progression(context.reader)):
        if row["sector"] == sector or (row["sector"] == "*" and int(row["level"]) not in by_level):
            by_level[int(row["level"])] = row
    return [(t("made.continuing", level=level), f"{formats.share(row['share'], lang)} ({formats.share_interval(row['share_low'], row['share_high'], lang)}), {_basis(str(row['basis']), t)}")
            for level, row in sorted(by_level.items())]


def resting_on(note: Any, t: Translator) -> str:
    """mart_region.supply_note in words: "48% gepubliceerd, 52% deels aangenomen"; "" without one."""
    if formats.is_absent(note) or not note:
        return ""
    parts = [part.rpartition(":") for part in str(note).split("|")]
    return ", ".join(f"{formats.share(float(share), t.lang)} {_basis(basis, t)}" for basis, _, share in sorted(parts, key=lambda part: -float(part[2])))


def _basis(basis: str, t: Translator) -> str:
    return t(f"made.progression_{basis.replace(' ', '_')}")


# --- calibration ----------------------------------------------------------------------------------------------------
def calibration_line(context: Context, rows: list[Row]) -> Markup:
    """How demand was lifted to CBS's totals, in one line, with the way to the plain count and back."""
    t, selection = context.t, context.selection
    countable = "demand=raw" in asking_area.countable(context.reader)
    if selection.count.demand != USUAL.demand:
        return h("p", t("made.line_raw"), " ", h("a", t("made.to_calibrated"), href=state.to_url(selection, demand=None)), cls="calibration")
    lifted = [row for row in rows if row["factor_basis"] != "none" and row["n"] > 0]
    plain = [row for row in rows if row["factor_basis"] == "none" and row["n"] > 0]
    if not lifted:
        return h("p", t("made.line_none"), " ", t("made.why_none"), cls="calibration") if plain else Markup("")
    factors = [row["factor"] for row in lifted]
    parts: list[Any] = [t("made.line", factors=_range(min(factors), max(factors), t))]
    if plain:
        parts += [" ", t("made.line_some_none", sectors=", ".join(t.pick(row, "short") for row in plain)), " ", t("made.why_none")]
    raw = h("a", t("made.to_raw"), href=state.to_url(selection, demand="raw")) if countable else None
    return h("p", parts, " " if raw else None, raw, cls="calibration")


def _range(low: float, high: float, t: Translator) -> str:
    a, b = formats.number(low, t.lang, 1), formats.number(high, t.lang, 1)
    return a if a == b else t("made.from_to", low=a, high=b)
