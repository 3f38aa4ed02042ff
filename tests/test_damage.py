"""Whatever a student did to a notebook, what is graded is the release with their answers in it, and they are told.

A small lab is released once. Each damage is done to a copy with right answers; the repaired notebook must hold every
released cell as it was released, and running it must give the points that the answers deserve.
"""

import copy
import gzip
import io
import json
import random
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import CheckCellMetadata
from nbgrader.utils import compute_checksum, determine_grade, is_grade

from autograders.answers import fill, reference
from autograders.configuration import course_config
from autograders.grading.model import Assignment
from autograders.grading.releases import release_of
from autograders.grading.repair import MAX_FILE_BYTES, MOST_CELLS, Unreadable, repair
from environments.errors import LabsError
from environments.place import COURSE

DOUBLE = "def double(x):\n    return RATE * x"
HALF = "def half(x):\n    return double(x) / 4"
ESSAY = "Because it is cheaper."
ALL = {"check_double": 2, "check_half": 1}
NONE = dict.fromkeys(ALL, 0)


# A lab, and a student's copy


def new_cell(text, name="", kind="code", ident="", **marks):
    make = new_code_cell if kind == "code" else new_markdown_cell
    node = make(text, id=ident or name)
    if name:
        node.metadata["nbgrader"] = {
            "grade": False,
            "solution": False,
            "locked": False,
            "schema_version": 3,
            "task": False,
            "grade_id": name,
        } | marks
    return node


SOLVED = "def double(x):\n    ### BEGIN SOLUTION\n    return RATE * x\n    ### END SOLUTION"


def source(double=SOLVED, check="assert double(2) == 4"):
    notebook = new_notebook(
        cells=[
            new_cell("# A lab", kind="markdown", ident="title"),
            new_cell("import math\nRATE = 2", ident="setup"),
            new_cell(double, "double", solution=True),
            new_cell(
                f"{check}\n### BEGIN HIDDEN TESTS\nassert double(0) == 0\n### END HIDDEN TESTS",
                "check_double",
                grade=True,
                locked=True,
                points=2,
            ),
            new_cell("print(double(21))", ident="demo"),
            new_cell(
                "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION", "half", solution=True
            ),
            new_cell(
                "assert half(3) == 1.5\nassert double(half(8)) == 8", "check_half", grade=True, locked=True, points=1
            ),
            new_cell("**In your own words**: why two?", "question", kind="markdown", locked=True),
            new_cell(
                "### BEGIN SOLUTION\nCost.\n### END SOLUTION",
                "essay",
                kind="markdown",
                grade=True,
                solution=True,
                points=3,
            ),
            new_cell("The end.", kind="markdown", ident="end"),
        ]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def released(folder, **texts):
    file = folder / "05_lab.ipynb"
    file.write_text(nbformat.writes(source(**texts)))
    return release_of(Assignment("05_lab", file), course_config())


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return released(tmp_path_factory.mktemp("lab"))


@pytest.fixture
def student(release):
    """A student's notebook as JSON, with right answers."""
    notebook = json.loads(release.visible)
    for name, text in (("double", DOUBLE), ("half", HALF), ("essay", ESSAY)):
        at(notebook, name)["source"] = text
    return notebook


def at(notebook, name):
    return notebook["cells"][index(notebook, name)]


def index(notebook, name):
    return next(i for i, cell in enumerate(notebook["cells"])
                if name in (cell.get("id"), cell["metadata"].get("nbgrader", {}).get("grade_id")))


def own(text, kind="code"):
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text} | extra


def written(notebook):
    return json.dumps(notebook).encode()


# What is expected of a repaired notebook


def points(notebook):
    """What the test cells give when the notebook is run from top to bottom."""
    space, given = {"print": lambda *_: None}, {}
    for cell in notebook.cells:
        try:
            if cell.cell_type == "code":
                exec(cell.source, space)
            passed = True
        except Exception:  # a student's cell raises what it likes
            passed = False
        if is_grade(cell) and cell.cell_type == "code":
            given[cell.metadata.nbgrader.grade_id] = cell.metadata.nbgrader.points * passed
    return given


def named(notebook):
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


def assert_sound(repaired, release):
    """Every named cell of the release is there once, in its order, as released; nbgrader takes the notebook."""
    notebook, full = repaired.notebook, nbformat.reads(release.full, 4)
    nbformat.validate(notebook)
    CheckCellMetadata().preprocess(notebook, {})
    assert [(c.id, c.cell_type, c.metadata) for c in named(notebook)] == [
        (c.id, c.cell_type, c.metadata) for c in named(full)
    ]
    assert [c.source for c in named(notebook) if not c.metadata.nbgrader.solution] == [
        c.source for c in named(full) if not c.metadata.nbgrader.solution]
    assert len({c.id for c in notebook.cells}) == len(notebook.cells)
    assert all(not c.outputs and c.execution_count is None for c in notebook.cells if c.cell_type == "code")
    assert (notebook.metadata, notebook.nbformat) == (full.metadata, 4)
    assert all("\n" not in message for message in repaired.messages)
    for cell in notebook.cells:
        if is_grade(cell):
            determine_grade(cell)


# Releases


@pytest.mark.parametrize("name", ["00_start_here", "03_read_replica"])
def test_a_release_is_what_nbgrader_generates(name):
    made = release_of(Assignment(name, COURSE / "solutions" / name / f"{name}.ipynb"), course_config())
    assert made.visible.strip() == (COURSE / "labs" / name / f"{name}.ipynb").read_text(encoding="utf-8").strip()


def test_what_is_kept_for_grading_is_what_nbgrader_saves(tmp_path, release, monkeypatch):
    """The cells as SaveCells writes them into a gradebook."""
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "any")  # asked of another process, for seconds
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    (tmp_path / "source" / "05_lab").mkdir(parents=True)
    (tmp_path / "source" / "05_lab" / "05_lab.ipynb").write_text(nbformat.writes(source()))
    config = Config({"CourseDirectory": {"root": str(tmp_path), "db_url": f"sqlite:///{tmp_path / 'book.db'}"}})
    assert NbGraderAPI(CourseDirectory(config=config), config=config).generate_assignment("05_lab")["success"]
    with Gradebook(f"sqlite:///{tmp_path / 'book.db'}") as book:
        saved = {c.name: (c.source, c.checksum) for c in book.find_notebook("05_lab", "05_lab").source_cells}
    kept = named(nbformat.reads(release.full, 4))
    assert saved == {c.metadata.nbgrader.grade_id: (c.source, c.metadata.nbgrader.checksum) for c in kept}


def test_both_texts_of_a_release_have_the_same_cells_and_only_one_the_hidden_tests(release):
    full, visible = (nbformat.reads(text, 4) for text in (release.full, release.visible))
    assert [c.id for c in full.cells] == [c.id for c in visible.cells]
    assert ("HIDDEN" in release.full, "HIDDEN" in release.visible, "return RATE" in release.full) == (
        True,
        False,
        False,
    )


def test_a_release_has_the_other_files_without_notebooks_links_and_checkpoints(tmp_path):
    for name in ("data/plans.csv", ".ipynb_checkpoints/a.txt", "other.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    assert released(tmp_path).files == {"data/plans.csv": b"x"}


def test_a_source_without_cell_ids_has_one_edition(tmp_path):
    notebook = json.loads(nbformat.writes(source()))
    for cell in notebook["cells"]:
        del cell["id"]
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook))
    first, second = (release_of(Assignment("a", tmp_path / "a.ipynb"), course_config()) for _ in range(2))
    assert first.edition == second.edition


def test_a_header_is_found_wherever_we_run(tmp_path):
    config = course_config()
    config.CourseDirectory.root = str(tmp_path)
    config.IncludeHeaderFooter.header = "header.ipynb"
    (tmp_path / "header.ipynb").write_text(
        nbformat.writes(new_notebook(cells=[new_cell("Hello", kind="markdown", ident="hello")]))
    )
    (tmp_path / "lab.ipynb").write_text(nbformat.writes(source()))
    assert (
        json.loads(release_of(Assignment("lab", tmp_path / "lab.ipynb"), config).visible)["cells"][0]["id"] == "hello"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("no notebook", "cannot be read as a notebook", id="no notebook"),
        pytest.param(
            nbformat.writes(new_notebook(cells=[new_cell("### BEGIN SOLUTION\nx = 1", "a", solution=True)])),
            "no end solution statement found in the cell that begins: ### BEGIN SOLUTION",
            id="open region",
        ),
        pytest.param(
            nbformat.writes(
                new_notebook(cells=[new_cell(text, "a", solution=True, ident=text) for text in ("x", "y")])
            ),
            "Duplicate grade id: a",
            id="name twice",
        ),
    ],
)
def test_a_source_that_cannot_be_released_is_named_in_one_line(tmp_path, content, words):
    (tmp_path / "a.ipynb").write_text(content)
    with pytest.raises(LabsError) as refused:
        release_of(Assignment("a", tmp_path / "a.ipynb"), course_config())
    assert words in str(refused.value) and "\n" not in str(refused.value)


# What needs no repair


def test_an_untouched_notebook_has_no_messages_and_no_points(release):
    repaired = repair(release.visible.encode(), release)
    assert_sound(repaired, release)
    assert (repaired.messages, points(repaired.notebook), set(repaired.answered.values())) == ((), NONE, {False})


def test_an_answered_notebook_has_no_messages_and_all_points(release, student):
    repaired = repair(written(student), release)
    assert_sound(repaired, release)
    assert (repaired.messages, points(repaired.notebook)) == ((), ALL)
    assert repaired.answered == {"double": True, "half": True, "essay": True}


def test_what_the_lab_graded_before_can_be_graded_again(release):
    assert repair(release.full.encode(), release).messages == ()


def test_hidden_tests_come_from_the_release(release, student):
    at(student, "double")["source"] = "def double(x):\n    return 4"
    assert points(repair(written(student), release).notebook)["check_double"] == 0


def test_own_cells_outputs_and_edits_of_ordinary_cells_need_no_message(release, student):
    student["cells"].insert(3, own("y = double(1)"))
    at(student, "demo")["source"] = "print(double(7))"
    at(student, "setup") | {
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["x"]}],
        "execution_count": 7,
    }
    repaired = repair(written(student), release)
    assert repaired.messages == ()
    assert [c.source for c in repaired.notebook.cells[2:6]] == [
        DOUBLE, "y = double(1)", nbformat.reads(release.full, 4).cells[3].source, "print(double(7))"]


def test_spaces_at_the_end_of_lines_are_no_answer_and_no_change(release):
    notebook = json.loads(release.visible)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "  \r\n") + "\n\n"
    repaired = repair(written(notebook), release)
    assert (repaired.messages, set(repaired.answered.values())) == ((), {False})
    assert determine_grade(next(c for c in repaired.notebook.cells if c.id == "essay")) == (0, 3)


def test_a_written_answer_waits_for_a_person(release, student):
    essay = next(c for c in repair(written(student), release).notebook.cells if c.id == "essay")
    assert determine_grade(essay) == (None, 3) and compute_checksum(essay) != essay.metadata.nbgrader.checksum


# Damage to cells: each changes the student's notebook in place


def deleted(*names):
    def damage(notebook):
        for name in names:
            del notebook["cells"][index(notebook, name)]
    return damage


def text_of(name, text, where="instead"):
    def damage(notebook):
        cell = at(notebook, name)
        before = "".join(cell["source"])
        cell["source"] = {"instead": text, "after": f"{before}\n{text}", "before": f"{text}\n{before}"}[where]
    return damage


def moved(name, to):
    def damage(notebook):
        cell = notebook["cells"].pop(index(notebook, name))
        notebook["cells"].insert(to, cell)
    return damage


def copied(name, text=None, first=False):
    """A copy below the cell, or above it, with another text where one is given."""
    def damage(notebook):
        place = index(notebook, name)
        cell = copy.deepcopy(notebook["cells"][place])
        cell["source"] = cell["source"] if text is None else text
        cell["id"] = "copy"
        notebook["cells"].insert(place + (not first), cell)
    return damage


def merged(*names):
    """JupyterLab's merge: the first cell's metadata, the texts with an empty line between them."""
    def damage(notebook):
        first, *others = [at(notebook, name) for name in names]
        first["source"] = "\n\n".join("".join(cell["source"]) for cell in (first, *others))
        for cell in others:
            notebook["cells"].remove(cell)
    return damage


def split(name, line):
    def damage(notebook):
        place = index(notebook, name)
        lines = "".join(notebook["cells"][place]["source"]).split("\n")
        copied(name, "\n".join(lines[line:]))(notebook)
        notebook["cells"][place]["source"] = "\n".join(lines[:line])
    return damage


def retyped(name, kind):
    def damage(notebook):
        cell = at(notebook, name)
        cell["cell_type"] = kind
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        else:
            cell.pop("outputs", None), cell.pop("execution_count", None)
    return damage


def marks(name, **changed):
    def damage(notebook):
        at(notebook, name)["metadata"]["nbgrader"] |= changed
    return damage


def stripped(*fields):
    def damage(notebook):
        for cell in notebook["cells"]:
            for name in fields:
                cell.pop(name, None)
            if "metadata" in fields:
                cell["metadata"] = {}
    return damage


def added(text, place, kind="code", **metadata):
    def damage(notebook):
        notebook["cells"].insert(place, own(text, kind) | {"metadata": metadata})
    return damage


def all_of(*damages):
    def damage(notebook):
        for spoil in damages:
            spoil(notebook)
    return damage


def emptied(notebook):
    notebook["cells"] = []


def twice_over(notebook):
    notebook["cells"] += copy.deepcopy(notebook["cells"])


def shuffled(notebook):
    random.Random(4).shuffle(notebook["cells"])


def swapped_names(notebook):
    first, other = (at(notebook, name)["metadata"]["nbgrader"] for name in ("double", "half"))
    first["grade_id"], other["grade_id"] = other["grade_id"], first["grade_id"]


LOST = "lost its nbgrader name"
DAMAGES = [
    # deleted
    pytest.param(deleted("check_double"), ALL, "check_double: was missing", id="a test cell deleted"),
    pytest.param(
        deleted("question", "check_half", "check_double"),
        ALL,
        "was missing; put back as released",
        id="all locked cells deleted",
    ),
    pytest.param(
        deleted("half"),
        {"check_double": 2, "check_half": 0},
        "half: was missing; put back without an answer",
        id="an answer deleted",
    ),
    pytest.param(
        deleted("essay"), ALL, "essay: was missing; put back without an answer", id="a written answer deleted"
    ),
    pytest.param(
        deleted("setup"),
        ALL,
        "“import math”: was missing, and other cells need it",
        id="a needed ordinary cell deleted",
    ),
    pytest.param(deleted("demo", "title", "end"), ALL, "", id="ordinary cells deleted"),
    pytest.param(all_of(deleted("half"), added(HALF, 4)), ALL, LOST, id="an answer deleted and written again"),
    pytest.param(all_of(deleted("half"), added(HALF, 0)), ALL, LOST, id="an answer written again at the top"),
    pytest.param(all_of(deleted("half"), added(HALF, 9)), ALL, LOST, id="an answer written again at the end"),
    pytest.param(
        all_of(deleted("double", "half"), added(f"{DOUBLE}\n\n{HALF}", 2)), ALL, LOST, id="all answers in one new cell"
    ),
    pytest.param(all_of(deleted("essay"), added(ESSAY, 8, "markdown")), ALL, LOST, id="a written answer in a new cell"),
    pytest.param(emptied, NONE, "had no cells", id="no cells at all"),
    # duplicated
    pytest.param(copied("check_double"), ALL, "check_double: stood there more than once", id="a test cell twice"),
    pytest.param(
        copied("check_double", "assert double(2) == 4\nnow = 1"),
        ALL,
        "check_double: stood there",
        id="a test cell's changed copy",
    ),
    pytest.param(
        copied("double", "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"),
        ALL,
        "double: stood there more than once",
        id="an answer and its empty copy below",
    ),
    pytest.param(
        copied("double", "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()", first=True),
        ALL,
        "double: stood there more than once",
        id="an answer and its empty copy above",
    ),
    pytest.param(
        copied("double", "def double(x):\n    return 5", first=True),
        ALL,
        "double: several answers",
        id="two answers, the last right",
    ),
    pytest.param(
        copied("double", "def double(x):\n    return 5"),
        NONE,
        "double: several answers",
        id="two answers, the last wrong",
    ),
    pytest.param(
        all_of(copied("double", "def double(x):\n    return 5"), moved("copy", 99)),
        ALL,
        "double: several answers",
        id="an answer in its place and a first try at the end",
    ),
    pytest.param(
        copied("double", "double(4)"), ALL, "double: several answers", id="an answer and a copy that tries it"
    ),
    pytest.param(copied("essay", "Also."), ALL, "essay: several answers", id="two written answers"),
    pytest.param(twice_over, ALL, "stood there more than once", id="the whole notebook twice"),
    # moved
    pytest.param(moved("check_double", 0), ALL, "check_double: had been moved", id="a test cell moved to the top"),
    pytest.param(moved("double", 9), ALL, "double: had been moved", id="an answer moved to the end"),
    pytest.param(moved("half", 2), ALL, "half: had been moved", id="answers in another order"),
    pytest.param(shuffled, ALL, "had been moved", id="all cells shuffled"),
    # changed
    pytest.param(
        text_of("check_double", "assert True"),
        ALL,
        "check_double: the text had been changed; the released text was graded",
        id="a test cell overwritten",
    ),
    pytest.param(
        text_of("check_double", "assert double(2) == 5"),
        ALL,
        "check_double: the text had been changed",
        id="a test cell changed",
    ),
    pytest.param(text_of("check_double", ""), ALL, "check_double: the text had been changed", id="a test cell emptied"),
    pytest.param(
        text_of("check_double", "for i in (1,):\n    assert (", "after"),
        ALL,
        "check_double: the text",
        id="a test cell broken",
    ),
    pytest.param(text_of("question", "**Why**?"), ALL, "question: the text had been changed", id="a question changed"),
    pytest.param(text_of("double", ""), NONE, "", id="an answer emptied"),
    pytest.param(text_of("double", "def double(x:"), NONE, "", id="an answer with a syntax error"),
    # the answer in the wrong place
    pytest.param(
        all_of(
            text_of("double", "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"),
            text_of("check_double", DOUBLE, "before"),
        ),
        ALL,
        "double: the answer stood in a locked cell",
        id="an answer in its test cell",
    ),
    pytest.param(
        all_of(text_of("essay", "YOUR ANSWER HERE"), text_of("question", f"\n{ESSAY}", "after")),
        ALL,
        "essay: the answer stood in a locked cell",
        id="a written answer in its question",
    ),
    # retyped
    pytest.param(
        retyped("check_double", "markdown"), ALL, "check_double: had become another type", id="a test cell to markdown"
    ),
    pytest.param(retyped("check_double", "raw"), ALL, "check_double: had become another type", id="a test cell to raw"),
    pytest.param(retyped("double", "markdown"), ALL, "double: had become another type", id="an answer to markdown"),
    pytest.param(retyped("double", "raw"), ALL, "double: had become another type", id="an answer to raw"),
    pytest.param(retyped("essay", "code"), ALL, "essay: had become another type", id="a written answer to code"),
    pytest.param(retyped("question", "raw"), ALL, "question: had become another type", id="a question to raw"),
    pytest.param(
        retyped("setup", "raw"), ALL, "“import math”: had become another type", id="a needed ordinary cell to raw"
    ),
    pytest.param(
        all_of(retyped("double", "markdown"), stripped("metadata", "id")),
        ALL,
        LOST,
        id="an answer to markdown without names",
    ),
    # merged
    pytest.param(merged("double", "check_double"), ALL, "check_double: had been merged", id="answer with its test"),
    pytest.param(
        merged("double", "check_double", "demo"),
        ALL,
        "check_double, the cell that begins “print(double(21))”: had been merged",
        id="answer with test and what follows",
    ),
    pytest.param(
        merged("double", "check_double", "demo", "half", "check_half"),
        ALL,
        "half and 1 more: had been merged",
        id="answer to answer's test",
    ),
    pytest.param(merged("double", "half"), ALL, "half: had been merged", id="two answers"),
    pytest.param(merged("half", "double"), ALL, "double: had been merged", id="two answers upwards"),
    pytest.param(merged("setup", "double"), ALL, "double: had been merged", id="ordinary cell with an answer"),
    pytest.param(merged("title", "double"), ALL, "double: had been merged", id="text with an answer"),
    pytest.param(merged("check_double", "half"), ALL, "half: had been merged", id="test with the next answer"),
    pytest.param(merged("check_double", "check_half"), ALL, "check_double: the text had been changed", id="two tests"),
    pytest.param(merged("question", "essay"), ALL, "essay: had been merged", id="question with its answer"),
    pytest.param(merged("essay", "end"), ALL, "“The end.”: had been merged", id="written answer with what follows"),
    pytest.param(merged("half", "check_half", "question"), ALL, "had been merged", id="answer with text"),
    pytest.param(
        merged(*("title setup double check_double demo half check_half question essay end".split())),
        ALL,
        "merged",
        id="everything",
    ),
    # split
    pytest.param(split("double", 1), ALL, "double: had been split", id="a function split"),
    pytest.param(
        all_of(text_of("double", "two = RATE\n" + DOUBLE), split("double", 1)),
        ALL,
        "double: several answers",
        id="an answer split between statements",
    ),
    pytest.param(split("check_half", 1), ALL, "check_half: ", id="a test cell split"),
    # metadata
    pytest.param(stripped("metadata"), ALL, LOST, id="no metadata"),
    pytest.param(stripped("metadata", "id"), ALL, LOST, id="neither metadata nor ids"),
    pytest.param(all_of(stripped("metadata", "id"), shuffled), ALL, LOST, id="neither, and shuffled"),
    pytest.param(
        all_of(text_of("check_half", "assert half(3) == 1.5\nassert double(half(8)) == 9"), stripped("metadata", "id")),
        ALL,
        "check_half: the text had been changed",
        id="neither, and a test changed",
    ),
    pytest.param(
        all_of(added("x = double(3)", 3), added("y = 1", 6), stripped("metadata", "id")),
        ALL,
        LOST,
        id="neither, with own cells",
    ),
    pytest.param(marks("check_double", points=200), ALL, "check_double: points or other settings", id="points raised"),
    pytest.param(
        marks("check_double", points="many"), ALL, "check_double: points or other settings", id="points in words"
    ),
    pytest.param(
        marks("check_double", grade=False), ALL, "check_double: points or other settings", id="grade flag off"
    ),
    pytest.param(
        marks("double", grade=True, points=9), ALL, "double: points or other settings", id="an answer made a test"
    ),
    pytest.param(
        marks("check_double", solution=True, locked=False),
        ALL,
        "check_double: points or other",
        id="a test made an answer",
    ),
    pytest.param(marks("question", locked=False), ALL, "question: points or other", id="lock taken off"),
    pytest.param(marks("double", grade_id="doubled"), ALL, f"double: the cell had {LOST}", id="an answer renamed"),
    pytest.param(
        marks("check_double", grade_id="free"), ALL, f"check_double: the cell had {LOST}", id="a test renamed"
    ),
    pytest.param(marks("half", grade_id="double"), ALL, f"half: the cell had {LOST}", id="two answers of one name"),
    pytest.param(swapped_names, ALL, LOST, id="names swapped"),
    pytest.param(marks("double", grade_id=["x"]), ALL, LOST, id="a name that is no text"),
    pytest.param(marks("double", schema_version=99, extra="x"), ALL, "", id="unknown metadata"),
    pytest.param(
        added("1", 1, nbgrader={"grade": True, "points": 100, "grade_id": "mine", "schema_version": 3}),
        ALL,
        "mine: not a cell of this release",
        id="points made up",
    ),
]


@pytest.mark.parametrize(("damage", "expected", "words"), DAMAGES)
def test_a_damaged_notebook_is_repaired_and_the_student_told(release, student, damage, expected, words):
    damage(student)
    repaired = repair(written(student), release)
    assert_sound(repaired, release)
    assert points(repaired.notebook) == expected, repaired.messages
    assert words in "\n".join(repaired.messages)
    assert bool(words) == bool(repaired.messages), repaired.messages


@pytest.mark.slow
@pytest.mark.parametrize("fields", [(), ("metadata", "id")], ids=["names kept", "neither names nor ids"])
@pytest.mark.parametrize("number", [2, 4])
def test_no_answer_of_lab_3_is_lost_when_neighbours_are_merged(lab_3, number, fields):
    release, notebook, answers = lab_3
    for place in range(0, len(notebook["cells"]) - number + 1, number):
        damaged = copy.deepcopy(notebook)
        first, *others = damaged["cells"][place:place + number]
        first["source"] = "\n\n".join("".join(cell["source"]) for cell in (first, *others))
        del damaged["cells"][place + 1:place + number]
        stripped(*fields)(damaged)
        assert answers_in(repair(written(damaged), release).notebook) == answers, place


def test_no_answer_of_lab_3_is_lost_when_any_cell_is_deleted_or_moved(lab_3):
    release, notebook, answers = lab_3
    for place, gone in list(enumerate(notebook["cells"]))[::2]:
        rest = notebook["cells"][:place] + notebook["cells"][place + 1:]
        kept = {
            name: text for name, text in answers.items() if name != gone["metadata"].get("nbgrader", {}).get("grade_id")
        }
        assert answers_in(repair(written(notebook | {"cells": rest}), release).notebook).items() >= kept.items()
        assert answers_in(repair(written(notebook | {"cells": [*rest, gone]}), release).notebook) == answers


@pytest.fixture(scope="module")
def lab_3():
    """Lab 3's release, a notebook with the course's own answers as JSON, and these answers by name."""
    name = "03_read_replica"
    made = release_of(Assignment(name, COURSE / "solutions" / name / f"{name}.ipynb"), course_config())
    solution = nbformat.read(COURSE / "solutions" / name / f"{name}.ipynb", 4)
    notebook = nbformat.reads(made.visible, 4)
    fill(notebook, solution, reference(solution))
    return made, json.loads(nbformat.writes(notebook)), answers_in(notebook)


def answers_in(notebook):
    return {c.metadata.nbgrader.grade_id: c.source.strip() for c in named(notebook) if c.metadata.nbgrader.solution}


def test_a_test_cell_put_back_runs_after_the_students_own_cells_below_the_answer(release, student):
    """The answer is fixed by an own cell below it."""
    all_of(text_of("double", "def double(x):\n    return later(x)"), deleted("check_double"),
           lambda notebook: notebook["cells"].insert(3, own("def later(x):\n    return 2 * x")))(student)
    assert points(repair(written(student), release).notebook) == ALL


def test_what_was_written_into_a_test_cell_runs_before_it(release, student):
    text_of("double", "def double(x):\n    return later(x)")(student)
    text_of("check_double", "def later(x):\n    return 2 * x", "after")(student)
    repaired = repair(written(student), release)
    assert points(repaired.notebook) == ALL
    assert [c.source for c in repaired.notebook.cells if "later" in c.source] == [
        "def double(x):\n    return later(x)", "def later(x):\n    return 2 * x"]


def test_of_two_written_answers_the_last_is_graded_and_the_other_stays_above_it(release, student):
    copied("essay", "And it is faster.")(student)
    first, last = [
        c for c in repair(written(student), release).notebook.cells if c.source in (ESSAY, "And it is faster.")
    ]
    assert (first.source, "nbgrader" in first.metadata, last.metadata.nbgrader.grade_id) == (ESSAY, False, "essay")


def test_a_message_names_three_cells_at_most(release, student):
    stripped("metadata")(student)
    assert repair(written(student), release).messages == (
        "double, check_double, half and 3 more: the cell had lost its nbgrader name; recognised and named again",)


def test_a_made_up_name_cannot_break_a_message(release, student):
    added("1", 1, nbgrader={"grade": True, "grade_id": "<b>\n" * 100})(student)
    message = next(m for m in repair(written(student), release).messages if "not a cell of this release" in m)
    assert "<" not in message and len(message) < 150


# Another release of the lab


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """The lab before its first exercise was reworded and its test fixed."""
    return released(
        tmp_path_factory.mktemp("older"),
        check="assert double(1) == 2",
        double="def double(x):\n    # as a float\n    ### BEGIN SOLUTION\n    return RATE * x\n    ### END SOLUTION",
    )


def test_an_older_release_is_graded_by_the_current_one(release, older):
    notebook = json.loads(older.visible)
    at(notebook, "double")["source"] = DOUBLE
    repaired = repair(written(notebook), release)
    assert_sound(repaired, release)
    assert points(repaired.notebook)["check_double"] == 2
    assert repaired.messages == ("check_double: from another release of the lab; the current text was graded",)


def test_an_untouched_cell_of_an_older_release_is_no_answer(release, older):
    repaired = repair(older.visible.encode(), release)
    assert (set(repaired.answered.values()), points(repaired.notebook)) == ({False}, NONE)
    assert determine_grade(next(c for c in repaired.notebook.cells if c.id == "essay")) == (0, 3)


def test_cells_that_an_older_release_lacks_come_and_those_it_has_more_give_nothing(release, student):
    third = at(student, "half")
    third["metadata"]["nbgrader"]["grade_id"] = third["id"] = "third"
    third["source"] = "def third(x):\n    return x / 3"
    deleted("check_half")(student)
    added("halved = 1", 5)(student)
    repaired = repair(written(student), release)
    assert_sound(repaired, release)
    assert points(repaired.notebook) == {"check_double": 2, "check_half": 0}


# Damage to the file: each makes bytes of the student's notebook


def jsonly(change):
    """The bytes of the notebook after a change to it."""
    def damage(notebook):
        change(notebook)
        return written(notebook)
    return damage


def without_fields(notebook):
    del notebook["nbformat"], notebook["nbformat_minor"], notebook["metadata"]
    for cell in notebook["cells"]:
        cell.pop("outputs", None), cell.pop("execution_count", None), cell.pop("id")
        if "nbgrader" not in cell["metadata"]:
            del cell["metadata"]


def as_lines(notebook):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).split("\n")  # some tools leave the line ends out


def as_v3(notebook):
    cells = [{"cell_type": "heading", "level": 2, "source": "Lab", "metadata": {}}]
    for cell in notebook["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        if cell["cell_type"] == "code":
            old |= {"input": cell["source"], "outputs": [{"output_type": "pyout", "text": "1", "prompt_number": 1}],
                    "prompt_number": 1, "language": "python", "collapsed": False}
        else:
            old["source"] = cell["source"]
        cells.append(old)
    return written({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""},
                    "worksheets": [{"cells": cells, "metadata": {}}]})


def as_colab(notebook):
    notebook["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"},
                            "widgets": {"application/vnd.jupyter.widget-state+json": {"broken": None}}}
    notebook["nbformat_minor"] = 0
    for number, cell in enumerate(notebook["cells"]):
        del cell["id"]
        cell["metadata"] = {"id": f"x{number}", "colab": {"base_uri": "https://localhost/"}}


def as_databricks(notebook):
    notebook["metadata"]["application/vnd.databricks.v1+notebook"] = {
        "dashboards": [],
        "language": "python",
        "widgets": {},
    }
    for cell in notebook["cells"]:
        cell["metadata"] = {"application/vnd.databricks.v1+cell": {"nuid": "2f", "title": ""}}


def as_deepnote(notebook):
    notebook["metadata"]["deepnote_notebook_id"] = "5"
    for cell in notebook["cells"]:
        cell["metadata"] |= {"deepnote_cell_type": cell["cell_type"], "cell_id": "00001-2f"}
        cell["block_group"] = "2f"


def as_vs_code(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": ".venv", "language": "python"}
    for cell in notebook["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}


def with_pictures(notebook):
    at(notebook, "essay")["attachments"] = {
        "a.png": {"image/png": "aGVsbG8="}, "b": 5, "c": {"image/png": ["aGVs", "bG8="], "x": 1}}


def cells_of_nothing(notebook):
    notebook["cells"] += [None, 5, "x", [], {}, {"cell_type": ["code"]},
                          {"cell_type": "strange", "source": 5, "metadata": [], "id": {}}]


def same_ids(notebook):
    for cell in notebook["cells"]:
        cell["id"] = "the same"


def forbidden_characters(notebook):
    at(notebook, "double")["source"] += "  # \0 \ud800"
    at(notebook, "end")["source"] = "\udfff"


def in_r(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}


FILES = [
    pytest.param(
        lambda n: b"\xef\xbb\xbf" + written(n), "encoded as UTF-8 with a byte order mark", id="UTF-8 with BOM"
    ),
    pytest.param(lambda n: json.dumps(n).encode("utf-16"), "encoded as UTF-16", id="UTF-16"),
    pytest.param(lambda n: json.dumps(n).encode("utf-16-be"), "encoded as UTF-16", id="UTF-16 without BOM"),
    pytest.param(lambda n: json.dumps(n).encode("utf-32"), "encoded as UTF-32", id="UTF-32"),
    pytest.param(
        lambda n: json.dumps(n | {"x": "é"}, ensure_ascii=False).encode("latin-1"), "encoded as Latin-1", id="Latin-1"
    ),
    pytest.param(
        lambda n: json.dumps(n | {"x": "éäöü"}, ensure_ascii=False).encode() + b" \xff",
        "were broken",
        id="one broken byte",
    ),
    pytest.param(
        lambda n: json.dumps(n, indent=1).replace("RATE * x", "RATE * x \t").encode(),
        "control characters",
        id="tab in a text",
    ),
    pytest.param(lambda n: written(n) + b"\0" * 512, "", id="zeros at the end"),
    pytest.param(lambda n: written(n) + b'"}]}', "followed the end", id="the end of a longer file"),
    pytest.param(lambda n: b"\n\n " + written(n).replace(b"\n", b"\r\n"), "", id="empty lines before"),
    pytest.param(lambda n: b'{"cells": [], ' + written(n)[1:], "", id="a key twice"),
    pytest.param(lambda n: written(n | {"metadata": {"x": float("nan"), "y": float("inf")}}), "", id="NaN"),
    pytest.param(lambda n: written({"type": "notebook", "name": "x", "content": n}), "", id="the server's envelope"),
    pytest.param(as_v3, "format 3 of long ago", id="nbformat 3"),
    pytest.param(jsonly(lambda n: n.update(nbformat=5)), "read as format 4", id="nbformat 5"),
    pytest.param(jsonly(lambda n: n.update(nbformat="4")), "read as format 4", id="nbformat in quotes"),
    pytest.param(jsonly(lambda n: n.update(nbformat_minor=None)), "read as format 4", id="no minor"),
    pytest.param(jsonly(lambda n: n.update(nbformat_minor=99)), "", id="a minor to come"),
    pytest.param(jsonly(without_fields), "lacked fields", id="missing fields"),
    pytest.param(jsonly(as_lines), "", id="lines without ends"),
    pytest.param(jsonly(as_colab), LOST, id="Colab"),
    pytest.param(jsonly(as_databricks), LOST, id="Databricks"),
    pytest.param(jsonly(as_deepnote), "", id="Deepnote"),
    pytest.param(jsonly(as_vs_code), "", id="VS Code"),
    pytest.param(jsonly(with_pictures), "", id="attachments"),
    pytest.param(jsonly(cells_of_nothing), "entries that were no cells", id="cells that are none"),
    pytest.param(jsonly(same_ids), "cell ids were invalid or stood twice", id="one id for all cells"),
    pytest.param(jsonly(forbidden_characters), "NUL", id="NUL and half characters"),
    pytest.param(jsonly(in_r), "set to run R; it was graded with python", id="another language"),
]


@pytest.mark.parametrize(("damage", "words"), FILES)
def test_a_damaged_file_is_read_and_the_student_told(release, student, damage, words):
    repaired = repair(damage(student), release)
    assert_sound(repaired, release)
    assert points(repaired.notebook) == ALL, repaired.messages
    assert words in "\n".join(repaired.messages)
    assert bool(words) == bool(repaired.messages), repaired.messages


def test_pictures_in_a_written_answer_are_kept(release, student):
    with_pictures(student)
    essay = next(c for c in repair(written(student), release).notebook.cells if c.id == "essay")
    assert essay.attachments == {"a.png": {"image/png": "aGVsbG8="}, "c": {"image/png": "aGVsbG8="}}


def test_outputs_of_forty_megabytes_cost_nothing(release, student):
    at(student, "demo")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * (40 * 2**20)}]
    repaired = repair(written(student), release)
    assert (repaired.messages, len(nbformat.writes(repaired.notebook)) < 10_000) == ((), True)


def zipped(content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lab.ipynb", content)
    return packed.getvalue()


UNREADABLE = [
    pytest.param(lambda t: "", ("the file is empty", "save the notebook in JupyterLab"), id="empty"),
    pytest.param(lambda t: " \n\0\0", ("the file is empty",), id="only zeros"),
    pytest.param(lambda t: t[: len(t) // 2], ("breaks off in the middle", "save, hand in again"), id="truncated"),
    pytest.param(lambda t: t[:-1], ("breaks off in the middle",), id="truncated by one"),
    pytest.param(
        lambda t: t.replace('"cells"', '"cells', 1), ("damaged at line", "Revert Notebook to Checkpoint"), id="damaged"
    ),
    pytest.param(
        lambda t: t.replace('"cells"', '\n<<<<<<< HEAD\n"cells"', 1),
        ("git's conflict markers", "resolve"),
        id="git conflict",
    ),
    pytest.param(
        lambda t: "#!/usr/bin/env python\n# In[1]:\nx = 1\n", ("a Python script", "File > Download"), id="py export"
    ),
    pytest.param(lambda t: "import math\nprint(math.pi)\n", ("a Python script", "File > Download"), id="py file"),
    pytest.param(lambda t: "<!DOCTYPE html>\n<html><body>", ("an HTML page", "File > Download"), id="HTML"),
    pytest.param(lambda t: "\\documentclass[11pt]{article}", ("a LaTeX file", "File > Download"), id="LaTeX"),
    pytest.param(lambda t: "Dear teacher", ("another kind of text", "File > Download"), id="text"),
    pytest.param(lambda t: b"%PDF-1.7 x", ("a PDF", "File > Download"), id="PDF"),
    pytest.param(lambda t: b"\x89PNG\r\n\x1a\n\0", ("a picture", "File > Download"), id="picture"),
    pytest.param(lambda t: zipped(t), ("a zip archive", "unpack it"), id="zip"),
    pytest.param(lambda t: gzip.compress(t.encode()), ("a gzip archive", "unpack it"), id="gzip"),
    pytest.param(lambda t: random.Random(1).randbytes(5000), ("not a notebook", "File > Download"), id="binary"),
    pytest.param(lambda t: "[]", ("JSON, but not a notebook", "File > Download"), id="a list"),
    pytest.param(lambda t: '{"a": 1}', ("JSON, but not a notebook",), id="other JSON"),
    pytest.param(lambda t: '{"cells": 5}', ("list of cells is damaged",), id="cells that are a number"),
    pytest.param(lambda t: "1" * 5000, ("not a notebook",), id="a long number"),
    pytest.param(lambda t: '{"cells": [], "x": ' + "1" * 5000 + "}", ("damaged",), id="a long number inside"),
    pytest.param(lambda t: "[" * 100_000, ("nested too deeply", "Clear Outputs"), id="deeply nested"),
    pytest.param(
        lambda t: t[:-1] + ', "x": ' + '{"a":' * 100_000 + "1" + "}" * 100_001,
        ("nested too deeply",),
        id="deeply nested inside",
    ),
    pytest.param(lambda t: b"x" * (MAX_FILE_BYTES + 1), ("more than 50", "Clear Outputs of All Cells"), id="too large"),
    pytest.param(
        lambda t: b"[" + b"[]," * 2_000_000, ("too much output", "Clear Outputs of All Cells"), id="too many values"
    ),
    pytest.param(
        lambda t: json.dumps({"cells": [own("")] * (MOST_CELLS + 1)}),
        ("cells, more than 5,000", "delete"),
        id="too many cells",
    ),
    pytest.param(
        lambda t: json.dumps({"cells": [own("x" * 1_100_000)]}),
        ("more than 1 MB of code", "keep data in a file"),
        id="too much code",
    ),
    pytest.param(
        lambda t: json.dumps({"cells": [own("x" * 6_000_000, "raw")]}), ("more than 5 MB of text",), id="too much text"
    ),
]


@pytest.mark.parametrize(("damage", "words"), UNREADABLE)
def test_what_is_no_notebook_is_reported_with_the_remedy(release, student, damage, words):
    content = damage(json.dumps(student))
    with pytest.raises(Unreadable) as refused:
        repair(content.encode() if isinstance(content, str) else content, release)
    assert all(word in str(refused.value) for word in words) and "\n" not in str(refused.value), str(refused.value)


# Anything


JUNK = [None, True, -1, 1e308, float("nan"), "", "x", "\0", "\ud800", "def double(x): return 1", [], {}, [[]], {"a": 1},
        ["x", 1], "code", "markdown", "raw", 10**30, {"nbgrader": {"grade_id": "double"}},
        {"grade_id": "double", "checksum": "x", "grade": True, "points": "x"}]
KEYS = ["id", "source", "cell_type", "metadata", "nbgrader", "grade_id", "cells", "outputs", "points"]


def mutated(notebook, draw):
    """A copy with a few values changed, dropped, doubled or put elsewhere, wherever they are."""
    for _ in range(draw.randint(1, 8)):
        places = [
            (node, key)
            for node in containers(notebook)
            for key in (node if isinstance(node, dict) else range(len(node)))
        ]
        node, key = draw.choice(places)
        other, place = draw.choice(places)
        how = draw.randrange(5)
        if how == 0:
            node[key] = copy.deepcopy(draw.choice(JUNK))
        elif how == 1:
            del node[key]
        elif how == 2:
            node[key] = copy.deepcopy(other[place])
        elif how == 3 and isinstance(node, list):
            node.insert(draw.randrange(len(node) + 1), copy.deepcopy(node[key]))
        elif isinstance(node, dict):
            node[draw.choice(KEYS)] = copy.deepcopy(draw.choice(JUNK))
        if not any(containers(notebook)):
            break
    return notebook


def containers(value):
    if isinstance(value, (dict, list)):
        if value:
            yield value
        for inner in list(value.values() if isinstance(value, dict) else value):
            yield from containers(inner)


def scarred(content, draw):
    """The bytes with a few cut out, changed or doubled."""
    for _ in range(draw.randint(1, 4)):
        at, to = sorted(draw.randrange(len(content) + 1) for _ in range(2))
        content = draw.choice([content[:at] + content[to:], content[:at] + draw.randbytes(3) + content[at + 3:],
                               content[:to] + content[at:], content[at:to]]) or b"x"
    return content


@pytest.mark.parametrize("seed", range(3))
def test_any_bytes_are_repaired_or_reported(release, student, seed):
    draw = random.Random(seed)
    for number in range(100):
        content = written(mutated(copy.deepcopy(student), draw))
        content = scarred(content, draw) if number % 4 == 3 else content
        try:
            repaired = repair(content, release)
        except Unreadable as e:
            assert str(e) and "\n" not in str(e)
        else:
            assert_sound(repaired, release)
            points(repaired.notebook)
