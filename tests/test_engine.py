"""The engine on small notebooks made here:
what a test sees of a student's code, and what a student loses when it dies."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import nbformat
import psutil
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

import autograders.checks
from autograders.grading import sandbox
from autograders.grading.course_names import CourseNames
from autograders.grading.engine import Engine, TooBusy, Unread
from autograders.grading.model import BEGUN, Release, Submission, Verdict
from autograders.grading.pool import GradingOptions, workers
from autograders.grading.sandbox import Limits
from autograders.grading.zygote import EXAMINER_ENDED
from autograders.homes import home, proofs
from environments.errors import LabsError
from environments.waiting import wait_until
from tests.test_feedback import CONFIG, Page
from tests.waits import HANG

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(sandbox.refusal()), reason=sandbox.refusal() or "-")]
LIMITS = Limits(cell=4, submission=90, memory=1024, disk=64)


def marked(source: str, name: str, **marks):
    marks = {"grade": False, "solution": False, "locked": False, "schema_version": 3, "grade_id": name} | marks
    return new_code_cell(source, metadata={"nbgrader": marks}, id=name.replace("_", "-"))


def answer(source: str, name: str = "answer"):
    return marked(source, name, solution=True)


def check(source: str, name: str, points: int = 1):
    return marked(source, name, grade=True, locked=True, points=points)


STUB = "raise NotImplementedError()"
TESTS = {
    "check_sum": "assert total([1, 2]) == 3",
    "check_kept": "given = [2, 1]\ntotal(given)\nassert given == [2, 1]",
    "check_error": "try:\n    total(None)\n    raise AssertionError('no error')\n"
    "except TypeError as e:\n    assert 'NoneType' in str(e)",
    "check_object": "box = Box()\nbox.add(2)\nbox.add(3)\n"
    "assert box.total == 5 and isinstance(box, Box) and len(box) == 2",
    "check_call_back": "seen = []\ntwice(seen.append, 7)\nassert seen == [7, 7]",
    "check_pages": "pages = iter(count_up())\nassert [next(pages) for _ in range(3)] == [0, 1, 2]",
    "check_await": "assert await later(4) == 5",
    "check_hidden": "assert total([]) == 0\n### BEGIN HIDDEN TESTS\nassert total([40]) == 40\n### END HIDDEN TESTS",
}
RIGHT = """
def total(numbers):
    print("adding", numbers)
    return sum(numbers)

class Box:
    def __init__(self):
        self.held = []
    def add(self, n):
        self.held.append(n)
    def __len__(self):
        return len(self.held)
    @property
    def total(self):
        return sum(self.held)

def twice(f, x):
    f(x), f(x)

def count_up():
    n = 0
    while True:
        yield n
        n += 1

async def later(n):
    return n + 1
"""


@pytest.fixture(scope="module")
def engine():
    cells = [
        new_code_cell("LIMIT = 10\nimport math", id="setup"),
        answer(STUB),
        *(check(t, n) for n, t in TESTS.items()),
        answer(STUB, "second"),
        check("assert second() == LIMIT", "check_second"),
    ]
    full = nbformat.writes(new_notebook(cells=cells))
    visible = full.replace("\\n### BEGIN HIDDEN TESTS\\nassert total([40]) == 40\\n### END HIDDEN TESTS", "")
    with Engine(Release("90_engine", full, visible), limits=LIMITS) as engine:
        yield engine


def graded(engine, first: str = STUB, second: str = "def second():\n    return LIMIT", *more: str):
    notebook = nbformat.reads(engine.release.visible, as_version=4)
    by_id = {c.metadata.get("nbgrader", {}).get("grade_id"): c for c in notebook.cells}
    by_id["answer"].source, by_id["second"].source = first, second
    notebook.cells[1:1] = [new_code_cell(source) for source in more]
    return engine.grade(Submission("ada", nbformat.writes(notebook).encode()))


def points(result) -> dict[str, float]:
    return {v.name: v.points for v in result.verdicts}


def messages(result) -> dict[str, str]:
    return {v.name: v.message for v in result.verdicts}


def test_a_right_answer_has_every_point_and_no_message(engine):
    result = graded(engine, RIGHT)
    assert set(points(result).values()) == {1.0} and set(messages(result).values()) == {""}


def test_an_untouched_notebook_has_none_and_is_told_why(engine):
    result = graded(engine, STUB, STUB)
    assert set(points(result).values()) == {0} and all(messages(result).values())


@pytest.mark.parametrize("more", [0, 1], ids=["as many", "more"])
def test_workers_have_a_processor_each_where_they_are_as_many(engine, more):
    here = sandbox.processors()
    notebook = nbformat.reads(engine.release.visible, as_version=4)
    notebook.cells.insert(0, new_code_cell("import os\nsorted(os.sched_getaffinity(0))"))
    class_ = [Submission(f"student {n}", nbformat.writes(notebook).encode()) for n in range(len(here) + more)]
    with workers(engine.release, GradingOptions(len(class_), limits=LIMITS)) as pool:
        told = [json.loads(nbformat.reads(result.notebook, as_version=4).cells[0].outputs[0].data["text/plain"])
                for _, result in pool.results(iter(class_))]
    assert sorted(told) == ([here] * len(class_) if more else [[processor] for processor in here])


def test_a_notebook_begins_without_a_name_and_shows_its_plots():
    cells = [
        new_code_cell("import matplotlib.pyplot", id="setup"),
        answer(STUB),
        check("assert answer() == []", "check_names"),
    ]
    text = nbformat.writes(new_notebook(cells=cells))
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells[1].source = ("def answer():\n    return [n for n in globals() if n in ('plt', 'pandas', 'np')]\n"
                                "matplotlib.pyplot.plot([1]);")
    with Engine(Release("90_plots", text, text), limits=LIMITS) as engine:
        result = engine.grade(Submission("ada", nbformat.writes(notebook).encode()))
    shown = nbformat.reads(result.notebook, as_version=4).cells[1]
    assert points(result) == {"check_names": 1} and [set(o.data) >= {"image/png"} for o in shown.outputs] == [True]


def test_a_test_sees_what_a_function_changes_in_its_argument(engine):
    result = graded(engine, RIGHT.replace("return sum(numbers)", "s = sum(numbers); numbers.sort(); return s"))
    assert [name for name, p in points(result).items() if not p] == ["check_kept"]


def test_an_error_comes_with_the_students_line(engine):
    result = graded(engine, RIGHT.replace("return sum(numbers)", "return sum(numbers) / 0"))
    assert "ZeroDivisionError: division by zero" in messages(result)["check_sum"]
    assert "return sum(numbers) / 0" in messages(result)["check_sum"]


def test_a_failed_assertion_shows_its_line_but_no_hidden_one(engine):
    result = graded(engine, RIGHT.replace("return sum(numbers)", "return min(3, sum(numbers))"))
    assert messages(result)["check_hidden"] == "a hidden test failed" and "[40]" not in str(messages(result))
    assert "assert total([1, 2]) == 3" in messages(graded(engine, RIGHT.replace("sum(numbers)", "4")))["check_sum"]


@pytest.mark.parametrize("ending", ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)",
                                    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"])
def test_a_cell_that_ends_the_process_costs_only_itself(engine, ending):
    assert set(points(graded(engine, RIGHT, "def second():\n    return LIMIT", ending)).values()) == {1.0}


@pytest.mark.parametrize("ending", ["import os; os._exit(0)", "while True: pass", "return 'x' * 10**10"])
def test_a_call_that_does_not_end_well_costs_only_its_own_test(engine, ending):
    result = graded(engine, RIGHT, f"def second():\n    {ending}")
    assert [name for name, p in points(result).items() if not p] == ["check_second"]
    assert messages(result)["check_second"]


def test_names_the_course_binds_are_the_courses(engine):
    result = graded(engine, RIGHT, "LIMIT = -1\ndef second():\n    return -1")
    assert points(result)["check_second"] == 0


def test_what_is_no_notebook_is_said_to_be_none(engine):
    with pytest.raises(Unread, match="hand that in|hand in"):
        engine.grade(Submission("bob", b"PK\3\4 a zip"))


def test_the_autograded_notebook_has_the_cells_outputs_and_the_verdicts(engine):
    notebook = nbformat.reads(graded(engine, RIGHT, STUB, "print('hello')\n6 * 7").notebook, as_version=4)
    hello = next(c for c in notebook.cells if "hello" in c.source)
    assert [o.output_type for o in hello.outputs] == ["stream", "execute_result"]
    assert hello.outputs[1].data["text/plain"] == "42"
    failed = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "check_second")
    assert [(o.output_type, o.ename) for o in failed.outputs] == [("error", "CheckFailed")]


def test_no_known_answer_can_be_read_where_a_student_is_graded(engine):
    there = [str(file) for place in proofs() for file in place.rglob("*.py")]
    look = f"import os\nprint(sum(map(os.path.exists, {there!r})), os.path.exists({autograders.checks.__file__!r}))"
    notebook = nbformat.reads(graded(engine, STUB, STUB, look).notebook, as_version=4)
    seen = next(c.outputs[0].text for c in notebook.cells if c.source == look)
    assert len(there) > 50 and seen == "0 True\n"


def test_a_file_that_proves_checks_is_hidden_as_well(monkeypatch):
    file, seen = home("00") / "__init__.py", []
    for hidden in ([], [file]):
        monkeypatch.setattr(sandbox, "proofs", partial(list, hidden))
        look = [*sandbox.command.__wrapped__(LIMITS), "/bin/cat", str(file)]
        seen.append(subprocess.run(look, capture_output=True, env={}).stdout)
    assert seen == [file.read_bytes(), b""]


def test_a_killed_zygote_is_replaced(engine):
    engine._zygote.kill()
    engine._zygote.wait()
    assert set(points(graded(engine, RIGHT)).values()) == {1.0}


def test_a_closed_engine_ends_what_it_grades_and_leaves_nothing(engine):
    limits = replace(LIMITS, cell=10 * HANG, submission=10 * HANG)
    with ThreadPoolExecutor() as threads:
        with Engine(engine.release, limits=limits) as closing:
            zygote = psutil.Process(closing._zygote.pid)
            under_way = threads.submit(
                graded, closing, RIGHT, STUB, "import subprocess\nsubprocess.run(['sleep', '7000'])"
            )
            wait_until(
                lambda: "sleep 7000" in map(line_of, zygote.children(recursive=True)),
                HANG,
                "the notebook's own program",
            )
            processes = zygote.children(recursive=True)
        with pytest.raises(LabsError, match="Run the same command again"):
            under_way.result(timeout=HANG)
    wait_until(lambda: not any(map(line_of, processes)), HANG, "nothing to be left")


def line_of(process: psutil.Process) -> str:
    """What it was started as; nothing where it has ended."""
    try:
        return " ".join(process.cmdline()) if process.is_running() else ""
    except psutil.Error:
        return ""


def test_a_test_needs_the_students_names_and_not_the_courses():
    cells = [
        new_markdown_cell("# x"),
        new_code_cell("import math\nRATE = 3\ndef due(f):\n    return f(RATE) + helper\nrows = load()"),
        answer("def mine(x): ..."),
    ]
    names = CourseNames(nbformat.writes(new_notebook(cells=cells)))
    assert names.needed("expected = due(mine)\nassert math.isclose(expected, rows)") == {"mine", "helper", "rows"}


@pytest.mark.parametrize("test, needed", [
    ("def due(rows):\n    total = sum(rows)\n    return total\nassert due([1]) == 1", set()),
    ("assert [row for row in [1]] == [1]", set()),
    ("assert (lambda total: total)(rows) == 1", {"rows"}),
    ("def due():\n    def inner():\n        return rows\n    return inner()\ndue()", {"rows"}),
    ("class Due:\n    most = rows\n    def __init__(self, total): self.total = total + self.most", {"rows"}),
    ("def due(most=total): return most", {"total"}),
    ("async for row in total: print(await row)", {"total"}),
    ("rows.append(1); total.sum = 2; del rows[0]", {"rows", "total"}),
    ("%time rows", {"rows", "time"}),  # names that the notebook does not have are no trouble
    ("%%capture\nget_ipython(), rows", {"capture", "rows"}),
])
def test_what_a_function_of_a_test_binds_is_not_the_students(test, needed):
    names = CourseNames(nbformat.writes(new_notebook(cells=[answer("rows = total = 1")])))
    assert names.needed(test) == needed


def test_what_a_test_binds_is_there_for_the_tests_after_it():
    tests = {
        "first": "feed = [1]\nassert total(feed) == 1",
        "magic": "%time more = total(feed)\ncount = 2\nassert more == 1",
        "second": "assert total(feed) + count == 3",
        "third": "assert total(feed) + more + count == 4",
    }
    full = nbformat.writes(
        new_notebook(cells=[answer("total = sum"), *(check(source, name) for name, source in tests.items())])
    )
    with Engine(Release("90_engine", full, full), limits=LIMITS) as engine:
        result = engine.grade(Submission("ada", full.encode()))
    assert messages(result) == dict.fromkeys(tests, "")


@pytest.mark.parametrize("test", ["%time assert rows == 3", "assert get_ipython().ev(str(rows)) == 3"])
def test_a_magic_of_a_test_is_not_run_by_the_student(test):
    pretends = "class Shell:\n    def __getattr__(self, name): return lambda *_: 3\ndef get_ipython(): return Shell()"
    full = nbformat.writes(new_notebook(cells=[answer(STUB), check(test, "check_magic")]))
    with Engine(Release("90_engine", full, full), limits=LIMITS) as engine:
        given = []
        for source in ("rows = 3", "rows = 4", f"rows = 4\n{pretends}"):
            notebook = nbformat.reads(full, as_version=4)
            notebook.cells[0].source = source
            given += engine.grade(Submission("ada", nbformat.writes(notebook).encode())).verdicts
    assert [verdict.points for verdict in given] == [1, 0, 0]


# A busy machine

@pytest.fixture(scope="module")
def busy_engine():
    cells = [answer(STUB), check("from environments.errors import MachineTooBusy\nif answer() == 'no processor':\n"
                                 "    raise MachineTooBusy('a check waited')", "check_busy")]
    text = nbformat.writes(new_notebook(cells=cells))
    with Engine(Release("90_busy", text, text), limits=LIMITS) as engine:
        yield engine


def handed_in(engine, source: str) -> Submission:
    notebook = nbformat.reads(engine.release.visible, as_version=4)
    notebook.cells[0].source = source
    return Submission("ada", nbformat.writes(notebook).encode())


def test_a_check_that_had_no_processor_gives_no_score(busy_engine):
    with pytest.raises(TooBusy, match="ada was not graded: this machine was too busy"):
        busy_engine.grade(handed_in(busy_engine, "def answer():\n    return 'no processor'"))


def test_verdicts_of_an_examination_that_was_broken_off_stay(busy_engine):
    given = Verdict("check_busy", 0, 1, "given before")
    submission = replace(handed_in(busy_engine, "def answer():\n    return 1"), given=(given,))
    assert busy_engine.grade(submission).verdicts == (given,)


def test_who_was_too_busy_is_graded_once_more_alone(busy_engine):
    submission, started = handed_in(busy_engine, "def answer():\n    return 'no processor'"), []
    with workers(busy_engine.release, GradingOptions(2, limits=LIMITS)) as pool:
        send = pool._send
        pool._send = lambda given, under_way, *again: (started.append(len(under_way)), send(given, under_way, *again))
        results = {
            given.student: result
            for given, result in pool.results(iter([submission, replace(submission, student="bob")]))
        }
    assert (started, [r.busy for r in results.values()]) == ([0, 1, 0, 0], [True, True])


@pytest.mark.parametrize("share, points_", [(1.0, 0), (0.01, None)], ids=["idle", "busy"])
def test_an_answer_that_waits_is_late_only_where_the_machine_works(share, points_):
    full = nbformat.writes(
        new_notebook(
            cells=[
                answer(STUB),
                check(f"from environments import busy\nbusy.share = lambda: {share}\nanswer()", "check_late"),
                check("answer()", "check_again"),
            ]
        )
    )
    notebook = nbformat.reads(full, as_version=4)
    notebook.cells[0].source = "import time\ndef answer():\n    time.sleep(60)"
    with Engine(Release("90_late", full, full), limits=replace(LIMITS, cell=0.5)) as engine:
        result = grade_one_with(engine, notebook)
    assert result == points_


def grade_one_with(engine, notebook) -> float | None:
    try:
        return points(engine.grade(Submission("ada", nbformat.writes(notebook).encode())))["check_again"]
    except TooBusy:
        return None


def test_an_answer_that_says_so_itself_has_none(busy_engine):
    says = "from environments.errors import MachineTooBusy\ndef answer():\n    raise MachineTooBusy('me')"
    assert points(busy_engine.grade(handed_in(busy_engine, says))) == {"check_busy": 0}


def test_a_stub_is_named_in_one_line(busy_engine):
    source = "def answer():\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert messages(busy_engine.grade(handed_in(busy_engine, source))) == {"check_busy": "`answer` is not written yet"}


# Verdicts stay

def test_an_examiner_killed_after_a_verdict_gives_no_second_one(engine, monkeypatch):
    """Each examination would come to another verdict on the same answer, as on one that guesses."""
    untouched = engine.release.visible
    rounds = iter([{"check_sum": "the guess was wrong", "check_kept": BEGUN}, {"check_sum": "", "check_kept": ""}])

    def examined(submission, verdicts, skip, deaths, processor):
        for name, message in next(rounds).items():
            verdicts[name] = Verdict(name, 0 if message else 1, 1, message)
        if verdicts["check_kept"].message == BEGUN:
            return {"warden": EXAMINER_ENDED}
        others = [name for name in (*TESTS, "check_second") if name not in verdicts]
        verdicts.update({name: Verdict(name, 1, 1) for name in others})
        return {"notebook": untouched, "repairs": [], "answered": {}, "trouble": ""}

    monkeypatch.setattr(engine, "_examined", examined)
    result = engine.grade(Submission("ada", untouched.encode()))
    assert ({n for n, p in points(result).items() if not p}, "the guess was wrong" in result.notebook) == (
        {"check_sum"},
        True,
    )


GUESSES = """
import os, pathlib
tried = pathlib.Path('/tmp/tried')
def second():
    number = len(tried.read_text()) if tried.exists() else 0
    tried.write_text('x' * (number + 1))
    return LIMIT if {} else os._exit(1)
"""


@pytest.mark.parametrize("right, given", [("number % 3 != 0", 0), ("number > 0", 1), ("number > 1", 1)],
                         ids=["a guess, two thirds of the time", "killed once", "killed twice"])
def test_a_test_at_which_the_answer_died_has_to_pass_several_times(engine, right, given):
    assert points(graded(engine, RIGHT, GUESSES.format(right)))["check_second"] == given


@pytest.mark.parametrize("right, given", [("number % 3 != 2", 0), ("True", 1)], ids=["a guess", "an answer"])
def test_a_test_at_which_the_examiner_died_has_to_pass_several_times(engine, right, given, monkeypatch):
    examined, ended = engine._examined, []

    def dies_once(submission, verdicts, skip, deaths, processor):
        if ended:
            return examined(submission, verdicts, skip, deaths, processor)
        ended.append(verdicts.update(check_second=Verdict("check_second", 0, 1, BEGUN)))
        return {"warden": EXAMINER_ENDED}

    monkeypatch.setattr(engine, "_examined", dies_once)
    assert points(graded(engine, RIGHT, GUESSES.format(right)))["check_second"] == given


# What a submission can make of a test's message

def test_a_name_of_an_error_is_cut(engine):
    long = RIGHT.replace("return sum(numbers)", "raise type('N' * 5_000_000, (ValueError,), {})('x')")
    result = graded(engine, long)
    assert max(map(len, (result.notebook, *messages(result).values()))) < 30_000


SHOWS_ANYTHING = """
from IPython.display import publish_display_data
for kind in ('html', 'markdown', 'latex', 'plain', 'vnd.mermaid'):
    for content in ('<script>alert(1)</script>', {'a': '</script><script>alert(1)</script>'}):
        publish_display_data({f'text/{kind}': content}, {f'text/{kind}': {'isolated': True}})
for kind in ('image/png', 'image/svg+xml', 'application/javascript', 'application/json', 'x/"><script>alert(1)',
             'application/vnd.jupyter.widget-view+json'):
    for content in ('</script><script>alert(1)</script>', {'a': 1}):
        publish_display_data({kind: content}, {kind: {'width': '1 onerror=alert(1)'}})
raise type('<script>alert(1)</script>', (Exception,), {})('<script>alert(1)</script>')
"""


@pytest.mark.filterwarnings("ignore:Your element with mimetype")
def test_whatever_a_notebook_shows_formgrader_has_a_page_in_which_nothing_of_it_runs(engine):
    notebook = nbformat.reads(engine.release.visible, as_version=4)
    odd = {"tags": ['"><script>'], "nbgrader": {"grade_id": '"><script>', "solution": True}}
    text = new_markdown_cell("<script>alert(1)</script>", metadata=odd)
    notebook.cells += [new_code_cell(SHOWS_ANYTHING, metadata=odd), text]
    notebook.metadata.update(title="<script>", language_info={"name": '"><script>', "pygments_lexer": '"><script>'})
    result = engine.grade(Submission("ada", json.dumps(notebook).encode()))
    about = {"notebook_id": "90_engine", "base_url": "", "index": 0, "total": 1}
    exporter = HTMLExporter(config=Config(CONFIG), template_name="formgrade")
    html, _ = exporter.from_notebook_node(nbformat.reads(result.notebook, as_version=4), resources=about)
    assert (Page(html).harmful, "&lt;script&gt;alert(1)" in html) == ([], True)


# What one submission may use

def test_all_places_that_can_be_written_share_one_bound(engine):
    fill = (
        "import os\ndef filled(place):\n    n = 0\n    try:\n        for i in range(99):\n"
        "            with open(f'{place}/{i}', 'wb') as file:\n"
        "                n += file.write(bytes(4_000_000))\n    except OSError:\n        pass\n    return n\n"
        "print(sum(map(filled, ('/tmp', '/tmp/graded', '/dev/shm'))))"
    )
    notebook = nbformat.reads(graded(engine, RIGHT, STUB, fill).notebook, as_version=4)
    written = next(int(c.outputs[0].text) for c in notebook.cells if c.source == fill)
    assert written <= LIMITS.disk * sandbox.MEGABYTE


SHARED_BY_A_CHILD = """
import mmap, os, signal
held = []
for _ in range(40):
    held.append(mmap.mmap(-1, 30_000_000))
    child = os.fork()
    if child == 0:
        held[-1].write(bytes(30_000_000))
        os._exit(0)
    os.waitpid(child, 0)
signal.pause()
"""


def test_memory_that_processes_share_without_a_name_counts(engine):
    notebook = nbformat.reads(graded(engine, RIGHT, STUB, SHARED_BY_A_CHILD).notebook, as_version=4)
    ended = next(c.outputs[0].ename for c in notebook.cells if c.source == SHARED_BY_A_CHILD)
    assert ended == "CellEnded"


IN_THE_KERNEL = {
    "a larger buffer": (
        "import socket\nends = socket.socketpair()\nbefore = ends[0].getsockopt(1, 7)\n"
        "ends[0].setsockopt(1, 7, 2 * before)\nprint(ends[0].getsockopt(1, 7) == before)"
    ),
    "another kind of socket": "import socket\ntry:\n    socket.socket(socket.AF_ALG)\nexcept OSError:\n    print(True)",
    "queues and semaphores": (
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "print((libc.msgget(0, 0o1600), libc.semget(0, 1, 0o1600)) == (-1, -1))"
    ),
    "names": (
        "import os\ntry:\n    for n in range(20_000):\n        os.mknod(f'/tmp/graded/tmp/{n}')\n"
        "except OSError:\n    print(True)"
    ),
}


@pytest.mark.parametrize("use", IN_THE_KERNEL.values(), ids=IN_THE_KERNEL)
def test_what_the_kernel_keeps_for_a_submission_has_a_bound(engine, use):
    notebook = nbformat.reads(graded(engine, STUB, STUB, use).notebook, as_version=4)
    assert next(c.outputs[0].text for c in notebook.cells if c.source == use) == "True\n"


def test_what_the_examiner_starts_has_the_filter_too():
    look = (
        "import subprocess\n"
        "status = subprocess.run(['cat', '/proc/self/status'], capture_output=True, text=True).stdout\n"
        "assert 'Seccomp:\\t2' in status, status"
    )
    full = nbformat.writes(new_notebook(cells=[answer(STUB), check(look, "check_filter")]))
    with Engine(Release("90_filter", full, full), limits=LIMITS) as engine:
        assert points(engine.grade(Submission("ada", full.encode()))) == {"check_filter": 1}


HELD = """
from autograders.undisturbed import undisturbed
from environments.waiting import wait_until
from pathlib import Path
size = lambda: Path('growing').stat().st_size
with undisturbed():
    before = size()
    for _ in range(300_000):
        pass
    assert size() == before, 'it went on'
wait_until(lambda: size() > before, 30, 'it to go on')
"""


def test_what_a_student_left_running_is_held_while_a_tool_works():
    writes = (
        "import os, signal\nif os.fork() == 0:\n    signal.signal(signal.SIGCONT, signal.SIG_IGN)\n    while True:\n"
        "        with open('growing', 'a') as file:\n            file.write('x')\nopen('growing', 'a').close()"
    )
    full = nbformat.writes(new_notebook(cells=[answer(STUB), check(HELD, "check_held")]))
    notebook = nbformat.reads(full, as_version=4)
    notebook.cells[0].source = writes
    with Engine(Release("90_held", full, full), limits=LIMITS) as engine:
        assert messages(engine.grade(Submission("ada", nbformat.writes(notebook).encode()))) == {"check_held": ""}


# One event loop, as in a kernel

WORKER = """
import asyncio
gate, queue = asyncio.Semaphore(1), asyncio.Queue()
async def work():
    while True:
        n, box = await queue.get()
        box.set_result(n + 1)
worker = asyncio.create_task(work())
async def one(n):
    async with gate:
        box = asyncio.get_running_loop().create_future()
        queue.put_nowait((n, box))
        return await box
async def later(n):
    return max(await asyncio.gather(one(n), one(n)))
"""


@pytest.mark.parametrize(
    "more",
    [
        "",
        "def later(n): return asyncio.ensure_future(one(n), loop=loop)\nloop = asyncio.get_running_loop()",
        "print(await later(1))",
        "await asyncio.sleep(0)\nlater(1).close()",
    ],
    ids=["a worker", "a task as the answer", "awaited in a cell", "closed in a cell"],
)
def test_all_that_is_awaited_runs_in_one_loop(engine, more):
    assert points(graded(engine, RIGHT + WORKER + more))["check_await"] == 1
