"""`labs check`: the score that grading would give on the tests a learner can see,
whatever their notebook does to its kernel."""

import io
import json
import re

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograders.answers import add, answers, fill, reference
from autograders.cli import main
from autograders.grading.assignments import assignment
from autograders.grading.engine import Engine
from autograders.grading.model import Release, Submission
from autograders.printable import bounded
from autograders.progress import Progress
from autograders.prove import packed
from autograders.report import as_dict, as_lines
from autograders.score import Mark, Score, as_students_see_it, marks, scored
from environments.course import lab
from environments.errors import LabsError
from environments.waiting import wait_until
from environments.workspace import as_json
from tests.waits import HANG

PASSED = {"execution_count": 1}
NOISY = [new_output("stream", name="stderr", text="a warning"), new_output("stream", text="x" * 10_000)]
FAILED = [new_output("error", ename="CheckFailed", evalue="due: 1", traceback=[])]
RAISED = [new_output("error", ename="ValueError", evalue="no", traceback=[])]


def graded(name="check_a", points=2, **cell):
    """A notebook of one heading and one test."""
    marked = {"nbgrader": {"grade": True, "grade_id": name, "locked": True, "points": points, "solution": False}}
    return nbformat.v4.new_notebook(
        cells=[new_markdown_cell("## 1 · Begin"), new_code_cell("assert True", metadata=marked, **cell)]
    )


def notebook_of(number: str, known, *more: str) -> bytes:
    """A lab's notebook with these answers in it, and further cells in front of its first test."""
    written = assignment(number)
    solution = nbformat.read(written.source, as_version=4)
    notebook = nbformat.reads(as_students_see_it(written).visible, as_version=4)
    texts = reference(solution)
    for answer in known:
        texts |= answer.cells
    fill(notebook, solution, texts)
    for answer in known:
        add(notebook, answer)
    first = next(n for n, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("grade"))
    notebook.cells[first:first] = [new_code_cell(source) for source in more]
    return nbformat.writes(notebook).encode()


def named(number: str, *names: str):
    kept = {a.name: a for kind in ("right", "wrong") for a in answers(assignment(number), kind)}
    return [kept[name] for name in names]


# The rule

@pytest.mark.parametrize("cell, points, message", [
    (PASSED, 2, ""),
    (PASSED | {"outputs": NOISY}, 2, ""),
    (PASSED | {"outputs": FAILED}, 0, "due: 1"),
    (PASSED | {"outputs": RAISED}, 0, "ValueError: no"),
    ({}, 0, "this test was not run: the notebook ended before it"),
], ids=["passed", "noisy", "failed", "raised", "not run"])
def test_a_test_gives_all_of_its_points_or_none(cell, points, message):
    assert marks(graded(**cell)) == [Mark("check_a", "1 · Begin", points, 2, message, False)]


def test_no_output_gives_a_part_of_the_points():
    """nbgrader would give the number that a cell displays."""
    shown = new_output("execute_result", data={"text/plain": "1"}, execution_count=1)
    assert marks(graded(**PASSED, outputs=[shown]))[0].points == 2


# As the engine

@pytest.fixture(scope="module")
def engines(sandbox):
    """An engine for each assignment, warmed once, that grades what students can see."""
    warm: dict[str, tuple[Release, Engine]] = {}

    def engine_of(number: str):
        if number not in warm:
            release = as_students_see_it(assignment(number))
            warm[number] = release, Engine(release).__enter__()
        return warm[number]

    yield engine_of
    for _, engine in warm.values():
        engine.__exit__()


WRONG = "several mistakes"


@pytest.mark.slow
@pytest.mark.parametrize("number, names, more", [
    ("90", ["quits"], ["quit()", "import sys; sys.exit(1)"]),
    ("90", ["noisy"], []),
    ("90", [WRONG], []),
    ("90", ["bill_printed"], ["import os\nos._exit(1)"]),
    ("00", ["noisy"], ["exit"]),
    ("00", ["no_commas"], []),
], ids=lambda v: " ".join(v).replace("\n", " ") if isinstance(v, list) else v)
def test_a_notebook_scores_as_the_engine_grades_it(engines, folder, number, names, more):
    release, engine = engines(number)
    known = packed(answers(assignment(number), "wrong"))[0].answers if names == [WRONG] else named(number, *names)
    content = notebook_of(number, known, *more)

    ours = {m.name: m.points for m in scored(content, release, folder).marks if not m.by_hand}
    theirs = {v.name: v.points for v in engine.grade(Submission("ada", content)).verdicts if v.points is not None}

    assert ours == theirs
    assert (0 in ours.values()) == any(a.loses for a in known)


@pytest.mark.slow
def test_a_cell_that_ends_the_kernel_is_named_and_the_others_are_run(folder):
    found = scored(notebook_of("00", [], "import os", "os._exit(1)"), as_students_see_it(assignment("00")), folder)
    assert [m.points for m in found.marks] == [1]
    assert [line.partition(" in ")[0] for line in found.left_out] == ['the cell that begins "os._exit(1)"']


@pytest.mark.slow
def test_an_answer_that_ends_the_kernel_loses_its_own_test(folder):
    content = notebook_of("00", [], "def dollars(cents):\n    import os\n    os._exit(1)")
    found = scored(content, as_students_see_it(assignment("00")), folder)
    assert [(m.points, m.message) for m in found.marks] == [
        (0, "your answer ended the whole notebook, or used too much memory")
    ]


# The command

@pytest.fixture
def theirs(folder, monkeypatch):
    """The learner's copy of the start page, solved, to be changed."""
    monkeypatch.setenv("LABS_HOME", str(folder / "home"))
    place = folder / "00_start_here.ipynb"
    place.write_bytes(notebook_of("00", []))
    monkeypatch.setattr("environments.course.Lab.notebook", property(lambda self: place))
    return place


def check(*arguments):
    return CliRunner().invoke(main, ["check", "00", *arguments], prog_name="labs")


@pytest.mark.slow
def test_what_was_repaired_is_told(theirs):
    theirs.write_text(theirs.read_text().replace("check.dollars(dollars)", "pass"))
    said = check()
    assert (said.exit_code, said.stdout) == (
        0,
        "lab 00  1 of 1 checks pass  1/1 points\n\n  check_dollars passes: 1 point\n\n"
        "repaired before it was run, as grading would\n"
        "  check_dollars: the text had been changed; the released text was graded\n",
    )


@pytest.mark.slow
def test_the_file_stays_as_it_is(theirs):
    before = theirs.read_bytes()
    check()
    assert theirs.read_bytes() == before


@pytest.mark.slow
def test_without_the_labs_source_it_is_run_as_it_is(theirs, monkeypatch):
    monkeypatch.setattr("environments.course.Lab.solution", property(lambda self: theirs.parent / "none.ipynb"))
    assert json.loads(check("--json").stdout)["points"] == 1


@pytest.mark.parametrize("content", [b"", b"no notebook", b'{"a": 1}'], ids=["empty", "text", "json"])
def test_a_file_that_is_no_notebook_is_one_line(theirs, content):
    theirs.write_bytes(content)
    said = check()
    lines = [line for line in said.stderr.splitlines() if line.startswith("labs: ")]
    assert (said.exit_code, len(lines), f"Restore it with: git checkout {theirs}" in lines[0]) == (1, 1, True)


# What it is doing while it runs

@pytest.mark.slow
def test_in_a_pipe_each_section_is_a_plain_line(theirs):
    parts = [line.partition("  (")[0].split("  ", 1)[-1].strip() for line in check().stderr.splitlines()]
    assert "section 3 of 6: 3 · The form" in [part.split("  ")[-1] for part in parts] and not any(
        "\r" in part for part in parts
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_moves_and_is_gone_at_the_end():
    out = Terminal()
    with Progress(out) as progress:
        progress.begin("section 1 of 5", "check 1 of 9")
        progress.begin("section 1 of 5", "check 2 of 9")
    assert re.findall(r"0:\d\d  section 1 of 5  \(check (\d) of 9\)", out.getvalue())[:2] == ["1", "2"]
    assert "\n" not in out.getvalue() and out.getvalue().endswith("\r\x1b[K")


def test_the_line_on_a_terminal_shows_that_time_passes():
    out = Terminal()
    with Progress(out) as progress:
        progress.begin("section 1 of 5")
        wait_until(lambda: out.getvalue().count("section") > 1, HANG, "the line to be drawn again")


# The report

def test_a_check_that_passes_is_one_line_with_its_points():
    score = Score([Mark("check_a", "1 · Begin", 1, 1, "", False), Mark("check_b", "1 · Begin", 2, 2, "", False)])
    assert as_lines(lab("00"), score)[1:] == ["", "  check_a passes: 1 point", "  check_b passes: 2 points"]


def test_what_a_busy_machine_kept_from_being_checked_loses_no_points():
    busy = [new_output("error", ename="MachineTooBusy", evalue="it was too slow: run this cell again", traceback=[])]
    lines = as_lines(lab("00"), Score(marks(graded(**PASSED, outputs=busy))))
    assert lines == ["lab 00  0 of 0 checks pass  0/0 points", "", "not checked, and no points lost",
                     "  check_a: it was too slow: run this cell again"]


SCORE = Score(
    [Mark("check_a", "1 · Begin", 0, 2, "due: 1\n  look at: it", False), Mark("choice", "1 · Begin", 0, 4, "", True)],
    ("check_a: was missing; put back as released",),
    ("a cell ended the whole notebook",),
)


def test_the_report_says_what_failed_what_was_left_out_and_what_was_repaired():
    assert as_lines(lab("00"), SCORE) == [
        "lab 00  0 of 1 checks pass  0/2 points  (4 more are graded by hand)", "",
        'check_a  0/2  in "1 · Begin"', "  due: 1", "    look at: it", "",
        "left out", "  a cell ended the whole notebook", "",
        "repaired before it was run, as grading would", "  check_a: was missing; put back as released"]


def test_the_report_as_json_has_it_all():
    told = as_dict(lab("00"), SCORE)
    counts = (told["points"], told["most"], told["by_hand"], len(told["repaired"]), len(told["left_out"]))
    assert counts == (0, 2, 4, 1, 1)


HOSTILE = Score(
    [Mark("check_a\x1b[2J", "1 \u202e", 0, 2, "N\u200b" * 3_000_000 + "\n\x9b31m", False)],
    ("x\u2066" * 1000,),
    ("\r\x07",),
)


def test_what_a_notebook_makes_of_its_messages_is_shown_cut_and_without_commands():
    lines = as_lines(lab("00"), HOSTILE)
    assert all(line.isprintable() for line in lines) and sum(map(len, lines)) < 5_000


def test_a_long_message_is_shown_from_its_beginning_and_its_length_is_said():
    score = Score([Mark("check_a", "1", 0, 2, "due: 1\n" + "x" * 1_000_000, False)])
    lines = as_lines(lab("00"), score)
    assert lines[3] == "  due: 1" and "characters)" in lines[-1] and sum(map(len, lines)) < 2_000


def test_json_has_escapes_of_its_own_and_bounded_texts():
    text = as_json(as_dict(lab("00"), HOSTILE))
    assert text.replace("\n", "").isprintable() and len(text) < 100_000 and "\\u202e" in text


def test_json_has_bounded_lists():
    told = bounded({"told": ["x"] * 10_000, "by_place": dict.fromkeys(map(str, range(10_000)), "x")})
    assert (len(told["told"]), told["told"][-1]) == (5001, "... (10,000 items)")
    assert told["by_place"]["..."] == "10,000 items"


def test_a_lab_whose_notebook_is_gone_is_one_line(theirs):
    theirs.unlink()
    with pytest.raises(LabsError, match="No such file"):
        from autograders.score import score

        score(lab("00"))
