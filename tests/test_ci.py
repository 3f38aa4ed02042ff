"""What continuous integration runs: which labs it proves, and what it says at the end."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from environments.place import COURSE

LOST = "  5 right, 9 wrong, 0 attacks: 0 false fails, 1 false passes"
# What is typed on CI's machine, as far as it matters here: each says what it was told, or ends as it was told.
STUBS = {
    "apt-get": "exit 0",
    "bwrap": "exit 0",
    "sudo": "shift; exec \"$@\"",
    "make": 'echo "make $1" >> "$DONE"; [ "$1" = setup ] || '
            '{ echo "== 7 passed in 1.00s =="; exit "${TESTS_END:-0}"; }',
}
PROVE = f'echo "prove $2" >> "$DONE"; echo "{LOST}"; exit "${{PROOF_ENDS:-0}}"'


def git(root: Path, *arguments: str) -> str:
    settings = [
        "-c", "user.name=me", "-c", "user.email=me@example.org", "-c", "init.defaultBranch=main", "-c",
        "commit.gpgsign=false",
    ]
    return subprocess.run(
        ["git", *settings, *arguments], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()


def commit(root: Path, *files: str) -> str:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.read_text() if path.exists() else ''}a line\n")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "a change")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path) -> Path:
    """A course with two labs, in git, that has no remote."""
    root = tmp_path / "course"
    root.mkdir()
    git(root, "init", "--quiet")
    shutil.copytree(COURSE / ".ci", root / ".ci")
    commit(
        root, "solutions/02_options/02_options.ipynb", "solutions/03_read_replica/03_read_replica.ipynb", "README.md"
    )
    return root


def changed(root: Path, **variables: str) -> list[str]:
    environment = {k: v for k, v in os.environ.items() if k != "CI_BASE"} | variables
    return subprocess.run(
        [".ci/changed-labs"], cwd=root, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()


@pytest.mark.parametrize(
    ("file", "labs"),
    [
        ("solutions/02_options/02_options.ipynb", ["02"]),
        ("labs/03_read_replica/03_read_replica.ipynb", ["03"]),
        ("README.md", []),
        ("autograders/checks/lab_03/__init__.py", ["03"]),
        ("autograders/checks/lab_02/answers/wrong/mistake.py", ["02"]),
        ("autograders/checks/lab_77/__init__.py", []),
        ("slides/03_read_replica.md", []),
    ],
)
def test_a_lab_is_changed_by_what_is_its_own(repository, file, labs):
    commit(repository, file)
    assert changed(repository) == labs


def test_a_submission_of_many_commits_is_compared_with_where_it_left_the_remotes_main(repository):
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    commit(repository, "autograders/checks/lab_02/__init__.py")
    commit(repository, "README.md")
    assert changed(repository) == ["02"]


def test_a_submission_is_compared_with_what_ci_was_told(repository):
    base = git(repository, "rev-parse", "HEAD")
    commit(repository, "autograders/checks/lab_02/__init__.py")
    commit(repository, "autograders/checks/lab_03/__init__.py")
    assert (changed(repository, CI_BASE=base), changed(repository, CI_BASE="0" * 40)) == (["02", "03"], ["03"])


def test_a_merge_is_compared_with_what_main_was(repository):
    git(repository, "checkout", "--quiet", "-b", "part")
    commit(repository, "autograders/checks/lab_02/__init__.py")
    commit(repository, "autograders/checks/lab_03/__init__.py")
    git(repository, "checkout", "--quiet", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--no-edit", "part")
    assert changed(repository) == ["02", "03"]


def test_without_history_every_lab_is_changed(repository):
    assert changed(repository) == ["02", "03"]


@pytest.fixture
def ci(repository, tmp_path):
    """Runs CI in a course whose lab 02 was changed; its exit status, its lines, and what it did."""
    for folder, stubs in ((tmp_path / "bin", STUBS), (repository / ".venv/bin", {"labs": PROVE})):
        folder.mkdir(parents=True)
        for name, script in stubs.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
    commit(repository, "autograders/checks/lab_02/__init__.py")

    def run(*arguments: str, **variables: str) -> tuple[int, list[str], list[str]]:
        environment = (
            os.environ
            | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "DONE": str(tmp_path / "done")}
            | variables
        )
        environment.pop("CI_BASE", None)
        done = subprocess.run(
            [".ci/run", *arguments], cwd=repository, env=environment, stdout=subprocess.PIPE, text=True
        )
        return done.returncode, done.stdout.splitlines(), (tmp_path / "done").read_text().splitlines()

    return run


def test_ci_proves_the_labs_that_changed_and_then_tests(ci):
    assert ci()[2] == ["make setup", "prove 02", "make test"]


def test_ci_ends_with_pytests_last_line_and_its_status(ci):
    status, lines, _ = ci(TESTS_END="2")
    assert (status, lines[-1]) == (2, "== 7 passed in 1.00s ==")


def test_a_proof_that_fails_fails_ci_which_shows_it_and_ends_with_pytests_last_line(ci):
    status, lines, _ = ci(PROOF_ENDS="1")
    assert (status, LOST in lines, lines[-2:]) == (
        1,
        True,
        ["ci: labs prove fails: 02 (see above)", "== 7 passed in 1.00s =="],
    )


def test_the_nightly_run_has_all_proofs_among_its_tests(ci):
    assert ci("test-all")[2] == ["make test-all"]
