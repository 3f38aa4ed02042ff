import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

import tests.practice  # noqa: F401 (makes its assignments known)
from environments.embedded import processes_in
from environments.postgres import Server

pytest.register_assert_rewrite("tests.graders")

# A shell's background job ignores Ctrl-C, and so would every process that a test starts, and then interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The files that take a minute and more, in the order in which two workers take them: attacks, which leave other
# processes little, beside those that wait longest for a slow machine; containers, which change this machine's network,
# long before the browser, which drops its connections then; no long one at the end, where it would run alone.
LONG = (
    "attacks", "containers", "proofs", "docs", "readme", "instructor", "services", "browser", "solutions", "lossless",
    "dagster_service", "checks_lab_04", "checks_lab_03", "checks_lab_02", "survivors", "idle_answers", "ingest",
    "start", "release",
)
COLLECTED = pytest.StashKey[list]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    config.stash[COLLECTED] = list(items)  # also what a marker then leaves out
    place = {f"test_{name}.py": number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))


@pytest.fixture(scope="session")
def collected(request) -> list[pytest.Item]:
    """All tests that pytest found, those included that this run leaves out."""
    return request.config.stash[COLLECTED]


@pytest.fixture(scope="session")
def reachable_tmp():
    """A folder that the server's account may enter also when we are root, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="labs-test-"))
    folder.chmod(0o755)
    yield folder
    for process in processes_in(folder):
        process.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared_templates(reachable_tmp):
    """What checks start from, such as warehouses, is made once for all files that use this fixture, and not again in
    each workspace: half a minute of a processor for Lab 5."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABS_TEMPLATES", str(reachable_tmp / "shared-templates"))
        yield


@pytest.fixture
def folder(reachable_tmp, request):
    """An empty folder for one test."""
    path = Path(tempfile.mkdtemp(dir=reachable_tmp))
    os.chmod(path, 0o755)
    yield path
    for process in processes_in(path):
        process.kill()
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def sandbox():
    """For tests that grade: skipped where this machine has no sandbox, failed there if LABS_REQUIRE_SANDBOX is set."""
    from autograders.grading.sandbox import refusal

    if why := refusal():
        (pytest.fail if os.environ.get("LABS_REQUIRE_SANDBOX") else pytest.skip)(f"no sandbox: {why}")


@pytest.fixture(scope="module")
def empty_primary(reachable_tmp):
    """A running server with an empty database, shared by the tests of one file."""
    path = Path(tempfile.mkdtemp(dir=reachable_tmp))
    os.chmod(path, 0o755)
    with Server.create(path / "primary") as server:
        yield server
