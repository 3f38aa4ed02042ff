"""Lab 2 in a real browser at the size of a small laptop: its tables, and the explorer's sliders moved.

One visit serves all tests. Pictures go to the folder LABS_SCREENSHOTS where that is set.
"""

import pytest

from tests.test_browser import PANEL, code_cell, errors, open_from_start_page, run_all, seat, write_answers  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500)]

SMALL = {"width": 1366, "height": 768}
EXPLORER = f"{PANEL} .jp-OutputArea:has(.explorer)"
SHOWN = f"{EXPLORER} .explorer"
CHANGED = """before => document.querySelector('.explorer').outerHTML !== before"""
# Do the sentences speak of each value that is not today's, and are the charts drawn?
SETTLED = """() => [...document.querySelectorAll('.widget-readout')].every(e => e.innerText.includes('(today)')
    || document.querySelector('.said').innerText.includes(e.innerText))
  && [...document.querySelectorAll('.explorer img')].every(e => e.complete && e.getBoundingClientRect().width)"""
MOVES = ("by mouse", "by arrow key", "by End", "by Tab and arrow key")
TABLES = ("price_table(USED)", "prices.stale(", "companies.FACTS).T", '"act at"')
# What a table hides at the right edge of its output, in pixels.
HIDDEN = """table => Math.max(0, table.getBoundingClientRect().right
  - table.closest('.jp-OutputArea').getBoundingClientRect().right)"""


@pytest.fixture(scope="module")
def moved(seat):  # noqa: F811
    """Lab 2 with the reference answers, run to its end; each move of a slider, what it showed before and after."""
    write_answers(seat.root, "02")
    seen: dict = {"shown": {}, "tables": {}}
    with seat.visit() as page:
        page.set_viewport_size(SMALL)
        open_from_start_page(page, "02_options")
        run_all(page, restart=True)
        seen["errors"] = errors(page)
        for number, source in enumerate(TABLES):
            seen["tables"][source] = _table(code_cell(page, source))
            seat.picture(page, f"lab_02_table_{number}")
        code_cell(page, "explorer(company").evaluate("e => e.scrollIntoView()")
        page.locator(f"{SHOWN} img").last.scroll_into_view_if_needed()
        _handle(page, 0).scroll_into_view_if_needed()
        seat.picture(page, "explorer_at_first")
        seen["spoken"] = page.locator(EXPLORER).first.aria_snapshot()
        for how, move in zip(MOVES, (_by_mouse, _by_arrow, _by_end, _by_tab), strict=True):
            before = _shown(page)
            move(page)
            page.wait_for_function(CHANGED, arg=before)
            seen["shown"][how] = (before, _shown(page))
        page.wait_for_function(SETTLED)
        seat.picture(page, "explorer_moved")
        images = page.locator(f"{SHOWN} img")
        seen["charts"] = images.evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
        seen["value in words"] = _handle(page, 0).get_attribute("aria-valuetext"), _readout(page, 0)
        page.set_viewport_size({"width": 480, "height": 900})
        page.wait_for_function("() => document.querySelectorAll('.explorer img')[1].getBoundingClientRect().left"
                               " === document.querySelectorAll('.explorer img')[0].getBoundingClientRect().left")
        seat.picture(page, "explorer_narrow")
        seen["narrow"] = page.locator(SHOWN).evaluate("e => e.scrollWidth <= e.clientWidth")
    return seen


def _table(cell) -> dict:
    table = cell.locator("table")
    table.scroll_into_view_if_needed()
    return {"hidden": table.evaluate(HIDDEN), "links": table.locator('a[href^="https://"]').count(),
            "rows": table.locator("tbody tr").count(),
            "beside the lab": table.locator('a[target="_blank"]').count()}


def _handle(page, number: int):
    return page.locator(f"{EXPLORER} .noUi-handle").nth(number)


def _readout(page, number: int) -> str:
    return page.locator(f"{EXPLORER} .widget-readout").nth(number).inner_text()


def _shown(page) -> str:
    return page.locator(SHOWN).evaluate("e => e.outerHTML")


def _by_mouse(page) -> None:
    """Drags the rows from where they are to the right."""
    box = _handle(page, 0).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def _by_arrow(page) -> None:
    _handle(page, 1).focus()
    page.keyboard.press("ArrowRight")


def _by_end(page) -> None:
    _handle(page, 4).focus()
    page.keyboard.press("End")


def _by_tab(page) -> None:
    """From the connections on to the users, as one goes without a mouse."""
    _handle(page, 1).focus()
    for _ in range(5):  # the value beside a slider can be focused: that is a stop of its own
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.classList.contains('noUi-handle')"):
            break
    page.keyboard.press("ArrowLeft")


def test_the_lab_runs_to_its_end_in_a_browser(moved):
    assert moved["errors"] == []


@pytest.mark.parametrize("how", MOVES)
def test_a_slider_moved_changes_charts_and_sentences(moved, how):
    before, after = moved["shown"][how]
    assert before != after


def test_both_charts_are_in_sight_with_all_sliders_on_a_small_laptop(moved):
    left, right = moved["charts"]
    assert left["y"] == right["y"] and left["width"] > 350 and right["right"] < SMALL["width"]


@pytest.mark.parametrize("name", ["rows per month", "connections", "users", "freshness", "hourly rate"])
def test_a_slider_has_a_name_for_a_screen_reader(moved, name):
    assert f'slider "{name}"' in moved["spoken"]


def test_a_charts_text_and_the_sentences_are_there_for_a_screen_reader(moved):
    assert (moved["spoken"].count("img "), moved["spoken"].count("status:")) == (2, 1)


def test_a_slider_says_its_value_in_words(moved):
    said, readout = moved["value in words"]
    assert said == readout and "," in said


def test_charts_stand_one_below_the_other_in_a_narrow_window(moved):
    assert moved["narrow"]


@pytest.mark.parametrize("source", TABLES)
def test_a_table_hides_nothing_on_a_small_laptop(moved, source):
    assert (moved["tables"][source]["rows"] > 0, moved["tables"][source]["hidden"]) == (True, 0)


@pytest.mark.parametrize("source", TABLES[:2])
def test_each_price_links_to_its_source(moved, source):
    seen = moved["tables"][source]
    assert seen["links"] == seen["beside the lab"] == seen["rows"] > 0
