"""The card of a school's own curriculum: paste or choose a file, see what it adds, keep it or throw it away.

Plain HTML; assets/regiokoers.js sends it. Until somebody chooses to keep it, it stays in the browser's session.
"""

from __future__ import annotations

from dashboard import curricula, formats, state
from dashboard.components.cards import Context
from dashboard.components.skill_detail import marked
from dashboard.components.skill_rows import cover_mark
from dashboard.components.tables import rows_of
from dashboard.markup import Markup, h
from dashboard.picture import Picture
from warehouse.curricula import LONGEST_NAME

SHOWN = 8


def curriculum_card(context: Context, picture: Picture) -> Markup:
    """The whole card."""
    _reader, _selection, t = context
    body = [_form(context, picture), _other(context)] if picture.own is None else [_outcome(context, picture), _keep(context, picture)]
    return h("section", h("h2", t("skills.own")), body, _kept(context, picture), cls="card own")


def _form(context: Context, picture: Picture) -> Markup:
    _reader, _selection, t = context
    errors = {f"data_error_{code}": t(f"skills.error_{code}") for code in curricula.CODES}
    form = h(
        "form", h("label", t("skills.own_text"), h("textarea", name="text", rows=4)),
        h("label", t("skills.own_file"), h("input", type="file", name="file", accept=".txt,.csv,.docx,.pdf")),
        h("p", t("skills.own_limits"), cls="subtitle"), h("p", h("button", t("skills.own_read"), type="submit", cls="button")), h("p", cls="form-error", role="alert"),
        data_form="curriculum", data_programme=picture.subject.key, data_name=t("skills.own_name_default"), data_most=curricula.MOST_BYTES, data_choose=t("skills.own_choose"),
        data_busy=t("skills.own_busy"), data_done=t("skills.own_done"), data_none=t("skills.own_found_none"), data_failed=t("skills.own_failed"), **errors)
    return h("div", h("p", t("skills.own_lead"), cls="subtitle"), h("details", h("summary", t("skills.own_open")), form, cls="wrong", data_key=picture.subject.key))


def _other(context: Context) -> Markup | None:
    """The browser holds a curriculum of another programme: said, with the way there."""
    reader, selection, t = context
    own = selection.own
    if own is None or selection.curriculum or reader.programme(own.programme) is None:
        return None
    there = state.to_url(selection, programme=own.programme, occupation=None, skill=None, q="", curriculum=None)
    return h("p", t("skills.own_elsewhere"), " ", h("a", reader.programme(own.programme)["name"], href=there), cls="subtitle")


def _outcome(context: Context, picture: Picture) -> Markup:
    """Coverage with and without, what became covered with its sentence, and what it teaches that is hardly asked."""
    reader, selection, t = context
    own = picture.own
    assert own is not None

    def said(bounds: tuple[float, float, float] | None) -> str:
        return f"{formats.share(bounds[0], t.lang)} ({formats.share_interval(bounds[1], bounds[2], t.lang)})" if bounds else t("skills.cover_unknown")

    sentences = {s.skill_id: s for s in own.skills}
    gained = []
    for r in rows_of(picture.gained().head(SHOWN)):
        source = sentences.get(r["skill_id"])
        words = h("blockquote", marked(source.sentence, source.start, source.end)) if source else h("p", t("skills.own_near"), cls="muted")
        gained.append(h("li", h("p", h("a", r[f"label_{t.lang}"], href=state.to_url(selection, skill=r["skill_id"]), data_reveal="skills-evidence"), " ",
                                h("span", formats.share(r["share"], t.lang), cls="muted"), " ", cover_mark(r["cover"], t)), words))
    more = len(picture.gained()) - SHOWN
    rare = rows_of(picture.own_rare(reader.skill_labels()))[:SHOWN]
    named = len(own.skills)
    return h(
        "div", h("p", t.plural("skills.own_found", named, name=own.name), cls="subtitle"),
        h("dl", h("div", h("dt", t("skills.own_without")), h("dd", said(picture.without))), h("div", h("dt", t("skills.own_with")), h("dd", said(picture.covered))), cls="with-without"),
        h("h3", t("skills.own_gained")), h("ul", gained, cls="evidence") if gained else h("p", t("skills.own_gained_none"), cls="subtitle"),
        h("p", t("skills.own_more", n=more), cls="subtitle") if more > 0 else None,
        h("h3", t("skills.own_rare")), h("p", t("skills.rare_note"), cls="subtitle"),
        h("ul", [h("li", h("span", r[f"label_{t.lang}"]), h("span", formats.share(r["share"], t.lang), cls="muted")) for r in rare], cls="link-list") if rare else h("p", rare_why_none(context, picture), cls="subtitle"))


def rare_why_none(context: Context, picture: Picture) -> str:
    """Why nothing is listed as hardly asked: nothing is, or there are too few vacancies to say so."""
    _reader, _selection, t = context
    return t("skills.none") if picture.n >= picture.rare_needs() else t("skills.rare_few", n=formats.number(picture.n, t.lang), least=picture.rare_needs())


def _keep(context: Context, picture: Picture) -> Markup:
    """Keep it under a name, or clear it; a kept one can be deleted."""
    _reader, selection, t = context
    own = picture.own
    assert own is not None
    if own.id:
        away = state.to_url(selection, curriculum=None)
        return h("p", h("a", t("skills.own_without_it"), href=away, cls="button"), " ", h(
            "button", t("skills.own_delete"), type="button", cls="text-button", data_action="curriculum-delete", data_curriculum=own.id, data_away=away,
            data_said=t("skills.own_deleted"), data_failed=t("skills.own_failed"), data_sure=t("skills.own_sure", name=own.name)))
    form = h(
        "form", h("label", t("skills.own_name"), h("input", type="text", name="name", maxlength=LONGEST_NAME, required=True, value=own.name)), h("p", t("skills.own_keep_note"), cls="subtitle"),
        h("p", h("button", t("skills.own_keep"), type="submit", cls="button")), h("p", cls="form-error", role="alert"),
        data_form="curriculum-keep", data_there=state.to_url(selection, curriculum=None), data_said=t("skills.own_kept_now"), data_failed=t("skills.own_failed"))
    return h("div", h("p", t("skills.own_session"), " ", h("button", t("skills.own_clear"), type="button", cls="text-button", data_action="curriculum-clear", data_said=t("skills.own_cleared")), cls="subtitle"),
             h("details", h("summary", t("skills.own_keep_open")), form, cls="wrong", data_key=own.programme))


def _kept(context: Context, picture: Picture) -> Markup | None:
    """Kept curricula of this programme, as links."""
    reader, selection, t = context
    found = curricula.store_of(reader).list(picture.subject.key)
    if not found:
        return None
    links = [h("li", h("a", c.name, href=state.to_url(selection, curriculum=c.id), aria_current="true" if c.id == selection.curriculum else None),
               h("span", formats.day(formats.parsed(c.created_at).date(), t.lang), cls="muted")) for c in found]
    return h("div", h("h3", t("skills.own_kept")), h("ul", links, cls="link-list"))
