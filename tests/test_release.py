"""labs/ is what solutions/ makes,
made the same way by `labs release` and by nbgrader; points stand in metadata alone."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from autograders.configuration import course_config
from autograders.grading.model import Release
from autograders.release import Released, generate, release
from autograders.work import has_work, only_saved, own_cells
from environments.course import labs
from environments.errors import LabsError
from environments.place import COURSE
from tests.course_copy import CourseCopy

SOLUTIONS = [lab.solution for lab in labs() if lab.solution.exists()]
RELEASED = [lab.notebook for lab in labs() if lab.notebook.exists()]
START = "00_start_here"
NUMBER = r"(?:\d+(?:\.\d+)?|half an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
POINTS = re.compile(rf"(?i)\b{NUMBER}(?:\s+\w+)?\s+points?\b|\bpoints?\s*[:=]\s*\d")
PASSED = re.compile(r"(check_\w+) passes: (\d+ point)s?")
SCORED = re.compile(r"\b\d+/(\d+) points")  # as `labs check` prints it
REGION = re.compile(r"(?s)BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)\n(.*?)\n[^\n]*END \1")
MARKERS = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)|###\s*(BEGIN|END)\b")


@pytest.fixture(scope="module")
def course(reachable_tmp):
    """The course, released again by `labs release` where its labs/ had been removed."""
    copy = CourseCopy(reachable_tmp / "release")
    shutil.rmtree(copy.root / "labs")
    copy.released = copy.type("labs release")
    yield copy
    copy.leave()


@pytest.fixture(scope="module")
def one_lab(reachable_tmp):
    """A course directory for nbgrader, with one gradebook for all tests: making one takes seconds."""
    folder = reachable_tmp / "one_lab"
    (folder / "solutions" / START).mkdir(parents=True)
    return folder


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def marked(notebook) -> list[dict]:
    """nbgrader's metadata of the graded cells."""
    found = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    return [m for m in found if m.get("grade") or m.get("task")]


def released(solution: Path) -> Path:
    return COURSE / "labs" / solution.parent.name / solution.name


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# The derived copies

@pytest.mark.slow
def test_labs_in_git_are_what_the_solutions_make():
    assert release(check=True) == Released()


@pytest.mark.slow
def test_releasing_says_what_it_wrote(course):
    assert course.released == (0, f"released: {', '.join(s.stem for s in SOLUTIONS)}\n")


@pytest.mark.slow
def test_releasing_touches_no_gradebook(course):
    assert [file for file in course.root.rglob("*.db*")] == []


@pytest.mark.slow
def test_a_second_release_changes_nothing(course):
    before = {file: file.stat().st_mtime_ns for file in (course.root / "labs").rglob("*")}
    assert course.type("labs release") == (0, "labs/ is what solutions/ makes\n")
    assert {file: file.stat().st_mtime_ns for file in (course.root / "labs").rglob("*")} == before


@pytest.mark.slow
def test_releasing_writes_what_nbgrader_writes(course, folder):
    ours = files(course.root / "labs")
    for solution in SOLUTIONS:
        course.type(f"nbgrader generate_assignment {solution.stem} --CourseDirectory.release_directory={folder}")
    assert (sorted(ours), ours) == (sorted(f"{s.stem}/{s.name}" for s in SOLUTIONS), files(folder))


@pytest.mark.slow
def test_a_lab_that_differs_is_named_and_stays(course):
    solution = course.root / "solutions" / START / f"{START}.ipynb"
    text, before = solution.read_text(), files(course.root / "labs")
    solution.write_text(text.replace("Start here", "Start there"))
    answer = course.type("labs release --check")
    solution.write_text(text)
    assert answer == (1, f"labs/ differs from what solutions/ makes: {START}. Run: make release\n")
    assert files(course.root / "labs") == before


@pytest.mark.slow
def test_a_broken_solution_is_one_line_and_changes_nothing(course):
    solution = course.root / "solutions" / START / f"{START}.ipynb"
    text, before = solution.read_text(), files(course.root / "labs")
    solution.write_text(text.replace("### END SOLUTION", "### DONE", 1))
    answer = course.type("labs release")
    solution.write_text(text)
    assert answer == (1, f"labs: nbgrader cannot release {START}: {NO_END}\n")
    assert files(course.root / "labs") == before


NO_END = "no end solution statement found in the cell that begins: def dollars(cents) -> str:"


@pytest.mark.slow
@pytest.mark.parametrize(
    "old, new, said",
    [
        ("### END SOLUTION", "### DONE", NO_END),
        (
            "### BEGIN SOLUTION",
            "### BEGIN SOLUTION\\n### BEGIN SOLUTION",
            "encountered nested begin solution statements in the cell that",
        ),
        (
            "# Start here",
            "# Start here\\n### BEGIN SOLUTION\\n### END SOLUTION",
            "Solution region detected in a non-solution cell",
        ),
        ("# Start here", "# Start here\\n### BEGIN MARK SCHEME", "No end mark scheme"),
        ('"grade_id": "check_dollars"', '"grade_id": "dollars"', "Duplicate grade id: dollars"),
        ('"points": 1', '"points": "many"', "'many' is not of type 'number'"),
        ('"cells"', "", "Expecting"),
    ],
    ids=["no end", "nested", "in prose", "open rubric", "one name twice", "points", "no notebook"],
)
def test_what_is_wrong_with_a_solution_is_named(one_lab, old, new, said):
    text = (COURSE / "solutions" / START / f"{START}.ipynb").read_text()
    assert old in text
    (one_lab / "solutions" / START / f"{START}.ipynb").write_text(text.replace(old, new, 1))
    config = course_config()
    config.CourseDirectory.root = str(one_lab)

    with pytest.raises(LabsError) as refused:
        generate(config, START)

    assert str(refused.value).startswith(f"nbgrader cannot release {START}: {said}") and "\n" not in str(refused.value)


# What a person wrote there

OPENED = {"execution_count": 7, "outputs": [nbformat.v4.new_output("stream", text="hello")]}
ANSWER = 'def dollars(cents) -> str:\n    return "my own answer"\n'


def saved(notebook: Path, answer: str = "") -> None:
    """What JupyterLab leaves of a notebook that was opened, run and saved, with an answer in it or without."""
    content = read(notebook)
    for cell in content.cells:
        if cell.cell_type == "code":
            cell.update(OPENED)
            cell.metadata["execution"] = {"iopub.status.busy": "2026-11-30T10:00:00Z"}
            cell.source = answer if answer and cell.metadata.get("nbgrader", {}).get("solution") else cell.source
    content.metadata["language_info"]["version"] = "3.13.9"
    nbformat.write(content, notebook)


@pytest.fixture
def theirs(course):
    """The folder of a lab, its notebook, and the notebook's text as released; all of it is cleared away again."""
    folder = course.root / "labs" / START
    text = (folder / f"{START}.ipynb").read_text()
    yield folder, folder / f"{START}.ipynb", text
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / f"{START}.ipynb").write_text(text)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{START}_kept_????-??-??*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("command", ["labs release", f"nbgrader generate_assignment {START}"])
def test_what_a_person_wrote_is_kept_aside_beside_what_was_kept_before(course, theirs, command):
    folder, notebook, text = theirs
    for answer in (ANSWER, ANSWER.replace("my own", "another")):
        saved(notebook, answer)
        (folder / "plot.png").write_bytes(b"a picture")
        status, said = course.type(command)
    assert (status, notebook.read_text(), (folder / "plot.png").read_bytes()) == (0, text, b"a picture")
    assert sorted("another answer" in file.read_text() for file in kept(folder)) == [False, True]
    assert all(file.name in said for file in kept(folder)[1:])
    assert [file.name for file in folder.parent.iterdir() if "kept" in file.name] == []


@pytest.mark.slow
def test_a_lab_that_was_only_opened_run_and_saved_calls_for_nothing(course, theirs):
    saved(theirs[1])
    assert course.type("labs release --check") == (0, "labs/ is what solutions/ makes\n")


@pytest.mark.slow
def test_a_lab_that_was_only_opened_is_released_again_without_a_copy(course, theirs):
    folder, notebook, text = theirs
    saved(notebook)
    (folder / ".ipynb_checkpoints").mkdir()
    shutil.copy(notebook, folder / ".ipynb_checkpoints" / f"{START}-checkpoint.ipynb")
    assert (course.type("labs release"), notebook.read_text(), kept(folder)) == ((0, f"released: {START}\n"), text, [])


@pytest.mark.slow
def test_who_wrote_answers_is_told_to_update_and_not_to_release(course, theirs):
    saved(theirs[1], ANSWER)
    status, said = course.type("labs release --check")
    assert status == 1 and f"has work in it that solutions/ does not make: {START}" in said
    assert ("labs update" in said, "Run: make" in said) == (True, False)


@pytest.mark.slow
def test_a_solution_that_nbgrader_cannot_release_takes_nobodys_work_away(course, theirs):
    folder, notebook, _ = theirs
    saved(notebook, ANSWER)
    solution = course.root / "solutions" / START / f"{START}.ipynb"
    text = solution.read_text()
    solution.write_text(text.replace("### END SOLUTION", "### DONE", 1))
    status, _ = course.type(f"nbgrader generate_assignment {START}")
    solution.write_text(text)
    assert (status, "my own answer" in notebook.read_text()) == (1, True)


def test_every_cell_of_a_lab_says_that_the_release_made_it():
    for notebook in RELEASED:
        text = notebook.read_text(encoding="utf-8")
        assert [cell.source for cell in own_cells(text.encode(), Release("empty", EMPTY, EMPTY))] == []


EMPTY = nbformat.writes(nbformat.v4.new_notebook())


def test_an_empty_cell_at_the_end_is_nothing_that_was_written():
    text = RELEASED[0].read_bytes()
    notebook = nbformat.reads(text.decode(), as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(""))
    assert only_saved(nbformat.writes(notebook).encode(), text)


def test_a_picture_pasted_into_a_cell_is_a_persons_work():
    text = RELEASED[0].read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("", attachments={"a.png": {"image/png": "cGljdHVyZQ=="}}))
    assert has_work(nbformat.writes(notebook).encode(), Release(RELEASED[0].stem, text, text))


# What students get

@pytest.mark.parametrize("notebook", RELEASED, ids=lambda n: n.stem)
def test_a_released_lab_holds_no_marker_and_no_output(notebook):
    cells = read(notebook).cells
    assert not [
        cell.source
        for cell in cells
        if MARKERS.search(cell.source) or cell.get("outputs") or cell.get("execution_count")
    ]


@pytest.mark.parametrize("notebook", RELEASED, ids=lambda n: n.stem)
def test_a_released_lab_holds_nothing_of_the_widgets_that_its_source_showed(notebook):
    assert "widgets" not in read(notebook).metadata


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda n: n.stem)
def test_a_released_lab_holds_no_line_of_the_answers(solution):
    source = "\n".join(cell.source for cell in read(solution).cells)
    given = "\n".join(cell.source for cell in read(released(solution)).cells)
    hidden = [
        line.strip() for region in REGION.findall(source) for line in region[1].splitlines() if len(line.strip()) > 15
    ]
    told_anyway = REGION.sub("", source)  # a line of an answer may stand in a hint, too
    assert hidden and [line for line in hidden if line in given and line not in told_anyway] == []


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda n: n.stem)
def test_points_reach_the_released_lab_unchanged(solution):
    def points(notebook):
        return {m["grade_id"]: m["points"] for m in marked(read(notebook))}

    assert points(solution) == points(released(solution))


# Points

@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda n: n.stem)
def test_no_prose_or_code_of_a_notebook_counts_points(solution):
    assert [cell.source[:200] for cell in read(solution).cells if POINTS.search(cell.source)] == []


@pytest.mark.parametrize(
    "page",
    sorted(
        [
            *COURSE.glob("*.md"),
            *(COURSE / "slides").glob("*.md"),
            *(COURSE / "autograders" / "checks").glob("*.py"),
            COURSE / "environments" / "labs.toml",
        ]
    ),
    ids=lambda p: p.name,
)
def test_pages_name_no_points_but_those_in_metadata(page):
    points = {m["grade_id"]: f"{m['points']} point" for s in SOLUTIONS for m in marked(read(s))}
    totals = {str(sum(m["points"] for m in marked(read(s)) if not m["solution"])) for s in SOLUTIONS}
    text = page.read_text()
    shown = set(SCORED.findall(text))
    passed = PASSED.findall(text)  # a line of `labs check`
    told = [found[0] for found in POINTS.finditer(PASSED.sub("", SCORED.sub("", text)))]
    assert (shown <= totals, told, passed) == (True, [], [(name, points[name]) for name, _ in passed])


def test_every_lab_that_is_written_gives_points():
    assert [
        lab.name for lab in labs() if lab.solution.exists() and not sum(m["points"] for m in marked(read(lab.solution)))
    ] == []
