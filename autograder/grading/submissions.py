"""Find who handed in what: a folder with a folder per student, or a zip file of that."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.grading.archives import entries_of_class, entries_of_student, names_in
from autograder.grading.class_zips import is_the_class
from autograder.notebooks.read import LARGEST_FILE, Unreadable

READABLE = (".ipynb", ".py")
MOST_FILES = 200
_IMPORT = re.compile(r"\b(?:from|import)[ \t]([\w., \t]+)")  # in a notebook it stands within a text of JSON
_CLUTTER = frozenset({"__pycache__", "__MACOSX", "site-packages", "node_modules", "venv"})


class NoSubmissions(ValueError):
    """There is nothing to grade at this place; the message says why in one sentence."""


@dataclass(frozen=True)
class HandedIn:
    """One file. read() gives its bytes, one more than the largest readable file at most; raises Unreadable."""

    name: str
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the files that can hold code, and the names of the others."""

    student: str
    files: tuple[HandedIn, ...]
    others: tuple[str, ...] = ()


def find_submissions(place: str | Path, tell: Callable[[str], object] = lambda sentence: None) -> list[Submission]:
    """Every student's submission, sorted by name.

    place: a folder with a folder per student, nested at will, or a .zip of one. A notebook that lies beside the
    folders counts as the submission of the student it is named after. A zip file in the place of a notebook or of a
    student's folder counts as what is in it; the zip file of the class itself, left beside what was unpacked from it,
    is nobody's. tell(sentence): called with what the teacher should know about such files.

    Raises NoSubmissions when there is no such place or nobody in it.
    """
    place = Path(place)
    if place.is_dir():
        files = _in_folder(place)
    elif zipfile.is_zipfile(place):
        files = _unwrapped(place.stem, _in_zip(place))
    elif place.exists():
        raise NoSubmissions(f"{place} is neither a folder nor a zip file: give the folder that holds the submissions.")
    else:
        raise NoSubmissions(f"there is no folder {place}: give the folder that holds a folder per student.")
    submissions = _by_student(_with_zip_files_opened(_without_the_class_itself(list(files), tell)))
    if not submissions:
        raise NoSubmissions(
            f"{place} is empty: it should hold a folder per student, with notebooks or .py files inside."
        )
    return submissions


def one_file(path: str | Path) -> Submission:
    """A student's own file, as if it had been handed in by the student its folder is named after.

    With it go the scripts and packages of its folder that it imports, and not the rest: nobody said that all of the
    folder is meant for this course.
    """
    path = Path(path)
    files, unread = {}, [path]
    while unread and len(files) < MOST_FILES:
        place = unread.pop()
        name = place.relative_to(path.parent).as_posix()
        if name not in files:
            files[name] = HandedIn(_readable_name(name), _opener(place))
            unread += _imported_beside(place, path.parent)
    return Submission(_readable_name(path.resolve().parent.name), tuple(files[name] for name in sorted(files)))


def _imported_beside(path: Path, folder: Path) -> list[Path]:
    """The Python files of `folder` that this one speaks of in an import; a package with all that is in it."""
    with contextlib.suppress(Unreadable):
        text = _opener(path)().decode("utf-8", errors="replace")
        names = {word for line in _IMPORT.findall(text) for word in re.findall(r"\w+", line)} - sys.modules.keys()
        places = [place for name in sorted(names) for place in (folder / f"{name}.py", *folder.glob(f"{name}/**/*.py"))]
        return [place for place in places if place.is_file()]
    return []


@dataclass(frozen=True)
class _Found:
    parts: tuple[str, ...]
    read: Callable[[], bytes] | None  # None: a folder
    shut: bool = False  # reading it only tells why not
    path: Path | None = None  # on the disk

    def names(self) -> list[tuple[str, ...]]:
        """The paths in a zip file, and none that no student has put there. Raises Unreadable."""
        inside = entries_of_student(self.parts[-1], self.read)
        names = names_in(self.path) if self.path else [parts for parts, _ in inside]
        return [parts for parts in names if not any(map(_is_clutter, parts))]


def _in_folder(place: Path) -> Iterator[_Found]:
    """Files below a folder. Links are not followed: they could lead to another student's work."""
    for folder, folders, names in os.walk(place, followlinks=False):
        folders[:] = sorted(name for name in folders if not _is_clutter(name))
        inside = Path(folder).relative_to(place).parts
        if len(inside) == 0:
            yield from (_Found((name,), None) for name in folders)
        for name in sorted(names):
            path = Path(folder, name)
            if not _is_clutter(name) and path.is_file() and not path.is_symlink():
                yield _Found((*inside, name), _opener(path), path=path)


def _opener(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        except OSError as error:
            raise Unreadable(f"{path.name} cannot be opened: {error.strerror or 'the system refuses'}.") from None

    return read


def _in_zip(place: Path) -> Iterator[_Found]:
    try:
        found = list(entries_of_class(place))
    except ValueError as error:
        raise NoSubmissions(str(error)) from None
    for parts, read in found:
        if parts and not any(map(_is_clutter, parts)):
            yield _Found(parts, read)


def _unwrapped(stem: str, found: Iterator[_Found]) -> Iterator[_Found]:
    """Without the folder that zipping a folder puts around everything."""
    files = list(found)
    tops = {file.parts[0] for file in files}
    direct = [file for file in files if len(file.parts) == 2 and file.read and file.parts[1].endswith(READABLE)]
    zipped = {file.parts[1] for file in files if len(file.parts) == 2 and file.read and _is_zip(file.parts[1])}
    students = {file.parts[1] for file in files if len(file.parts) > 2} | zipped
    if len(tops) == 1 and ((students and tops == {stem}) or (len(students) > 1 and not direct)):
        return iter([_Found(file.parts[1:], file.read) for file in files if len(file.parts) > 1])
    return iter(files)


def _without_the_class_itself(found: list[_Found], tell: Callable[[str], object]) -> Iterator[_Found]:
    students = {_home(file) for file in found} - {None}
    for file in found:
        if len(file.parts) == 1 and file.read is not None and _is_zip(file.parts[0]):
            stem = _home(file)
            with contextlib.suppress(Unreadable):
                inside = _unwrapped(stem, (_Found(parts, file.read) for parts in file.names()))
                paths = [one.parts for one in inside]
                left_out, sentence = is_the_class(file.parts[0], paths, students - {stem})
                if sentence:
                    tell(sentence)
                if left_out:
                    continue
        yield file


def _home(file: _Found) -> str | None:
    """The folder that stands for a student, or the name of what lies in its place; None for a list of names, a README."""
    if len(file.parts) > 1 or file.read is None:
        return file.parts[0]
    name = PurePosixPath(file.parts[0])
    return name.stem if file.shut or _is_zip(name.name) or name.suffix.lower() in READABLE else None


def _with_zip_files_opened(found: Iterator[_Found]) -> Iterator[_Found]:
    """What students zipped, under the name of the zip file; zip files inside of it stay shut."""
    for file in found:
        name = file.parts[-1]
        if file.read is None or not _is_zip(name):
            yield file
            continue
        try:
            inside = list(entries_of_student(name, file.read))
        except Unreadable as error:
            yield _Found(file.parts, partial(_refuse, error.reason), shut=True)
            continue
        yield _Found((*file.parts[:-1], PurePosixPath(name).stem), None)
        for parts, read in inside:
            if not any(map(_is_clutter, parts)):
                yield _Found((*file.parts[:-1], PurePosixPath(name).stem, *parts), read)


def _refuse(reason: str) -> bytes:
    raise Unreadable(reason)


def _by_student(found: Iterator[_Found]) -> list[Submission]:
    files: dict[str, list[HandedIn]] = {}
    others: dict[str, list[str]] = {}
    names: dict[str, str] = {}  # folder to student: two folders never become one, however alike they read
    for file in found:
        readable = file.read is not None and (file.shut or file.parts[-1].lower().endswith(READABLE))
        folder = _home(file)
        if folder is None:
            continue
        if folder not in names:
            names[folder] = _distinct(_readable_name(folder), files)
        student = names[folder]
        files.setdefault(student, [])
        if readable:
            files[student].append(HandedIn(_readable_name("/".join(file.parts[1:] or file.parts)), file.read))
        elif file.read is not None:
            others.setdefault(student, []).append(_readable_name(file.parts[-1]))
    return [
        Submission(student, _chosen(files[student]), tuple(others.get(student, ())))
        for student in sorted(files, key=by_name)
    ]


def by_name(student: str) -> tuple[str, str]:
    """The order of the table."""
    return student.casefold(), student


def _chosen(files: list[HandedIn]) -> tuple[HandedIn, ...]:
    """Of more files than anybody writes (a whole library, say) the notebooks first, then what lies on top."""
    likely = sorted(files, key=lambda file: (not file.name.lower().endswith(".ipynb"), file.name.count("/"), file.name))
    return tuple(sorted(likely[:MOST_FILES], key=lambda file: file.name))


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _is_clutter(name: str) -> bool:
    return name in _CLUTTER or name.startswith(".")


def _readable_name(name: str) -> str:
    """A file name as text that can be written anywhere: bytes that are no UTF-8 show as a replacement character."""
    text = name.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    return unicodedata.normalize("NFC", text)


def _distinct(name: str, taken: Container[str]) -> str:
    candidates = (f"{name} ({number})" for number in itertools.count(2))
    return name if name not in taken else next(other for other in candidates if other not in taken)
