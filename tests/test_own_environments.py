"""Environments of their own: made on first use from a lock, once, and again where something came between."""

import hashlib
import re
import shutil
import subprocess
import threading
import zipfile
from collections import namedtuple

import pytest

from environments import own
from environments.errors import LabsError
from environments.own import LOCKS, OwnEnvironment

TOOLS = sorted(LOCKS.glob("*.in"))
CLI = "[console_scripts]\nspoon = spoon:main\n"


def wheel(folder, version: str) -> str:
    """A tiny package with a command, in a folder that uv looks in; its line for a lock."""
    file, info = folder / f"spoon-{version}-py3-none-any.whl", f"spoon-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("spoon.py", f"def main():\n    print('spoon {version}')\n")
        packed.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: spoon\nVersion: {version}\n")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{info}/entry_points.txt", CLI)
        packed.writestr(f"{info}/RECORD", "")
    return f"spoon=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


@pytest.fixture
def tool(folder, monkeypatch):
    """Not made yet; what it installs lies in a folder, and nothing else can be reached."""
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_OFFLINE", "1")
    lock = folder / "spoon.lock"
    lock.write_text(wheel(folder, "1.0"))
    return OwnEnvironment("spoon", folder / "Żółć i spółka", lock)


def said(tool) -> str:
    return subprocess.run([tool.program("spoon")], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@pytest.mark.slow
def test_it_is_made_once_and_again_when_its_lock_changes(tool, folder):
    lines = []
    first = [tool.make(lines.append), tool.make(lines.append), said(tool)]
    tool.lock.write_text(wheel(folder, "2.0"))
    assert (first, tool.ready(), tool.make(), said(tool), re.sub(r"\d+ s", "N s", "|".join(lines))) == (
        [True, False, "spoon 1.0"], False, True, "spoon 2.0",
        "spoon: making its own environment, once: 1 packages, 100 MB on disk; a minute or two on a fast line|"
        "spoon: its environment is ready after N s")


@pytest.mark.slow
def test_what_was_cut_short_is_made_again(tool):
    tool.make()
    (tool.folder / "ready").unlink()
    module = next(tool.folder.glob("lib/python*/site-packages/spoon.py"))
    module.unlink()  # it is a link to the installer's cache
    module.write_text("half a f")
    with pytest.raises(LabsError, match="not made yet.\nType in a terminal: labs up spoon"):
        tool.program("spoon")
    assert (tool.make(), said(tool)) == (True, "spoon 1.0")


@pytest.mark.slow
def test_what_cannot_be_downloaded_is_told_with_what_to_do_and_works_later(tool, folder):
    away = shutil.move(folder / "spoon-1.0-py3-none-any.whl", folder / "away")
    with pytest.raises(LabsError, match="^spoon could not be installed: .*\nIts log is .*then run this again"):
        tool.make()
    shutil.move(away, folder / "spoon-1.0-py3-none-any.whl")
    assert tool.make()


@pytest.mark.slow
def test_a_file_that_is_not_the_one_in_the_lock_is_refused(tool, folder):
    wheel(folder, "1.0")
    tool.lock.write_text("spoon==1.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(LabsError, match="could not be installed"):
        tool.make()


@pytest.mark.slow
def test_of_two_who_make_it_one_waits(tool):
    made = []
    makers = [threading.Thread(target=lambda: made.append(tool.make())) for _ in range(2)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert sorted(made) == [False, True]


@pytest.mark.slow
def test_a_file_that_goes_with_it_is_made_once_and_never_half(tool):
    tool.make()

    def fails(file):
        file.write_text("half")
        raise LabsError("no luck")

    with pytest.raises(LabsError, match="no luck"):
        tool.keep("note", fails)
    kept = [tool.keep("note", lambda file: file.write_text("whole")).read_text(),
            tool.keep("note", lambda file: file.write_text("another")).read_text()]
    assert kept == ["whole", "whole"]


def test_a_disk_that_is_too_full_is_told_before_anything_is_written(tool, monkeypatch):
    Usage = namedtuple("Usage", "free")
    monkeypatch.setattr(own.shutil, "disk_usage", lambda place: Usage(1e6))
    with pytest.raises(LabsError, match="the disk is too full: spoon needs 0.1 GB, and 0.0 GB is free.\nMake room"):
        tool.make()
    assert not tool.folder.exists()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda file: file.stem)
def test_each_lock_has_what_is_wanted_with_hashes_and_no_address(tool):
    wanted = re.findall(r"^([\w.-]+)[=<>]", tool.read_text(), re.MULTILINE)
    lock = tool.with_suffix(".lock").read_text()
    packages = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE))
    assert (
        [name for name in wanted if f"\n{name}==" not in lock],
        [package.split()[0] for package in packages if package.strip() and "--hash=sha256:" not in package],
        re.findall("https?://|--index", lock),
    ) == ([], [], [])
