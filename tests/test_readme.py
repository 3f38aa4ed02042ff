"""README and CONTRIBUTING tell the truth:
commands that run, outputs that are real, tables that match, links that lead somewhere."""

import re
import signal
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from autograders.answers import answers, fill, reference
from autograders.cli import main
from autograders.grading.assignments import assignment
from autograders.readme_links import repository, with_links
from environments.course import lab, labs, table
from environments.errors import LabsError
from environments.place import COURSE
from environments.waiting import wait_until
from tests.containers.engine import container_engine  # noqa: F401 (a fixture)
from tests.course_copy import CourseCopy

README, CONTRIBUTING, INSTRUCTORS = (COURSE / name for name in ("README.md", "CONTRIBUTING.md", "docs/instructors.md"))
START_PAGE = "solutions/00_start_here/00_start_here.ipynb"
INSTRUCTOR = "test_instructor.py::test_the_reference_has_all_points_that_need_no_person"
NEW_LAB = "solutions/11_streaming/11_streaming.ipynb"  # CONTRIBUTING makes it
STRANGER = "test_readme.py::test_a_stranger_has_a_graded_exercise_after_eight_steps"
THIS_RUN = "this run of pytest, or one in CI"
# Each command that the two pages show, and the test that runs it; those of this file are below.
RUN_BY = {
    "make start": "test_readme.py::test_make_start_says_what_the_readme_shows",
    "make test": THIS_RUN,
    "labs check 02": "test_readme.py::test_a_check_of_a_lab_says_what_the_readme_shows",
    "labs doctor": "test_readme.py::test_doctor_says_what_the_readme_shows",
    "labs truth --seed 7": "test_readme.py::test_the_truth_of_the_simulated_company_is_what_the_readme_shows",
    "LABS_POSTGRES=docker labs up 03": "test_readme.py::test_lab_3s_services_start_in_docker_as_the_readme_says",
    "nbgrader generate_assignment 03_read_replica": INSTRUCTOR,
    "nbgrader zip_collect 03_read_replica": INSTRUCTOR,
    "labs grade 03": INSTRUCTOR,
    "labs start --instructor": "test_start.py::test_an_instructor_has_the_graders_too_and_is_found_by_a_second_start",
    "nbgrader generate_feedback 03_read_replica":
        "test_instructor.py::test_feedback_has_the_message_of_each_failed_check",
    "nbgrader export --to marks.csv": "test_instructor.py::test_marks_are_exported_as_csv",
    "labs new 11 streaming": STRANGER,
    "labs prove 11": STRANGER,
    "labs prove 11 --mutants": STRANGER,
    "labs check 11": STRANGER,
    "make release": STRANGER,
    f"jupytext --to py:percent --output lab.py {NEW_LAB}": STRANGER,
    f"jupytext --to ipynb --update --output {NEW_LAB} lab.py": STRANGER,
    f"LABS_SEED=2026 jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False "
    f"{NEW_LAB}": STRANGER,
    f"LABS_SEED=2026 pytest --nbval --nbval-sanitize-with tests/nbval.cfg {NEW_LAB}":
        "test_solutions.py::test_every_output_is_the_one_kept_in_the_notebook",
    'pytest -m "not slow"': THIS_RUN,
    "pytest tests/test_cli.py": THIS_RUN,
    "make test-all": THIS_RUN,
}
# What varies from machine to machine and from run to run in outputs that the README shows.
VARIES = ((r"Python +3\.\d+\.\d+", "Python V"), (r"after \d+ s", "after N s"), (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
          (r"token=\S+", "token=..."), (r"(?m)^starting JupyterLab .*\n", ""),
          (r"[\d.]+ GiB", "N GiB"), (r"write access  \S.*", "write access  FOLDER"),
          (r"18\.\d+", "18.N"), (r"(--  |ok  )  Docker +(not )?found", "Docker"), (r"(leftovers +).*", r"\1"),
          (r"(--  |ok  )  sandbox +bubblewrap (not )?found", "sandbox"), (r"\n {6}Only needed .*", ""))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[str]:
    return [line[2:] for block in blocks(page, "console") for line in block.splitlines() if line.startswith("$ ")]


def shown(command: str) -> str:
    """The output that the README shows of a command."""
    block = next(block for block in blocks(README, "console") if block.startswith(f"$ {command}\n"))
    return same(block.split("\n", 1)[1])


def same(text: str) -> str:
    """A text without what varies."""
    for pattern, stands_for in VARIES:
        text = re.sub(pattern, stands_for, text)
    return text.strip()


@pytest.fixture
def copy(folder):
    copy = CourseCopy(folder)
    yield copy
    copy.leave()


# The pages

def test_the_links_to_where_the_course_is_published_are_made_from_pyproject():
    readme = README.read_text(encoding="utf-8")
    assert readme == with_links(readme, repository((COURSE / "pyproject.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("address", ["https://github.com/some-one/a.course", "https://github.com/some-one/a.course.git"])
def test_a_repository_said_once_is_in_binders_link_and_in_the_badges(address):
    name = repository(f'[project]\n[project.urls]\nRepository = "{address}"\n')
    made = with_links(README.read_text(encoding="utf-8"), name)
    assert [
        made.count(f"{host}/some-one/a.course/") for host in ("https://mybinder.org/v2/gh", "https://github.com")
    ] == [2, 2]


def test_without_a_repository_no_link_claims_one():
    assert "mybinder.org/" not in with_links(README.read_text(encoding="utf-8"), repository("[project]\n"))


def test_a_repository_elsewhere_is_refused_with_the_form_that_works():
    with pytest.raises(LabsError, match="write it as https://github.com/OWNER/NAME"):
        repository('[project]\n[project.urls]\nRepository = "git@example.org:a/b"\n')


def test_no_page_leaves_a_name_to_be_put_in():
    assert [
        page.name
        for page in (README, CONTRIBUTING, INSTRUCTORS)
        if re.search(r"<(owner|repository)>", page.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize("page", [README, CONTRIBUTING], ids=lambda p: p.name)
def test_every_command_on_a_page_is_run_by_a_test(page):
    assert [command for command in commands(page) if command not in RUN_BY] == []


def test_every_test_that_is_said_to_run_a_command_exists():
    named = {where for where in RUN_BY.values() if where != THIS_RUN}
    missing = [
        where
        for where in named
        if f"\ndef {where.split('::')[1]}(" not in (COURSE / "tests" / where.split("::")[0]).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_command_with_a_test_is_on_a_page():
    assert set(RUN_BY) - {*commands(README), *commands(CONTRIBUTING)} == set()


def test_the_readme_has_each_verb_of_the_command_once_and_no_other():
    section = README.read_text(encoding="utf-8").split("## The `labs` command\n")[1].split("\n## ")[0]
    assert sorted(re.findall(r"(?m)^\| `labs (\w+)", section)) == sorted(main.commands)


def test_the_options_that_the_readme_names_exist():
    text = README.read_text(encoding="utf-8")
    there = {option for verb in main.commands.values() for p in verb.params for option in p.opts} | {"--help", "--to"}
    assert set(re.findall(r"(?<![\w-])--[a-z]+", text)) <= there


def test_the_table_of_labs_is_the_one_list():
    assert table("labs") in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page",
    [README, CONTRIBUTING, INSTRUCTORS, COURSE / "slides/README.md", COURSE / "datasets/README.md"],
    ids=lambda p: str(p.relative_to(COURSE)),
)
def test_every_link_leads_to_something_there_is(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [to for to in targets if not to.startswith("https://") and not (page.parent / to).exists()] == []


def test_the_picture_is_small():
    assert (COURSE / "slides/images/lab_03.png").stat().st_size < 200_000


@pytest.mark.parametrize("page", [README, CONTRIBUTING], ids=lambda p: p.name)
def test_a_page_names_no_machine(page):
    assert re.findall(r"(?<![\w/])/(?:work|tmp|root|Users)/\S*", page.read_text(encoding="utf-8")) == []


def test_every_file_that_a_page_names_in_code_exists():
    named = {
        path
        for page in (README, CONTRIBUTING, INSTRUCTORS)
        for path in re.findall(r"`((?:[\w.]+/)+[\w.]+\.\w+)`", page.read_text(encoding="utf-8"))
    }
    assert [path for path in named if not re.search(r"NN|lab_11", path) and not (COURSE / path).exists()] == []


# What the README shows

@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["list"], ["status"], ["check", "--help"], ["grade", "--help"], ["release", "--help"]],
    ids=" ".join,
)
def test_a_cheap_command_ends_well(arguments, folder, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(folder))
    assert CliRunner().invoke(main, arguments, prog_name="labs").exit_code == 0


@pytest.mark.slow
def test_the_truth_of_the_simulated_company_is_what_the_readme_shows(copy):
    status, said = copy.type("labs truth --seed 7")
    assert (status, same(said).startswith(shown("labs truth --seed 7"))) == (0, True)


def test_doctor_says_what_the_readme_shows(folder, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(folder))
    assert same(CliRunner().invoke(main, ["doctor"]).output) == shown("labs doctor")


def test_what_the_readme_shows_of_make_test_is_pytests_last_line():
    """It cannot be run inside itself, so only its form is compared."""
    output = next(block for block in blocks(README, "console") if block.startswith("$ make test\n")).splitlines()[1:]
    last = r"=+ \d+ passed(, \d+ skipped)?(, \d+ warnings?)? in [\d.]+s( \([\d:]+\))? =+"
    assert not output or re.fullmatch(last, output[-1])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_make_start_says_what_the_readme_shows(copy):
    log = copy.temp / "start.log"
    for name in ("PYTHONPATH", "VIRTUAL_ENV"):
        copy.env.pop(name, None)
    started = copy.start("make start", log, BROWSER="true")
    try:
        wait_until(
            lambda: "token=" in log.read_text() or started.poll() is not None,
            800,
            "make start to print the address",
            log.read_text,
        )
    finally:
        for process in copy.processes():
            if "start" in process.cmdline() and process.name() != "make":
                process.send_signal(signal.SIGINT)
        started.wait(60)
    said = re.sub(r"(?m)^setup:   .*\n", "", log.read_text())  # what a slow machine is told in the meantime
    assert same(said).startswith(shown("make start")), said


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_check_of_a_lab_says_what_the_readme_shows(copy):
    written = lab("02")
    solution = nbformat.read(written.solution, as_version=4)
    mistake = {a.name: a for a in answers(assignment("02"), "wrong")}["tier_edge_off_by_one"]
    theirs = copy.root / written.notebook.relative_to(COURSE)
    notebook = nbformat.read(theirs, as_version=4)
    fill(notebook, solution, reference(solution) | mistake.cells)
    nbformat.write(notebook, theirs)
    said = copy.type("labs check 02", within=500, LABS_SEED="2026")[1]
    assert said[said.index("\nlab 02  "):].strip() == shown("labs check 02")


@pytest.mark.slow
@pytest.mark.containers
@pytest.mark.exhaustive
def test_lab_3s_services_start_in_docker_as_the_readme_says(container_engine, copy):  # noqa: F811
    engine = container_engine | {"LABS_POSTGRES": "docker"}
    try:
        said = copy.type("labs up 03", **engine), copy.type("labs status", **engine)
    finally:
        copy.type("labs reset --yes", **engine)
    assert (said[0][0], "primary        running" in said[1][1]) == (0, True), said


# What CONTRIBUTING says: its eight steps, typed in a copy of the course

NEXT = f"{len(labs()):02}"


def of_another_lab(text: str, number: str, name: str = "streaming") -> str:
    """What the page says of Lab 11, about another one."""
    return (
        text.replace("11_streaming", f"{number}_{name}").replace("lab_11", f"lab_{number}").replace(" 11", f" {number}")
    )


def type_of(copy: CourseCopy, start: str, number: str, name: str = "streaming", **env: str) -> str:
    """The one command of the page that begins so, about that lab: what it said."""
    command = of_another_lab(next(c for c in commands(CONTRIBUTING) if c.startswith(start)), number, name)
    given = dict(word.split("=") for word in command.split() if word.isupper() or word.startswith("LABS_"))
    status, said = copy.type(command.split(" ", len(given))[-1], within=500, **given, **env)
    assert status == 0, said
    return said


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("sandbox")
def test_a_stranger_has_a_graded_exercise_after_eight_steps(copy):
    answer_and_check, check, mistake, *_others = blocks(CONTRIBUTING, "python")
    type_of(copy, "labs new", NEXT)
    type_of(copy, "jupytext --to py", NEXT)
    lab_py = copy.root / "lab.py"
    before, _, rest = lab_py.read_text().partition('# %% nbgrader={"grade": false, "grade_id": "share"')
    lab_py.write_text(
        before + answer_and_check + "\n# %% [markdown]\n" + rest.split("check.share(share)\n\n# %% [markdown]\n")[1]
    )
    type_of(copy, "jupytext --to ipynb", NEXT)
    home = copy.root / f"autograders/checks/lab_{NEXT}"
    head = (home / "__init__.py").read_text().partition("@repeatable")[0]
    (home / "__init__.py").write_text(head + check)
    for file in home.glob("answers/*/*.py"):
        file.unlink()
    (home / "answers/wrong/at_the_limit.py").write_text(mistake)
    type_of(copy, "LABS_SEED=2026 jupyter nbconvert", NEXT, LABS_HOME=str(copy.temp / "empty"))
    assert (
        "check_late passes: 2 points" in (copy.root / f"solutions/{NEXT}_streaming/{NEXT}_streaming.ipynb").read_text()
    )
    make_release = ("labs release", "python -m autograders.readme_links")
    assert [copy.type(part)[0] for part in make_release] == [0, 0]
    (copy.root / "tests").rename(copy.root / "tests-away")  # an instructor's command does without
    said = type_of(copy, "labs prove", NEXT)
    assert "1 right, 1 wrong, 0 attacks: 0 false fails, 0 false passes" in said
    assert "0 survived" in type_of(copy, "labs prove 11 --mutants", NEXT)
    assert f"lab {NEXT}  0 of 1 checks pass  0/2 points" in copy.type(f"labs check {NEXT}")[1]


@pytest.mark.slow
def test_a_notebook_survives_jupytext(copy):
    before = nbformat.read(copy.root / START_PAGE, as_version=4)
    for start in ("jupytext --to py", "jupytext --to ipynb"):
        type_of(copy, start, "00", "start_here")
    assert nbformat.read(copy.root / START_PAGE, as_version=4) == before


@pytest.mark.slow
def test_a_notebook_run_as_contributing_says_keeps_its_outputs(copy):
    before = nbformat.read(copy.root / START_PAGE, as_version=4)
    type_of(copy, "LABS_SEED=2026 jupyter nbconvert", "00", "start_here")
    after = nbformat.read(copy.root / START_PAGE, as_version=4)
    assert [cell.get("outputs") for cell in after.cells] == [cell.get("outputs") for cell in before.cells]
