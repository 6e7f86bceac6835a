"""Everyday words lead to the programme that is meant, typing errors included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.finding import Programmes, known_by
from dashboard.picture import programmes_of
from warehouse.queries import Reader

QUERIES = [
    ("lasser", "25287"), ("laser", "25290"), ("lassen", "25287"), ("verpleegkunde niveau 4", "25655"), ("verplegkundige", "25655"), ("mbo 4 verpleging", "25655"), ("ict beheer", "25189"), ("kapper", "25641"), ("kaper", "25400"),
    ("automonteur", "25242"), ("timmerman", "25128"), ("kok niveau 2", "25180"), ("bakker", "25173"), ("juf", "25485"), ("kinderopvang", "25486"), ("beveiliger", "25407"), ("boa", "25409"),
    ("vrachtwagenchauffeur", "25364"), ("magazijn", "25371"), ("elektricien", "25333"), ("loodgieter", "25350"), ("schilder", "25030"), ("metselaar", "25103"), ("tandartsassistente", "25490"),
    ("doktersasistent", "25695"), ("verzorgende ig", "25491"), ("hovenier", "25452"), ("boekhouder", "25138"), ("secretaresse", "25152"), ("programmeur", "25998"), ("websites bouwen", "25998"),
    ("winkelmedewerker", "25167"), ("ober", "25168"), ("fietsenmaker", "25231"), ("helpende", "25498"), ("gehandicaptenzorg", "25475"), ("cnc", "25298"), ("25655", "25655"), ("2528", "25287"),
]


@pytest.mark.parametrize(("query", "crebo"), QUERIES)
def test_the_programme_meant_is_among_the_first_five(reader: Reader, query: str, crebo: str) -> None:
    assert crebo in programmes_of(reader).find(query, 5)


def test_a_level_goes_first_and_does_not_hide_the_others(reader: Reader) -> None:
    found = programmes_of(reader).find("lasser niveau 2", 5)
    assert found[0] == "25290" and "25287" in found


@pytest.mark.parametrize("query", ["", "  ", "de het een", "xqzwv", "!!!"])
def test_what_means_nothing_finds_nothing(reader: Reader, query: str) -> None:
    assert programmes_of(reader).find(query) == []


@given(st.text(max_size=60))
def test_no_query_breaks_it(query: str) -> None:
    found = Programmes([known_by("25287", "Allround lasser", 3, [("lasser", 1.0)]), known_by("25655", "Mbo-Verpleegkundige", 4, [("verpleegkundige", 1.0)], "Zorg")]).find(query)
    assert len(found) <= 2 and len(set(found)) == len(found)
