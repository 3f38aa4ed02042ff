"""`labs update`: a newer course, and nothing of what a person wrote is lost, whatever state their copy is in."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import autograders.updating as updating
from autograders.cli import main
from autograders.grading.cells import STAMP, compute_checksum, stamp_of
from autograders.updating.carry import carried, sides
from autograders.updating.clone import update
from autograders.updating.folder import update_from
from autograders.updating.git import Git
from environments.course import lab
from environments.errors import LabsError
from tests.course_copy import CourseCopy

LAB = "labs/00_start_here/00_start_here.ipynb"
ANSWER = 'def dollars(cents) -> str:\n    return "my own answer"'
NOBODY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
UPSTREAM = {f"GIT_{who}_{what}": "up@x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
STUDENT = ("-c", "user.name=ada", "-c", "user.email=ada@x")


class Copies:
    """A course upstream, `here` a student's clone of it, and what git says in either."""

    def __init__(self, folder: Path):
        self.up, self.here = folder / "up", folder / "my course (ü)"
        self.up.mkdir()
        self.write(self.up, {LAB: lab("00").notebook.read_text(encoding="utf-8"), "README.md": "one\ntwo\nthree\n",
                             "requirements.lock": "a==1\n", "environments/labs.toml": ""})
        self.git(self.up, "init", "-q", "-b", "main")
        self.publish({})
        self.git(folder, "clone", "-q", str(self.up), str(self.here))

    @staticmethod
    def git(place: Path, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(["git", *arguments], cwd=place, env=os.environ | NOBODY | UPSTREAM, capture_output=True,
                              text=True)

    @staticmethod
    def write(place: Path, files: dict[str, str]) -> None:
        for path, text in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text, encoding="utf-8")

    def publish(self, files: dict[str, str]) -> None:
        self.write(self.up, files)
        self.git(self.up, "add", "-A")
        assert self.git(self.up, "commit", "-q", "--allow-empty", "-m", "A newer course").returncode == 0

    def publish_lab(self, **changes) -> None:
        self.publish({LAB: newer((self.up / LAB).read_text(encoding="utf-8"), **changes)})

    def commit(self) -> None:
        assert self.git(self.here, *STUDENT, "commit", "-qam", "My work").returncode == 0

    def answer(self, text: str = ANSWER, scratch: str = "scratch = 42") -> None:
        """What a student has saved: an answer, a cell of their own, outputs."""
        notebook = nbformat.read(self.here / LAB, as_version=4)
        cell = cell_of(notebook, "dollars")
        cell.source = text
        cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="it ran")], 5
        notebook.cells.insert(notebook.cells.index(cell) + 1, nbformat.v4.new_code_cell(scratch))
        nbformat.write(notebook, self.here / LAB)

    def update(self):
        return update(Git(self.here))

    @property
    def text(self) -> str:
        return (self.here / LAB).read_text(encoding="utf-8")

    def sources(self) -> list[str]:
        return [cell.source for cell in nbformat.read(self.here / LAB, as_version=4).cells]

    def kept(self) -> list[Path]:
        return sorted(self.here.rglob("*_kept_*"))

    @property
    def is_current(self) -> bool:
        """Whether all of upstream is in this branch, and nothing is half done."""
        state = self.git(self.here, "status", "--porcelain").stdout
        newest = self.git(self.up, "rev-parse", "HEAD").stdout.strip()
        inside = self.git(self.here, "merge-base", "--is-ancestor", newest, "HEAD")
        return inside.returncode == 0 and "U" not in {mark for line in state.splitlines() for mark in line[:2]} \
            and not (self.here / ".git/MERGE_HEAD").exists() and not (self.here / ".git/rebase-merge").exists()


def cell_of(notebook, name: str):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def newer(text: str, title: str = "# Start over", stub: str = "", prose: str = "") -> str:
    """The lab's next release: another title, on wish another text of the exercise, and one more cell."""
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells[0].source = title
    if prose:
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(prose, id="prose"))
    if stub:
        cell = cell_of(notebook, "dollars")
        cell.source = stub
        cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    for cell in notebook.cells:
        if STAMP in cell.metadata or "nbgrader" not in cell.metadata:
            cell.metadata[STAMP] = stamp_of(cell.cell_type, cell.source)
    return nbformat.writes(notebook) + "\n"


@pytest.fixture
def copies(folder):
    return Copies(folder)


# A clone

@pytest.mark.parametrize("committed", [False, True], ids=["saved", "committed"])
def test_an_answer_and_a_cell_of_ones_own_are_carried_into_the_newer_lab(copies, committed):
    copies.answer()
    if committed:
        copies.commit()
    copies.publish_lab(prose="New prose")
    report = copies.update()
    assert {"# Start over", "New prose", ANSWER, "scratch = 42"} <= set(copies.sources())
    assert (copies.is_current, copies.kept(), report.carried["00_start_here"].cells) == (True, [], 2)


def test_a_cell_that_is_still_the_same_keeps_its_output(copies):
    copies.answer()
    copies.publish_lab()
    copies.update()
    assert "it ran" in copies.text


def test_a_lab_that_was_only_run_and_saved_becomes_the_newer_one_without_a_word(copies):
    copies.answer(text=cell_of(nbformat.read(copies.here / LAB, as_version=4), "dollars").source, scratch="")
    copies.publish_lab()
    report = copies.update()
    told = [line for line in report.lines() if "yours" in line]
    assert (copies.sources()[0], copies.kept(), told) == ("# Start over", [], [])


def test_answers_saved_on_top_of_committed_ones_stay_too(copies):
    copies.answer(scratch="first = 1")
    copies.commit()
    copies.answer(scratch="second = 2")
    copies.publish_lab()
    copies.update()
    assert {"first = 1", "second = 2", "# Start over"} <= set(copies.sources()) and copies.is_current


def test_a_lab_that_did_not_change_upstream_is_not_touched(copies):
    copies.answer()
    before = copies.text
    copies.publish({"README.md": "new\n"})
    copies.update()
    assert (copies.text, (copies.here / "README.md").read_text()) == (before, "new\n")


def test_an_exercise_that_changed_is_named(copies):
    copies.answer()
    copies.publish_lab(stub="def dollars(cents, sign) -> str:\n    raise NotImplementedError()")
    report = copies.update()
    assert ANSWER in copies.sources()
    assert "look again at dollars: the exercise has changed" in "\n".join(report.lines())


def test_what_has_no_place_in_the_newer_lab_is_kept_aside_and_said(copies):
    notebook = nbformat.read(copies.here / LAB, as_version=4)
    cell_of(notebook, "check_dollars").source += "\nmy_own notes, in a locked cell of code"
    nbformat.write(notebook, copies.here / LAB)
    copies.publish_lab()
    lines = copies.update().lines()
    assert ["my_own notes" in file.read_text() for file in copies.kept()] == [True]
    assert any(copies.kept()[0].name in line for line in lines)


@pytest.mark.parametrize("committed", [False, True], ids=["edited", "committed"])
def test_an_edit_of_another_file_that_upstream_changed_too_is_kept_beside_the_newer_one(copies, committed):
    copies.write(copies.here, {"README.md": "one\nmine\nthree\n"})
    if committed:
        copies.commit()
    copies.publish({"README.md": "one\ntheirs\nthree\n"})
    copies.update()
    assert (copies.here / "README.md").read_text() == "one\ntheirs\nthree\n"
    assert [file.read_text() for file in copies.kept()] == ["one\nmine\nthree\n"] and copies.is_current


def test_committed_edits_that_agree_with_upstreams_are_merged(copies):
    copies.write(copies.here, {"README.md": "mine\ntwo\nthree\n"})
    copies.commit()
    copies.publish({"README.md": "one\ntwo\ntheirs\n"})
    copies.update()
    assert (copies.here / "README.md").read_text() == "mine\ntwo\ntheirs\n"
    assert (copies.kept(), copies.is_current) == ([], True)


def test_a_file_of_ones_own_stays_and_gives_way_to_one_of_the_course_under_a_name_that_says_so(copies):
    copies.write(copies.here, {"labs/00_start_here/data.csv": "my data", "new.txt": "mine"})
    copies.publish({"new.txt": "theirs"})
    copies.update()
    assert ((copies.here / "labs/00_start_here/data.csv").read_text(), (copies.here / "new.txt").read_text(),
            [file.read_text() for file in copies.kept()]) == ("my data", "theirs", ["mine"])


def test_a_lab_that_upstream_dropped_is_kept_where_somebody_wrote_in_it(copies):
    copies.answer()
    (copies.up / LAB).unlink()
    copies.publish({})
    copies.update()
    assert not (copies.here / LAB).exists()
    assert ["my own answer" in file.read_text() for file in copies.kept()] == [True]


def test_a_second_update_changes_nothing(copies):
    copies.answer()
    copies.publish_lab()
    copies.update()
    before = copies.text, copies.git(copies.here, "rev-parse", "HEAD").stdout
    report = copies.update()
    assert ((copies.text, copies.git(copies.here, "rev-parse", "HEAD").stdout), report.lines()) == (
        before, ["the course is up to date with origin/main"])


def test_a_detached_head_is_updated_as_well(copies):
    copies.git(copies.here, "checkout", "-q", "--detach")
    copies.answer()
    copies.publish_lab()
    copies.update()
    assert (ANSWER in copies.sources(), copies.is_current) == (True, True)


def test_history_that_upstream_wrote_anew_is_followed(copies):
    copies.answer()
    copies.git(copies.up, "commit", "-q", "--amend", "-m", "Anew")
    copies.publish_lab()
    copies.update()
    assert (ANSWER in copies.sources(), "# Start over" in copies.sources(), copies.is_current) == (True, True, True)


def test_new_dependencies_are_said(copies):
    copies.publish({"requirements.lock": "a==2\n"})
    assert copies.update().lines()[-1] == "The course needs other packages now. Type: make setup"


@pytest.mark.parametrize("source", ["![](attachment:a.png)", ""], ids=["shown", "alone"])
def test_a_picture_pasted_into_a_cell_is_in_the_newer_lab_or_kept_aside(copies, source):
    notebook = nbformat.read(copies.here / LAB, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell(source, attachments={"a.png": {"image/png": "cGljdHVyZQ=="}}))
    nbformat.write(notebook, copies.here / LAB)
    copies.publish_lab()
    copies.update()
    assert any("cGljdHVyZQ==" in file.read_text() for file in [copies.here / LAB, *copies.kept()])


def test_a_line_that_was_written_twice_and_has_one_place_is_kept_aside(copies):
    notebook = nbformat.read(copies.here / LAB, as_version=4)
    cell_of(notebook, "check_dollars").source += "\nsee my note ("
    notebook.cells.append(nbformat.v4.new_markdown_cell("see my note ("))
    nbformat.write(notebook, copies.here / LAB)
    copies.publish_lab()
    copies.update()
    assert len(copies.kept()) == 1


def test_a_notebook_nested_too_deeply_to_be_read_is_kept_aside(copies):
    copies.write(copies.here, {LAB: '{"cells": ' + "[" * 50_000 + "]" * 50_000 + "}"})
    copies.publish_lab()
    copies.update()
    assert (len(copies.kept()), copies.is_current) == (1, True)


@pytest.mark.parametrize("mine, theirs, kept", [
    ("new/a.txt", "new", "new_kept_*/a.txt"), ("new", "new/a.txt", "new_kept_*")], ids=["folder", "file"])
def test_a_folder_of_ones_own_where_a_file_comes_is_kept_and_the_other_way_round(copies, mine, theirs, kept):
    copies.write(copies.here, {mine: "mine"})
    copies.publish({theirs: "theirs"})
    lines = copies.update().lines()
    assert ([file.read_text() for file in copies.here.glob(kept)], (copies.here / theirs).read_text()) == (
        ["mine"],
        "theirs",
    )
    assert "  new: what you had there is kept as " in "\n".join(lines)


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_notebook_that_git_was_told_to_overlook_is_updated_as_well(copies, flag):
    copies.answer()
    copies.git(copies.here, "update-index", flag, LAB)
    copies.publish_lab()
    copies.update()
    assert {ANSWER, "# Start over"} <= set(copies.sources()) and copies.is_current


def test_other_line_ends_alone_are_nobodys_work(copies):
    copies.write(copies.up, {".gitattributes": "* text=auto eol=lf\n"})
    copies.publish({})
    copies.update()
    (copies.here / "README.md").write_bytes(b"one\r\ntwo\r\nthree\r\n")
    copies.publish({"README.md": "newer\n"})
    copies.update()
    assert ((copies.here / "README.md").read_bytes(), copies.kept()) == (b"newer\n", [])


def test_answers_that_only_gits_index_has_are_kept_aside(copies):
    text = copies.text
    copies.answer()
    copies.git(copies.here, "add", "-A")
    copies.write(copies.here, {LAB: text})
    copies.publish_lab()
    copies.update()
    assert ["my own answer" in file.read_text() for file in copies.kept()] == [True] and copies.is_current


def test_a_branch_that_has_another_name_upstream_is_followed(copies):
    copies.answer()
    copies.git(copies.up, "branch", "-m", "main", "trunk")
    copies.publish_lab()
    assert (copies.update().source, ANSWER in copies.sources(), copies.is_current) == ("origin/trunk", True, True)


def test_without_news_a_clone_of_a_fork_is_told_of_its_other_remote(copies):
    copies.git(copies.here, "remote", "add", "course", str(copies.up))
    assert copies.update().lines()[1].endswith("git fetch course && git branch -u course/main")


def test_a_branch_without_a_commit_is_told_in_two_lines(copies):
    copies.git(copies.here, "checkout", "-q", "--orphan", "mine")
    with pytest.raises(LabsError, match="no history in common.\n.*labs update --from NEW_FOLDER"):
        copies.update()


# What git pull has left

def pull(copies, *options: str) -> None:
    done = copies.git(copies.here, *STUDENT, "pull", "-q", *options)
    assert done.returncode, "the pull was meant to fail"


@pytest.mark.parametrize("options", [["--no-rebase"], ["--rebase"]], ids=["merge", "rebase"])
def test_a_pull_that_left_conflicts_in_a_notebook_ends_well(copies, options):
    copies.answer()
    copies.commit()
    copies.publish_lab(stub="def dollars(cents, sign) -> str:\n    raise NotImplementedError()")
    pull(copies, *options)
    assert "<<<<<<<" in copies.text
    copies.update()
    assert {ANSWER, "scratch = 42", "# Start over"} <= set(copies.sources())
    assert (copies.is_current, copies.kept()) == (True, [])


@pytest.mark.parametrize("options", [["--no-rebase"], ["--rebase"]], ids=["merge", "rebase"])
def test_what_was_written_while_a_pull_was_half_done_stays(copies, options):
    copies.answer()
    copies.commit()
    copies.publish_lab(stub="def dollars(cents, sign) -> str:\n    raise NotImplementedError()")
    upstreams = (copies.up / LAB).read_text()
    pull(copies, *options)
    copies.write(copies.here, {LAB: upstreams, "new.txt": "new", "environments/labs.toml": "mine"})
    copies.answer("def dollars(cents, sign) -> str:\n    return 'resolved'", scratch="resolved = 1")
    copies.git(copies.here, "add", "-A")
    report = copies.update()
    kept = " ".join(str(copy) for _, copy in report.kept)
    assert {"resolved = 1", "# Start over"} <= set(copies.sources()) and copies.is_current
    assert [
        any(
            text in file.read_text() and ("_kept_" not in file.name or file.name in kept)
            for file in copies.here.rglob("*")
            if file.is_file() and ".git/" not in str(file)
        )
        for text in ("new", "mine", "my own answer")
    ] == [True] * 3
    assert (copies.here / "new.txt").read_text() == "new"


def test_a_line_written_between_the_marks_of_a_conflict_is_kept(copies):
    copies.write(copies.here, {"README.md": "one\nmine\nthree\n"})
    copies.commit()
    copies.publish({"README.md": "one\ntheirs\nthree\n"})
    pull(copies, "--no-rebase")
    readme = copies.here / "README.md"
    readme.write_text(readme.read_text() + "another line\n")
    copies.update()
    assert sorted("another line" in file.read_text() for file in copies.kept()) == [False, True]


def test_conflict_marks_that_were_committed_are_taken_out_again(copies):
    copies.answer()
    copies.commit()
    copies.publish_lab(stub="def dollars(cents, sign) -> str:\n    raise NotImplementedError()")
    pull(copies, "--no-rebase")
    copies.git(copies.here, *STUDENT, "commit", "-qam", "Merged, I hope")
    copies.update()
    assert {ANSWER, "scratch = 42", "# Start over"} <= set(copies.sources())


def test_a_stash_that_came_back_with_conflicts_ends_well(copies):
    copies.answer()
    copies.publish_lab(stub="def dollars(cents, sign) -> str:\n    raise NotImplementedError()")
    copies.git(copies.here, *STUDENT, "stash", "-q")
    copies.git(copies.here, "pull", "-q")
    assert copies.git(copies.here, *STUDENT, "stash", "pop").returncode
    assert "git stash pop" in copies.update().lines()[-1]
    assert {ANSWER, "scratch = 42", "# Start over"} <= set(copies.sources()) and copies.is_current


def test_a_pull_that_git_refused_is_made_by_the_update(copies):
    copies.answer()
    copies.publish_lab()
    pull(copies)
    copies.update()
    assert (ANSWER in copies.sources(), copies.is_current) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("step", range(3, 48, 4))
def test_an_update_killed_at_any_step_has_lost_nothing_and_is_finished_by_the_next(copies, monkeypatch, step):
    class Killed(BaseException):
        pass

    calls = iter(range(1, 10**6))
    real = Git.run

    def run(self, *arguments, **options):
        if next(calls) == step:
            raise Killed
        return real(self, *arguments, **options)

    copies.answer()
    copies.commit()
    copies.answer(scratch="not committed = 1")
    copies.write(copies.here, {"README.md": "mine\n"})
    copies.publish_lab(stub="def dollars(cents, sign) -> str:\n    raise NotImplementedError()")
    copies.publish({"README.md": "theirs\n"})
    with monkeypatch.context() as patch:
        patch.setattr(Git, "run", run)
        try:
            copies.update()
        except Killed:
            assert "not committed = 1" in copies.text
    copies.update()
    assert {ANSWER, "scratch = 42", "not committed = 1", "# Start over"} <= set(copies.sources())
    assert (copies.is_current, {file.read_text() for file in copies.kept()}) == (True, {"mine\n"})


# What goes wrong

def test_without_a_network_nothing_is_changed_and_said_in_two_lines(copies):
    copies.answer()
    before = copies.text
    copies.up.rename(copies.up.with_name("gone"))
    with pytest.raises(LabsError, match="^cannot fetch the newer course from origin: .*\nNothing was changed. Check"):
        copies.update()
    assert copies.text == before


@pytest.mark.parametrize(
    "said",
    [
        "error: unable to write file datasets/big.csv",
        "fatal: Unable to create '/a/.git/index.lock': No space left on device",
    ],
)
def test_a_full_disk_is_named_as_that(said):
    reason = Git(Path("/"))._reason(("reset",), said)
    assert "the disk is full" in reason and "Make room" in reason and "another git" not in reason


def test_a_lock_that_a_killed_git_left_is_named(copies):
    copies.publish_lab()
    (copies.here / ".git/index.lock").touch()
    with pytest.raises(
        LabsError, match="another git command is at work here.*\n.*index.lock; then run labs update again"
    ):
        copies.update()


def test_a_clone_without_a_remote_is_told_of_the_zip(copies):
    copies.git(copies.here, "remote", "remove", "origin")
    with pytest.raises(LabsError, match="\n.*labs update --from FILE.zip"):
        copies.update()


def test_no_clone_at_all_is_told_of_the_zip(copies, monkeypatch, folder):
    monkeypatch.setattr(updating, "COURSE", folder)
    monkeypatch.setenv("LABS_HOME", str(folder / "home"))
    said = CliRunner().invoke(main, ["update"])
    assert (said.exit_code, said.stderr.count("\n"), "labs update --from FILE.zip" in said.stderr) == (1, 2, True)


# A folder or a ZIP

@pytest.fixture
def unpacked(copies):
    """A copy without git, as out of a ZIP."""
    shutil.rmtree(copies.here / ".git")
    copies.answer()
    return copies


def test_a_zip_brings_the_newer_course_and_answers_stay(unpacked, folder):
    unpacked.publish_lab(prose="New prose")
    unpacked.publish({"README.md": "newer\n"})
    unpacked.write(unpacked.here, {"README.md": "mine\n", "mine.txt": "mine"})
    unpacked.git(unpacked.up, "archive", "--prefix=course-main/", "-o", str(folder / "course.zip"), "HEAD")
    report = update_from(folder / "course.zip", unpacked.here)
    assert {ANSWER, "scratch = 42", "# Start over", "New prose"} <= set(unpacked.sources())
    readmes = [(place / "README.md").read_text() for place in (unpacked.here, report.aside)]
    assert (readmes, report.news) == (["newer\n", "mine\n"], 2)


def test_copies_kept_in_the_other_folder_do_not_come_along(unpacked):
    unpacked.write(unpacked.up, {"labs/00_start_here/00_start_here_kept_2026-11-30.ipynb": "somebody's"})
    update_from(unpacked.up, unpacked.here)
    assert unpacked.kept() == []


def test_a_second_update_from_the_same_folder_changes_nothing(unpacked):
    unpacked.publish_lab()
    update_from(unpacked.up, unpacked.here)
    report = update_from(unpacked.up, unpacked.here)
    assert (report.news, report.lines()[0]) == (0, "the course is up to date with up")


def test_an_older_copy_with_answers_is_not_taken_for_a_newer_course(unpacked):
    with pytest.raises(LabsError, match="has answers in labs/00_start_here/00_start_here.ipynb: it is no fresh copy"):
        update_from(unpacked.here, unpacked.up)


@pytest.mark.parametrize(
    "make",
    [
        lambda file: None,
        Path.mkdir,
        lambda file: file.write_bytes(b"PK no zip"),
        lambda file: zipfile.ZipFile(file, "w").close(),
    ],
    ids=["nothing", "empty folder", "no zip", "empty zip"],
)
def test_what_is_no_course_is_refused_in_two_lines(folder, make):
    make(folder / "there")
    with pytest.raises(LabsError) as refused:
        update_from(folder / "there", folder)
    assert str(refused.value).count("\n") == 1


# One notebook

def test_the_released_lab_carried_over_is_itself_to_the_byte():
    content = lab("02").notebook.read_bytes()
    assert carried(content, "02_options", content).notebook == content


def test_a_lab_from_before_cells_were_stamped_is_told_by_what_the_release_was(copies):
    released = copies.text
    bare = json.loads(released)
    for cell in bare["cells"]:
        cell["metadata"].pop(STAMP, None)
    old = json.dumps(bare).encode()
    done = carried(old, "00_start_here", newer(released).encode(), before=old)
    assert (done.cells, json.loads(done.notebook)["cells"][0]["source"]) == (0, ["# Start over"])


def test_the_sides_of_a_conflict_are_both_there():
    text = b"a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> main\nd\n"
    assert sides(text) == [b"a\nb\nd\n", b"a\nc\nd\n"]


# As it is typed

@pytest.mark.slow
def test_labs_update_in_a_clone_of_the_course_from_another_folder(folder):
    copy = CourseCopy(folder / "copy")
    Copies.git(copy.root, "init", "-q", "-b", "main")
    Copies.git(copy.root, "add", "-A")
    Copies.git(copy.root, "commit", "-qm", "The course")
    try:
        Copies.git(folder, "clone", "-q", str(copy.root), str(folder / "clone"))
        (copy.root / LAB).write_text(newer((copy.root / LAB).read_text()))
        Copies.git(copy.root, "commit", "-qam", "Newer")
        copy.root = folder / "clone"
        notebook = copy.root / LAB
        notebook.write_text(notebook.read_text().replace("    raise NotImplementedError()", "    return 'mine'"))
        copy.root, copy.env["PYTHONPATH"] = folder, str(folder / "clone")
        said = copy.type("labs update")
    finally:
        copy.leave()
    assert said == (0, "updated from origin/main: 1 commit\n  00_start_here: 1 cell of yours carried over\n"
                       "Where JupyterLab has such a notebook open: File > Reload Notebook from Disk.\n")
    assert "return 'mine'" in notebook.read_text() and "# Start over" in notebook.read_text()
