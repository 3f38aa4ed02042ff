"""Files that were handed in, in folders and in archives; listed by name, read when they are asked for."""

import contextlib
import io
import lzma
import os
import re
import stat
import struct
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
MOST_LISTED = 50_000  # files of one, whose list is in memory
MAX_DEPTH = 20  # folders
# What operating systems and editors leave by themselves, which nobody hands in on purpose.
JUNK = re.compile(
    r"(__MACOSX|\._.*|\.DS_Store|\.AppleDouble|\.Spotlight-V100|\.Trashes|\.fseventsd|Icon\r|(eh)?thumbs\.db|"
    r"desktop\.ini|\$RECYCLE\.BIN|System Volume Information|@eaDir|\.directory|~\$.*|"
    r"\.ipynb_checkpoints|__pycache__|.*\.pyc)",
    re.IGNORECASE,
)
LINKS = "links are never followed; left out"
NO_FILES = "what is neither a file nor a folder was left out"
OUTSIDE = "names that lead out of their archive were left out"
TOO_DEEP = f"folders more than {MAX_DEPTH} deep were left out"
UTF_8 = 0x800  # the flag of a name in a zip archive
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, KeyError,
          ValueError)


class LeftOut(Notes):
    """What there is and is not read: said in a line for each reason, and kept one by one."""

    def __init__(self):
        super().__init__()
        self.places: list[str] = []

    def say(self, sentence: str, cell: str = "") -> None:
        super().say(sentence, cell)
        self.places.append(cell)


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be read, `path` as a person knows it; `number` is its place in its archive's list."""

    holder: "Folder | Archive"
    path: str
    size: int
    number: int = 0

    def read(self, most: int) -> bytes:
        """Its bytes. Raises LabsError where there are more than `most`, or they cannot be read."""
        content = self.holder.read(self, most + 1)
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

    def files(self, left_out: LeftOut) -> Iterator[File]:
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                entries = sorted(os.scandir(self.root / folder), key=lambda entry: entry.name)
            except OSError:
                left_out.say("folders that cannot be read were left out", _shown(folder))
                continue
            for entry in entries:
                yield from self._file(entry, f"{folder}{entry.name}", folders, left_out)

    def _file(self, entry: os.DirEntry, path: str, folders: list[str], left_out: LeftOut) -> Iterator[File]:
        if entry.is_symlink():
            left_out.say(LINKS, _shown(path))
        elif entry.is_dir(follow_symlinks=False):
            if path.count("/") < MAX_DEPTH:
                folders.append(f"{path}/")
            else:
                left_out.say(TOO_DEEP, _shown(path))
        elif entry.is_file(follow_symlinks=False):
            yield File(self, path, entry.stat(follow_symlinks=False).st_size)
        else:
            left_out.say(NO_FILES, _shown(path))

    def read(self, file: File, most: int) -> bytes:
        path = file.path
        try:
            descriptor = os.open(
                self.root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            )
            with open(descriptor, "rb") as opened:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError("it is no file any more")
                return opened.read(most)
        except OSError as e:
            raise LabsError(
                f"{_shown(path)} cannot be read ({e.strerror or e}). Look at it, then grade again."
            ) from None

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

    def files(self, left_out: LeftOut) -> Iterator[File]:
        there: set[tuple] = set()
        for number, info in enumerate((self._kept or self._opened()).infolist()):
            name = _name_of(info)
            if name.endswith("/"):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                left_out.say(LINKS, self._place(name))
            elif name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
                left_out.say(OUTSIDE, self._place(name))
            elif (name, info.CRC, info.file_size) not in there:  # the same file again says nothing new
                there.add((name, info.CRC, info.file_size))
                yield File(self, name, info.file_size, number)

    def read(self, file: File, most: int) -> bytes:
        try:
            archive = self._kept or self._opened()
            with archive.open(archive.infolist()[file.number]) as opened:
                return opened.read(most)
        except (*BROKEN, IndexError) as e:
            raise LabsError(f"{_shown(file.path)} in {self} cannot be unpacked ({_first_line(e)}). "
                            "Have it handed in again.") from None

    def _place(self, name: str) -> str:
        return _shown(f"{self.origin.path}/{name}" if isinstance(self.origin, File) else name)

    def _opened(self) -> zipfile.ZipFile:
        theirs = isinstance(self.origin, File)
        try:
            if isinstance(self.origin, File):
                return zipfile.ZipFile(io.BytesIO(_bounded(self.origin.read(MOST_ARCHIVE))))
            return zipfile.ZipFile(self.origin)
        except BROKEN as e:
            remedy = "Have it handed in again" if theirs else "Download it again"
            raise LabsError(f"{self} cannot be read as a zip archive ({_first_line(e)}). {remedy}.") from None

    def __str__(self) -> str:
        return _shown(str(self.origin if isinstance(self.origin, Path) else self.origin.path))


def holder_of(path: Path) -> Folder | Archive:
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise LabsError(f"there is no {path}. Give the folder or the zip archive with the submissions.")
    return Archive(path)


def _bounded(content: bytes) -> bytes:
    """An archive whose list of files fits into memory: each has this sign in it."""
    if content.count(b"PK\x01\x02") > MOST_LISTED:
        raise ValueError(f"it has more than {MOST_LISTED:,} files")
    return content


def _name_of(info: zipfile.ZipInfo) -> str:
    """A file's name. Some programs write UTF-8 and do not say so; zipfile then reads it as MS-DOS would."""
    name = info.filename
    if not info.flag_bits & UTF_8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


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
        return bool(NOTEBOOK.search(self.parts[-1])) and not self.junk

    @property
    def is_archive(self) -> bool:
        return self.parts[-1].lower().endswith(".zip") and not self.junk

    @property
    def junk(self) -> bool:
        return any(JUNK.fullmatch(part) for part in self.parts)


def items_in(holder: Folder | Archive, left_out: LeftOut) -> Iterator[Item]:
    """All files, those of archives within included, but of no archive within these."""
    for file in holder.files(left_out):
        shown = _shown(file.path).replace("\\", "/")
        parts = _parts(shown)
        item = Item(parts or (shown or "?",), file, shown)
        if item.is_archive:
            yield from _unpacked(file, item.parts, shown, left_out)
        else:
            yield item


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _unpacked(file: File, parts: tuple[str, ...], shown: str, left_out: LeftOut) -> Iterator[Item]:
    outer = (*parts[:-1], parts[-1][:-4] or parts[-1])
    inside = []
    broken = "nothing is in the archive. Have it handed in again."
    try:
        for inner in Archive(file).files(left_out):
            name = _shown(inner.path)
            inside.append(Item((*outer, *(_parts(name) or ("?",))), inner, f"{shown}/{name}", len(outer) - 1))
    except LabsError as e:
        inside, broken = [], str(e)
    yield from inside
    if all(item.junk for item in inside):
        yield Item(outer, file, shown, len(outer) - 1, broken)


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:100]
