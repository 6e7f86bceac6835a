"""The form "this is wrong" of one advert: plain HTML that works with a keyboard; assets/regiokoers.js sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.i18n import Translator
from dashboard.markup import Markup, h
from warehouse.corrections import LEVELS, LONGEST_NOTE

CHOICES = ("skill_off", "skill_on", "occupation", "place", "level")
NO_OCCUPATION = "-"


def correction_form(advert: Mapping[str, Any], t: Translator) -> Markup:
    """Collapsed form; what is asked follows from the first choice (assets/70-pages.css shows the part that belongs to it)."""
    skills = sorted((nl if t.lang == "nl" else en, skill) for skill, nl, en in advert["skills"])
    first = CHOICES[0] if skills else CHOICES[1]
    choices = [h("label", h("input", type="radio", name="what", value=c, checked=c == first), " ", t(f"vacancies.wrong_{c}")) for c in CHOICES if c != "skill_off" or skills]
    parts = [
        _part("skill_off", h("label", t("vacancies.which_skill_off"), h("select", [h("option", label, value=skill) for label, skill in skills], name="skill_off"))) if skills else None,
        _part("skill_on", _terms("skill_on", "skill", t("vacancies.which_skill_on"), t)), _part("occupation", _terms("occupation", "occupation", t("vacancies.which_occupation"), t),
              h("label", h("input", type="checkbox", name="no_occupation", value=NO_OCCUPATION), " ", t("vacancies.which_none"), cls="inline")),
        _part("place", _terms("place", "municipality", t("vacancies.which_place"), t)),
        _part("level", h("label", t("vacancies.which_level"), h("select", [h("option", t(f"vacancies.level_{level}"), value=level, selected=level == advert["level"]) for level in LEVELS], name="level"))),
    ]
    form = h("form", h("fieldset", h("legend", t("vacancies.wrong_what")), choices), parts,
             h("label", t("vacancies.note"), h("textarea", name="note", rows=2, maxlength=LONGEST_NOTE)), h("p", t("vacancies.note_hint"), cls="subtitle"),
             h("p", h("button", t("vacancies.wrong_send"), type="submit", cls="button")), h("p", cls="form-error", role="alert"),
             data_form="correction", data_vacancy=advert["vacancy_id"], data_said=t("vacancies.wrong_said"), data_failed=t("vacancies.wrong_failed"), data_choose=t("vacancies.wrong_choose"))
    return h("details", h("summary", t("vacancies.wrong")), form, cls="wrong", data_key=advert["vacancy_id"])


def _part(name: str, *fields: Markup) -> Markup:
    return h("div", fields, data_for=name, cls="form-part")


def _terms(name: str, kind: str, label: str, t: Translator) -> Markup:
    """A field that completes from a list; the list is fetched when the field is first entered."""
    return h("label", label, h("input", type="text", name=name, list=f"terms-{kind}", data_terms=kind, autocomplete="off", placeholder=t("vacancies.from_list")))
