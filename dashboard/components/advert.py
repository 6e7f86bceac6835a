"""One opened advert: what was read of it, its text with the mentions marked, and what was left out with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.markup import Markup, h

KINDS = ("skill", "knowledge", "tool", "certificate", "attitude")


class Mark(NamedTuple):
    """A stretch of the text: offsets in characters, a mention (skill id, its kind, whether it is required) or the reason why it is ignored."""

    start: int
    end: int
    skill: str | None
    kind: str
    label: str
    required: bool
    why: str | None = None


def marks(advert: Mapping[str, Any], lang: str) -> list[Mark]:
    """What is marked in the text, in order and without overlap; mentions go before what is ignored."""
    size = len(advert["text"])
    found = [Mark(m["start"], m["end"], m["skill_id"], m["kind"], m[f"label_{lang}"], bool(m["required"])) for m in advert["mentions"]]
    found += [Mark(i["start"], i["end"], None, "ignored", "", False, i["why"]) for i in advert["ignored"]]
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda m: (m.why is not None, m.start, -m.end)):
        if 0 <= mark.start < mark.end <= size and all(mark.end <= k.start or mark.start >= k.end for k in kept):
            kept.append(mark)
    return sorted(kept)


def opened(advert: Mapping[str, Any], t: Translator, form: Markup | None) -> list[Any]:
    """Facts, corrections, legend, text and what was left out. `advert` comes from dashboard/corrected.py."""
    found = marks(advert, t.lang)
    return [
        h("dl", [[h("dt", name), h("dd", value)] for name, value in _facts(advert, t)], cls="facts"),
        _corrections(advert, t, undo=form is not None), form, _legend(found, t), _elsewhere(advert, found, t),
        h("div", marked_text(advert["text"], found, t), cls="advert-text"), _left_out(advert, t),
    ]


def marked_text(text: str, found: Iterable[Mark], t: Translator) -> list[Any]:
    """The text with every mark in it; `found` is in order and does not overlap."""
    parts: list[Any] = []
    at = 0
    for mark in found:
        parts.append(text[at:mark.start])
        words = text[mark.start:mark.end]
        if mark.why is not None:
            parts.append(h("mark", words, cls="ignored", title=t("vacancies.ignored_title", why=_why(mark.why, t))))
        else:
            asked = t("vacancies.required") if mark.required else t("vacancies.welcome")
            parts.append(h("mark", words, h("small", t("vacancies.welcome_short")) if not mark.required else None, cls=f"kind-{mark.kind}", title=f"{mark.label} ({t(f'vacancies.kind_{mark.kind}')}, {asked})"))
        at = mark.end
    return [*parts, text[at:]]


def _why(code: str, t: Translator) -> str:
    return t(f"vacancies.why_{code}") if t.has(f"vacancies.why_{code}") else code


def _facts(advert: Mapping[str, Any], t: Translator) -> list[tuple[str, Any]]:
    corrected = {c.field: c for c in advert["corrections"] if c.field != "skill"}
    before = advert["read"]

    def fact(field: str, value: str, was: str) -> Any:
        made = corrected.get(field)
        return [value, h("small", t("vacancies.corrected_on", date=_day(made.created_at, t), was=was), cls="corrected")] if made else value

    def occupation(of: Mapping[str, Any]) -> str:
        name = of[f"occupation_{t.lang}"]
        sure = of["occupation_confidence"]
        return (f"{name} ({formats.share(sure, t.lang)})" if sure is not None else name) if name else t("vacancies.no_occupation")

    def place(of: Mapping[str, Any]) -> str:
        return of["municipality"] or t("vacancies.place_unknown", place=of["place_text"] or formats.ABSENT)

    facts: list[tuple[str, Any]] = [
        (t("vacancies.employer"), advert["employer"] or formats.ABSENT), (t("vacancies.place"), fact("place", place(advert), place(before))),
        (t("vacancies.seen"), formats.day(advert["first_seen"].date(), t.lang)), (t("vacancies.occupation_read"), fact("occupation", occupation(advert), occupation(before)))]
    if advert.get(f"second_{t.lang}") and "occupation" not in corrected:
        facts.append((t("vacancies.second"), advert[f"second_{t.lang}"]))
    facts += [(t("vacancies.level"), fact("level", t(f"vacancies.level_{advert['level']}"), t(f"vacancies.level_{before['level']}"))), (t("vacancies.duplicates"), formats.number(advert["duplicates"], t.lang))]
    if advert["unmapped_reason"]:
        facts.append((t("vacancies.not_counted"), t(f"vacancies.reason_{advert['unmapped_reason'].replace(' ', '_')}")))
    return facts


def _day(iso: str, t: Translator) -> str:
    return formats.day(formats.parsed(iso).date(), t.lang)


def _corrections(advert: Mapping[str, Any], t: Translator, undo: bool) -> Markup | None:
    """What people corrected in this advert, each with a button that takes it back."""
    names = {skill: (nl, en) for skill, nl, en in [*advert["read"]["skills"], *advert["skills"]]}
    rows = []
    for c in advert["corrections"]:
        what = t(f"vacancies.field_{c.field}")
        if c.field == "skill":
            name = names.get(c.old or c.new, (c.old or c.new,) * 2)[0 if t.lang == "nl" else 1]
            what = t("vacancies.skill_taken", skill=name) if c.old else t("vacancies.skill_added", skill=name)
        button = h("button", t("vacancies.undo"), h("span", f": {what}", cls="visually-hidden"), type="button", cls="text-button", data_action="undo", data_correction=c.id, data_said=t("vacancies.undone"), data_failed=t("vacancies.wrong_failed")) if undo else None
        rows.append(h("li", h("span", what, " · ", t("vacancies.corrected_when", date=_day(c.created_at, t)), h("em", f" “{c.note}”") if c.note else None), " ", button))
    follow = h("p", t("vacancies.figures_follow"), cls="subtitle") if advert["pending"] else None
    if not rows and follow is None:
        return None
    return h("section", h("h3", t("vacancies.corrections")), h("ul", rows, cls="plain"), follow, cls="corrections")


def _legend(found: list[Mark], t: Translator) -> Markup | None:
    """The kinds that are marked in this text, with how often, and how required, welcome and ignored look."""
    counted = Counter(mark.kind for mark in found if mark.why is None)
    items = [h("li", h("mark", t(f"vacancies.kind_{kind}"), cls=f"kind-{kind}"), " ", formats.number(counted[kind], t.lang)) for kind in KINDS if counted[kind]]
    if any(mark.why is None and not mark.required for mark in found):
        items.append(h("li", h("mark", t("vacancies.example"), h("small", t("vacancies.welcome_short")), cls="kind-skill"), " ", t("vacancies.welcome")))
    ignored = sum(mark.why is not None for mark in found)
    if ignored:
        items.append(h("li", h("mark", t("vacancies.ignored"), cls="ignored"), " ", formats.number(ignored, t.lang)))
    return h("ul", items, cls="legend marks", aria_label=t("vacancies.legend")) if items else None


def _elsewhere(advert: Mapping[str, Any], found: list[Mark], t: Translator) -> Markup | None:
    """Skills of the advert without a mark in the text: named in the title only, inside another mention, or added by a person."""
    there = {mark.skill for mark in found}
    labels = [nl if t.lang == "nl" else en for skill, nl, en in advert["skills"] if skill not in there]
    return h("p", h("span", t("vacancies.elsewhere"), cls="muted"), [h("span", label, cls="tag") for label in labels], cls="tags") if labels else None


def _left_out(advert: Mapping[str, Any], t: Translator) -> Markup | None:
    """Collapsed: the reasons why something is not counted, with how often and which words."""
    phrases: dict[str, list[str]] = {}
    for i in advert["ignored"]:
        phrases.setdefault(i["why"], []).append(advert["text"][i["start"]:i["end"]])
    if not phrases:
        return None
    rows = [h("li", h("b", f"{_why(why, t)} ({len(words)})"), ": ", ", ".join(dict.fromkeys(words))) for why, words in sorted(phrases.items(), key=lambda kv: -len(kv[1]))]
    return h("details", h("summary", t("vacancies.left_out", n=len(advert["ignored"]))), h("ul", rows, cls="plain small"), cls="left-out")
