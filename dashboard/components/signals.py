"""The strongest signals of a region in plain sentences: what stands out, by which rule, on which figures, and what else could explain it.

A signal is for a conversation. Clear ones come first (the whole interval in a class, an official figure that says the opposite,
a change that is more than chance), then sectors that lean to one side, then what stands out at single programmes. No code more
than twice, so that five signals are not five times the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import formats, state
from dashboard.components.cards import (
    DUO_GRADUATES,
    VACANCY_SOURCES,
    Context,
    described_sources,
    source_title,
)
from dashboard.components.icons import class_chip, icon
from dashboard.components.official import (
    declared,
    detail_text,
    period_text,
    reasons_text,
    value_text,
    words_text,
)
from dashboard.components.sector_numbers import OFFICIAL
from dashboard.components.tables import Row, rows_of
from dashboard.i18n import Translator
from dashboard.limits import limits_of
from dashboard.markup import Markup, h
from etl.alignment.mismatch import Thresholds
from warehouse import asking_official, asking_signals

MOST, PER_CODE = 5, 2
RANKS = {
    "shortage": 1, "surplus": 1, "official_opposite": 2, "demand_up": 3, "demand_down": 3, "enrolment_falls_demand_rises": 3, "enrolment_rises_demand_falls": 3,
    "leans_shortage": 4, "leans_surplus": 4,
}
ABOUT_A_PROGRAMME = 5  # the rank of the other codes: skills, few students, small providers
STUDENTS = "duo-students"
SKILLS = ("skills_asked_not_taught", "skills_taught_hardly_asked", "skills_uncovered")


@dataclass(frozen=True)
class Signal:
    """A signal: its code (those of etl.alignment.signals, leans_shortage, leans_surplus, official_opposite), what it is about (sector or
    programme, its code and name), the figures by name, its strength (only comparable within a rank), and how many other
    programmes have the same one."""

    code: str
    kind: str
    subject: str
    name: str
    values: Mapping[str, Any]
    strength: float
    others: int = 0

    @property
    def rank(self) -> int:
        """What comes first: 1 before 5."""
        return RANKS.get(self.code, ABOUT_A_PROGRAMME)


def strongest(found: list[Signal], limit: int = MOST) -> list[Signal]:
    """The first of each rank, no code more than PER_CODE times (about single programmes once, while there are others); only with sectors
    is a list that stays short filled up with more of a kind. Equal strength: the smallest number first (few students, a small provider)."""
    ordered = sorted(found, key=lambda s: (s.rank, -s.strength, _smallest(s), s.kind != "sector", s.subject))
    chosen: list[Signal] = []
    for most in (None, PER_CODE, len(ordered)):
        for signal in ordered:
            allowed = min(most or PER_CODE, (PER_CODE if most else 1) if signal.rank == ABOUT_A_PROGRAMME else len(ordered))
            if len(chosen) < limit and signal not in chosen and sum(s.code == signal.code for s in chosen) < allowed:
                chosen.append(signal)
    return sorted(chosen, key=ordered.index)


def _smallest(signal: Signal) -> float:
    return float(signal.values.get("national_high") or signal.values.get("smallest_high") or 0)


def all_signals(context: Context, rows: list[Row]) -> list[Signal]:
    """Every signal of the region: those that the publication keeps, sectors that lean, and official figures that say the opposite.

    `rows` are those of Reader.mismatch. Where no signals are kept (see `kept`) those of the sectors follow from them.
    """
    reader, selection, t = context
    if not kept(context):
        return [*of_rows(rows, t), *leaning(context, rows, limits_of(reader)), *contradicted(context, rows)]
    found = rows_of(asking_signals.signals(reader, selection.region, selection.period))
    times = Counter(row["code"] for row in found if row["subject_kind"] == "programme")
    made = [Signal(row["code"], row["subject_kind"], row["subject"], t.pick(row, "name"), row["values"], row["strength"], times[row["code"]] - 1 if row["subject_kind"] == "programme" else 0)
            for row in found]
    return [*made, *leaning(context, rows, limits_of(reader)), *contradicted(context, rows)]


def kept(context: Context) -> bool:
    """Whether the signals of this view are kept in the publication; those of own areas and other ways of counting would first have to
    be made for every programme, which takes seconds."""
    return context.selection.count.usual and getattr(context.reader, "area", None) is None and asking_signals.kept(context.reader)


def of_rows(rows: list[Row], t: Translator) -> list[Signal]:
    """Signals of the sectors from their rows: clear classes, and demand that changed by more than chance (counted)."""
    made = []
    for row in rows:
        name = t.pick(row, "short")
        if row["class"] in ("shortage", "surplus"):
            made.append(Signal(row["class"], "sector", row["sector"], name, row, row["gap_low"] if row["class"] == "shortage" else -row["gap_high"]))
        for code in ("demand_up", "demand_down"):
            if code in str(row["signals"] or "").split("|") and not formats.is_absent(row["demand_previous"]):
                made.append(Signal(code, "sector", row["sector"], name, {**row, "n_previous": row["demand_previous"]}, abs(row["n"] - row["demand_previous"])))
    return made


def leaning(context: Context, rows: list[Row], limits: Thresholds) -> list[Signal]:
    """Borderline sectors whose interval leaves out one side."""
    made = []
    for row in rows:
        if row["class"] != "borderline":
            continue
        if row["ratio_low"] >= limits.surplus and row["ratio"] > limits.shortage:
            made.append(Signal("leans_shortage", "sector", row["sector"], context.t.pick(row, "short"), row, row["gap"]))
        elif row["ratio_high"] <= limits.shortage and row["ratio"] < limits.surplus:
            made.append(Signal("leans_surplus", "sector", row["sector"], context.t.pick(row, "short"), row, -row["gap"]))
    return made


def contradicted(context: Context, rows: list[Row]) -> list[Signal]:
    """Official figures that say the opposite of a sector's class as it is on the screen."""
    reader, selection, t = context
    by_sector = {row["sector"]: row for row in rows}
    found = rows_of(asking_official.official_of(reader, selection.region, selection.period, "sector"))
    return [Signal("official_opposite", "sector", row["subject"], t.pick(by_sector[row["subject"]], "short"), {**by_sector[row["subject"]], "official": row}, abs(by_sector[row["subject"]]["gap"]))
            for row in found if row["agreement"] == "opposite" and row["subject"] in by_sector and by_sector[row["subject"]]["class"] == row["class"]]


# --- in words -------------------------------------------------------------------------------------------------------
def signal_item(context: Context, signal: Signal, rows: list[Row]) -> Markup:
    """A signal as an item of the list: subject, sentence, and under Waarom the rule, the source and other explanations."""
    _, selection, t = context
    values = told(context, signal, rows)
    programme = signal.kind == "programme"
    name = h("a", signal.name, href=state.to_url(selection, page="programme", programme=signal.subject)) if programme else signal.name
    rest = t.plural("signals.others", signal.others) if signal.others > 0 else None
    link = state.to_url(selection, page="programmes", sector=None if programme else signal.subject)
    more = h("a", t("overview.to_programmes"), icon("arrow", 14), href=link, cls="more")
    alternatives = t(f"signals.otherwise_{signal.code}").split("|") if signal.code != "official_opposite" else [f"{text[:1].upper()}{text[1:]}." for text in values["reasons"].split("; ")]
    why = [
        h("p", h("b", t("signals.rule")), " ", t(f"signals.rule_{signal.code}", **values)),
        h("p", h("b", t("signals.figures")), " ", t(f"signals.figures_{_figures(signal)}", **values)),
        h("p", h("b", t("signals.otherwise"))), h("ul", [h("li", text) for text in alternatives], cls="plain"),
        h("p", h("b", t("shell.source")), " ", ", ".join(dict.fromkeys(source_title(row, t) for row in described_sources(context.reader, _sources(signal)))), f" · {rest}" if rest else None),
    ]
    said = f"signals.programme_{signal.code}" if programme and t.has(f"signals.programme_{signal.code}") else f"signals.said_{signal.code}"
    level = h("small", t("signals.programme", crebo=signal.subject), cls="muted") if programme else None
    return h("li", h("p", h("b", name), " ", _chip(context, signal, values), level), h("p", t(said, **values)),
             h("details", h("summary", t("overview.why")), why, more, id=f"why-{signal.code}-{signal.subject}-{signal.values.get('official', {}).get('indicator', '')}".rstrip("-")))


def _figures(signal: Signal) -> str:
    if signal.code in ("shortage", "surplus", "leans_shortage", "leans_surplus", "official_opposite"):
        return "outcome"
    return signal.code


def _chip(context: Context, signal: Signal, values: Mapping[str, Any]) -> Markup:
    t = context.t
    if signal.code in ("shortage", "surplus"):
        return class_chip(signal.code, t(f"terms.class_{signal.code}"))
    if signal.code.startswith("leans_"):
        return class_chip("borderline", t("terms.class_borderline"))
    mark = {"demand_up": "up", "demand_down": "down", "enrolment_falls_demand_rises": "up", "enrolment_rises_demand_falls": "down"}.get(signal.code)
    return h("span", icon(mark, 16) if mark else None, h("span", t(f"signals.chip_{signal.code}")), cls="chip neutral")


def told(context: Context, signal: Signal, rows: list[Row]) -> dict[str, Any]:
    """What the sentences of a signal need, as printed."""
    reader, selection, t = context
    lang, given, limits = t.lang, signal.values, limits_of(reader)

    def number(name: str, decimals: int = 0, sign: bool = False) -> str:
        return formats.number(given.get(name), lang, decimals, sign)

    def bounds(name: str, decimals: int = 0, sign: bool = False) -> str:
        return formats.interval(given.get(f"{name}_low"), given.get(f"{name}_high"), lang, decimals, sign)

    skills = [reader.skill_names()[i][0 if lang == "nl" else 1] for i in given.get("skills", ()) if i in reader.skill_names()]
    values = {
        "year": selection.period, "last_year": selection.period - 1, "made": _made(context, signal, rows), "n": number("n"), "before": number("n_previous"),
        "demand": number("demand"), "demand_bounds": bounds("demand"), "supply": number("supply"), "supply_bounds": bounds("supply"), "ratio": number("ratio", 2), "interval": bounds("ratio", 2),
        "gap": number("gap", sign=True), "gap_bounds": bounds("gap", sign=True), "students": bounds("students"), "students_before": bounds("students_previous"),
        "providers": number("providers"), "smallest": number("smallest_high"), "national": number("national_high"), "coverage": formats.share(given.get("coverage"), lang),
        "skills": ", ".join(skills), "count": number("count"), "shortage": formats.number(limits.shortage, lang, 2), "surplus": formats.number(limits.surplus, lang, 2),
        "few": formats.number(limits.few_students, lang), "small": formats.number(limits.small_provider, lang), "uncovered": formats.share(limits.uncovered_below, lang),
        "asked": formats.share(limits.asked_share, lang), "rare": formats.share(limits.rare_share, lang), "changed": formats.share(limits.enrolment_change, lang),
    }
    if signal.code == "official_opposite":
        row = given["official"]
        indicator = declared(reader)[row["indicator"]]
        values |= {"indicator": t.pick(indicator, "name"), "words": words_text(row) or value_text(row, indicator, lang), "direction": t.pick(indicator, "direction"),
                   "detail": detail_text(row, t, reader.region_names()[selection.region], short=True), "indicator_period": period_text(row["indicator_period"], t),
                   "reasons": reasons_text(row, t), "ours": t(f"terms.class_{row['class']}").lower()}
    return values


def _made(context: Context, signal: Signal, rows: list[Row]) -> str:
    """geschat uit 73 getelde, or geteld: what the demand in a sentence is."""
    t, count = context.t, context.selection.count
    n = formats.number(signal.values.get("n"), t.lang)
    if signal.kind == "programme":
        return t("signals.estimated_of_programme", n=n)
    basis = next((row["factor_basis"] for row in rows if row["sector"] == signal.subject), "none")
    calibrated = count.demand == "calibrated" and basis != "none"
    return t("signals.estimated_of", n=n) if calibrated or count.crosswalk != "combined" else t("made.counted")


def _sources(signal: Signal) -> tuple[str, ...]:
    if signal.code in ("few_students", "small_providers"):
        return (STUDENTS,)
    if signal.code == "official_opposite":
        return (str(signal.values["official"]["indicator"]), *VACANCY_SOURCES, DUO_GRADUATES)
    if signal.code.startswith("enrolment_"):
        return (*VACANCY_SOURCES, STUDENTS)
    if signal.code in SKILLS:
        return (*VACANCY_SOURCES, "sbb-crebo", "esco")
    return VACANCY_SOURCES if signal.code in ("demand_up", "demand_down") else (*VACANCY_SOURCES, *OFFICIAL, DUO_GRADUATES)


def missing(context: Context) -> list[str]:
    """What the list of signals cannot know here, in sentences."""
    said = [] if kept(context) else [context.t("signals.missing_programmes")]
    if getattr(context.reader, "area", None) is not None:
        said.append(context.t("signals.missing_official"))
    return said
