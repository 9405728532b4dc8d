"""Look into zip files: the one that holds a class, and those that students hand in. Nothing is ever unpacked, so an
entry's path leads nowhere and a bomb stays packed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from autograder.notebooks.read import LARGEST_FILE, Unreadable

MOST_ENTRIES = 200_000
LARGEST_LIST = 2**20  # bytes of a student's table of contents; some ten thousand entries
_UTF8_NAME = 0x800  # the flag of a zip entry whose name is UTF-8
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)

Read = Callable[[], bytes]
Entry = tuple[tuple[str, ...], Read | None]


def entries_of_class(place: Path) -> Iterator[Entry]:
    """The parts of every path in a zip file, and what reads it; None for a folder.

    Raises ValueError with one sentence when it is damaged or beyond all measure.
    """
    try:
        archive = zipfile.ZipFile(place)
    except _DAMAGED:
        raise ValueError(f"{place} is a damaged zip file: make it again, or give the folder itself.") from None
    if len(archive.infolist()) > MOST_ENTRIES:
        raise ValueError(f"{place} has more than {MOST_ENTRIES} entries: that is no class, give the folder itself.")
    for entry in archive.infolist():
        parts = _parts(entry)
        yield parts, None if entry.is_dir() else lambda e=entry, name=parts[-1:]: _content(archive, e, *name)


def names_in(place: Path) -> list[tuple[str, ...]]:
    """The parts of every path in a zip file of any size, folders left out. Raises Unreadable."""
    try:
        with _File(place) as file, zipfile.ZipFile(file) as archive:
            return [parts for entry in archive.infolist() if not entry.is_dir() and (parts := _parts(entry))]
    except _DAMAGED:
        raise Unreadable(f"{place.name} is a damaged zip file: hand in the notebook itself.") from None


def entries_of_student(name: str, read: Read) -> Iterator[Entry]:
    """As `entries_of_class`, of a zip file that a student handed in, folders left out. Raises Unreadable."""
    for entry in _opened(name, read).infolist():
        parts = _parts(entry)
        if parts and not entry.is_dir():
            yield parts, lambda e=entry, last=parts[-1]: _content(_opened(name, read), e, last)


@lru_cache(maxsize=1)  # one student's files are read one after the other, and the next one's zip file takes the place
def _opened(name: str, read: Read) -> zipfile.ZipFile:
    data = read()
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"{name} is larger than {LARGEST_FILE // 2**20} MB: hand in the notebook alone.")
    try:
        zipfile.ZipFile(_Bytes(data)).close()
        return zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED:
        raise Unreadable(f"{name} is a damaged zip file: hand in the notebook itself.") from None


class _Frugal:
    """Refuses to be read in large pieces: a table of contents that is one would fill the memory with its entries."""

    largest = LARGEST_LIST

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > self.largest:
            raise ValueError("more entries than anybody hands in")
        return super().read(size)


class _Bytes(_Frugal, io.BytesIO):
    """What a student handed in."""


class _File(_Frugal, io.FileIO):
    """What may be a whole class."""

    largest = 16 * LARGEST_LIST


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """At most one byte more than the largest readable file. Raises Unreadable."""
    try:
        with archive.open(entry) as file:
            return file.read(LARGEST_FILE + 1)
    except RuntimeError:
        raise Unreadable(f"{name} is encrypted: zip the submissions without a password.") from None
    except _DAMAGED:
        raise Unreadable(f"{name} is damaged inside the zip file: ask for it again.") from None


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    path = PurePosixPath(_name(entry).replace("\\", "/"))
    return tuple(part for part in path.parts if part not in ("/", ".."))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: some systems write UTF-8 and forget to say so."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename
