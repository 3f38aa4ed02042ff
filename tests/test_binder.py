"""binder/, .devcontainer/ and the workflow: what can be known without a Docker daemon."""
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
BINDER = ROOT / "binder"
SECONDS = 60


def text(name):
    return (ROOT / name).read_text()


def requires_python():
    return SpecifierSet(tomllib.loads(text("pyproject.toml"))["project"]["requires-python"])


def python_lines():
    """The programs that postBuild gives to `python -c`."""
    lines = [shlex.split(line, comments=True) for line in text("binder/postBuild").splitlines()]
    return [words[2] for words in lines if words[:2] == ["python", "-c"]]


def test_binder_holds_what_repo2docker_reads_and_nothing_else():
    known = {"runtime.txt", "requirements.txt", "postBuild", "start"}
    assert {path.name for path in BINDER.iterdir()} == known


def test_binder_asks_for_a_python_that_the_course_supports():
    version = re.fullmatch(r"python-(3\.\d+)\n", text("binder/runtime.txt")).group(1)
    assert version in requires_python()


def test_binder_installs_the_lock_and_only_the_lock():
    lines = [line for line in text("binder/requirements.txt").splitlines() if line[:1] != "#"]
    assert lines == ["-r ../requirements.lock"]


def test_every_requirement_of_the_lock_has_a_hash():
    entries = re.split(r"\n(?=[a-z0-9])", text("requirements.lock"), flags=re.IGNORECASE)
    assert [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_package_index():
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text("requirements.lock"))


@pytest.mark.parametrize("name", ["binder/postBuild", "binder/start", ".ci/run"])
def test_scripts_are_executable_and_parse(name):
    parsed = subprocess.run(["bash", "-n", ROOT / name], timeout=SECONDS)
    assert (os.access(ROOT / name, os.X_OK), parsed.returncode) == (True, 0)


def test_the_command_given_to_start_runs_with_usage_reports_off():
    shown = subprocess.run([BINDER / "start", "printenv", "DO_NOT_TRACK"],
                           capture_output=True, text=True, timeout=SECONDS)
    assert shown.stdout == "1\n"


def test_post_build_downloads_nothing_for_the_course_itself():
    pip = next(line for line in text("binder/postBuild").splitlines() if " pip install " in line)
    assert {"--no-index", "--no-deps", "--no-build-isolation"} < set(pip.split())


@pytest.mark.slow
@pytest.mark.parametrize("program", python_lines())
def test_what_post_build_prepares_runs(program, folder):
    env = {**os.environ, "LABS_HOME": str(folder)}
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=env, timeout=SECONDS,
                           capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def dockerfile():
    """What repo2docker would build from here; it needs no Docker for saying so."""
    if importlib.util.find_spec("repo2docker") is None:
        pytest.skip("jupyter-repo2docker is not installed (pip install jupyter-repo2docker)")
    shown = subprocess.run([sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
                           cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
    assert shown.returncode == 0, shown.stderr[-2000:]
    return shown.stdout + shown.stderr


@pytest.mark.slow
def test_repo2docker_picks_the_python_of_runtime_txt(dockerfile):
    version = text("binder/runtime.txt").strip().removeprefix("python-")
    assert f"Building conda environment for python={version}" in dockerfile


def test_repo2docker_installs_the_lock_once_the_whole_course_is_there(dockerfile):
    copied = dockerfile.index("src/ ${REPO_DIR}/\n")
    assert dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"') > copied


def test_repo2docker_runs_post_build_and_start(dockerfile):
    assert "RUN ./binder/postBuild" in dockerfile
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile


# --- the other places -------------------------------------------------------------------------

def test_the_codespace_is_set_up_like_a_laptop():
    container = json.loads(text(".devcontainer/devcontainer.json"))
    version = re.search(r"python:(3\.\d+)", container["image"]).group(1)
    assert (container["postCreateCommand"], version in requires_python()) == ("make setup", True)


def test_the_workflow_runs_make_test_on_every_system():
    jobs = yaml.safe_load(text(".github/workflows/test.yml"))["jobs"]
    steps = {name: [step.get("run", "") for step in job["steps"]] for name, job in jobs.items()}
    assert [name for name, runs in steps.items()
            if not re.search(r"make .*test|\.ci/run", " ".join(runs))] == []


def test_the_workflow_runs_once_for_a_pull_request():
    on = yaml.safe_load(text(".github/workflows/test.yml"))[True]  # YAML 1.1 reads `on` as a truth value
    assert (on["push"], "pull_request" in on) == ({"branches": ["main"]}, True)


def test_the_workflow_tries_both_ends_of_the_supported_pythons():
    jobs = yaml.safe_load(text(".github/workflows/test.yml"))["jobs"]
    supported = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in requires_python()]
    assert jobs["laptop"]["strategy"]["matrix"]["python"] == [supported[0], supported[-1]]
