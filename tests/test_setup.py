"""`make setup`: quick where there is nothing to do, repairable, and clear about what it lacks.

Most tests replace the installers: one shell script plays Python, pip and uv, and notes what
it was asked. The slow one at the end does it for real, from a clone.
"""
import ast
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from environments import bootstrap

ROOT = Path(__file__).parent.parent
SECONDS = 60  # no command of the quick tests comes near it
pytestmark = pytest.mark.timeout(SECONDS)

# Says it is Python 3.12.1; copies itself as .venv's python and uv. `sync` fails with what the
# file `fails` holds, and blocks for as long as someone keeps the pipe `gate` open.
FAKE_PYTHON = """#!/bin/sh
here={here}
case "$*" in
-I*) exec {real} "$@" ;;
"-m venv "*)
    echo venv >> "$here/calls"
    mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$0" "$3/bin/uv"
    echo "version = 3.12.1" > "$3/pyvenv.cfg" ;;
-c*) printf "{says} %s" "$0" ;;
"pip sync "*)
    echo sync >> "$here/calls"
    [ -p "$here/gate" ] && cat "$here/gate" > /dev/null
    [ -f "$here/fails" ] && cat "$here/fails" >&2 && exit 1 ;;
esac
exit 0
"""

Ended = namedtuple("Ended", "status out err")


class Course:
    """A folder that looks like the course, with a fake Python beside it."""

    def __init__(self, folder):
        self.root = folder / "course"
        self.python = folder / "python3.12"
        (self.root / "environments").mkdir(parents=True)
        for name in ("environments/bootstrap.py", "Makefile", "pyproject.toml"):
            shutil.copy(ROOT / name, self.root / name)
        (self.root / "requirements.lock").write_text("numpy==2.0\n")
        self.fake_python()

    def fake_python(self, says="3 12 1 1"):
        """`says`: the version, and whether there is a venv module."""
        text = FAKE_PYTHON.format(here=f"'{self.python.parent}'", real=sys.executable, says=says)
        self.python.write_text(text)
        self.python.chmod(0o755)

    def calls(self):
        notes = self.python.parent / "calls"
        return notes.read_text().split() if notes.exists() else []

    def command(self):
        return [sys.executable, "-I", str(self.root / "environments/bootstrap.py")]

    def env(self, **more):
        return {**clean_env(), "PYTHON": str(self.python), **more}

    def start(self):
        return subprocess.Popen(self.command(), env=self.env(), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def setup(self, **env):
        return run(self.command(), env=self.env(**env))

    def here(self):
        """Set up within this process, where a test can replace a function."""
        return bootstrap.main(str(self.root), str(self.python))


def clean_env():
    """This environment without what an outer `make test` put there."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "VIRTUAL_ENV")}


def run(command, within=SECONDS, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=within, **options)
    return Ended(done.returncode, done.stdout, done.stderr)


def one_line(ended, *words):
    """The whole of stderr is one line holding these words, and the status is 1."""
    assert ended.status == 1, ended
    assert ended.err.count("\n") == 1, ended
    assert [word for word in words if word not in ended.err] == [], ended
    return True


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


# --- which Python ---------------------------------------------------------------------------

def test_bootstrap_is_read_by_a_python_of_2016():
    source = (ROOT / "environments/bootstrap.py").read_text()
    assert ast.parse(source, feature_version=(3, 6))


def test_bootstrap_supports_the_pythons_that_pyproject_names():
    required = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    named = [(3, minor) for minor in range(30) if f"3.{minor}" in SpecifierSet(required)]
    assert sorted(bootstrap.SUPPORTED) == named


def test_an_old_python_is_told_which_one_is_needed(course):
    course.fake_python("3 9 18 1")
    assert one_line(course.setup(), "needs Python 3.11, 3.12 or 3.13", "Python 3.9.18")


def test_a_python_that_does_not_run_is_named(course):
    assert one_line(course.setup(PYTHON="/no/such/python"), "PYTHON=/no/such/python")


def test_a_python_without_venv_is_told_the_package_to_install(course):
    course.fake_python("3 12 1 0")
    assert one_line(course.setup(), "sudo apt install python3.12-venv")


def test_a_wrong_python_leaves_the_folder_as_it_was(course):
    course.fake_python("3 14 0 1")
    course.setup()
    assert not (course.root / ".venv").exists()


def test_a_supported_python_further_along_the_path_is_found(course, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    monkeypatch.setenv("PATH", f"{course.python.parent}:/usr/bin:/bin")
    monkeypatch.setattr(bootstrap, "SUPPORTED", [(3, 12)])
    assert bootstrap.find_python(None).path == str(course.python)


def test_make_without_any_python_says_what_to_install(course, tmp_path):
    make = shutil.which("make")
    ended = run([make, "setup"], cwd=course.root, env={"PATH": str(tmp_path / "nothing")})
    assert ended.err.startswith("setup: no Python here: install Python 3.11")


# --- doing it once, and again -----------------------------------------------------------------

def test_the_first_run_makes_an_environment_and_syncs_the_lock(course):
    assert course.setup().status == 0
    assert course.calls() == ["venv", "sync"]


def test_a_second_run_does_nothing_and_says_nothing(course):
    course.setup()
    assert course.setup() == Ended(0, "", "")
    assert course.calls() == ["venv", "sync"]


def test_a_changed_lock_is_synced_into_the_same_environment(course):
    course.setup()
    (course.root / "requirements.lock").write_text("numpy==2.1\n")
    course.setup()
    assert course.calls() == ["venv", "sync", "sync"]


def test_a_moved_course_makes_its_environment_anew(course):
    course.setup()
    course.root = course.root.rename(course.root.with_name("elsewhere"))
    course.setup()
    assert course.calls() == ["venv", "sync", "venv", "sync"]


def test_asking_for_another_python_makes_the_environment_anew(course):
    course.setup()
    course.fake_python("3 12 7 1")
    course.setup()
    assert course.calls() == ["venv", "sync", "venv", "sync"]


def test_make_setup_works_in_a_folder_with_spaces_and_accents(tmp_path):
    course = Course(tmp_path / "żółta łódź")
    ended = run(["make", "setup"], cwd=course.root, env=course.env())
    assert (ended.status, ended.err) == (0, "")


# --- cut short, and two at once ---------------------------------------------------------------

def gate(course):
    """A pipe on which the fake uv waits until the test has opened and closed it."""
    path = course.python.parent / "gate"
    os.mkfifo(path)
    return path


def test_an_environment_killed_half_made_is_made_anew(course):
    pipe = gate(course)
    first = course.start()
    with open(pipe, "w"):  # opens once the fake uv reads
        first.kill()
        first.communicate(timeout=SECONDS)
    pipe.unlink()
    assert course.setup().status == 0
    assert course.calls() == ["venv", "sync", "venv", "sync"]


def test_two_at_once_share_one_environment(course):
    pipe = gate(course)
    first = course.start()
    with open(pipe, "w"):
        second = course.start()
        told = second.stdout.readline()
    ends = [one.wait(SECONDS) for one in (first, second)]
    for one in (first, second):
        one.communicate(timeout=SECONDS)
    assert (told, ends) == ("setup: another make setup is at work here; waiting for it\n", [0, 0])
    assert course.calls() == ["venv", "sync"]


def test_waiting_for_another_setup_has_an_end(course):
    root = str(course.root)
    with bootstrap.alone(root):
        with pytest.raises(bootstrap.SetupError, match="another make setup has been at work"):
            with bootstrap.alone(root, within=0):
                pass


def test_a_stopped_setup_says_how_to_go_on(course):
    pipe = gate(course)
    first = course.start()
    with open(pipe, "w"):
        first.send_signal(signal.SIGTERM)
        _, err = first.communicate(timeout=SECONDS)
    assert err == "setup: stopped; run make setup again to finish it\n"


# --- what a machine may lack ------------------------------------------------------------------

def nobody_can_run():
    """A Python that an unprivileged user may start, and that user; None where there is none."""
    for path in ("/usr/bin/python3", sys.executable):
        probe = {"user": "nobody", "capture_output": True, "timeout": SECONDS}
        try:
            if subprocess.run([path, "-c", ""], **probe).returncode == 0:
                return path
        except (OSError, LookupError):
            continue
    return None


def set_up_in_read_only_folder(folder):
    """As nobody when root, because root may write anywhere."""
    course = Course(folder)
    folder.chmod(0o755)
    for path in [course.root, *course.root.rglob("*")]:
        path.chmod(0o555)
    if os.geteuid() != 0:
        return course.setup()
    python = nobody_can_run()
    if python is None:
        pytest.skip("root here, and the user nobody cannot run a Python to try it with")
    return run([python, *course.command()[1:]], env=course.env(), user="nobody")


def test_a_folder_without_write_access_is_named():
    with tempfile.TemporaryDirectory() as folder:
        ended = set_up_in_read_only_folder(Path(folder))
        (Path(folder) / "course").chmod(0o755)
        assert one_line(ended, "no permission to write in", folder)


def test_a_full_disk_is_told_how_much_is_needed(course, monkeypatch, capfd):
    usage = shutil.disk_usage(course.root)._replace(free=300_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    status = course.here()
    assert one_line(Ended(status, *capfd.readouterr()), "needs 1.8 GB and 0.3 GB is free")


def test_a_full_disk_leaves_no_installer_run(course, monkeypatch):
    usage = shutil.disk_usage(course.root)._replace(free=300_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    course.here()
    assert course.calls() == []


# What pip and uv really printed when each of these was provoked.
SAID = {
    "disk is full": "Failed to write .tmpWhwaBF: No space left on device (os error 28)",
    "index cannot be reached": "cause: dns error\n cause: error resolving DNS",
    "check the network connection": "after connection broken by 'NewConnectionError(...)'",
    "certificate is not trusted": "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
    "requirements.lock names": "error: Hash mismatch for `numpy==2.0`",
    "no permission": "failed to create directory `/x/.cache/uv`: Permission denied (os error 13)",
    "end of the log": "a message nobody has seen before",
}


@pytest.mark.parametrize("answer", SAID)
def test_what_an_installer_says_becomes_one_line(course, answer):
    (course.python.parent / "fails").write_text(SAID[answer] + "\n")
    assert one_line(course.setup(), answer, "make setup again (log: .venv/setup.log)")


def test_what_an_installer_said_is_in_the_log(course):
    (course.python.parent / "fails").write_text("all of its noise\n")
    course.setup()
    assert "all of its noise" in (course.root / ".venv/setup.log").read_text()


def test_a_failed_setup_succeeds_once_the_cause_is_gone(course):
    fails = course.python.parent / "fails"
    fails.write_text("dns error\n")
    course.setup()
    fails.unlink()
    assert course.setup().status == 0


def test_a_file_in_the_place_of_the_environment_is_named(course):
    (course.root / ".venv").write_text("")
    assert one_line(course.setup(), ".venv is not a folder: remove it")


def test_a_missing_lock_is_named(course):
    (course.root / "requirements.lock").unlink()
    assert one_line(course.setup(), "git checkout requirements.lock")


def test_windows_is_sent_to_wsl(course, monkeypatch, capfd):
    monkeypatch.setattr(bootstrap, "fcntl", None)
    status = course.here()
    assert one_line(Ended(status, *capfd.readouterr()), "wsl --install")


# --- for real ---------------------------------------------------------------------------------

@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_clone_in_an_awkward_folder_with_an_empty_home_sets_up_and_runs(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is nothing to clone")
    clone, home = tmp_path / "zażółć gęślą" / "my course", tmp_path / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True, timeout=SECONDS)
    env = {**clean_env(), "HOME": str(home)}
    first = run(["make", "setup"], cwd=clone, env=env, within=800)
    assert first.status == 0, first
    assert run(["make", "setup"], cwd=clone, env=env) == Ended(0, "", "")
    shown = run([".venv/bin/labs", "--help"], cwd=clone, env=env)
    assert (shown.status, "Usage: labs" in shown.out) == (0, True), shown
