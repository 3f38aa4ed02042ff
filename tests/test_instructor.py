"""An instructor grades a class with `labs grade`,
nbgrader's own commands and formgrader, from the root of a copy of the course.

Lab 3 is graded once for all tests, three submissions at once, while the tests that need no services use the start page.
Pictures of formgrader go to the folder LABS_SCREENSHOTS where that is set.
"""

import csv
import html
import json
import os
import re
import shutil
import signal
import sqlite3
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograders.answers import fill, reference
from datasets.seed import seed_of
from environments.waiting import wait_until
from tests.course_copy import CourseCopy

START, LAB = "00_start_here", "03_read_replica"
HALF = ("p95", "make_ready")  # what cleo answered
BY_HAND = "conflict_choice"
COMMENT = "Say who pays for the bloat."
DEADLINE = 120  # seconds, of any one wait in the browser, on a busy machine
GRADING = 600  # seconds, of Lab 3's three submissions on a busy machine
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")
ANSWER = "def dollars(cents):\n    return f'${cents / 100:,.2f}'\n"
SLEEPS = "import time\ntime.sleep(600)\n"
CLASS = ["bob", "dora", "ed", "fay", "gus", "hal_k"]  # whose notebooks of the start page can be graded
ROWS = """
    select a.student_id, c.name, c.type, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade,
           n.late_submission_penalty
    from submitted_assignment a join submitted_notebook n on n.assignment_id = a.id join grade g on g.notebook_id = n.id
    join base_cell c on c.id = g.cell_id join notebook b on b.id = n.notebook_id where b.name = ?
    union all
    select a.student_id, c.name, c.type, m.auto_comment, m.manual_comment, null, null, null
    from submitted_assignment a join submitted_notebook n on n.assignment_id = a.id
    join comment m on m.notebook_id = n.id join base_cell c on c.id = m.cell_id
    join notebook b on b.id = n.notebook_id where b.name = ?"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(GRADING + 120), pytest.mark.usefixtures("sandbox")]


class Class(CourseCopy):
    """A course copy with what an instructor does in it."""

    def source(self, name: str) -> nbformat.NotebookNode:
        return nbformat.read(self.root / "solutions" / name / f"{name}.ipynb", as_version=4)

    def filled(self, name: str, answers: dict[str, str], *more_cells: str) -> str:
        """A student's notebook with these answers in it."""
        notebook = nbformat.read(self.root / "labs" / name / f"{name}.ipynb", as_version=4)
        fill(notebook, self.source(name), answers)
        notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in more_cells]
        return nbformat.writes(notebook)

    def archive(self, name: str) -> Path:
        """The empty folder where downloaded submissions are put."""
        folder = self.root / "downloaded" / name / "archive"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def hand_in(self, student: str, name: str, text: str) -> None:
        folder = self.root / "submitted" / student / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.ipynb").write_text(text)

    def collected(self, name: str) -> set[str]:
        return {file.parents[1].name for file in self.root.glob(f"submitted/*/{name}/{name}.ipynb")}

    def graded(self, name: str, student: str) -> nbformat.NotebookNode:
        return nbformat.read(self.root / "autograded" / student / name / f"{name}.ipynb", as_version=4)

    def feedback(self, name: str, student: str) -> str:
        """The text of a student's feedback page."""
        page = (self.root / "feedback" / student / name / f"{name}.html").read_text()
        return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<(style|script).*?</\1>", "", page)))

    def most(self, name: str) -> dict[str, float]:
        """Points there are, by graded cell."""
        marked = (cell.metadata.get("nbgrader", {}) for cell in self.source(name).cells)
        return {m["grade_id"]: m["points"] for m in marked if m.get("grade")}

    def scores(self, name: str, student: str) -> dict[str, float]:
        """Points given, by graded cell; nothing where nothing was graded."""
        try:
            with self.gradebook() as book:
                return {g.name: g.score for g in book.find_submission_notebook(name, name, student).grades}
        except MissingEntry:
            return {}

    def rows(self, name: str, book: str = "gradebook.db") -> list[tuple]:
        """All that a gradebook holds of what was given for a lab."""
        with closing(sqlite3.connect(self.root / book)) as connection:
            return sorted(connection.execute(ROWS, (name, name)), key=repr)

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "stack-from-zero")


@pytest.fixture(scope="module")
def course(reachable_tmp, sandbox):
    """The course with both labs generated, and Lab 3's class being graded."""
    copy = Class(reachable_tmp / "instructor")
    copy.grading_3 = None
    try:
        for name in (START, LAB):
            assert copy.type(f"nbgrader generate_assignment {name}")[0] == 0
        collect_lab_3(copy)
        copy.grading_3 = copy.start(f"labs grade {LAB[:2]} --jobs 3", copy.temp / "grading-3.log")
        wait_until((copy.root / ".labs" / "graded" / f"{LAB}.journal").exists, DEADLINE, "grading to begin",
                   (copy.temp / "grading-3.log").read_text)
        copy.at_the_same_time = copy.type(f"labs grade {LAB[:2]}")
        yield copy
    finally:
        if copy.grading_3:
            copy.grading_3.kill()
            copy.grading_3.wait(DEADLINE)
        copy.leave()


def collect_lab_3(course: Class) -> None:
    """ada did everything and sent a zip; bob sent what he was given; cleo did the first two exercises."""
    archive, right = course.archive(LAB), reference(course.source(LAB))
    with zipfile.ZipFile(archive / "ada.zip", "w") as packed:
        packed.writestr(f"{LAB}.ipynb", course.filled(LAB, right))
    (archive / f"bob_{LAB}.ipynb").write_text(course.filled(LAB, {}))
    (archive / f"cleo_{LAB}.ipynb").write_text(course.filled(LAB, {name: right[name] for name in HALF}))
    status, said = course.type(f"nbgrader zip_collect {LAB}")
    assert status == 0, said


@pytest.fixture(scope="module")
def start_page(course):
    """The start page's class: collected from whatever students sent, and graded."""
    right = reference(course.source(START))
    archive = course.archive(START)
    (archive / f"dora_{START}.ipynb").write_text(
        course.filled(START, right, "import os; print(os.environ['LABS_SEED'])")
    )
    (archive / f"ed_{START}.ipynb").write_text(course.filled(START, {}))
    (archive / f"bob_{START}.ipynb").write_text(course.filled(START, right).replace("check.dollars(dollars)", "pass"))
    with zipfile.ZipFile(archive / "fay.zip", "w") as packed:
        packed.writestr(f"{START}/{START}.ipynb", course.filled(START, right))
        packed.writestr(f"__MACOSX/{START}/._{START}.ipynb", b"\0")
    with zipfile.ZipFile(archive / "all.zip", "w") as packed:
        packed.writestr(f"gus_{START}.ipynb", course.filled(START, {"dollars": "import os\nos._exit(1)"}))
        packed.writestr(f"hal_k_{START}.ipynb", course.filled(START, {"dollars": ANSWER + "dollars('a')"}))
    (archive / f"ida_{START}.ipynb").write_text("")
    (archive / f"jon_{START}.ipynb").write_text("no notebook")
    (archive / "kim_05_other.ipynb").write_text(course.filled(START, right))
    (archive / f"{START}.ipynb").write_text(course.filled(START, right))
    course.collecting = course.type(f"nbgrader zip_collect {START}")
    course.grading = course.type(f"labs grade 00 --csv {course.temp}/marks.csv")
    course.graded_first = course.rows(START)
    return course


@pytest.fixture(scope="module")
def lab_3(course):
    """The class of Lab 3, graded."""
    status = course.grading_3.wait(GRADING)
    assert status == 0, (course.temp / "grading-3.log").read_text()[-3000:]
    return course


# In a folder of any name

AWKWARD = "Mein Kurs (ü) [x] 100%41 {a}+ $b^|?*"  # each sign has a meaning in a pattern, a format string or a URL
COMMANDS = ("labs release", f"nbgrader generate_assignment {START}", f"nbgrader zip_collect {START}", "labs grade 00",
            f"nbgrader autograde {START} --force", f"nbgrader generate_feedback {START}", "labs check 00")


@pytest.fixture(scope="module")
def awkward(reachable_tmp):
    """A course in such a folder, in the poorest locale, from its release to its feedback."""
    copy = Class(reachable_tmp / AWKWARD)
    copy.env["LC_ALL"] = "C"
    answered = copy.filled(START, reference(copy.source(START)))
    (copy.archive(START) / f"ada_{START}.ipynb").write_text(answered)
    shutil.rmtree(copy.root / "labs" / START)
    try:
        copy.said = {line: copy.type(line) for line in COMMANDS[:-1]}
        (copy.root / "labs" / START / f"{START}.ipynb").write_text(answered)
        copy.said[COMMANDS[-1]] = copy.type(COMMANDS[-1])
        yield copy
    finally:
        copy.leave()


def test_every_command_works_in_a_folder_whose_name_is_a_pattern(awkward):
    assert {line: said for line, (status, said) in awkward.said.items() if status} == {}


def test_marks_and_feedback_come_out_right_in_a_folder_whose_name_is_a_pattern(awkward):
    given = {row[:4] for row in awkward.rows(START) if row[2] == "GradeCell"}
    assert (given, "dollars" in awkward.feedback(START, "ada")) == ({("ada", "check_dollars", "GradeCell", 1.0)}, True)


# Collecting

def test_loose_notebooks_and_zips_are_collected_by_the_name_in_them(start_page):
    assert start_page.collected(START) == {*CLASS, "ida", "jon"}


def test_collecting_names_each_file_that_it_cannot_place(start_page):
    said = start_page.collecting[1]
    assert all(
        word in said for word in (f"extracted/{START}.ipynb", "invalid name '05_other.ipynb'", "3 files skipped")
    )


# Grading

def test_a_right_answer_scores_and_an_untouched_lab_does_not(start_page):
    assert [sum(start_page.scores(START, who).values()) for who in ("dora", "fay", "ed")] == [1, 1, 0]


def test_the_summary_names_each_problem_with_its_remedy_and_counts(start_page):
    status, said = start_page.grading
    lines = said.splitlines()
    assert [line for line in lines if re.match(r"  [\w ]+: ", line)] == [
        "  bob: repaired: check_dollars: the text had been changed; the released text was graded",
        "  ida: not graded: the file is empty: save the notebook in JupyterLab (Ctrl+S), look into it, hand in again",
        "  jon: not graded: this is another kind of text, not a notebook: in JupyterLab, File > Download gives the "
        "notebook; hand that in",
    ]
    assert any(
        re.fullmatch(r"lab 00  6 scored, 1 repaired, 2 not graded, 0 unmatched, in \d+ s", line) for line in lines
    ), said
    assert status == 1


def test_a_repaired_notebook_has_its_points_and_says_so_in_the_feedback(start_page):
    start_page.type(f"nbgrader generate_feedback {START} --student=bob --force")
    told = "check_dollars: the text had been changed; the released text was graded"
    assert (sum(start_page.scores(START, "bob").values()), told in start_page.feedback(START, "bob")) == (1, True)


def test_an_answer_that_ends_the_kernel_or_raises_costs_its_own_points(start_page):
    assert start_page.scores(START, "gus") == {"check_dollars": 0} and start_page.scores(START, "hal_k") == {
        "check_dollars": 1
    }


def test_the_marks_are_written_as_csv(start_page):
    with open(start_page.temp / "marks.csv") as file:
        rows = {
            row["student"]: (row["check_dollars"], row["total"], row["max"], row["status"])
            for row in csv.DictReader(file)
        }
    assert (sorted(rows), rows["dora"], rows["ed"]) == (
        sorted([*CLASS, "ida", "jon"]), ("1.0", "1.0", "1.0", "graded"), ("0.0", "0.0", "1.0", "graded"))
    assert rows["ida"][:2] == ("", "") and rows["ida"][3].startswith("not graded: the file is empty")


def test_grading_again_changes_nothing(start_page):
    said = start_page.type("labs grade 00")[1]
    assert ("6 scored, 6 from earlier runs" in said, start_page.rows(START)) == (True, start_page.graded_first), said


def test_json_says_what_the_summary_says(start_page):
    said = start_page.type("labs grade 00 --json")[1]
    told, = json.loads(said[said.index("{"):])["labs"]
    assert (told["lab"], told["scored"], sorted(told["repaired"]), sorted(told["failed"]), told["unmatched"]) == (
        "00",
        6,
        ["bob"],
        ["ida", "jon"],
        {},
    )


def test_nbgraders_own_command_leaves_the_same_rows(start_page):
    other = f"--db=sqlite:///{start_page.root}/other.db"
    start_page.type(f"nbgrader generate_assignment {START} {other}")
    status, said = start_page.type(
        f"nbgrader autograde {START} {other} --CourseDirectory.autograded_directory=other", within=300
    )
    named = set(re.findall(rf"error processing assignment '{START}' for student '(\w+)'", said))
    assert (status, named) == (1, {"ida", "jon"}), said[-3000:]
    graded_too = [row for row in start_page.rows(START, "other.db") if row[0] in CLASS]
    assert graded_too == start_page.graded_first


def test_the_world_of_a_graded_run_comes_from_the_students_name(start_page):
    last = start_page.graded(START, "dora").cells[-1]
    assert last.outputs[0].text.strip() == str(seed_of("dora"))


def test_an_unknown_assignment_is_refused_in_one_line(course):
    status, said = course.type("nbgrader autograde 98_nothing")
    assert (status, "No notebooks were matched" in said, "Traceback" in said) == (1, True, False)


def test_an_export_is_matched_to_the_class_and_the_rest_is_listed(start_page):
    right = start_page.filled(START, {"dollars": ANSWER})
    with zipfile.ZipFile(start_page.root / "moodle.zip", "w") as packed:
        for number, name in enumerate(("Nora Lind", "Olu Ade", "Not Enrolled"), start=7):
            packed.writestr(f"{name}_{number}_assignsubmission_file_/lab.ipynb", right)
    (start_page.root / "class.csv").write_text("id,name\nnora,Nora Lind\nolu,olu ADE\n")

    status, said = start_page.type("labs grade 00 --submitted moodle.zip --students class.csv")

    assert (status, "2 scored, 2 repaired, 0 not graded, 1 unmatched" in said) == (1, True), said
    assert re.search(r"(?m)^  Not Enrolled_9\S*: cannot match to a student: .*is not in the list of students$", said), (
        said
    )
    assert [sum(start_page.scores(START, who).values()) for who in ("nora", "olu")] == [1, 1]


def test_a_corrected_notebook_is_collected_and_graded_again(start_page):
    archive = start_page.archive(START)
    (archive / f"ed_{START}.ipynb").write_text(start_page.filled(START, {"dollars": ANSWER}))
    refused = start_page.type(f"nbgrader zip_collect {START}")
    start_page.type(f"nbgrader zip_collect {START} --force")
    start_page.type("labs grade 00")
    assert ("use the --force option" in refused[1], sum(start_page.scores(START, "ed").values())) == (True, 1)


def test_what_was_graded_by_hand_stays_until_its_answer_changes_and_feedback_follows(start_page):
    start_page.hand_in("nia", START, start_page.filled(START, {"dollars": ANSWER}))
    start_page.type("labs grade 00")
    with start_page.gradebook() as book:
        grade = book.find_grade("check_dollars", START, START, "nia")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    before = start_page.rows(START)
    start_page.type(f"nbgrader generate_feedback {START} --student=nia")
    pages = [start_page.feedback(START, "nia")]

    start_page.type("labs grade 00")
    start_page.type(f"nbgrader autograde {START} --student=nia --force")
    (start_page.root / ".labs" / "graded" / f"{START}.journal").unlink()
    start_page.type("labs grade 00")
    assert start_page.rows(START) == before

    start_page.hand_in("nia", START, start_page.filled(START, {"dollars": ANSWER + "# better"}))
    said = start_page.type("labs grade 00")[1]
    start_page.type(f"nbgrader generate_feedback {START} --student=nia")
    pages.append(start_page.feedback(START, "nia"))
    assert "  nia: check_dollars: the answer changed since it was graded by hand; that mark stands" in said
    assert re.search(
        r"(?m)^  (\w+, )*nia(, \w+)*: feedback shows earlier marks; run: nbgrader generate_feedback 00_start_here$",
        said,
    ), said
    assert ["to be looked at again" in page for page in pages] == [False, True]


# Where there is no sandbox

@pytest.fixture
def without_bwrap(start_page, tmp_path):
    """A PATH on which everything is but bubblewrap; two students who are not graded yet."""
    for place in start_page.env["PATH"].split(os.pathsep):
        for program in Path(place).glob("*"):
            link = tmp_path / program.name
            if program.name != "bwrap" and not link.is_symlink():
                link.symlink_to(program)
    start_page.hand_in("pia", START, start_page.filled(START, {"dollars": ANSWER}))
    return {"PATH": f"{Path(shutil.which('labs', path=start_page.env['PATH'])).parent}{os.pathsep}{tmp_path}"}


def test_without_namespaces_grading_is_refused_and_the_ways_out_are_named(start_page, without_bwrap):
    status, said = start_page.type("labs grade 00", **without_bwrap)
    last = said[said.index("labs: "):].splitlines()
    why = "the program bwrap is missing (on Debian and Ubuntu: apt install bubblewrap)"
    assert (status, len(last), last[0]) == (1, 2, f"labs: grading needs a sandbox, and {why}.")
    assert "the course's container (docs/instructors.md)" in last[1] and "--no-sandbox" in last[1]


def test_nbgraders_own_command_is_refused_as_well(start_page, without_bwrap):
    status, said = start_page.type(f"nbgrader autograde {START} --student=pia", **without_bwrap)
    given = [row for row in start_page.rows(START) if row[0] == "pia" and row[2] == "GradeCell" and row[3] is not None]
    assert (status, "--Examine.sandbox=False" in said, given) == (1, True, []), said


def test_without_a_sandbox_on_request_grading_works(start_page, without_bwrap):
    said = start_page.type("labs grade 00 --no-sandbox", **without_bwrap)[1]
    assert sum(start_page.scores(START, "pia").values()) == 1, said


# Killed

def test_a_killed_grading_leaves_nothing_and_the_next_one_grades(course):
    course.hand_in("kay", START, course.filled(START, {"dollars": SLEEPS}))
    with grading(course, "labs grade 00") as (command, its_own):
        command.kill()
        wait_until(
            lambda: not left_of(its_own),
            DEADLINE,
            "all that the killed grading left to be gone",
            lambda: str(left_of(its_own)),
        )
    course.hand_in("kay", START, course.filled(START, {"dollars": ANSWER}))
    course.type("labs grade 00")
    assert sum(course.scores(START, "kay").values()) == 1


def test_ctrl_c_in_mid_grading_leaves_nothing(course):
    course.hand_in("lee", START, course.filled(START, {"dollars": SLEEPS}))
    with grading(course, "labs grade 00") as (command, its_own):
        command.send_signal(signal.SIGINT)
        command.wait(3 * DEADLINE)
        wait_until(lambda: not left_of(its_own), DEADLINE, "nothing to be left", lambda: str(left_of(its_own)))
    shutil.rmtree(course.root / "submitted" / "lee")
    assert not (course.root / "autograded" / "lee" / START).exists()


@contextmanager
def grading(course: Class, line: str):
    """A command with an answer under way in a sandbox, and its processes."""
    command = course.start(line)
    try:
        own = psutil.Process(command.pid)
        wait_until(lambda: "cat" in map(name_of, own.children(recursive=True)), DEADLINE, "a sandbox",
                   (course.temp / "log").read_text)
        yield command, own.children(recursive=True)
    finally:
        command.kill()
        command.wait(DEADLINE)


def left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [p for p in processes if name_of(p)]


def name_of(process: psutil.Process) -> str:
    """Nothing where it has ended."""
    try:
        return "" if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE else process.name()
    except psutil.Error:
        return ""


def whose_environment_names(place: Path) -> list[str]:
    """Processes that were started with a folder in their PYTHONPATH, or serve data in one."""
    found = []
    for process in psutil.process_iter():
        try:
            named = process.environ().get("PYTHONPATH", "") + " ".join(process.cmdline())
        except psutil.Error:
            continue
        found += [name_of(process)] if str(place) in named else []
    return found


# Lab 3

def test_the_reference_has_all_points_that_need_no_person(lab_3):
    most = lab_3.most(LAB)
    read = {
        cell.metadata.nbgrader.grade_id: cell.outputs
        for cell in lab_3.graded(LAB, "ada").cells
        if any(output.output_type == "error" or output.get("name") == "stderr" for output in cell.get("outputs", []))
    }
    assert (lab_3.scores(LAB, "ada"), read) == (most | {BY_HAND: 0}, {})


def test_an_untouched_lab_has_none(lab_3):
    assert set(lab_3.scores(LAB, "bob").values()) == {0}


def test_a_lab_begun_has_the_points_of_what_was_done(lab_3):
    given = {name for name, points in lab_3.scores(LAB, "cleo").items() if points}
    assert given == {"check_p95", "check_primary_can_stream"}


def test_only_an_answer_that_was_written_waits_for_a_person(lab_3):
    with lab_3.gradebook() as book:
        waits = {who: book.find_submission(LAB, who).needs_manual_grade for who in ("ada", "bob", "cleo")}
    assert waits == {"ada": True, "bob": False, "cleo": False}


def test_a_second_grading_of_the_same_lab_at_the_same_time_is_one_line(lab_3):
    status, said = lab_3.at_the_same_time
    last = said.strip().splitlines()[-1]
    assert (status, last.startswith(f"labs: {LAB} is being graded by another command.")) == (1, True), said


def test_nothing_is_left_of_sandboxes_and_servers(lab_3):
    left = {name for name in whose_environment_names(lab_3.root.parent) if name in ("bwrap", "cat", "postgres")}
    assert left == set()


def test_marks_are_exported_as_csv(lab_3):
    lab_3.type("nbgrader export --to marks.csv")
    with open(lab_3.root / "marks.csv") as file:
        row = next(row for row in csv.DictReader(file) if (row["assignment"], row["student_id"]) == (LAB, "cleo"))
    assert (float(row["score"]), float(row["max_score"])) == (
        sum(lab_3.scores(LAB, "cleo").values()),
        sum(lab_3.most(LAB).values()),
    )


@pytest.fixture(scope="module")
def feedback(lab_3):
    status, said = lab_3.type(f"nbgrader generate_feedback {LAB} --force", GRADING)
    assert status == 0, said
    return lab_3


def test_feedback_has_the_message_of_each_failed_check(feedback):
    page = feedback.feedback(LAB, "cleo")
    failed = [cell.outputs for cell in feedback.graded(LAB, "cleo").cells
              if cell.metadata.get("nbgrader", {}).get("grade") and cell.get("outputs")]
    missing = [o.evalue for outputs in failed for o in outputs if o.output_type == "error" and o.evalue not in page]
    assert failed and not missing


def test_feedback_shows_no_rubric_and_no_answer_of_ours(feedback):
    pages = feedback.feedback(LAB, "bob") + feedback.feedback(LAB, "cleo")
    hidden = [line for line in graders_lines(feedback.source(LAB)) if line in pages]
    assert hidden == []


def graders_lines(source: nbformat.NotebookNode) -> list[str]:
    """Lines of a lab that students never see: rubrics, and the written answer."""
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    regions = re.findall(r"(?ms)BEGIN (SOLUTION|MARK SCHEME)\n(.*?)^[^\n]*END \1", text)
    return [shown(line) for _, region in regions for line in region.splitlines() if len(line) > 20]


def shown(line: str) -> str:
    """A line of Markdown as a page's text has it."""
    return re.sub(r"[*`]", "", re.sub(r"^\s*(-|\d+\.)\s+", "", line)).strip()


# Formgrader

@pytest.fixture(scope="module")
def formgrader(lab_3, tmp_path_factory):
    """A browser in the instructor's JupyterLab, on formgrader."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        if os.environ.get("LABS_REQUIRE_BROWSER"):
            pytest.fail("LABS_REQUIRE_BROWSER is set, and there is no chromium on PATH")
        pytest.skip("no chromium on PATH (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    log = lab_3.temp / "start.log"
    server = lab_3.start("labs start --instructor --no-browser", log)
    pictures = Path(os.environ.get("LABS_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    try:
        address = urlsplit(wait_until(lambda: re.search(r"http://\S+token=\S+\n", log.read_text()), DEADLINE * 2,
                                      "JupyterLab's address", log.read_text)[0].strip())
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            yield Formgrader(
                browser, f"{address.scheme}://{address.netloc}", parse_qs(address.query)["token"][0], pictures
            )
            browser.close()
    finally:
        server.terminate()
        server.wait(DEADLINE)


class Formgrader:
    """Formgrader as an instructor opens it. Nothing but this machine is let through."""

    def __init__(self, browser, address: str, token: str, pictures: Path):
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        context.set_default_timeout(DEADLINE * 1000)
        context.route("**/*", self._let_through)
        self.page, self.address, self.pictures, self.foreign = context.new_page(), address, pictures, []
        self.page.goto(f"{address}/formgrader?token={token}")

    def visit(self, path: str):
        """A page of formgrader, once its table has rows."""
        self.page.goto(f"{self.address}/formgrader/{path}")
        self.page.locator("tbody tr td:nth-child(2)").first.wait_for()
        return self.page

    def score_of(self, student: str) -> str:
        """What the page in front shows as a student's score."""
        row = self.page.locator("tbody tr", has=self.page.get_by_text(student, exact=True))
        return row.locator("td", has_text=" / ").inner_text().strip()

    def _let_through(self, route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in ("data", "blob"):
            route.continue_()
        elif url.hostname != "127.0.0.1":
            self.foreign.append(route.request.url)
            route.abort()
        else:  # Chromium drops what is under way when this machine's network changes, as containers make it do.
            route.fulfill(response=route.fetch(timeout=DEADLINE * 1000))


@pytest.fixture(scope="module")
def graded_by_hand(formgrader, lab_3):
    """What the instructor saw of ada's written answer, to which they gave 3 points and a comment."""
    with lab_3.gradebook() as book:
        submission = book.find_submission_notebook(LAB, LAB, "ada").id
    page = formgrader.page
    page.goto(f"{formgrader.address}/formgrader/submissions/{submission}")
    score = page.locator(f"#{BY_HAND}")
    for loaded in ("_extra_credit", "-comment"):  # formgrader's script gives these a placeholder once it listens
        page.locator(f"#{BY_HAND}{loaded}[placeholder]").wait_for()
    seen = page.locator("body").inner_text()
    with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
        score.fill("3")
        score.press("Tab")
    comment = page.locator(f"#{BY_HAND}-comment")
    with page.expect_response(lambda r: "/api/comment/" in r.url and r.request.method == "PUT"):
        comment.fill(COMMENT)
        comment.blur()
    comment.evaluate("e => e.scrollIntoView({block: 'center'})")
    page.screenshot(path=formgrader.pictures / "formgrader_by_hand.png")
    return seen


@pytest.mark.browser
def test_formgrader_lists_the_submissions_with_their_scores(formgrader, lab_3):
    class_ = ("ada", "bob", "cleo")
    formgrader.visit(f"manage_submissions/{LAB}")
    shown = {who: formgrader.score_of(who) for who in class_}
    formgrader.page.screenshot(path=formgrader.pictures / "formgrader_submissions.png")
    most = sum(lab_3.most(LAB).values())
    assert shown == {who: f"{sum(lab_3.scores(LAB, who).values()):g} / {most:g}" for who in class_}


@pytest.mark.browser
def test_the_grader_sees_the_rubric_beside_the_answer(graded_by_hand, lab_3):
    scheme = re.search(
        r"(?s)BEGIN MARK SCHEME\n(.*)^[^\n]*END MARK SCHEME", "\n".join(c.source for c in lab_3.source(LAB).cells), re.M
    )
    assert scheme, "the source notebook has no mark scheme"
    assert [line for line in map(shown, scheme[1].splitlines()) if line not in graded_by_hand] == []


@pytest.mark.browser
def test_formgrader_draws_diagrams_and_asks_nothing_of_another_server(graded_by_hand, formgrader):
    drawn = formgrader.page.evaluate(
        "[...document.querySelectorAll('img.diagram')].map(image => image.naturalWidth > 0)"
    )
    assert (drawn, formgrader.foreign) == ([True] * 2, [])


@pytest.mark.browser
def test_points_given_by_hand_are_saved(graded_by_hand, lab_3):
    assert lab_3.scores(LAB, "ada")[BY_HAND] == 3


@pytest.mark.browser
def test_feedback_has_the_graders_comment_and_the_total(graded_by_hand, lab_3):
    lab_3.type(f"nbgrader generate_feedback {LAB} --student=ada --force")
    page, most = lab_3.feedback(LAB, "ada"), sum(lab_3.most(LAB).values())
    assert (COMMENT in page, f"(Score: {most - 1:.1f} / {most:.1f})" in page) == (True, True)


@pytest.mark.browser
def test_the_autograde_button_grades_as_the_command_does(formgrader, start_page):
    start_page.hand_in(
        "mia", START, start_page.filled(START, {"dollars": ANSWER}, "import os; print(os.environ['LABS_SEED'])")
    )
    page = formgrader.visit(f"manage_submissions/{START}")
    with page.expect_response(lambda r: r.url.endswith(f"/{START}/mia/autograde"), timeout=2 * DEADLINE * 1000):
        page.locator("tbody tr", has=page.get_by_text("mia", exact=True)).locator(".autograde a").click()
    page.get_by_text("Successfully autograded").wait_for()
    page.screenshot(path=formgrader.pictures / "formgrader_autograded.png", animations="disabled")
    printed = start_page.graded(START, "mia").cells[-1].outputs[0].text.strip()
    assert (sum(start_page.scores(START, "mia").values()), printed) == (1, str(seed_of("mia")))
