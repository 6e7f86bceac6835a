"""A number says how it was made: its formula with the values filled in, its sources with dates, n and publication."""

from __future__ import annotations

import re

import pytest

from dashboard import formats, state
from dashboard.components.cards import Context
from dashboard.components.explain import explain, explained, explained_here, filled
from dashboard.i18n import Translator
from dashboard.markup import Markup
from warehouse.queries import Reader

VALUES = [("Nieuwe vacatures", "1.240"), ("Uitstroom", "830")]


@pytest.mark.parametrize(("formula", "expected"), [
    ("Nieuwe vacatures ÷ Uitstroom", "1.240 ÷ 830"),
    ("nieuwe vacatures − uitstroom", "1.240 − 830"),
    ("Som van alles", ""),
    ("Uitstroomcijfer", ""),
])
def test_the_values_are_filled_in_where_the_formula_names_them(formula: str, expected: str) -> None:
    assert filled(formula, VALUES) == expected


def test_a_longer_name_goes_before_the_shorter_one_in_it() -> None:
    assert filled("vraag van het land ÷ vraag", [("vraag", "10"), ("vraag van het land", "500")]) == "500 ÷ 10"


def test_what_is_shown_and_what_opens_it_belong_together(t: Translator) -> None:
    html = explained("ratio-zorg", "1,5", "Nieuwe vacatures ÷ Uitstroom", VALUES, ["DUO (opgehaald 21 nov 2026)"], "1.240", t, "p1")
    target = re.search(r'popovertarget="([^"]+)"', html)
    assert target and f'id="{target[1]}"' in html and 'role="dialog"' in html and f'aria-labelledby="{target[1]}-title"' in html and f'id="{target[1]}-title"' in html
    assert "1.240 ÷ 830 = 1,5" in html and "DUO (opgehaald 21 nov 2026)" in html and "p1" in html


def test_only_what_may_stand_in_a_sentence_is_used(t: Translator) -> None:
    html = explained("x", "1", "a", VALUES, ["b"], "1", t)
    assert set(re.findall(r"<(\w+)", html)) == {"span", "button"}


def test_an_absent_number_opens_nothing(t: Translator) -> None:
    assert explained("x", formats.ABSENT, "a ÷ b", VALUES, [], "", t) == formats.ABSENT


def test_values_cannot_smuggle_in_markup(t: Translator) -> None:
    assert "<script>" not in explained("x", "<script>", "<script>", [("<script>", "<script>")], ["<script>"], "<script>", t, "<script>")


def test_the_interval_beside_a_number_is_not_repeated_in_the_formula(t: Translator) -> None:
    html = explained("x", Markup("1,5<small>1,2–1,9</small>"), "Nieuwe vacatures ÷ Uitstroom", VALUES, [], "", t)
    assert "1.240 ÷ 830 = 1,5</span>" in html


def test_a_leaf_holds_one_number(t: Translator) -> None:
    leaf = explain("students", "37", "Som", [], ["DUO"], "37", t)
    assert leaf["props"]["id"] == "explain-students" and "37" in leaf["props"]["html"]


def test_sources_come_with_their_dates_and_the_publication(reader: Reader, t: Translator) -> None:
    selection, _ = state.parse("/", "", reader)
    html = explained_here(Context(reader, selection, t), "x", "5", "Som", [], ("duo-graduates", "vacancy-export"), 120)
    assert reader.info.id in html and "120" in html
    for key in ("duo-graduates", "vacancy-export"):
        row = next(r for r in reader.sources().to_dict("records") if r["key"] == key)
        assert str(row["reference_period"]) in html and formats.day(row["retrieved_at"].date(), "nl") in html
