"""Whoever handed something in is found, and nothing inside a submission leads out of it."""

import io
import os
import zipfile

import pytest

from autograder.grading.run import pack
from autograder.grading.submissions import MOST_FILES, NoSubmissions, find_submissions, one_file
from autograder.notebooks.read import LARGEST_FILE, Unreadable


def lay_out(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def listed(submissions):
    return {s.student: [(file.name, file.read().decode()) for file in s.files] for s in submissions}


CLASS = {
    "Żaneta Wójcik/week 1/softmax.ipynb": "1",
    "Żaneta Wójcik/helper.py": "2",
    "Żaneta Wójcik/photo.jpg": "3",
    "王小明/a/b/c/d.ipynb": "4",
    "王小明/.ipynb_checkpoints/d-checkpoint.ipynb": "old",
    "Abdul/notes.txt": "5",
    "zoe.ipynb": "6",
    "names.csv": "7",
}
FOUND = {
    "Abdul": [],
    "zoe": [("zoe.ipynb", "6")],
    "Żaneta Wójcik": [("helper.py", "2"), ("week 1/softmax.ipynb", "1")],
    "王小明": [("a/b/c/d.ipynb", "4")],
}


def test_a_folder_with_a_folder_per_student(tmp_path):
    found = find_submissions(lay_out(tmp_path, CLASS))
    assert listed(found) == FOUND
    assert found[0].others == ("notes.txt",)


def test_a_zip_of_the_same_gives_the_same(tmp_path):
    assert listed(find_submissions(zipped(tmp_path / "class.zip", CLASS))) == FOUND


@pytest.mark.parametrize("around", ["submissions", "class"])
def test_the_folder_that_zipping_puts_around_a_class_is_no_student(tmp_path, around):
    files = {f"{around}/{name}": text for name, text in CLASS.items()}
    files |= {f"__MACOSX/{around}/._x.ipynb": "junk", f"{around}/.DS_Store": "junk"}
    if around == "submissions":
        files = {name: text for name, text in files.items() if "zoe" not in name}
    found = listed(find_submissions(zipped(tmp_path / "class.zip", files)))
    assert set(found) == set(FOUND) - ({"zoe"} if around == "submissions" else set())


def test_a_class_of_one_stays_a_class(tmp_path):
    assert set(listed(find_submissions(zipped(tmp_path / "all.zip", {"Ana/work/x.ipynb": "1"})))) == {"Ana"}
    assert set(listed(find_submissions(zipped(tmp_path / "all.zip", {"Ana/x.ipynb": "1"})))) == {"Ana"}


def test_an_empty_folder_is_a_student_who_handed_in_nothing(tmp_path):
    (tmp_path / "Noor").mkdir()
    assert listed(find_submissions(tmp_path)) == {"Noor": []}


def test_links_are_not_followed(tmp_path):
    place = lay_out(tmp_path / "class", {"Ana/x.ipynb": "hers", "Bo/mine.py": "his"})
    (place / "Bo" / "x.ipynb").symlink_to(place / "Ana" / "x.ipynb")
    (place / "Bo" / "folder").symlink_to(place / "Ana")
    (place / "Cy").symlink_to(place / "Ana")
    assert listed(find_submissions(place)) == {"Ana": [("x.ipynb", "hers")], "Bo": [("mine.py", "his")], "Cy": []}


def test_a_zip_entry_that_climbs_out_stays_inside(tmp_path):
    path = zipped(tmp_path / "class.zip", {"Ana/../../../../etc/x.py": "1", "/Bo/x.py": "2", "Cy\\y.py": "3"})
    before = set(tmp_path.rglob("*"))
    assert set(listed(find_submissions(path))) == {"Ana", "Bo", "Cy"}
    assert set(tmp_path.rglob("*")) == before


def test_a_zip_bomb_is_read_no_further_than_a_readable_file_goes(tmp_path):
    path = zipped(tmp_path / "class.zip", {"Ana/x.py": b"#" * (4 * LARGEST_FILE)})
    assert path.stat().st_size < LARGEST_FILE / 100
    [submission] = find_submissions(path)
    assert len(submission.files[0].read()) == LARGEST_FILE + 1


def test_a_damaged_entry_costs_one_file(tmp_path):
    path = zipped(tmp_path / "class.zip", {"Ana/x.py": "good", "Bo/x.py": "f = 1\n" * 1000})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("Bo/x.py").header_offset
    data[start + 40 : start + 50] = b"\xff" * 10
    path.write_bytes(data)
    ana, bo = find_submissions(path)
    assert ana.files[0].read() == b"good"
    with pytest.raises(Unreadable, match="damaged inside the zip file"):
        bo.files[0].read()


def test_names_of_zips_from_a_mac_are_read_as_meant(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("Zoe\u0308/x.py", "1")  # decomposed, as macOS writes it
    raw = data.getvalue()
    for flagged in (raw, raw.replace(b"\x00\x08", b"\x00\x00")):  # with and without the flag for UTF-8
        path = tmp_path / "class.zip"
        path.write_bytes(flagged)
        assert set(listed(find_submissions(path))) == {"Zoë"}


@pytest.mark.skipif(os.name != "posix", reason="other systems have no names that are not text")
def test_names_that_are_no_text_still_make_two_students(tmp_path):
    for name in (b"Jos\xe9", b"Jos\xe8"):
        folder = os.path.join(os.fsencode(tmp_path), name)
        os.mkdir(folder)
        with open(os.path.join(folder, b"x.py"), "wb") as file:
            file.write(name)
    assert [s.student for s in find_submissions(tmp_path)] == ["Jos\ufffd", "Jos\ufffd (2)"]


@pytest.mark.parametrize(("make", "says"), [
    (lambda path: path / "nowhere", "there is no folder"),
    (lambda path: path, "is empty"),
    (lambda path: lay_out(path, {"x.txt": "1"}) / "x.txt", "neither a folder nor a zip"),
    (lambda path: lay_out(path, {"README.md": "1"}), "is empty"),
])  # fmt: skip
def test_nothing_to_grade_is_said_in_one_sentence(tmp_path, make, says):
    with pytest.raises(NoSubmissions, match=says) as caught:
        find_submissions(make(tmp_path))
    assert "\n" not in str(caught.value)


def test_one_file_belongs_to_the_student_its_folder_is_named_after(tmp_path):
    path = lay_out(tmp_path, {"Ana/x.py": "1"}) / "Ana" / "x.py"
    assert listed([one_file(path)]) == {"Ana": [("x.py", "1")]}


def test_one_file_comes_with_what_it_imports_from_its_folder(tmp_path):
    files = {
        "Ana/work.ipynb": '{"cells": [{"source": ["import tricks, numpy as np\\n", "from deep.inside import f"]}]}',
        "Ana/tricks.py": "from more import g",
        "Ana/more.py": "import tricks",
        "Ana/deep/__init__.py": "",
        "Ana/deep/inside.py": "f = 1",
        "Ana/numpy.py": "never what is meant",
        "Ana/private.py": "import more",
        "Ana/other.ipynb": "{}",
        "Bo/tricks.py": "not hers",
    }
    [(student, found)] = listed([one_file(lay_out(tmp_path, files) / "Ana" / "work.ipynb")]).items()
    assert student == "Ana"
    assert [name for name, _ in found] == ["deep/__init__.py", "deep/inside.py", "more.py", "tricks.py", "work.ipynb"]


def test_a_library_that_was_handed_in_along_does_not_crowd_out_the_notebook(tmp_path):
    lay_out(tmp_path, {f"Ana/a library/f{i:03}.py": "" for i in range(MOST_FILES + 50)} | {"Ana/work.ipynb": "mine"})
    [submission] = find_submissions(tmp_path)
    assert len(submission.files) == MOST_FILES
    assert "work.ipynb" in [file.name for file in submission.files]


def archive(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as inside:
        for name, data in files.items():
            inside.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("around", ["", "class/"])
def test_what_students_zipped_is_read_and_nothing_deeper(tmp_path, around):
    hers = {"lab\\x.ipynb": "1", "__MACOSX/._x.ipynb": "", "data.csv": "2", "more.zip": archive({"y.py": ""})}
    files = {
        "Ana/work.zip": archive(hers),
        "Bo.zip": archive({"z.py": "3"}),
    }
    for name, data in files.items():
        (tmp_path / "class" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / name).write_bytes(data)
    again = zipped(tmp_path / "class.zip", {around + name: data for name, data in files.items()})
    for place in (tmp_path / "class", again):
        found = find_submissions(place)
        assert listed(found) == {"Ana": [("work/lab/x.ipynb", "1")], "Bo": [("z.py", "3")]}
        assert found[0].others == ("data.csv", "more.zip")


def beside(place, class_zip, around=""):
    """A class as a folder, as a zip file of it that was left there, and as a zip file of both."""
    files = {"Ana/lab.ipynb": "1", "Bo/lab.ipynb": "2", "names.csv": "", "Cy.zip": archive({"lab.ipynb": "3"})}
    files["class.zip"] = archive({around + name: data for name, data in class_zip.items()})
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data.encode() if isinstance(data, str) else data)
    zipped(place.with_suffix(".zip"), files)
    return place, place.with_suffix(".zip")


THREE = {"Ana": [("lab.ipynb", "1")], "Bo": [("lab.ipynb", "2")], "Cy": [("lab.ipynb", "3")]}


@pytest.mark.parametrize("around", ["", "class/", "submissions/"])
@pytest.mark.parametrize(
    ("more", "rest"),
    [
        ({}, ""),
        ({f"{name}/lab.ipynb": "4" for name in "ZEFD"},
         " Not graded, because only in there: D, E, F and 1 more; unpack it again for them."),
    ],
)  # fmt: skip
def test_the_zip_file_of_the_class_itself_is_no_student(tmp_path, around, more, rest):
    inside = {
        "Ana/lab.ipynb": "old",
        "Bo/lab.ipynb": "old",
        "Cy.zip": "",
        "README.txt": "",
        "__MACOSX/Zoe/x": "",
    } | more
    for place in beside(tmp_path / "all", inside, around):
        told = []
        assert listed(find_submissions(place, told.append)) == THREE
        assert told == [f"class.zip was left out: it is the class itself, and Ana, Bo and Cy stand beside it.{rest}"]


def test_the_zip_file_of_a_large_class_is_known_without_being_read(tmp_path):
    inside = {f"{name}/photo.jpg": os.urandom(LARGEST_FILE // 2) for name in ("Ana", "Bo", "Cy")}
    place, _ = beside(tmp_path / "all", inside)
    assert (place / "class.zip").stat().st_size > LARGEST_FILE
    told = []
    assert listed(find_submissions(place, told.append)) == THREE
    assert len(told) == 1


def test_a_zip_file_that_may_be_a_class_has_a_row_and_a_sentence(tmp_path):
    for place in beside(tmp_path / "all", {"\x1b[2JDi/lab.ipynb": "4", "Ed/lab.ipynb": "5", "Ana/data.csv": ""}):
        told = []
        found = listed(find_submissions(place, told.append))
        assert found.keys() == {*THREE, "class"}
        assert told == [
            "class.zip was graded as the work of one student, though lab.ipynb lies in Di and Ed. "
            "Should it be a whole class, unpack it, or give it alone to `autograder grade`."
        ]


@pytest.mark.parametrize(
    "own",
    [{"class/lab.ipynb": "4", "Ana/lab2.ipynb": ""}, {"Ana.ipynb": ""}, {"week 1/a.ipynb": "", "week 2/b.ipynb": ""}],
)
def test_a_zip_file_of_a_student_is_nothing_to_speak_of(tmp_path, own):
    for place in beside(tmp_path / "all", own):
        told = []
        assert find_submissions(place, told.append)[-1].student == "Cy"
        assert len(find_submissions(place)) == 4
        assert told == []


def test_a_student_with_folders_named_after_a_few_others_keeps_the_row(tmp_path):
    lay_out(tmp_path, {f"{name}/lab.py": "1" for name in ("Ana", "Bo", "Cy", "Di", "Ed")})
    zipped(tmp_path / "Flo.zip", {"Ana/lab.py": "2", "Bo/lab.py": "2"})
    assert [submission.student for submission in find_submissions(tmp_path)][-1] == "Flo"


MANY = {f"{number:040}": b"" for number in range(15_000)}


@pytest.mark.parametrize(
    "data", [lambda: b"PK\3\4 and no more", lambda: b"", lambda: archive(MANY)], ids=["cut", "empty", "long"]
)
def test_a_zip_file_that_cannot_be_opened_says_so(tmp_path, data):
    (tmp_path / "Ana").mkdir()
    (tmp_path / "Ana" / "work.zip").write_bytes(data())
    [submission] = find_submissions(tmp_path)
    with pytest.raises(Unreadable, match="damaged zip file"):
        submission.files[0].read()


def test_bombs_are_read_only_until_it_is_enough(tmp_path):
    bombs = {f"{number}.py": b"#" * LARGEST_FILE for number in range(6)}
    (tmp_path / "Ana").mkdir()
    (tmp_path / "Ana" / "work.zip").write_bytes(archive(bombs))
    packet = pack(find_submissions(tmp_path)[0])
    assert [name for name, _ in packet.files] == [f"work/{number}.py" for number in range(4)]
    assert [name for name, _ in packet.problems] == ["work/4.py"]
