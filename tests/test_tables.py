"""Tables of the labs: nothing cut off, numbers under each other, addresses as links."""

import re

import pandas as pd
import pytest

from environments.tables import show_table

ADDRESS = "https://github.com/owner/name/blob/e9ce62908cda6f0a7dd55ea058e4e03cf0f680ba/long/way/down/prices.yml?a=1&b=2"


def cells(*values) -> list[str]:
    """A column as it is shown, spaces that fill numbers up kept."""
    html = show_table(pd.DataFrame({"column": pd.Series(values, dtype=object)}))._repr_html_()
    return re.findall(r"<td[^>]*>(.*?)</td>", html)


def test_an_address_is_a_link_that_opens_beside_the_lab():
    [cell] = cells(ADDRESS)
    assert cell.startswith(f'<a href="{ADDRESS.replace("&", "&amp;")}"') and 'target="_blank" rel="noopener"' in cell


@pytest.mark.parametrize(("address", "name"), [(ADDRESS, "github.com/…/prices.yml"),
                                               ("https://a.example/", "a.example"),
                                               ("https://a.example/pricing", "a.example/pricing")])
def test_a_link_has_the_names_of_its_site_and_page(address, name):
    assert re.sub("<[^>]*>", "", cells(address)[0]) == name


def test_a_long_text_wraps_and_is_whole():
    long = "x" * 400
    html = show_table(pd.DataFrame({"column": [long]}))._repr_html_()
    assert long in html and "overflow-wrap: anywhere" in html


def test_points_of_numbers_stand_below_each_other():
    assert {len(re.sub(r"^[\d,]+", "", text)) for text in cells("0.065", "100", "12.5")} == {4}


def test_numbers_have_commas_and_no_noise():
    assert [text.strip("\u2007\u2008") for text in cells(100_000, 0.1 + 0.2, True)] == ["100,000", "0.3", "True"]


def test_names_of_rows_are_shown_and_their_numbers_are_not():
    frames = [pd.DataFrame({"x": [1, 2]}, index=index) for index in (["A", "B"], None)]
    named, numbered = (show_table(frame)._repr_html_() for frame in frames)
    assert (named.count("<td"), numbered.count("<td")) == (4, 2)


def test_what_a_cell_says_is_never_markup():
    text, link = cells("<script>", "https://x.example/<b>")
    assert text == "&lt;script&gt;" and "<b>" not in link


def test_a_page_without_html_shows_the_whole_table():
    assert ADDRESS in repr(show_table(pd.DataFrame({"source": [ADDRESS]})))
