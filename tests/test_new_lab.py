"""`labs new`: a lab that passes all tests from its first minute, or nothing."""

import json
import re
import subprocess
import tomllib

import pytest
from click.testing import CliRunner

from autograders import new_lab as room
from autograders.cli import main
from autograders.new_lab import with_entry
from environments.course import LIST, labs
from environments.errors import LabsError
from tests.course_copy import CourseCopy

NEXT = f"{len(labs()):02}"
NAME = f"{NEXT}_zebra_crossing"
# The tests that walk through all labs, of which each takes milliseconds.
WALK = " ".join(
    f"tests/test_{name}.py" for name in ("labs", "proofs", "notebooks", "slides", "readme", "release", "announce")
)


@pytest.fixture(scope="module")
def made(reachable_tmp):
    """A copy of the course with a new lab; `said` is what the command said."""
    copy = CourseCopy(reachable_tmp / "new-lab")
    status, copy.said = copy.type(
        f"labs new {NEXT} zebra_crossing --title=Stripes:-'why'-not --minutes 45 --service saas")
    assert status == 0, copy.said
    yield copy
    copy.leave()


# A course with a new lab

@pytest.mark.slow
def test_a_new_lab_is_released_and_listed(made):
    assert made.type("labs release --check") == (0, "labs/ is what solutions/ makes\n")
    lab = next(lab for lab in json.loads(made.type("labs list --json")[1]) if lab["number"] == NEXT)
    assert (lab["name"], lab["title"], lab["minutes"], lab["services"], lab["ready"]) == \
        (NAME, "Stripes:-'why'-not", 45, ["saas"], True)


@pytest.mark.slow
@pytest.mark.exhaustive
def test_an_untouched_new_lab_scores_nothing(made):
    assert f"lab {NEXT}  0 of 1 checks pass  0/1 points" in made.type(f"labs check {NEXT}")[1]


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.usefixtures("sandbox")
def test_a_new_lab_is_proven_without_the_tests_folder(made):
    (made.root / "tests").rename(made.root / "tests-away")
    try:
        status, said = made.type(f"labs prove {NEXT} --json", within=200)
    finally:
        (made.root / "tests-away").rename(made.root / "tests")
    proof = json.loads(said[said.index("{"):])["labs"][0]
    sums = [proof[name] for name in ("right", "wrong", "false_fails", "false_passes")]  # the reference is right, too
    assert (status, sums) == (0, [2, 2, 0, 0])


@pytest.mark.slow
def test_a_second_lab_of_that_number_is_refused(made):
    free = int(NEXT) + 1
    due = f"labs: lab {NEXT} exists already: {NAME}. The next free number is {free}: labs new {free} other\n"
    assert made.type(f"labs new {NEXT} other") == (1, due)


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.timeout(600)
def test_a_new_lab_passes_the_tests_that_walk_through_all_labs(made):
    subprocess.run(["git", "init", "-q"], cwd=made.root, check=True)
    for command in (
        f"pytest -q -p no:cacheprovider {WALK} -m not(slow)",
        f"pytest -q -p no:cacheprovider tests/test_solutions.py -k {NAME}",
    ):
        status, said = made.type(command, within=400)
        assert status == 0, said[-5000:]


# What cannot be made

@pytest.mark.parametrize(("arguments", "said"), [
    (["five", "x"], f"'five' is no number of a lab: give two digits, such as {NEXT}."),
    ([NEXT, "Zebra-1"], "'Zebra-1' is no name for a lab: use small letters, digits and _"),
    (["0", "x"], f"lab 00 exists already: {labs()[0].name}. The next free number is {NEXT}: labs new {NEXT} x"),
    (["88", "x"], f"lab 88 would leave a gap. The next free number is {NEXT}: labs new {NEXT} x"),
    ([NEXT, "x", "--title", "a | b"], "--title is 'a | b': give one line, without | and < >"),
    ([NEXT, "x", "--level", "Bake"], "--level is 'Bake': choose Remember, Understand, "),
    ([NEXT, "x", "--service", "mysql"], "--service is 'mysql': choose "),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_what_cannot_be_a_lab_is_refused_in_a_line(arguments, said):
    done = CliRunner().invoke(main, ["new", *arguments], prog_name="labs")
    assert (done.exit_code, done.stderr.startswith(f"labs: {said}"), done.stderr.count("\n")) == (1, True, 1), (
        done.stderr
    )


def test_a_planned_lab_keeps_its_name(monkeypatch):
    planned = room.Lab(f"{NEXT}_planned", "t", "q", "-", "-", 10, [])
    monkeypatch.setattr(room, "labs", lambda: [*labs(), planned])
    assert room._entry(NEXT, "planned", {"minutes": 5}) == room.replace(planned, minutes=5)
    with pytest.raises(LabsError, match=f"lab {NEXT} is planned as {NEXT}_planned: labs new {NEXT} planned"):
        room._entry(NEXT, "other", {})


def test_what_stands_in_the_way_is_named_and_kept(tmp_path):
    (tmp_path / "deck.md").write_text("mine")
    places = room.Places(tmp_path / "a/a.ipynb", tmp_path / "b/b.ipynb", tmp_path / "c", tmp_path / "deck.md")
    with pytest.raises(LabsError, match="deck.md is there already. Move it away, then run this again."):
        room._check_room(places, [])


def test_a_file_with_changes_that_are_not_committed_is_not_rewritten(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "COURSE", tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "README.md").write_text("a change of mine")
    with pytest.raises(LabsError, match="README.md has changes that are not committed"):
        room._check_room(room.Places(*[tmp_path / "x" / "y"] * 4), [tmp_path / "README.md"])


def test_a_lab_that_could_not_be_made_leaves_nothing(tmp_path):
    (tmp_path / "list").write_text("before")
    with (
        pytest.raises(KeyboardInterrupt),
        room._all_or_nothing([tmp_path / "lab", tmp_path / "deck"], [tmp_path / "list"]),
    ):
        (tmp_path / "lab").mkdir()
        (tmp_path / "lab" / "file").write_text("half")
        (tmp_path / "deck").write_text("half")
        (tmp_path / "list").write_text("after")
        raise KeyboardInterrupt
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"list": "before"}


# The list

@pytest.mark.parametrize(
    "lab", [labs()[1], room.Lab(f"{NEXT}_x", 'A "quoted" · title', "q", "-", "-", 1, ["saas"])], ids=["old", "new"]
)
def test_an_entry_is_put_into_the_list_and_the_others_stay(lab):
    text = LIST.read_text(encoding="utf-8")
    changed = with_entry(text, room.replace(lab, minutes=7))
    before, after = ({entry["name"]: entry for entry in tomllib.loads(t)["lab"]} for t in (text, changed))
    assert after.pop(lab.name) == {
        field: getattr(lab, field) for field in ("name", "title", "question", "objective", "level", "services")
    } | {"minutes": 7}
    before.pop(lab.name, None)
    assert (before, re.findall("(?m)^#.*", text)) == (after, re.findall("(?m)^#.*", changed))


def test_an_entry_put_in_again_changes_no_letter_of_the_list():
    text = LIST.read_text(encoding="utf-8")
    assert {with_entry(text, lab) for lab in labs()} == {text}
