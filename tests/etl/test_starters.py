"""Whether a vacancy suits somebody straight from school."""

from __future__ import annotations

import pytest

from etl.enrich.starters import rules_of, suits, years_asked
from warehouse import reference

RULES = rules_of(reference.read("starters").to_dict("records"))


@pytest.mark.parametrize(("text", "years"), [
    ("Minimaal drie jaar ervaring in een vergelijkbare functie.", 3), ("Je hebt 2-4 jaar werkervaring", 2), ("minstens 5 jaar relevante werkervaring", 5), ("ervaring van minimaal 3 jaar als monteur", 3),
    ("Een paar jaar ervaring met Excel", 2), ("At least 2 years of experience", 2), ("Ruime ervaring als lasser", 3), ("1 tot 3 jaar ervaring", 1), ("We zoeken iemand met 4 jaar ervaring", 4), ("2+ jaar ervaring", 2),
    ("Wij hebben 25 jaar ervaring", None), ("Wij zijn een bedrijf met 10 jaar ervaring", None), ("Onze mensen hebben 8 jaar ervaring", None), ("3 jaar ervaring is niet nodig", None), ("Geen ervaring nodig", None),
    ("Je bent minimaal 18 jaar. Ervaring is welkom", None), ("een jaarcontract en ervaring", None), ("", None),
])
def test_years_that_are_asked_are_told_from_years_of_a_firm(text: str, years: float | None) -> None:
    assert years_asked(text) == years


@pytest.mark.parametrize(("title", "text", "suitable", "rule"), [
    ("Lasser", "Minimaal drie jaar ervaring.", False, "years"), ("Lasser", "Een of twee jaar ervaring is fijn.", True, "otherwise"), ("Lasser", "", True, "otherwise"),
    ("Senior lasser", "", False, "title"), ("Junior/senior lasser", "", True, "otherwise"), ("Lasser", "Starters zijn van harte welkom", True, "open"),
    ("Lasser", "Starters zijn welkom, vijf jaar ervaring is een pre", False, "years"), ("Lasser", "Dit is geen functie voor starters.", True, "otherwise"), ("Lasser", "Geen ervaring? Geen probleem!", True, "open"),
])
def test_the_first_rule_that_applies_decides(title: str, text: str, suitable: bool, rule: str) -> None:
    assert suits(title, text, years_asked(text), RULES) == (suitable, rule)


def test_a_table_of_rules_that_decides_nothing_is_refused() -> None:
    rows = reference.read("starters").to_dict("records")
    with pytest.raises(ValueError, match="otherwise"):
        rules_of(rows[:-1])
    with pytest.raises(ValueError, match="smell"):
        rules_of([{**rows[0], "rule": "smell"}, *rows[1:]])
