"""Text from outside can never become markup or a script."""

from __future__ import annotations

import pytest

from dashboard.markup import Markup, h, is_safe_link


def test_text_is_escaped_and_markup_is_not() -> None:
    assert h("p", "<b>5 & 6</b>", h("b", "x"), title='"quoted"') == '<p title="&quot;quoted&quot;">&lt;b&gt;5 &amp; 6&lt;/b&gt;<b>x</b></p>'


def test_lists_are_flattened_and_nothing_is_left_out_silently() -> None:
    assert h("p", ["a", None, [1, False, Markup("<br>")]]) == "<p>a1<br></p>"


def test_attributes_that_are_off_are_left_out() -> None:
    assert h("a", "x", href=None, hidden=False, download=True, aria_label="y", for_="z") == '<a download aria-label="y" for="z">x</a>'


@pytest.mark.parametrize("address", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//evil.example/x", "/\\evil.example", "vbscript:x", "x.html"])
def test_a_link_that_could_run_or_leave_unseen_loses_its_address(address: str) -> None:
    assert not is_safe_link(address)
    assert h("a", "x", href=address) == "<a>x</a>"


@pytest.mark.parametrize("address", ["/skills?region=AM36", "https://werken.example/1", "http://x.example", "#main", "?sector=zorg", "mailto:a@b.example"])
def test_ordinary_links_stay(address: str) -> None:
    assert is_safe_link(address)
