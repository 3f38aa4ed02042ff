"""The grader of Lab 2 and its explorer, without a notebook.

Companies are drawn at random: known answers, which test_proofs.py tries through the engine, must score the same for all
students.
"""

import gc
import re
import time
import warnings
from dataclasses import replace
from datetime import date
from random import Random

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from autograders.answers import KnownAnswer
from autograders.checks import lab_02 as check
from autograders.checks.lab_02 import callables, cases
from autograders.checks.lab_02 import model as reference_model
from autograders.checks.lab_02.charts import COMPONENTS, OTHER
from autograders.checks.lab_02.explorer import Explorer, company_at, explorer, place_of
from autograders.expect import short
from datasets import companies, pricing
from tests.graders import Grader, assert_well_formed


def kernel() -> dict:
    return {"pd": pd, "Random": Random, "companies": companies, "prices": pricing.load(), "check": check}


GRADER = Grader("02", kernel)
GIVEN = [cell.source for cell in GRADER.code if cell.source.startswith("def totals")]
GIVEN += [cell.source.rpartition("\n\n")[0] for cell in GRADER.code if cell.source.startswith("def cost_c")]
SEEDS = ("1", "2", "3", "4", "5")  # of students: companies are drawn at random, verdicts must not be

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # answers warn


def functions_of(answer: KnownAnswer = GRADER.reference) -> dict:
    """What the notebook gives, and the reference with an answer's functions in it."""
    given = {f"given_{number}": source for number, source in enumerate(GIVEN)}
    return GRADER.functions_of(replace(answer, cells=given | GRADER.reference.cells | answer.cells))


@pytest.fixture
def said(monkeypatch):
    """What a check says to the student of a seed."""
    def ask(name: str, names: dict, seed: str) -> str:
        monkeypatch.setenv("LABS_SEED", seed)
        return GRADER.said(name, names)

    return ask


@pytest.mark.slow
@pytest.mark.parametrize("name", GRADER.graded)
def test_the_reference_passes_for_every_student(name, said):
    names = functions_of()
    assert {said(name, names, seed) for seed in SEEDS} == {""}


def test_the_same_answer_hears_the_same_each_time(said):
    names = functions_of(next(a for a in GRADER.wrong if a.name == "euros_divided"))
    assert len({said("check_people", names, "7") for _ in range(5)}) == 1


def test_another_student_is_asked_about_other_companies(said):
    names = functions_of(next(a for a in GRADER.wrong if a.name == "euros_divided"))
    assert said("check_people", names, "7") != said("check_people", names, "8")


@pytest.mark.parametrize("name", ["check_cost_a", "check_break_even", "check_move_when"])
def test_a_number_that_no_float_holds_gets_a_message(name, said):
    huge = dict.fromkeys(GRADER.reference.cells, lambda *_: 10**400)
    assert_well_formed(said(name, functions_of() | huge, "7"))


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("answer", GRADER.right, ids=lambda a: a.name)
def test_a_right_answer_passes_for_every_student(answer, said, capsys):
    names = functions_of(answer)
    assert {said(name, names, seed) for name in GRADER.checks_of(answer) for seed in SEEDS} == {""}
    assert capsys.readouterr().err == "", "nbgrader gives no point to a cell with stderr"


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("answer", GRADER.wrong, ids=lambda a: a.name)
def test_a_wrong_answer_loses_its_own_points_and_no_others_for_any_student(answer, said):
    names = functions_of(answer)
    lost = [{name for name in GRADER.checks_of(answer) if said(name, names, seed)} for seed in SEEDS]
    assert lost == [answer.loses] * len(SEEDS)


FIRST = {sorted(answer.loses)[0]: answer for answer in reversed(GRADER.wrong)}  # one for each check
SELDOM = [pytest.mark.slow, pytest.mark.exhaustive]
REPEATED = [a if a in FIRST.values() else pytest.param(a, marks=SELDOM) for a in GRADER.wrong]


def repeated(message: str, names: dict):
    """What the call of a failed check returns when a student copies it into the notebook."""
    return eval(re.search(r"(?s)^  repeat: (.+)\n  look at: ", message, re.M)[1], names)


def texts_of(value) -> set[str]:
    """How a message may show a value: whole, as a list, or one entry of it."""
    entries = value.values() if isinstance(value, dict) else ()
    return {short(value), *map(short, entries), *([short(list(value))] if isinstance(value, (tuple, set)) else [])}


@pytest.mark.parametrize("answer", REPEATED, ids=lambda a: a.name)
def test_the_call_of_a_failed_check_gives_the_same_again_in_the_notebook(answer):
    names = functions_of(answer)
    message = GRADER.said(sorted(answer.loses)[0], names)
    shown = re.search(r"(?s)\n  (returned|raised|gave|has|changed) (.+?)\n  expected ", message)
    try:
        texts = texts_of(repeated(message, names))
    except Exception as error:
        texts = {type(error).__name__}
    told = " ".join(shown[2].split())
    assert (
        shown[1] in ("has", "changed") or answer.name == "another_list_each_time" or any(text in told for text in texts)
    )


@pytest.mark.parametrize(
    "function",
    [f for f in cases.IN_CODE if f not in (callables.step, callables.bump, callables.always)],
    ids=lambda f: f.__name__,
)
def test_a_cost_of_a_check_is_shown_as_code_that_computes_it(function):
    company = companies.company(7)
    assert eval(cases.in_code(function))(company) == pytest.approx(function(company))


def test_curves_of_a_check_are_shown_as_code_that_computes_them():
    for *curves, low, high, _, _ in cases.crossings():
        places = [low + (high - low) * step / 7 for step in range(8)]
        for curve in curves:
            assert [eval(cases.in_code(curve))(x) for x in places] == pytest.approx([curve(x) for x in places])


def test_a_company_of_a_check_is_shown_as_code_that_makes_it():
    company = reference_model.unseen(freshness=15, mar={"production": 3})
    assert eval(cases.in_code(company), {"companies": companies}) == company


def test_a_huge_number_is_shown_by_its_power_of_ten():
    names = functions_of()
    right = names["in_two_years"]

    def huge(company, cost, growth, quote, draws, seed):
        return right(company, cost, growth, quote, draws, seed) if growth[0] == growth[1] else [10.0 ** 300] * draws
    assert "below 1e+300" in GRADER.said("check_in_two_years", names | {"in_two_years": huge})


@pytest.mark.parametrize("answer", ["cost_a", "snowflake", "cost_b"])
def test_a_decimal_mixed_with_a_float_is_told_to_be_made_one(answer):
    def mixed(company):
        return pricing.load()["ec2_t3_medium"].cost(730) + company["usd_per_eur"]
    said = GRADER.said(f"check_{answer}", functions_of() | {answer: mixed})
    assert "look at: cost() gives a Decimal" in said and "float(prices[id].cost(quantity))" in said.replace(
        "\n    ", " "
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_reference_model_and_the_notebooks_agree(seed):
    names, company = functions_of(), companies.company(seed)
    theirs = {option: names["total"](names[f"cost_{option.lower()}"], company) for option in "ABC"}
    assert theirs == pytest.approx(reference_model.totals(company))


def test_each_option_is_the_best_for_some_company():
    best = set()
    for seed in range(300):
        company = companies.company(seed)
        allowed = [option for option, why in reference_model.excluded(company).items() if not why]
        best.add(min(allowed, key=reference_model.totals(company).get, default=None))
    assert best == {"A", "B", "C", None}


def test_a_company_is_the_same_for_the_same_seed():
    assert companies.company(7) == companies.company(7) != companies.company(8)


def test_a_company_says_from_which_seed_it_is():
    assert companies.company(7)["seed"] == 7


def test_the_quotes_for_looker_lie_where_the_price_list_has_its_estimates():
    quotes, prices = [companies.company(seed)["quotes"] for seed in range(300)], pricing.load()
    for quoted, price in (("looker_platform", prices["looker_standard"]), ("looker_user", prices["looker_users"])):
        assert (
            price.estimate.low
            <= min(q[quoted] for q in quotes)
            <= max(q[quoted] for q in quotes)
            <= price.estimate.high
        )


def test_about_a_quarter_of_the_companies_are_on_fivetrans_free_plan():
    assert 0.2 < sum(reference_model.fivetran(companies.company(seed)) == 0 for seed in range(300)) / 300 < 0.3


def test_a_database_is_billed_by_the_gigabyte_and_an_api_by_the_row():
    company = companies.company(7) | {"mar": {"production": 5_000_000, "crm": 2_000_000}, "row_bytes": 1000}
    assert reference_model.credits(company) == 4 * 5 + 6 * 2


@pytest.mark.parametrize("seed", range(12))
def test_what_usage_costs_in_two_years_is_a_distribution_and_no_number(seed):
    def usage(company):
        return float(reference_model.fivetran(company) + reference_model.snowflake(company))
    later = sorted(functions_of()["in_two_years"](companies.company(seed), usage, (0, 0.15), (250, 700), 100, 1))
    assert later[95] > 1.25 * later[5]


def test_prices_of_the_lab_that_are_stale_are_named():
    stale = [price.id for price in pricing.load().stale(date.today())]
    if stale:
        warnings.warn(f"look these prices up again: {', '.join(stale)}", stacklevel=1)


# The explorer

@pytest.fixture(scope="module")
def model():
    names = functions_of()
    return {option: names[f"cost_{option.lower()}"] for option in "ABC"}, names["break_even"], names["matters_most"]


@pytest.fixture
def explore(model):
    return lambda company: Explorer(company, *model)


MOVED = {"rows": 1_000_000, "sources": 4, "users": 20, "freshness": 15, "rate": 60}


def cents(model: dict, company: dict) -> list[str]:
    """What a student's own functions give for the company, as the explorer writes it."""
    return [f"{option} costs USD {sum(map(float, cost(company).values())):,.2f}" for option, cost in model.items()]


@pytest.mark.parametrize("seed", range(2020, 2026))
def test_the_explorer_begins_with_the_totals_of_the_students_own_functions(model, explore, seed):
    shown = explore(companies.company(seed))
    begins = shown.at({name: slider.value for name, slider in shown.sliders().items()}).sentences[0]
    assert [amount for amount in cents(model[0], shown.company) if amount not in begins] == []


def test_an_unmoved_explorer_leaves_a_company_exactly_as_it_is():
    drawn = [companies.company(seed) for seed in range(300)]
    assert [company for company in drawn if company_at(company, place_of(company)) != company] == []


def test_rows_moved_keep_the_proportions_of_the_connections():
    company = companies.company(2026)
    moved = company_at(company, place_of(company) | {"rows": 10 * sum(company["mar"].values())})
    assert moved["mar"] == pytest.approx({source: 10 * rows for source, rows in company["mar"].items()})


@pytest.mark.parametrize("count", (1, 3, 9, 14))
def test_connections_moved_share_the_same_rows(count):
    moved = company_at(companies.company(2026), MOVED | {"sources": count})
    assert (len(moved["mar"]), sum(moved["mar"].values())) == (count, pytest.approx(1_000_000))


def shown_by(slider) -> str:
    return slider.options[slider.index][0]


def test_sliders_show_readable_numbers_with_their_unit(explore):
    labels = {slider.description: shown_by(slider) for slider in explore(companies.company(2026)).sliders().values()}
    assert labels == {"rows per month": "153,079 (today)", "connections": "4 (today)", "users": "33 (today)",
                      "freshness": "1 hour (today)", "hourly rate": "61 EUR (today)"}


@pytest.mark.parametrize(("minutes", "words"), [(1, "1 minute"), (15, "15 minutes"), (60, "1 hour"),
                                                (90, "90 minutes"), (240, "4 hours"), (1440, "1 day")])
def test_freshness_has_its_unit(explore, minutes, words):
    shown = explore(companies.company(2026) | {"freshness": minutes})
    assert shown_by(shown.sliders()["freshness"]) == f"{words} (today)"


def test_the_words_of_sentences_are_those_of_the_sliders(explore):
    shown = explore(companies.company(2026))
    said = shown.at(MOVED | {"sources": 5}).sentences[0]
    assert [slider.description for slider in shown.sliders().values() if slider.description not in said] == []


def marks(shown: Explorer) -> dict[str, float]:
    """Where on the axis of rows each mark stands."""
    return {line.get_label(): line.get_xdata()[0] for line in shown.charts[1].lines
            if line.get_label() in ("today", "sliders", "break-even")}


def test_today_stays_where_it_is_when_a_slider_moves(explore):
    shown = explore(companies.company(2026))
    shown.at(shown.today | {"rows": 5_000_000})
    assert (marks(shown)["today"], marks(shown)["sliders"]) == (153_079, 5_000_000)


@pytest.mark.parametrize("found", (None, 2.0, 5.5, 8.0))
def test_a_break_even_is_in_the_chart_when_and_only_when_it_is_in_the_sentence(model, found):
    shown = Explorer(companies.company(2026), model[0], lambda *_: found, model[2])
    said = shown.at(shown.today).sentences[1]
    assert ("break-even" in marks(shown)) == said.startswith("Break-even: ") != said.startswith("No break-even: ")


def test_the_chart_has_axes_with_units(explore):
    shown = explore(companies.company(2026))
    shown.at(shown.today)
    assert [(axes.get_xlabel(), axes.get_ylabel()) for axes in shown.charts] == [("option", "USD per month"),
                                                                              ("rows per month", "USD per month")]


def test_components_differ_by_colour_and_by_pattern_and_options_have_neither():
    colours, patterns = zip(*COMPONENTS.values(), OTHER, strict=True)
    assert len(set(colours)) == len(set(patterns)) == len(COMPONENTS) + 1 and "#000000" not in colours


def test_a_chart_has_a_text_for_those_who_cannot_see_it(explore):
    shown = explore(companies.company(2026))
    alts = re.findall(r'<img [^>]*alt="([^"]+)"', shown.at(shown.today)._repr_html_())
    assert (len(alts), "people 1,581" in alts[0], "today, 153,079 rows" in alts[1]) == (2, True, True)


@pytest.mark.slow
def test_a_move_takes_a_quarter_of_a_second_of_a_processor_at_most(explore):
    shown, took = explore(companies.company(2026)), []
    for _ in range(5):
        started = time.process_time()
        shown.answer(MOVED)
        took.append(time.process_time() - started)
    assert min(took) < 0.25


@pytest.mark.slow
def test_moves_leave_nothing_behind(explore):
    shown = explore(companies.company(2026))

    def left_by(moves: int) -> int:
        for rows in range(moves):
            shown.answer(MOVED | {"rows": 1000 + rows})
        gc.collect()
        return len(gc.get_objects())

    assert (left_by(30) - left_by(5) < 100, plt.get_fignums()) == (True, [])


@pytest.mark.parametrize(("slider", "to"), [("rows", 10_000_000), ("sources", 7), ("users", 45), ("freshness", 5),
                                            ("rate", 150)])
def test_each_slider_changes_charts_and_sentences(explore, slider, to):
    widget = explore(companies.company(2026))
    shown = [(*shown.charts, shown.sentences[0]) for shown in (widget.at(MOVED), widget.at(MOVED | {slider: to}))]
    assert [old != new for old, new in zip(*shown, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    "edited",
    (
        {"freshness": 45},
        {"rate": 250.5},
        {"users": 400},
        {"mar": {}},
        {"mar": {"crm": 0}},
        {"mar": {"production": 3}},
        {"mar": {"production": 4e8, "crm": 7.5}},
    ),
    ids=str,
)
def test_a_company_that_a_student_edited_is_drawn_as_it_is(model, explore, edited):
    shown = explore(companies.company(2026) | edited)
    begins = shown.at({name: slider.value for name, slider in shown.sliders().items()}).sentences[0]
    assert [amount for amount in cents(model[0], shown.company) if amount not in begins] == []


def test_the_explorer_says_what_is_not_written_yet(model):
    def unwritten(*_):
        raise NotImplementedError
    shown = Explorer(companies.company(1), model[0], unwritten, unwritten)
    assert [said.split(",")[0] for said in shown.at(shown.today).sentences[1:]] == [
        "Write break_even",
        "Write matters_most",
    ]


def test_a_model_that_fails_where_a_slider_was_moved_to_says_so(model):
    def broken(company):
        return {"people": 1 / (20 - company["users"])}
    shown = Explorer(companies.company(2026), model[0] | {"B": broken}, *model[1:])
    said = str(shown.answer(shown.today | {"users": 20}))
    assert "users at 20: your model raised ZeroDivisionError: division by zero" in said


def test_a_page_without_widgets_shows_the_explorers_sentences(model, capsys):
    explorer(companies.company(2026), *model)
    assert re.match(r"Sliders: run this cell in JupyterLab .*\nAs it is today, A costs USD ", capsys.readouterr().out)
