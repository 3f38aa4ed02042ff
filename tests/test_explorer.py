"""Lab 2's explorer in a real browser: sliders moved by mouse and by key, and the picture that follows.

One visit serves all tests. Pictures go to the folder LABS_SCREENSHOTS where that is set.
"""

import pytest

from tests.test_browser import PANEL, code_cell, errors, open_from_start_page, run_all, run_cell, seat, write_answers  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

EXPLORER = f"{PANEL} .jp-OutputArea:has(svg.explorer)"
CHANGED = """before => document.querySelector('svg.explorer').outerHTML !== before"""
MOVES = ("by mouse", "by arrow key", "by End", "by Tab and arrow key")


@pytest.fixture(scope="module")
def moved(seat):  # noqa: F811
    """Lab 2 with the reference answers, run to its end; each move of a slider, and the picture before and after it."""
    write_answers(seat.root, "02")
    seen: dict = {"pictures": {}}
    with seat.visit() as page:
        run_cell(page, "table(")
        open_from_start_page(page, "02_options")
        run_all(page, restart=True)
        seen["errors"] = errors(page)
        code_cell(page, "explorer(company").evaluate("e => e.scrollIntoView()")
        page.locator(EXPLORER).scroll_into_view_if_needed()
        seat.picture(page, "explorer_at_first")
        for how, move in zip(MOVES, (_by_mouse, _by_arrow, _by_end, _by_tab)):
            before = _drawn(page)
            move(page)
            page.wait_for_function(CHANGED, arg=before)
            seen["pictures"][how] = (before, _drawn(page))
        seat.picture(page, "explorer_moved")
        seen["said"] = page.locator(f"{EXPLORER} .said").all_inner_texts()
        seen["bars"] = page.locator(f"{EXPLORER} svg.explorer").bounding_box()
    return seen


def _handle(page, number: int):
    return page.locator(f"{EXPLORER} .noUi-handle").nth(number)


def _drawn(page) -> str:
    return page.locator("svg.explorer").evaluate("e => e.outerHTML")


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
    """From the sources on to the seats, as one goes without a mouse."""
    _handle(page, 1).focus()
    for _ in range(5):  # a slider's number can be typed into: that is a stop of its own
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.classList.contains('noUi-handle')"):
            break
    page.keyboard.press("ArrowLeft")


def test_the_lab_runs_to_its_end_in_a_browser(moved):
    assert moved["errors"] == []


@pytest.mark.parametrize("how", MOVES)
def test_a_slider_moved_changes_the_chart(moved, how):
    before, after = moved["pictures"][how]
    assert before != after


def test_the_chart_has_its_size(moved):
    assert moved["bars"]["width"] > 600 and moved["bars"]["height"] > 200


def test_the_chart_says_cost_break_even_and_what_matters_most(moved):
    cost, even, most = moved["said"]
    assert ("a month" in cost, "reak-even" in even, "matters most" in most) == (True, True, True)
