"""ARCHITECTURE.md shows the imports that there are."""

import re

import pytest

from environments.place import COURSE
from tests.architecture import PAGE, diagram, from_the_code, with_diagram


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_diagram_is_drawn_from_the_imports_there_are():
    assert with_diagram(page(), from_the_code()) == page(), "type `make architecture`"


def test_an_import_either_way_is_one_arrow_with_two_heads():
    drawn = diagram(
        {("datasets", "datasets.billing"), ("datasets.billing", "datasets")}, {"datasets", "datasets.billing"}
    )
    assert re.findall(r"(\S+) (<?-->) (\S+)", drawn) == [("datasets", "<-->", "datasets_billing")]


def test_a_page_without_a_place_for_the_diagram_is_an_error():
    with pytest.raises(ValueError, match="put <!-- diagram: --> and <!-- /diagram --> back"):
        with_diagram("# Architecture\n", "drawn")


def test_every_part_in_the_diagram_has_a_row_in_the_table():
    shown = re.findall(r'\["([\w/]+?)/(?:\*\.py)?"\]', page())
    assert sorted(re.findall(r"(?m)^\| `([\w/]+)` \|", page())) == sorted(shown)


def test_every_file_that_the_page_links_to_exists():
    assert [to for to in re.findall(r"\]\(([^)#\s]+)\)", page()) if not (COURSE / to).exists()] == []


def test_the_page_is_one_page():
    assert len(re.sub(r"(?s)```mermaid.*?```", "", page()).split()) < 700
