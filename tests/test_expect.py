"""How a check asks a student's function and how it fails, without any server."""

import copy
import functools
import os
import subprocess
import sys
import textwrap
import threading
import time
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from autograders.expect import CheckedFunction, CheckFailed
from autograders.zones import FAR_EAST, FAR_WEST
from environments import busy
from tests.waits import HANG


@pytest.fixture(autouse=True)
def an_idle_machine(monkeypatch):
    """However busy this one is: tests/test_busy.py has the others."""
    monkeypatch.setattr(busy, "share", lambda: 1.0)
    monkeypatch.setattr(busy, "_throttled", lambda: 0.0)


def ask(function, *arguments, how="__call__", **options):
    return getattr(CheckedFunction(function, look="the manual"), how)(*arguments, **options)


def message(function, *arguments, **options) -> str:
    with pytest.raises(CheckFailed) as failed:
        ask(function, *arguments, **options)
    return str(failed.value)


def in_a_cell(source: str):
    """The function `answer`, defined as in a notebook's cell, so that its lines can be looked up."""
    import linecache

    source = textwrap.dedent(source)
    name = "/tmp/ipykernel_12345/67890.py"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    names: dict = {}
    exec(compile(source, name, "exec"), names)
    return names["answer"]


def test_a_message_has_the_call_what_came_back_what_was_due_and_where_to_look():
    lag = CheckedFunction(lambda primary, standby: 0, look="which function reports the last *replayed* position")
    lag.function.__name__ = "lag_bytes"
    got = lag.number(1, 2, when="after 10,000 inserts with replay paused")
    with pytest.raises(CheckFailed) as failed:
        lag.expect(got > 0, "more than 0: the standby has not replayed them yet")
    assert str(failed.value) == textwrap.dedent("""\
        lag_bytes(primary, standby) after 10,000 inserts with replay paused
          returned 0
          expected more than 0: the standby has not replayed them yet
          look at: which function reports the last *replayed* position""")


@pytest.mark.parametrize("value", ["x" * 10_000, list(range(10_000)), "a word " * 1000, {"k" * 500: "v" * 500}])
def test_no_line_is_longer_than_validate_shows(value):
    text = message(lambda: value, how="number", when="with " + "many words " * 30)
    assert max(map(len, text.splitlines())) <= 79
    assert len(text) < 900


def test_a_notebook_shows_the_message_and_no_traceback():
    with pytest.raises(CheckFailed) as failed:
        ask(lambda: 1 / 0)
    assert failed.value._render_traceback_() == str(failed.value).splitlines()


def test_an_untouched_answer_is_not_written_yet():
    def untouched():
        raise NotImplementedError()

    words = "`untouched` is not written yet: write it in its cell above, then run it"
    assert (message(untouched), message(untouched, how="ended")) == (words, words)


def test_an_error_is_named_with_the_students_line():
    answer = in_a_cell("""
        def helper(rows):
            return rows[0]

        def answer(rows):
            return helper(rows)
        """)
    assert "raised IndexError: list index out of range (your line: return rows[0])" in message(answer, [])


def test_a_very_long_error_is_cut():
    def answer():
        raise ValueError("x" * 10_000_000)

    assert len(message(answer)) < 600


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2296.551724137931, "2296.55"),
        (1 / 3, "0.3333"),
        ([1e7 / 3], "[3333333.33]"),
        ({"A": 7 / 3}, "{'A': 2.333}"),
        (float("nan"), "nan"),
        (12345678, "12345678"),
    ],
)
def test_a_number_is_said_in_as_many_digits_as_a_person_copies(value, shown):
    ended = CheckedFunction(lambda: value, look="the manual").ended()
    assert ended.described == f"returned {shown}"


def test_an_error_that_cannot_be_printed_is_named():
    class Broken(Exception):
        def __str__(self):
            raise RuntimeError

    def answer():
        raise Broken

    assert "raised Broken" in message(answer)


def test_an_answer_that_never_ends_is_given_up_and_stopped():
    def answer():
        while True:
            time.sleep(0.001)

    before = threading.active_count()
    assert "was still running\n  expected an end within 0.1 s" in message(answer, within=0.1)
    assert threading.active_count() == before


def test_an_answer_that_catches_every_error_is_stopped_too():
    def answer():
        while True:
            try:
                time.sleep(0.001)
            except Exception:
                pass

    before = threading.active_count()
    message(answer, within=0.1)
    assert threading.active_count() == before


@pytest.mark.parametrize("leave", [sys.exit, lambda: quit(), lambda: exit(1)], ids=["sys.exit", "quit", "exit"])
def test_an_answer_that_leaves_fails_and_leaves_us_running(leave):
    assert "raised SystemExit" in message(leave)


@pytest.mark.slow
def test_neither_quit_nor_a_warning_harms_a_cell_in_a_kernel():
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    try:
        said = []
        for code in (
            "from autograders.expect import CheckedFunction\nimport time\nq = quit\n"
            "def answer():\n    import warnings; warnings.warn('old'); quit()",
            "CheckedFunction(answer, look='here')()",
            "time.sleep(1); print('alive', quit is q)",
        ):
            client.execute_interactive(code, timeout=HANG, output_hook=lambda m: said.append(m["content"]))
        assert any("raised SystemExit" in c.get("evalue", "") for c in said)
        assert any("alive True" in c.get("text", "") for c in said)
        assert not any(c.get("name") == "stderr" for c in said), "nbgrader gives no point to a cell with stderr"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    "value", [3, 3.0, Decimal(3), np.float64(3), np.int32(3), np.array(3), pd.Series([3.0]).iloc[0]], ids=repr
)
def test_any_number_is_a_number(value):
    assert ask(lambda: value, how="number") == 3.0


@pytest.mark.parametrize("value", ["3", b"3", None, True, [3], {}, object()], ids=lambda v: type(v).__name__)
def test_what_is_no_number_is_refused_with_what_came_back(value):
    text = message(lambda: value, how="number")
    assert f"returned {repr(value)[:10]}" in text and "expected a number" in text


@pytest.mark.parametrize(
    "value", [["a"], ("a",), {"a"}, pd.Series(["a"]), np.array(["a"]), (x for x in "a")], ids=lambda v: type(v).__name__
)
def test_any_collection_is_a_list(value):
    assert ask(lambda: value, how="items") == ["a"]


@pytest.mark.parametrize("value", ["analytics", None, 3])
def test_what_is_no_collection_is_refused(value):
    assert "expected a list" in message(lambda: value, how="items")


def test_an_endless_generator_is_cut_short():
    def answer():
        while True:
            yield "a"

    assert len(ask(answer, how="items")) == 10_000


def test_an_error_inside_a_generator_is_the_students():
    def answer():
        yield 1
        raise KeyError("slot")

    assert "raised KeyError" in message(answer, how="items")


def test_an_error_that_is_returned_is_not_one_that_was_raised():
    ended = ask(lambda: TimeoutError("late"), how="ended")
    assert ended.error is None and isinstance(ended.value, TimeoutError)
    assert ended.described == "returned TimeoutError('late')"


def test_what_an_answer_prints_does_not_reach_stderr(capfd):
    def answer():
        print("to stderr", file=sys.stderr)
        print("to stdout")

    ask(answer)
    out, err = capfd.readouterr()
    assert err == ""
    assert "to stdout" in out and "to stderr" in out


def test_an_answer_that_prints_without_end_is_heard_briefly(capfd):
    ask(lambda: [print("x" * 1000) for _ in range(1000)])
    assert len(capfd.readouterr().out) < 2100


@pytest.mark.parametrize(
    ("function", "call"),
    [
        (functools.partial(pow, 2), "your answer("),
        (lambda primary, standby: 1 / 0, "<lambda>(primary, standby)"),
        (dict.fromkeys, "fromkeys("),
    ],
    ids=["partial", "lambda", "builtin"],
)
def test_a_function_of_any_kind_is_named_as_well_as_it_can_be(function, call):
    assert message(function, 1, 2, 3, 4, 5).startswith(call)


def test_what_is_no_function_is_refused():
    assert message(5) == "your answer(...)\n  is 5\n  expected a function\n  look at: the manual"


def test_a_value_whose_repr_fails_is_named():
    class Odd:
        def __repr__(self):
            raise RuntimeError

    assert "Odd" in message(lambda: Odd(), how="number")


def test_importing_it_is_quick():
    code = "import sys, autograders.expect; print(sorted({'pandas', 'numpy', 'psycopg', 'IPython'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HANG)
    assert done.stdout.strip() == "[]"


# What is handed over

TABLE = pd.DataFrame({"a": [2.0, float("nan")]})


@pytest.mark.parametrize(
    "argument",
    [[1, [2]], {"a": {"b": [1]}}, ({"a": 1},), {1, 2}, bytearray(b"ab"), np.array([2.0, float("nan")]), TABLE],
    ids=lambda argument: type(argument).__name__,
)
def test_a_function_that_changes_its_argument_is_told_so(argument):
    def emptied(given):
        if isinstance(given, (list, set, bytearray)):
            given.clear()
        elif isinstance(given, dict):
            given["a"].clear()
        elif isinstance(given, tuple):
            given[0]["a"] = 2
        else:
            given[:] = 0
        return 7

    before = copy.deepcopy(argument)
    said = message(emptied, argument)
    assert ("changed its argument, and returned 7" in said, repr(argument)) == (True, repr(before))


@pytest.mark.parametrize(
    "argument",
    [[1, [2]], {"a": {"b": [1]}}, ({"a": 1},), {1, 2}, np.array([2.0, float("nan")]), TABLE, len, object()],
    ids=lambda argument: type(argument).__name__,
)
def test_a_function_that_only_looks_at_its_argument_passes(argument):
    assert ask(lambda given: given and 1 if isinstance(given, list) else 1, argument) == 1


def test_a_function_may_change_its_argument_where_a_check_says_so():
    asked = CheckedFunction(lambda rows: rows.append(3), look="the manual", may_change=True)
    assert asked([1, 2]) is None


def test_what_is_neither_a_container_nor_a_table_is_handed_over_itself():
    value = object()
    assert ask(lambda given: given[0], [value]) is value


# Where it stands

@pytest.mark.parametrize(("zone", "hour"), [(FAR_EAST, 11), (FAR_WEST, 14)])
def test_a_function_can_be_asked_as_on_a_machine_that_stands_elsewhere(zone, hour):
    asked = CheckedFunction(lambda: time.localtime(0).tm_hour, look="-")
    asked.local_zone = zone
    assert asked() == hour


def test_an_answer_that_fails_elsewhere_leaves_this_machine_where_it_is():
    before = os.environ.get("TZ"), time.localtime(0).tm_hour
    asked = CheckedFunction(lambda: 1 / 0, look="-")
    asked.local_zone = FAR_WEST
    asked.ended()
    assert (os.environ.get("TZ"), time.localtime(0).tm_hour) == before
