"""`labs update --from`: a newer course in a folder or a ZIP, for a copy that is no clone.

Such a copy does not tell which files a person has changed, so each file that is replaced is kept in a folder of its
own.
"""

import contextlib
import os
import stat
import tempfile
import time
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import count
from pathlib import Path

from autograders.grading.model import Release
from autograders.updating.report import NOTEBOOK, PACKAGES, UpdateReport, renew
from autograders.work import KEPT, has_work
from environments.errors import LabsError
from environments.workspace import write_whole

MARKER = "environments/labs.toml"
NEVER = {".git", ".venv", ".own", ".labs", "__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".hypothesis",
         "node_modules"}
NOT_A_COURSE = "{} is not a copy of the course (it has no {}).\nName the folder, or the ZIP, of the newer course."
MAX_ZIP_BYTES = 2 * 1024**3  # bytes in a ZIP


def update_from(source: Path, course: Path) -> UpdateReport:
    """Bring a copy of the course to what a folder or a ZIP has.
    Raises LabsError in two lines, and then nothing has changed."""
    with _opened(source) as new:
        files = {path.relative_to(new).as_posix(): path for path in _files(new)}
        _check(source, new, course, files)
        report = UpdateReport(source=source.name, unit="file")
        for path, file in sorted(files.items()):
            _bring(path, file, course / path, course, report)
        return report


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """The root of the course in a folder or a ZIP."""
    with tempfile.TemporaryDirectory() as folder:
        if source.is_file():
            _unpack(source, Path(folder))
        root = Path(folder) if source.is_file() else source
        places = [root, *(sorted(place for place in root.iterdir() if place.is_dir()) if root.is_dir() else [])]
        found = next((place for place in places if (place / MARKER).is_file()), None)
        if found is None:
            raise LabsError(NOT_A_COURSE.format(source, MARKER) if source.exists() else f"{source} does not exist.\n"
                            "Name the folder, or the ZIP, of the newer course.")
        yield found


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_ZIP_BYTES:
                raise LabsError(NOT_A_COURSE.format(file, MARKER))
            for entry in packed.infolist():
                if stat.S_ISLNK(entry.external_attr >> 16):
                    continue
                made = Path(packed.extract(entry, folder))  # which leaves out .. and drives
                if made.is_file() and entry.external_attr >> 16 & 0o111:
                    made.chmod(0o755)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as e:
        raise LabsError(f"{file} cannot be unpacked: {e}\nDownload it again.") from None


def _files(root: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NEVER]
        files = (Path(place) / name for name in names if not fnmatch(name, KEPT))  # somebody's own copies
        yield from (file for file in files if file.is_file() and not file.is_symlink())


def _check(source: Path, new: Path, course: Path, files: dict[str, Path]) -> None:
    if new.resolve() == course.resolve():
        raise LabsError(f"{source} is this copy of the course itself.\n"
                        "Name the folder, or the ZIP, of the newer course.")
    for path, file in files.items():
        if NOTEBOOK.fullmatch(path):
            content = file.read_bytes()
            empty = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
            if has_work(content, Release(file.stem, empty, empty)):
                raise LabsError(f"{source} has answers in {path}: it is no fresh copy of the course.\n"
                                "Download the newer course as a ZIP, then: labs update --from FILE.zip")


def _bring(path: str, file: Path, to: Path, course: Path, report: UpdateReport) -> None:
    content = file.read_bytes()
    if to.is_file() and to.read_bytes() == content:
        return
    if to.is_file() and NOTEBOOK.fullmatch(path):
        before = to.read_bytes()
        renew(to, content, None, report)
        report.news += to.read_bytes() != before
        return
    if to.is_file():
        report.aside = report.aside or _new_folder(course)
        copy = report.aside / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        write_whole(copy, to.read_bytes(), mode=0o644)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_whole(to, content, mode=0o755 if os.access(file, os.X_OK) else 0o644)
    report.news += 1
    report.set_up = report.set_up or path in PACKAGES


def _new_folder(course: Path) -> Path:
    numbers = count(1)
    while True:
        number = next(numbers)
        folder = course / f"replaced_{time.strftime('%Y-%m-%d')}{f'_{number}' if number > 1 else ''}"
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
