"""`make setup`: quick where there is nothing to do, repairable, and clear about what it lacks.

Most tests replace the installers: one shell script plays Python, pip and uv, and notes what
it was asked. The slow one at the end does it for real, from a clone.
"""
import ast
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import namedtuple
from pathlib import Path

import nbformat
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
"pip install "*)
    cp "$0" "$(dirname "$0")/labs"
    [ -f "$here/labs" ] && cp "$here/labs" "$(dirname "$0")/labs" ;;
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

    def breaks(self, command):
        """What the labs command does that an installer will put in place."""
        (self.python.parent / "labs").write_text(f"#!/bin/sh\n{command}\n")
        (self.python.parent / "labs").chmod(0o755)

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
    ends = [setup.wait(SECONDS) for setup in (first, second)]
    for setup in (first, second):
        setup.communicate(timeout=SECONDS)
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


# --- a person's own settings --------------------------------------------------------------------

AWKWARD = "Tom's Kurs (ü) [x] 100% {a}+ $b"


def pip_settings(root, home, monkeypatch, text):
    """What the installers are told where pip's own file holds this text."""
    (home / "pip.conf").write_text(text)
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(home / "pip.conf"))
    monkeypatch.setenv("HOME", str(home))
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (root / ".venv/bin/python").chmod(0o755)
    return bootstrap.pip_env(str(root))


@pytest.mark.slow
@pytest.mark.parametrize("section", ["install", "global"])
def test_pips_own_settings_of_where_to_install_do_not_count(tmp_path, monkeypatch, section):
    own = {"user": "true", "target": "/elsewhere", "prefix": "/elsewhere", "root": "/elsewhere", "quiet": "2",
           "require-virtualenv": "true", "constraint": "/no/such/file", "no-binary": ":all:"}
    text = "[global]\nproxy = http://p.example\n" + f"[{section}]\n" * (section == "install")
    text += "".join(f"{name} = {value}\n" for name, value in own.items())
    env = pip_settings(tmp_path, tmp_path, monkeypatch, text)
    misled = {bootstrap.pip_variable(name) for name in own} & set(env)
    assert (misled, env.get("PIP_PROXY")) == (set(), "http://p.example")


@pytest.mark.slow
def test_pips_own_settings_of_where_to_download_count_for_pip_and_uv(tmp_path, monkeypatch):
    text = "[global]\nindex-url = https://a.example\ncert = /a.pem\n[install]\nindex-url = https://b.example\n" \
           "find-links =\n    /one\n    /two\n"
    env = bootstrap.uv_env(pip_settings(tmp_path, tmp_path, monkeypatch, text))
    assert [env.get(name) for name in ("PIP_INDEX_URL", "PIP_FIND_LINKS", "UV_DEFAULT_INDEX", "SSL_CERT_FILE")] == [
        "https://b.example", "/one /two", "https://b.example", "/a.pem"]


@pytest.mark.parametrize("name", ["PIP_USER", "PIP_CONSTRAINT", "UV_TARGET", "UV_SYSTEM_PYTHON", "UV_REQUIRE_HASHES",
                                  "UV_CONFIG_FILE", "PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "VIRTUAL_ENV"])
def test_an_installer_does_not_see_a_variable_that_leads_it_elsewhere(monkeypatch, name):
    monkeypatch.setenv(name, "elsewhere")
    assert name not in bootstrap.child_env()


@pytest.fixture
def script(tmp_path):
    """A console script as an installer writes it, made robust, in a folder with every sign a shell minds."""
    bin = tmp_path / AWKWARD / ".venv/bin"
    bin.mkdir(parents=True)
    (bin / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (bin / "labs").write_text(f"#!{bin}/python\nimport os, sys\n"
                              "print('ran', sys.argv[1:], sys.flags.optimize, sys.dont_write_bytecode,\n"
                              "      os.environ.get('PYTHONSTARTUP'))\n")
    for file in bin.iterdir():
        file.chmod(0o755)
    bootstrap.make_robust(str(tmp_path / AWKWARD))
    return bin / "labs"


def test_a_command_runs_whatever_python_was_told_by_the_environment(script):
    misled = {**clean_env(), "PYTHONHOME": "/nowhere", "PYTHONPLATLIBDIR": "nolib", "PYTHONOPTIMIZE": "2",
              "PYTHONSTARTUP": "/nowhere", "PYTHONWARNINGS": "error", "PYTHONDONTWRITEBYTECODE": "1",
              "LC_ALL": "C"}
    assert run([script, "a b"], env=misled).out == "ran ['a b'] 0 False None\n"


def test_a_command_made_robust_twice_still_runs(script):
    bootstrap.make_robust(str(script.parents[2]))
    assert run([script]).out == "ran [] 0 False None\n"


@pytest.fixture
def path_file(tmp_path):
    """The path file of an editable install in a folder with letters beyond ASCII, made robust; its folder."""
    root = tmp_path / "Mein Kurs (ü)"
    site = root / ".venv/lib/python3.11/site-packages"
    site.mkdir(parents=True)
    (site / "_editable_impl_stack_from_zero.pth").write_text(f"{root}\n{root}\n{root}", encoding="utf-8")
    (site / "other.pth").write_text("import sys\n")
    bootstrap.make_robust(str(root))
    return site


def paths_of(site, *named):
    """sys.path of a Python that has this folder of packages, where PYTHONPATH names others."""
    program = "import site, sys; site.addsitedir(sys.argv[1]); print(*sys.path, sep='\\n')"
    env = {**clean_env(), "PYTHONPATH": os.pathsep.join(map(str, named)), "LC_ALL": "C"}
    ended = run([sys.executable, "-S", "-c", program, site], env=env)  # -S: without its own such file
    assert ended.err == ""
    return ended.out.splitlines()


def test_the_course_is_found_in_a_locale_that_cannot_spell_its_path(path_file):
    paths = paths_of(path_file)
    assert paths.index(str(path_file.parents[3])) + 1 == paths.index(str(path_file))


def test_what_pythonpath_names_comes_after_the_course_and_its_packages(path_file, tmp_path):
    assert paths_of(path_file, tmp_path / "foreign")[-2:] == [str(path_file), str(tmp_path / "foreign")]


def test_the_folder_that_an_empty_item_of_pythonpath_means_comes_last(path_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert paths_of(path_file, "", tmp_path / "foreign")[-2:] == [str(tmp_path), str(tmp_path / "foreign")]


def test_another_copy_of_the_course_that_pythonpath_names_comes_first(path_file):
    assert paths_of(path_file, ROOT)[1] == str(ROOT)


def test_what_was_installed_is_tried_and_one_that_does_not_run_is_one_line(course):
    course.breaks("echo 'No module named datasets.shape' >&2; exit 1")
    assert one_line(course.setup(), "does not run here: No module named datasets.shape (log: .venv/setup.log)")


def test_an_environment_that_did_not_run_is_not_taken_for_ready(course):
    course.breaks("exit 1")
    course.setup()
    course.breaks("exit 0")
    assert (course.setup().status, course.calls()) == (0, ["venv", "sync", "venv", "sync"])


# --- how far it is ------------------------------------------------------------------------------

def test_without_a_terminal_each_step_is_a_line(course):
    said = course.setup().out.splitlines()
    assert [line.split(":")[1].strip() for line in said if " of 4" in line] == [f"{n} of 4" for n in (1, 2, 3, 4)]


def test_on_a_terminal_a_long_step_moves(course):
    pipe, (ours, theirs) = gate(course), pty.openpty()
    setup = subprocess.Popen(course.command(), env=course.env(TERM="xterm"), stdout=theirs, stderr=theirs)
    os.close(theirs)
    with open(pipe, "w"), open(ours, "rb", buffering=0) as terminal:
        shown = b""
        while not re.search(rb"3 of 4.*\r\x1b\[Ksetup:   \d+ s", shown, re.DOTALL):  # the test's own timeout ends it
            shown += terminal.read(1000)
        setup.kill()
        setup.wait(SECONDS)


def test_without_a_terminal_a_long_step_is_told_now_and_then(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "NEWS_EVERY", 0)
    waiting = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True)
    bootstrap.watch(waiting, lambda: waiting.stdin.close() or ", 3 of 5 packages in place")
    assert "setup:   0 s, 3 of 5 packages in place\n" in capsys.readouterr().out


@pytest.mark.parametrize("log, told", [
    ("Looking in indexes\n", ""),
    ("x\nResolved 265 packages in 7ms\n", ", fetching what is missing of 265 packages"),
    ("x\nResolved 265 packages in 7ms\nDownloading pyarrow (45.1MiB)\nDownloading numpy (16.0MiB)\n Downloaded numpy\n",
     ", fetching what is missing of 265 packages: pyarrow (45.1MiB)"),
    ("x\nResolved 265 packages in 7ms\nPrepared 9 packages in 4s\n", ", 2 of 265 packages in place"),
    ("x\nResolved 265 packages in 7ms\nPrepared 9 packages in 4s\nInstalled 9 packages in 4s\n", "")])
def test_progress_is_what_the_installers_log_and_the_folder_tell(tmp_path, log, told):
    for name in ("a-1.dist-info", "b-1.dist-info", "a"):
        (tmp_path / ".venv/lib/python3.12/site-packages" / name).mkdir(parents=True)
    (tmp_path / ".venv/setup.log").write_text(log)
    assert bootstrap.doing(str(tmp_path), 0) == told


# --- for real ---------------------------------------------------------------------------------

FOREIGN = "raise SystemExit('a stranger of this name was imported')\n"


def for_real(test):
    """Whichever of these tests is the first installs all packages."""
    return pytest.mark.slow(pytest.mark.timeout(900)(test))


class Clone:
    """A clone of the course in a folder that nobody else may enter, and a person with settings of every kind."""

    def __init__(self, folder):
        self.root = folder / "Mein Kurs (ü) [x]" / "stack from zero"
        self.home, self.foreign = folder / "home", folder / "foreign"
        for place in (self.home / ".config/pip", self.foreign):
            place.mkdir(parents=True)
        folder.chmod(0o700)
        (self.home / ".config/pip/pip.conf").write_text("[install]\nuser = true\n[global]\nrequire-virtualenv = true\n")
        for name in ("datasets", "environments", "autograders", "click"):
            (self.foreign / f"{name}.py").write_text(FOREIGN)
        (self.home / "startup.py").write_text(FOREIGN)
        inherited = {name: value for name, value in clean_env().items() if not name.startswith("LABS_")}
        self.env = {**inherited, "HOME": str(self.home)}
        self.misled = {**self.env, "PYTHONPATH": str(self.foreign), "PYTHONSTARTUP": str(self.home / "startup.py")}

    def type(self, *command, within=300, **env):
        return run(command, cwd=self.root, env={**self.misled, **env}, within=within)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is nothing to clone")
    clone = Clone(tmp_path_factory.mktemp("clone"))
    windows = ["git", "clone", "--quiet", "-c", "core.autocrlf=true"]
    subprocess.run([*windows, ROOT, clone.root], check=True, timeout=SECONDS)
    clone.first = clone.type("make", "setup", within=800)
    yield clone
    clone.type(".venv/bin/labs", "reset", "--yes")
    program = "from environments.embedded import programs; print(programs())"
    used = Path(clone.type(".venv/bin/python", "-c", program).out.strip())
    if clone.root not in used.parents:  # as root: the copy for the servers' account
        shutil.rmtree(used.parents[2])
        used.parents[2].with_name(f"{used.parents[2].name}.lock").unlink(missing_ok=True)


@for_real
def test_a_clone_in_an_awkward_folder_sets_up_and_a_second_time_does_nothing(clone):
    assert (clone.first.status, clone.type("make", "setup")) == (0, Ended(0, "", "")), clone.first


@for_real
@pytest.mark.parametrize(
    "locale", ["C", *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("POSIX", "C.UTF-8", "xx_YY.UTF-8"))]
)
def test_a_clone_in_an_awkward_folder_runs_in_any_locale(clone, locale):
    ended = clone.type(".venv/bin/labs", "list", LC_ALL=locale)
    assert (ended.status, "03_read_replica" in ended.out) == (0, True), ended


@for_real
def test_a_clone_whose_git_turns_line_ends_is_unchanged(clone):
    checked = clone.type(".venv/bin/labs", "release", "--check")
    assert (clone.type("git", "status", "--short").out, checked.status) == ("", 0), checked


@for_real
def test_a_clone_in_a_private_folder_starts_its_services_among_strangers_of_their_names(clone):
    """As root, PostgreSQL runs under another account, which may not enter the clone."""
    ended = clone.type(".venv/bin/labs", "up", "03", "saas", LC_ALL="C")
    states = {line.split()[0]: line.split()[1] for line in clone.type(".venv/bin/labs", "status").out.splitlines()}
    assert (ended.status, states["primary"], states["stripe"]) == (0, "running", "running"), ended


@for_real
def test_a_kernel_of_a_clone_finds_the_course_among_strangers_of_its_names(clone):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import datasets; print(datasets.__file__)")])
    nbformat.write(notebook, clone.root / "scratch.ipynb")
    ended = clone.type(".venv/bin/jupyter", "nbconvert", "--to", "markdown", "--execute", "--stdout", "scratch.ipynb")
    (clone.root / "scratch.ipynb").unlink()
    assert str(clone.root / "datasets/__init__.py") in ended.out, ended
