"""Files that were handed in, in folders and in archives; listed by name, read when they are asked for."""

import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from autograders.grading.repair import Notes, too_large
from autograders.grading.submissions.names import NOTEBOOK
from environments.errors import LabsError

MB = 2**20
MOST_ARCHIVE = 200 * MB  # of an archive within another one
DEEPEST = 20  # folders
IGNORED = re.compile(r"^(\.ipynb_checkpoints|__MACOSX|__pycache__|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|.*\.pyc)$")
LINKS = "links are never followed; left out"
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, KeyError, ValueError)


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be read, `path` as its holder knows it."""

    holder: "Folder | Archive"
    path: str
    size: int

    def read(self, most: int) -> bytes:
        """Its bytes. Raises LabsError where there are more than `most`, or they cannot be read."""
        content = self.holder.read(self.path, most + 1)
        if len(content) > most:
            raise too_large(max(self.size, len(content)))
        return content


class Folder:
    """Regular files below a folder. No link is followed, wherever it leads."""

    def __init__(self, root: Path):
        self.root = root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        pass

    def files(self, notes: Notes) -> Iterator[File]:
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                entries = sorted(os.scandir(self.root / folder), key=lambda entry: entry.name)
            except OSError:
                notes.say("folders that cannot be read were left out", _shown(folder))
                continue
            for entry in entries:
                yield from self._file(entry, f"{folder}{entry.name}", folders, notes)

    def _file(self, entry: os.DirEntry, path: str, folders: list[str], notes: Notes) -> Iterator[File]:
        if IGNORED.match(entry.name):
            return
        if entry.is_symlink():
            notes.say(LINKS, _shown(path))
        elif entry.is_dir(follow_symlinks=False):
            if path.count("/") < DEEPEST:
                folders.append(f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            yield File(self, path, entry.stat(follow_symlinks=False).st_size)

    def read(self, path: str, most: int) -> bytes:
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError("it is no file any more")
                return file.read(most)
        except OSError as e:
            raise LabsError(f"{_shown(path)} cannot be read ({e.strerror or e}). Look at it, then grade again.") from None

    def __str__(self) -> str:
        return str(self.root)


class Archive:
    """Files of a zip archive. One that is a file of another holder is open only while its submission is read."""

    def __init__(self, origin: Path | File):
        self.origin = origin
        self._kept: zipfile.ZipFile | None = None
        if isinstance(origin, Path):
            self._kept = self._opened()

    def __enter__(self) -> Self:
        self._kept = self._kept or self._opened()
        return self

    def __exit__(self, *_) -> None:
        if isinstance(self.origin, File):
            self._kept = None

    def files(self, notes: Notes) -> Iterator[File]:
        for info in (self._kept or self._opened()).infolist():
            name = info.filename.replace("\\", "/")
            if info.is_dir() or any(IGNORED.match(part) for part in name.split("/")):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                notes.say(LINKS, _shown(f"{self}/{name}"))
            elif name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
                notes.say("names that lead out of their archive were left out", _shown(f"{self}/{name}"))
            else:
                yield File(self, info.filename, info.file_size)

    def read(self, path: str, most: int) -> bytes:
        try:
            with (self._kept or self._opened()).open(path) as file:
                return file.read(most)
        except BROKEN as e:
            raise LabsError(f"{_shown(path)} in {self} cannot be unpacked ({_first_line(e)}). Have it handed in again.") from None

    def _opened(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.origin if isinstance(self.origin, Path) else io.BytesIO(self.origin.read(MOST_ARCHIVE)))
        except BROKEN as e:
            raise LabsError(f"{self} cannot be read as a zip archive ({_first_line(e)}). Download it again.") from None

    def __str__(self) -> str:
        return _shown(str(self.origin if isinstance(self.origin, Path) else self.origin.path))


def holder_of(path: Path) -> Folder | Archive:
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise LabsError(f"there is no {path}. Give the folder or the zip archive with the submissions.")
    return Archive(path)


@dataclass(frozen=True, slots=True)
class Item:
    """A file with the names on the way to it; those of archives stand without `.zip`."""

    parts: tuple[str, ...]
    file: File
    shown: str
    archive: int = -1  # which of the names is an archive's
    broken: str = ""  # an archive that cannot be opened, and why

    @property
    def is_notebook(self) -> bool:
        return bool(NOTEBOOK.search(self.parts[-1]))


def items_in(holder: Folder | Archive, notes: Notes) -> Iterator[Item]:
    """All files, those of archives within included, but of no archive within these."""
    for file in holder.files(notes):
        shown = _shown(file.path).replace("\\", "/")
        parts = _parts(shown)
        if parts and parts[-1].lower().endswith(".zip"):
            yield from _unpacked(file, parts, shown, notes)
        elif parts:
            yield Item(parts, file, shown)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _unpacked(file: File, parts: tuple[str, ...], shown: str, notes: Notes) -> Iterator[Item]:
    outer = (*parts[:-1], parts[-1][:-4])
    try:
        for inner in Archive(file).files(notes):
            name = _shown(inner.path).replace("\\", "/")
            yield Item((*outer, *_parts(name)), inner, f"{shown}/{name}", len(outer) - 1)
    except LabsError as e:
        yield Item(outer, file, shown, len(outer) - 1, str(e))


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:100]
