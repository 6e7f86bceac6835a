"""The address is the selection: what it says is shown, what is wrong in it is named, what is not in it has its default."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import pages, state
from warehouse.queries import Reader


def of(reader: Reader, address: str) -> tuple[state.Selection, list[state.Problem]]:
    path, mark, query = address.partition("?")
    return state.parse(path, mark + query, reader)


def test_an_empty_address_is_the_default_region_latest_year_in_dutch(reader: Reader) -> None:
    selection, problems = of(reader, "/")
    assert (selection.page, selection.region, selection.period, selection.lang, problems) == ("overview", "AM36", reader.info.latest_period, "nl", [])
    assert state.to_url(selection) == "/"


@pytest.mark.parametrize("address", [
    "/?region=AM01", "/?sector=zorg", "/?region=NL01&period=2024&sector=techniek&lang=en", "/vacancies?q=lasser+tig&offset=50", "/skills?programme=25655",
    "/programmes?level=4&pathway=bbl", "/?theme=dark",
])
def test_an_address_comes_back_from_its_selection(reader: Reader, address: str) -> None:
    if "programme=" in address:
        address = f"/skills?programme={reader.programmes()['crebo'].iloc[0]}"
    selection, problems = of(reader, address)
    assert problems == []
    assert state.to_url(selection) == address


@pytest.mark.parametrize(("address", "parameter", "reason"), [
    ("/?region=AM99", "region", "unknown_value"), ("/?region=AM04", "region", "unknown_value"), ("/?period=1999", "period", "unknown_value"),
    ("/?period=abc", "period", "unknown_value"), ("/?sector=x", "sector", "unknown_value"), ("/?level=7", "level", "unknown_value"),
    ("/?offset=-1", "offset", "unknown_value"), ("/?lang=fr", "lang", "unknown_value"), ("/?colour=red", "colour", "unknown_parameter"),
    ("/?programme=00000", "programme", "unknown_value"), ("/?vacancy=1;drop", "vacancy", "unknown_value"), ("/nowhere", "page", "unknown_page"),
    ("/?skill=rk:no-such-skill", "skill", "unknown_value"), ("/?occupation=http://x", "occupation", "unknown_value"),
])
def test_what_does_not_exist_is_named_and_the_rest_stays(reader: Reader, address: str, parameter: str, reason: str) -> None:
    selection, problems = of(reader, address + ("&" if "?" in address else "?") + "region=AM01" if parameter != "region" else address)
    assert [(p.parameter, p.reason) for p in problems] == [(parameter, reason)]
    assert selection.region == ("AM36" if parameter == "region" else "AM01")
    assert selection.period == reader.info.latest_period


def test_campaign_tags_are_passed_over_without_a_word(reader: Reader) -> None:
    assert of(reader, "/?utm_source=mail&fbclid=1")[1] == []


@settings(max_examples=150, deadline=None)
@given(path=st.text(max_size=30), search=st.text(max_size=80))
def test_no_address_whatever_breaks_the_page(reader: Reader, path: str, search: str) -> None:
    selection, _ = state.parse(path, search, reader)
    assert state.to_url(selection).startswith("/")


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_every_selection_survives_its_address(reader: Reader, data: st.DataObject) -> None:
    page = data.draw(st.sampled_from(list(pages.available().values())))
    region, period = data.draw(st.sampled_from(sorted(reader.region_names()))), data.draw(st.sampled_from(reader.periods()))
    start, _ = state.parse(page.path, f"?region={region}&period={period}&lang={data.draw(st.sampled_from(['nl', 'en']))}", reader)
    path, _, query = state.to_url(start).partition("?")
    again, problems = state.parse(path, query, reader)
    assert again == start and problems == []


def test_going_to_another_page_takes_along_what_means_something_there(reader: Reader) -> None:
    selection, _ = of(reader, "/vacancies?region=AM01&sector=zorg&q=nacht&offset=50&lang=en")
    assert state.to_url(selection, page="overview") == "/?region=AM01&sector=zorg&lang=en"
    assert state.to_url(selection, page="data", sector=None) == "/data?region=AM01&lang=en"


def test_a_new_filter_starts_a_list_from_its_beginning(reader: Reader) -> None:
    selection, _ = of(reader, "/vacancies?q=nacht&offset=50&vacancy=12")
    assert state.to_url(selection, region="AM01") == "/vacancies?region=AM01&q=nacht"
    assert state.to_url(selection, offset=100) == "/vacancies?q=nacht&vacancy=12&offset=100"


def test_a_parameter_can_be_taken_away(reader: Reader) -> None:
    assert state.to_url(of(reader, "/?sector=zorg&region=AM01")[0], sector=None) == "/?region=AM01"
