"""One skill: the sentences that ask for it, who asks, in which months, and what is not known."""

from __future__ import annotations

from typing import Any

from dashboard import formats, state
from dashboard.components.cards import Context
from dashboard.components.tables import rows_of
from dashboard.markup import Markup, h
from dashboard.picture import LEAST, Picture
from warehouse import asking_skills

MONTHS, SENTENCES = 12, 5
BULLETS = "-–—•*·▪◦‣ \t"


def marked(sentence: str, start: int, end: int) -> list[Any]:
    """A sentence with the mention marked, without the sign of a list in front of it."""
    skip = min(len(sentence) - len(sentence.lstrip(BULLETS)), start)
    sentence, start, end = sentence[skip:], start - skip, end - skip
    return [sentence[:start], h("mark", sentence[start:end]), sentence[end:]]


def skill_detail(context: Context, picture: Picture) -> Markup:
    """The card of the chosen skill, or what to do to get one."""
    reader, selection, t = context
    if not selection.skill:
        return h("section", h("h2", t("skills.evidence")), h("p", t("skills.evidence_hint"), cls="subtitle"), cls="card")
    label = reader.skill_names()[selection.skill][0 if t.lang == "nl" else 1]
    uris = picture.subject.uris
    mine = picture.rows[picture.rows["skill_id"] == selection.skill]
    asked = int(mine["asked"].iloc[0]) if len(mine) else 0
    said = t("skills.asked_by", asked=formats.number(asked, t.lang), n=formats.number(picture.n, t.lang), year=selection.period) if asked else t("skills.asked_by_none", n=formats.number(picture.n, t.lang), year=selection.period)
    parts = [
        h("h2", t("skills.evidence_of", skill=label)), h("p", said, cls="subtitle"), _own_sentence(context, picture),
        _sentences(context, uris), h("p", h("a", t("skills.to_vacancies"), href=state.to_url(selection, page="vacancies", skill=selection.skill))),
        h("h3", t("skills.employers")), _employers(context, uris), h("h3", t("skills.months", year=selection.period)), _months(context, uris, asked),
        h("h3", t("skills.electives")), h("p", t("skills.electives_absent"), cls="subtitle"),
    ]
    return h("section", parts, cls="card skill-detail")


def _own_sentence(context: Context, picture: Picture) -> Markup | None:
    """What the school's own curriculum says of it."""
    _reader, selection, t = context
    found = next((s for s in picture.own.skills if s.skill_id == selection.skill), None) if picture.own else None
    if found is None:
        return None
    return h("div", h("p", t(f"skills.own_says_{found.how}"), cls="muted"), h("blockquote", marked(found.sentence, found.start, found.end)), cls="own-says")


def _sentences(context: Context, uris: list[str]) -> Markup:
    reader, selection, t = context
    found = reader.evidence(selection.region, uris, selection.skill or "", SENTENCES)
    if found.empty:
        return h("p", t("skills.no_evidence"))
    items = []
    for r in rows_of(found):
        advert = state.to_url(selection, page="vacancies", vacancy=str(r["vacancy_id"]))
        items.append(h("li", h("blockquote", marked(r["sentence"], r["start"], r["end"])), h(
            "p", h("a", r["title"], href=advert), " · ", r["employer"] or t("skills.no_employer"), " · ", formats.day(r["first_seen"].date(), t.lang), " · ",
            h("a", t("skills.correct"), href=advert, cls="correct"), cls="muted")))
    return h("ul", items, cls="evidence")


def _employers(context: Context, uris: list[str]) -> Markup:
    reader, selection, t = context
    found = asking_skills.employers(reader, selection.region, uris, selection.skill or "", selection.period)
    if found.empty:
        return h("p", t("skills.employers_none", least=asking_skills.LEAST_NAMED), cls="subtitle")
    rows = [h("li", h("span", r["employer"]), h("span", t.plural("skills.vacancies", int(r["n"]), number=formats.number(r["n"], t.lang)), cls="muted")) for r in rows_of(found)]
    return h("div", h("ul", rows, cls="link-list"), h("p", t("skills.employers_note", least=asking_skills.LEAST_NAMED), cls="subtitle"))


def _months(context: Context, uris: list[str], asked: int) -> Markup:
    """A bar per month; nothing below LEAST vacancies, where a month says nothing."""
    reader, selection, t = context
    if asked < LEAST:
        return h("p", t("skills.months_few", least=LEAST), cls="subtitle")
    found = asking_skills.months(reader, selection.region, uris, selection.skill or "", selection.period)
    counts = {int(r["month"]): int(r["n"]) for r in rows_of(found)}
    most = max(counts.values(), default=1)
    names = t("skills.month_letters").split()
    bars = [h("li", h("i", style=f"height:{round(100 * counts.get(m, 0) / most)}%"), h("b", formats.number(counts.get(m, 0), t.lang)), h("span", names[m - 1]), cls="month") for m in range(1, MONTHS + 1)]
    return h("ol", bars, cls="months", aria_label=t("skills.months_label"))
