"""Submissions are found in folders and archives of every usual form; whose they are is known or said to be unknown."""

import json
import os
import re
import stat
import tracemalloc
import zipfile
from types import SimpleNamespace
from unittest.mock import ANY

import pytest

from autograders.configuration import course_config
from autograders.grading.command import _handed_in
from autograders.grading.grade import summary_of
from autograders.grading.model import Assignment, Submission
from autograders.grading.repair import MAX_FILE_BYTES
from autograders.grading.submissions import MOST_BYTES, MOST_FILES, Roster, find
from autograders.grading.submissions.platforms import brightspace_time
from environments.errors import LabsError
from environments.workspace import as_json

LAB = "03_read_replica"
NB = f"{LAB}.ipynb"
CLASS = """ID;Name;Username;E-mail;Moodle ID;Canvas name
s1;Jane Doe;jdoe;jane@school.edu;12345;Doe, Jane
s2;José  Núñez;j_nunez;jose@school.edu;67890;Núñez, José
s3;Bob Doe;bdoe;bob@school.edu;;Doe, Bob
"""


@pytest.fixture
def place(tmp_path):
    """Makes a folder with these files; an archive where a name ends with .zip and has files of its own."""
    def made(files, name="handed-in"):
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        for path, content in (files.items() if isinstance(files, dict) else ((path, path) for path in files)):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(
                packed(tmp_path, content) if isinstance(content, (list, dict)) else content.encode()
            )
        return root
    return made


@pytest.fixture
def archive(tmp_path):
    def made(files):
        path = tmp_path / "export.zip"
        path.write_bytes(packed(tmp_path, files))
        return path
    return made


@pytest.fixture
def roster(tmp_path):
    file = tmp_path / "class.csv"
    file.write_text(CLASS)
    return Roster.read(file)


def packed(folder, files):
    path = folder / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in (files.items() if isinstance(files, dict) else ((name, name) for name in files)):
            target.writestr(name, packed(folder / "..", content) if isinstance(content, (list, dict)) else content)
    return path.read_bytes()


def students(found):
    """Each student with the notebook that was found; here a file's content is its own name."""
    return {entry.student: entry.read().notebook.decode() for entry in found.entries}


def reasons(found):
    return {file.where: file.reason for file in found.unmatched}


# nbgrader's folders


def test_nbgraders_folders_are_found_with_time_and_other_files(place):
    root = place(
        {
            f"ada/{LAB}/{NB}": "{}",
            f"ada/{LAB}/timestamp.txt": "2026-11-20 10:00:00 UTC",
            f"ada/{LAB}/data/a.csv": "1",
            f"ada/{LAB}/.ipynb_checkpoints/{NB}": "old",
            "ada/00_start_here/00_start_here.ipynb": "{}",
            f"bob/{LAB}/{NB}": "{}",
        }
    )
    found = find(root, LAB)
    ada, bob = (entry.read() for entry in found.entries)
    assert ada == Submission("ada", b"{}", {"data/a.csv": b"1"}, "2026-11-20T10:00:00")
    assert (bob.student, bob.submitted, found.unmatched, found.notes) == ("bob", "", [], ())


def test_a_single_submission_in_nbgraders_layout_is_found(place):
    assert students(find(place([f"ada/{LAB}/{NB}"]), LAB)) == {"ada": f"ada/{LAB}/{NB}"}


def test_a_folder_of_the_class_within_the_folder_is_looked_through(place):
    assert set(students(find(place([f"submitted/ada/{LAB}/{NB}", f"submitted/bob/{LAB}/{NB}"]), LAB))) == {"ada", "bob"}


def test_a_time_that_is_none_is_noted(place):
    submission = find(place({f"ada/{LAB}/{NB}": "{}", f"ada/{LAB}/timestamp.txt": "yesterday?"}), LAB).entries[0].read()
    assert (submission.submitted, submission.notes) == ("", ("timestamp.txt holds no time that can be read",))


def test_a_zone_other_than_utc_is_counted_in(place):
    entry = find(
        place({f"ada/{LAB}/{NB}": "{}", f"ada/{LAB}/timestamp.txt": "2026-11-20T10:00:00+02:00"}), LAB
    ).entries[0]
    assert entry.read().submitted == "2026-11-20T08:00:00"


def test_a_submission_without_a_notebook_is_named_with_what_is_there(place):
    found = find(place([f"ada/{LAB}/{NB}", f"bob/{LAB}/lab.py", f"bob/{LAB}/lab.html"]), LAB)
    assert reasons(found) == {f"bob/{LAB}": "handed in without a notebook; there is lab.html, lab.py"}


# One notebook of several


@pytest.mark.parametrize(
    ("names", "taken", "notes"),
    [
        pytest.param(["lab.ipynb"], "lab.ipynb", ("the notebook was handed in as lab.ipynb",), id="another name"),
        pytest.param([f"{NB}.txt"], f"{NB}.txt", (), id="an ending added by a browser"),
        pytest.param([NB, "draft.ipynb"], NB, ("2 notebooks were handed in; {} was graded",), id="the right name"),
        pytest.param(
            [NB, f"{LAB} (1).ipynb"],
            NB,
            ("2 notebooks were handed in; {} was graded",),
            id="the right name before a copy",
        ),
        pytest.param(
            [f"{LAB} (1).ipynb", f"{LAB} (2).ipynb"],
            f"{LAB} (2).ipynb",
            ("2 notebooks were handed in; {} was graded",),
            id="the latest copy",
        ),
        pytest.param(
            ["my-1.ipynb", "my-2.ipynb"],
            "my-2.ipynb",
            ("2 notebooks were handed in; {} was graded", "the notebook was handed in as my-2.ipynb"),
            id="the latest of another name",
        ),
    ],
)
def test_one_notebook_is_taken_of_a_students_and_it_is_noted(place, names, taken, notes):
    entry, = find(place([f"ada/{LAB}/{name}" for name in names]), LAB).entries
    assert (entry.where, entry.notes) == (
        f"ada/{LAB}/{taken}",
        tuple(note.format(f"ada/{LAB}/{taken}") for note in notes),
    )


def test_two_notebooks_that_could_both_be_meant_are_not_chosen_between(place):
    found = find(place([f"ada/{LAB}/a.ipynb", f"ada/{LAB}/b.ipynb"]), LAB)
    assert found.entries == [] and "several notebooks and no telling which" in found.unmatched[0].reason
    assert f"name it {NB}" in found.unmatched[0].reason


def test_the_notebook_of_another_lab_is_not_graded_as_this_one(place):
    found = find(place([f"ada/{LAB}/05_other.ipynb", f"bob_{NB}", "kim_05_other.ipynb"]), LAB)
    assert set(students(found)) == {"bob"}
    assert (
        all("is another assignment's (05_other)" in reason for reason in reasons(found).values())
        and len(found.unmatched) == 2
    )


# Loose notebooks and archives of them


def test_loose_notebooks_are_found_by_the_student_before_the_labs_name(place):
    root = place([f"ada_{NB}", f"hal_k_{NB}", f"Jo Ann_{NB}", "roster.csv"])
    assert set(students(find(root, LAB))) == {"ada", "hal_k", "Jo Ann"}


def test_of_a_loose_notebook_downloaded_again_the_later_counts(place):
    assert students(find(place([f"ada_{NB}", f"ada_{LAB} (1).ipynb"]), LAB)) == {"ada": f"ada_{LAB} (1).ipynb"}


def test_folders_named_by_student_are_found(place):
    root = place([f"ada/{NB}", "bob/work.ipynb", "bob/data/x.csv"])
    found = find(root, LAB)
    assert set(students(found)) == {"ada", "bob"} and list(found.entries[1].read().files) == ["data/x.csv"]


def test_archives_named_by_student_are_opened(place):
    root = place(
        {"ada.zip": [NB, "data.csv"], "bob.zip": [f"{LAB}/{NB}", f"__MACOSX/{LAB}/._{NB}"], "cleo.zip": [f"work/{NB}"]}
    )
    found = find(root, LAB)
    assert students(found) == {"ada": NB, "bob": f"{LAB}/{NB}", "cleo": f"work/{NB}"}
    assert found.entries[0].read().files == {"data.csv": b"data.csv"}


def test_one_archive_may_hold_the_class(place):
    assert set(students(find(place({"all.zip": [f"gus_{NB}", f"hal_{NB}"]}), LAB))) == {"gus", "hal"}
    assert set(students(find(place({"all.zip": [f"gus/{NB}", f"hal/{NB}"]}, "other"), LAB))) == {"gus", "hal"}


def test_whether_an_archive_or_the_folder_in_it_names_the_student_is_not_guessed(place, roster):
    root = place({"all.zip": [f"s1/{NB}"]})
    assert "does not give a student's id" in reasons(find(root, LAB))["all"]
    assert set(students(find(root, LAB, roster))) == {"s1"}


def test_archives_in_archives_of_archives_are_not_opened(archive):
    found = find(archive({"ada.zip": {NB: "x", "more.zip": [NB]}}), LAB)
    assert students(found) == {"ada": "x"} and list(found.entries[0].read().files) == ["more.zip"]


@pytest.mark.parametrize("inside", [
    {"doejane_5_1_work.zip": [NB], "leebob_6_2_work.zip": [NB]},
    {"Jane Doe_1_assignsubmission_file_/work.zip": [NB], "Bob Lee_2_assignsubmission_file_/work.zip": [NB]},
    {"s1.zip": [NB], "s2.zip": [NB]},
], ids=["Canvas", "Moodle", "by student"])
def test_of_an_export_in_an_archive_every_archive_is_listed_with_the_remedy(archive, inside):
    found = find(archive({"export.zip": inside}), LAB)
    assert (found.entries, found.files["other"]) == ([], 2)
    assert all("not opened: unpack export.zip, then grade again" in reason for reason in reasons(found).values())


@pytest.mark.parametrize("inside", [[f"eve_{NB}", f"joe_{NB}"], [f"eve/{NB}", f"joe/{NB}"]], ids=["files", "folders"])
def test_a_students_archive_hands_nothing_in_for_others(place, inside):
    found = find(place({"ada.zip": inside, "bob.zip": [NB], "joe.zip": [NB]}), LAB)
    assert set(students(found)) == {"bob", "joe"}
    assert [reason[:30] for reason in reasons(found).values()] == ["ada.zip names several students"] * 2


def test_a_notebook_that_names_nobody_is_listed(place, roster):
    root = place([NB, "s2.ipynb", "solution.ipynb"])
    assert set(reasons(find(root, LAB))) == {NB, "s2.ipynb", "solution.ipynb"}
    assert set(students(find(root, LAB, roster))) == {"s2"}


@pytest.mark.parametrize(
    "student",
    [
        ".hidden",
        "..",
        " ",
        "a\u2028b",
        "x" * 101,
        "-rf",
        "=cmd|calc",
        "+1",
        "@x",
        "a+b",
        "a*",
        "con",
        "e\u202evil",
        "z\u200bw",
        "b\x1b[31m",
        "a.",
        "ü" * 101,
    ],
)
def test_a_name_that_could_not_be_a_folder_is_no_students_id(place, student):
    found = find(place([f"{student}_{NB}"]), LAB)
    assert found.entries == [] and "cannot be a student's id" in found.unmatched[0].reason


# Platforms


MOODLE = [f"Jane Doe_12345_assignsubmission_file_/{NB}", "Jane Doe_12345_assignsubmission_file_/data.csv",
          f"José Núñez_67890_assignsubmission_file_/{NB}", f"Eve Nobody_777_assignsubmission_file_/{NB}"]


def test_moodles_folders_are_matched_by_name_and_number(archive, roster):
    found = find(archive(MOODLE), LAB, roster)
    assert students(found) == {"s1": MOODLE[0], "s2": MOODLE[2]}
    assert list(found.entries[0].read().files) == ["data.csv"]
    assert reasons(found) == {
        "Eve Nobody_777_assignsubmission_file_": "“Eve Nobody” or “777” is not in the list of students"
    }


def test_moodles_names_are_no_ids(archive):
    found = find(archive(MOODLE), LAB)
    assert found.entries == [] and all("--students" in reason for reason in reasons(found).values())


def test_moodles_number_is_not_taken_for_a_students_id(archive, tmp_path):
    (tmp_path / "numbers.csv").write_text("id\n777\n")
    assert find(archive(MOODLE), LAB, Roster.read(tmp_path / "numbers.csv")).entries == []


def test_a_name_and_a_number_of_two_students_are_not_decided_between(archive, roster):
    found = find(archive([f"Jane Doe_67890_assignsubmission_file_/{NB}"]), LAB, roster)
    assert "fits several students: s1, s2" in found.unmatched[0].reason


NAMESAKES = [f"Jane Doe_{number}_assignsubmission_file_/{NB}" for number in (12345, 12346)]


def test_of_two_students_of_one_name_the_platforms_number_tells(archive, tmp_path):
    (tmp_path / "class.csv").write_text(
        "id,full name,identifier\nj1,Jane Doe,Participant 12345\nj2,Jane Doe,Participant 12346\n"
    )
    found = find(archive(NAMESAKES), LAB, Roster.read(tmp_path / "class.csv"))
    assert {entry.student: entry.where for entry in found.entries} == {"j1": NAMESAKES[0], "j2": NAMESAKES[1]}


def test_two_people_whose_name_the_list_has_once_are_said_to_be_two(archive, roster):
    found = find(archive(NAMESAKES), LAB, roster)
    assert not found.entries and "2 people by the platform's numbers (12345, 12346)" in found.unmatched[0].reason


CANVAS = [f"doejane_12345_67890_{LAB}-1.ipynb", f"doejane_12345_67889_{NB}", "doejane_12345_67891_data-1.csv",
          f"núñezjosé_LATE_67890_1_{NB}"]


def test_canvas_names_are_read_and_the_latest_version_is_taken(archive, roster):
    found = find(archive(CANVAS), LAB, roster)
    assert students(found) == {"s1": CANVAS[0], "s2": CANVAS[3]}
    assert found.entries[0].read().files == {"data.csv": CANVAS[2].encode()}
    assert found.entries[0].notes == (f"2 notebooks were handed in; {CANVAS[0]} was graded",)


def test_canvas_user_number_is_the_id_without_a_list(archive):
    assert set(students(find(archive(CANVAS), LAB))) == {"12345", "67890"}


def test_canvas_run_together_name_is_compared_with_family_name_first(archive, roster):
    assert set(students(find(archive([f"doebob_1_2_{NB}"]), LAB, roster))) == {"s3"}


def test_an_archive_handed_in_through_canvas_is_opened(archive):
    assert students(find(archive({"doejane_12345_1_work.zip": [f"a/{NB}"]}), LAB)) == {"12345": f"a/{NB}"}


def test_a_student_with_numbers_in_the_name_is_no_canvas_export(place):
    assert set(students(find(place([f"team_7_{NB}", f"7_{NB}"]), LAB))) == {"team_7", "7"}


BLACKBOARD = [f"Lab 3_jdoe_attempt_2026-11-20-10-00-00_{NB}", "Lab 3_jdoe_attempt_2026-11-20-10-00-00.txt",
              f"Lab 3_jdoe_attempt_2026-11-21-09-00-00_{NB}", "Lab 3_jdoe_attempt_2026-11-21-09-00-00.txt",
              f"Lab 3_bdoe_attempt_2026-11-20-10-00-00_{NB}"]


def test_blackboards_last_attempt_is_taken(archive):
    found = find(archive(BLACKBOARD), LAB)
    assert students(found) == {"jdoe": BLACKBOARD[2], "bdoe": BLACKBOARD[4]}
    assert found.entries[1].notes == (f"2 notebooks were handed in; {BLACKBOARD[2]} was graded",)


def test_blackboards_last_attempt_with_a_notebook_is_taken(archive):
    found = find(archive([*BLACKBOARD, "Lab 3_jdoe_attempt_2026-11-22-09-00-00_lab.pdf"]), LAB)
    assert students(found)["jdoe"] == BLACKBOARD[2]
    assert "the last attempt has no notebook; the one before it was graded" in found.entries[1].notes


def test_a_time_that_is_none_makes_no_attempt_the_last(archive):
    found = find(archive([f"L_ada_attempt_2026-99-99-99-99-99_{NB}", f"L_ada_attempt_2026-11-20-10-00-00_{NB}"]), LAB)
    assert not found.entries and "no telling which is the last" in found.unmatched[0].reason


def test_blackboards_user_names_with_underscores_need_a_list(archive, roster):
    export = archive(
        [f"Lab 3_j_nunez_attempt_2026-11-20-10-00-00_{NB}", f"Lab 3_jdoe_attempt_2026-11-20-10-00-00_{NB}"]
    )
    assert set(students(find(export, LAB, roster))) == {"s1", "s2"}
    assert find(export, LAB).entries == []


def test_canvas_texts_and_links_are_handed_in_without_a_notebook(archive, roster):
    export = archive([f"doejane_12345_1_{NB}", "doebob_104_text.html", "núñezjosé_LATE_67890_link.html"])
    assert {(file.student, file.reason) for file in find(export, LAB, roster).unmatched} == {
        ("s3", "handed in without a notebook: a text typed into the platform"),
        ("s2", "handed in without a notebook: a link"),
    }


def test_canvas_texts_and_links_alone_are_listed(archive):
    assert {file.student for file in find(archive(["doebob_104_text.html"]), LAB).unmatched} == {"104"}


ANONYMOUS = [f"anon_x7Kq2_9005_{NB}", f"anon_x7Kq2_9006_{LAB}-1.ipynb", f"LATE_anon_9bZ1c_9007_{NB}",
             "LATE_anon_9bZ1c_9008_prices.csv", "anon_Zz9_link.html"]


def test_canvas_anonymous_ids_are_the_students(archive):
    found = find(archive(ANONYMOUS), LAB)
    assert (students(found), [file.student for file in found.unmatched]) == (
        {"9bZ1c": ANONYMOUS[2], "x7Kq2": ANONYMOUS[1]},
        ["Zz9"],
    )


def test_canvas_anonymous_ids_are_looked_up_letter_by_letter(archive, tmp_path):
    (tmp_path / "anonymous.csv").write_text("id,anonymous id\na,x7Kq2\nb,9BZ1C\n")
    assert set(students(find(archive(ANONYMOUS), LAB, Roster.read(tmp_path / "anonymous.csv")))) == {"a"}


def test_that_canvas_marks_a_submission_late_is_said(archive):
    assert "late" in find(archive(CANVAS), LAB).entries[1].facts[0]


def test_a_file_in_a_students_folder_is_never_taken_for_canvas(place):
    root = place([f"ada/{LAB}/{NB}", f"ada/{LAB}/plot_1_2_final.png", f"bob/{LAB}/hw_3_4_x.ipynb"])
    assert set(students(find(root, LAB))) == {"ada", "bob"}


def test_among_other_files_what_looks_like_canvas_is_no_id(place, roster):
    root = place([f"ada_{NB}", "lab_3_4_final.ipynb"])
    assert (set(students(find(root, LAB))), list(reasons(find(root, LAB)))) == ({"ada"}, ["lab_3_4_final.ipynb"])


@pytest.mark.parametrize(
    "name",
    ["Jane Doe_1_assignsubmission_file_/x.ipynb", "Lab_bob_attempt_2026-11-20-10-00-00_x.ipynb", "bob_1_2_x.ipynb"],
)
def test_nobody_hands_in_for_another_by_the_name_of_a_file(place, name):
    root = place([f"ada/{LAB}/{NB}", f"eve/{LAB}/{NB}", f"eve/{LAB}/{name}"])
    assert set(students(find(root, LAB))) == {"ada", "eve"}


@pytest.mark.parametrize(
    "name",
    [
        "Jane Doe_1_assignsubmission_file_/x.ipynb",
        "Lab_bob_attempt_2026-11-20-10-00-00_x.ipynb",
        "bob_1_2_x.ipynb",
        "1-2 - Bob Doe - Nov 20, 2026 900 AM/x.ipynb",
    ],
)
def test_nobody_hands_in_for_another_from_a_folder_or_archive(place, name, roster):
    root = place({f"s1/{NB}": "x", f"eve/{NB}": "x", f"eve/{name}": "x", "joe.zip": [NB, name]})
    assert {entry.student for entry in find(root, LAB, roster).entries} == {"s1"}


AT = "2026-11-20-10-00-00"


@pytest.mark.parametrize("names, student", [
    ([f"doejane_1_11_L_bob_attempt_{AT}_x.ipynb", "roe_2_12_x.ipynb"], "1"),
    ([f"L_ada_attempt_{AT}_L_bob_attempt_{AT}_x.ipynb", f"L_kim_attempt_{AT}_x.ipynb"], "ada"),
    ([f"L_ada_attempt_{AT}_Bob Doe_9_assignsubmission_file_x.ipynb", f"L_kim_attempt_{AT}_x.ipynb"], "ada"),
    ([f"L_1_2_ada_attempt_{AT}_x.ipynb", f"L_1_2_kim_attempt_{AT}_x.ipynb"], "ada")])
def test_the_platforms_part_of_a_name_comes_first_and_the_rest_is_the_students(archive, names, student):
    found = find(archive(names), LAB)
    assert {entry.where: entry.student for entry in found.entries}[names[0]] == student and len(found.entries) == 2


def test_after_brightspaces_part_of_a_name_another_platforms_tells_nothing(archive, roster):
    found = find(archive([f"1-9 - Jane Doe - Nov 20, 2026 1134 PM - L_bob_attempt_{AT}_x.ipynb"]), LAB, roster)
    assert set(students(found)) == {"s1"}


def test_a_name_that_may_be_of_two_platforms_is_not_guessed(archive, roster):
    found = find(archive([f"doejane_1_11_L_bob_attempt_{AT}_x.ipynb"]), LAB, roster)
    assert not found.entries and "--pattern" in found.unmatched[0].reason


def test_a_folder_and_the_notebook_in_it_that_name_two_students_are_not_chosen_between(place):
    root = place({f"ada/ada_{NB}": "x", f"eve/bob_{NB}": "x", "joe.zip": [f"kim_{NB}"]})
    assert set(students(find(root, LAB))) == {"ada"}


def test_an_export_in_a_folder_among_others_is_known(place, roster):
    root = place(
        {
            "readme.txt": "x",
            "moodle.zip": [f"Jane Doe_1_assignsubmission_file_/{NB}"],
            "canvas.zip": [f"doebob_5_1_{NB}"],
        }
    )
    assert set(students(find(root, LAB, roster))) == {"s1", "s3"}


def test_gradescopes_list_in_a_students_folder_tells_nothing(place):
    root = place({f"ada/{NB}": "x", f"eve/{NB}": "x", "eve/submission_1/x.ipynb": "x",
                  "eve/submission_metadata.yml": "submission_1:\n  :submitters:\n  - :sid: bob\n"})
    assert set(students(find(root, LAB))) == {"ada", "eve"}


def test_blackboards_groups_are_no_ids(archive):
    assert find(archive([f"Lab 3_Group 1_attempt_2026-11-20-10-00-00_{NB}"]), LAB).entries == []


def test_blackboards_note_alone_is_handed_in_without_a_notebook(archive):
    found = find(archive([*BLACKBOARD, "Lab 3_eve_attempt_2026-11-20-10-00-00.txt"]), LAB)
    assert [(file.student, "without a notebook" in file.reason) for file in found.unmatched] == [("eve", True)]


BRIGHTSPACE = [
    f"5551-9001 - José Núñez - 20 November, 2026 1134 PM/{NB}",
    f"5552-9001 - José Núñez - 21 November, 2026 900 AM/{NB}",
    "5553-9001 - Jane Doe - Nov 20, 2026 1200 AM/lab final.ipynb",
    "index.html",
]


def test_brightspaces_last_attempt_is_taken_and_the_earlier_one_is_named(archive, roster):
    found = find(archive(BRIGHTSPACE), LAB, roster)
    assert students(found) == {"s1": BRIGHTSPACE[2], "s2": BRIGHTSPACE[1]}
    assert [(attempt.student, attempt.where, attempt.reason) for attempt in found.superseded] == [
        ("s2", BRIGHTSPACE[0], "is an earlier attempt")
    ]
    assert found.unmatched == []


def test_brightspaces_names_are_no_ids(archive):
    found = find(archive(BRIGHTSPACE), LAB)
    assert found.entries == [] and all("--students, or --pattern" in file.reason for file in found.unmatched)


def test_with_a_pattern_brightspaces_last_attempt_is_taken_as_well(archive):
    found = find(archive(BRIGHTSPACE), LAB, pattern=r"\d - (?P<student>[^-]+) - ")
    assert (students(found), found.unmatched) == ({"José Núñez": BRIGHTSPACE[1], "Jane Doe": BRIGHTSPACE[2]}, [])


def test_brightspaces_flat_names_hold_one_attempt_together(archive, roster):
    attempt = "271836-442356 - Jane Doe - Dec 5, 2024 1149 AM"
    entry, = find(archive([f"{attempt} - lab.ipynb", f"{attempt} - data.csv"]), LAB, roster).entries
    assert (entry.student, dict(entry.others).keys()) == ("s1", {"data.csv"})


@pytest.mark.parametrize(("text", "time"), [
    ("Nov 20, 2026 1134 PM", "2026-11-20T23:34:00"), ("20 November, 2026 1200 AM", "2026-11-20T00:00:00"),
    ("November 2, 2026 900 AM", "2026-11-02T09:00:00"), ("20 November, 2026 2334", "2026-11-20T23:34:00"),
    ("20 nov. 2026 23 h 34", ""), ("11-10-2026 1134 PM", ""), ("Nov 31, 2026 1134 PM", "")])
def test_a_time_of_brightspaces_is_read_or_said_to_be_unknown(text, time):
    assert brightspace_time(text) == time


@pytest.mark.parametrize(
    "times",
    [("Nov 20, 2026 900 AM", "Nov 20, 2026 900 AM"), ("20 okt. 2026 900", "21 okt. 2026 900")],
    ids=["the same", "in another language"],
)
def test_attempts_whose_order_cannot_be_told_are_not_chosen_between(archive, roster, times):
    found = find(archive([f"{n}-1 - Jane Doe - {time}/{NB}" for n, time in enumerate(times)]), LAB, roster)
    assert found.entries == []
    assert [(file.student, file.reason[:45]) for file in found.unmatched] == [
        ("s1", "2 attempts and no telling which is the last: ")
    ]


GRADESCOPE = {
    "export/submission_1/lab.ipynb": "one",
    "export/submission_2/lab.ipynb": "two",
    "export/submission_3/x.ipynb": "three",
    "export/submission_metadata.yml": """
submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: '100'
    :email: jane@school.edu
  :created_at: 2026-11-20 10:00:00.123 Z
  :results: !ruby/object:Struct
    a: 1
submission_2:
  :submitters:
  - :name: José Núñez
    :sid: '200'
  - :name: Bob Doe
    :email: bob@school.edu
""",
}


def test_gradescopes_list_tells_whose_a_submission_is_and_who_worked_together(archive, roster):
    export = archive(GRADESCOPE)
    assert students(find(export, LAB)) == {"100": "one", "200": "two", "bob@school.edu": "two"}
    found = find(export, LAB, roster)
    assert students(found) == {"s1": "one", "s2": "two", "s3": "two"}
    assert found.entries[1].facts == ("handed in together by s2, s3",)
    assert reasons(found) == {"submission_3": "submission_metadata.yml does not say whose it is"}


@pytest.mark.parametrize("sid", ["0777", "12_3", "1e5", "yes"])
def test_a_student_id_in_gradescopes_list_stays_as_it_is_written(archive, sid):
    listed = f"submission_1:\n  :submitters:\n  - :sid: {sid}\n  :created_at: 2026-11-20 10:00:00 Z\n"
    assert set(students(find(archive({"submission_metadata.yml": listed, f"submission_1/{NB}": "x"}), LAB))) == {sid}


@pytest.mark.parametrize("listed", [None, "a: [", "- x"], ids=["gone", "no YAML", "a list"])
def test_without_gradescopes_list_nobody_is_guessed(archive, listed):
    files = GRADESCOPE | {"export/submission_metadata.yml": listed}
    found = find(archive({name: content for name, content in files.items() if content}), LAB)
    assert found.entries == [] and all("--pattern" in file.reason for file in found.unmatched)


def test_a_text_typed_into_moodle_is_handed_in_without_a_notebook(archive, roster):
    found = find(archive([*MOODLE, "Bob Doe_3_assignsubmission_onlinetext_/onlinetext.html"]), LAB, roster)
    assert (
        reasons(found)["Bob Doe_3_assignsubmission_onlinetext_"]
        == "handed in without a notebook: a text typed into the platform"
    )


def test_a_groups_submission_counts_for_those_whom_the_list_puts_into_the_group(archive, tmp_path):
    (tmp_path / "groups.csv").write_text('id,name,groups\na,Ann,"Red, G1"\nb,Bo,Red\nc,Cy,Blue\n')
    export = archive([f"Red_77_assignsubmission_file_/{NB}", f"Default group_assignsubmission_file_/{NB}"])
    found = find(export, LAB, Roster.read(tmp_path / "groups.csv"))
    assert ([entry.student for entry in found.entries], list(reasons(found))) == (
        ["a", "b"],
        ["Default group_assignsubmission_file_"],
    )


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([f"Jane Doe/Version 1/{NB}", f"Jane Doe/Version 2/{NB}"], id="Teams"),
        pytest.param(
            [f"Doe, Jane(jdoe)/Submission attachment(s)/{NB}", f"Núñez, José(jn)/Submission attachment(s)/{NB}"],
            id="Sakai",
        ),
        pytest.param([f"Doe, Jane - 1234567/{NB}", f"Núñez, José - 7654321/{NB}"], id="names with numbers"),
        pytest.param([f"export/doejane_12345_6789_{NB}", "readme.txt"], id="Canvas' files in a folder among others"),
    ],
)
def test_a_form_that_is_not_known_is_refused_with_the_remedy_and_never_guessed_into_ids(place, files):
    found = find(place(files), LAB)
    assert found.entries == []
    assert all("--students, or --pattern" in file.reason for file in found.unmatched if file.where.endswith(".ipynb"))


# Every file


def test_every_file_is_accounted_for(place):
    root = place(
        [
            f"ada/{LAB}/{NB}",
            f"ada/{LAB}/data.csv",
            f"ada/{LAB}/draft.ipynb",
            f"ada/{LAB}/.DS_Store",
            f"bob_{LAB}.pdf",
            "notes.txt",
            "Thumbs.db",
        ]
    )
    found = find(root, LAB)
    assert found.files == {
        "found": 7,
        "graded": 1,
        "kept_with_them": 1,
        "superseded": 1,
        "left_by_programs": 2,
        "other": 2,
    }
    assert {file.where: file.student for file in found.unmatched} == {f"bob_{LAB}.pdf": "bob", "notes.txt": ""}


def test_files_of_earlier_attempts_and_lists_of_platforms_are_counted_as_such(archive, roster):
    attempts = [f"{n}-9 - Jane Doe - Nov {n}, 2026 900 AM/{name}" for n in (1, 2) for name in (NB, "data.csv")]
    assert find(archive(["index.html", *attempts]), LAB, roster).files == {
        "found": 5, "graded": 1, "kept_with_them": 1, "superseded": 2, "left_by_programs": 1, "other": 0}


def test_of_a_folder_with_only_what_jupyterlab_saved_aside_the_student_is_named(place):
    found = find(place([f"ada/{LAB}/{NB}", f"bob/{LAB}/.ipynb_checkpoints/x-checkpoint.ipynb"]), LAB)
    assert [(file.student, "without a notebook" in file.reason) for file in found.unmatched] == [("bob", True)]


def test_another_labs_files_in_a_students_folder_are_no_trouble(place):
    root = place(
        [f"ada/{LAB}/{NB}", "ada/00_start_here/data.csv", "bob/00_start_here/00_start_here.ipynb", f"cy/{LAB}/{NB}"]
    )
    assert (set(students(find(root, LAB))), find(root, LAB).unmatched) == ({"ada", "cy"}, [])


def test_files_outside_the_notebooks_folder_are_said_to_be_left_out(place):
    entry, = find(place([f"ada/{LAB}/work/{NB}", f"ada/{LAB}/data.csv"]), LAB).entries
    assert entry.notes == ("left out, as not in the notebook's folder: data.csv",)


def test_what_is_left_out_of_no_submission_is_lost_and_what_is_left_out_of_one_is_not(place):
    root = place([f"ada/{LAB}/{NB}"])
    (root / "ada" / LAB / "data").symlink_to("/etc")
    (root / "bob").symlink_to(root / "ada")
    assert find(root, LAB).lost == ("bob",)


def test_the_list_of_students_may_lie_beside_the_submissions(place):
    root = place({f"ada_{NB}": "x", "class.csv": "id\nada\n"})
    assert find(root, LAB, Roster.read(root / "class.csv")).unmatched == []


# What is said of it


def said(root, *rest):
    summary = summary_of(SimpleNamespace(number="03", name=LAB), find(root, LAB, *rest))
    return summary.lines(), summary.whole


def test_the_summary_is_whole_where_all_that_was_handed_in_has_a_score(archive, roster):
    lines, whole = said(archive(BRIGHTSPACE), roster)
    assert (lines[0], whole) == (f"  s2: superseded: {BRIGHTSPACE[0]} is an earlier attempt", True)
    assert "0 unmatched, 1 superseded, in" in lines[-1]


def test_what_one_submission_can_have_said_is_bounded_and_escaped(place):
    root = place([])
    with zipfile.ZipFile(root / "ada.zip", "w") as archive:
        for number in range(2000):
            archive.writestr(f"{LAB}-{number}.ipynb", "x")
    with zipfile.ZipFile(root / "bob.zip", "w") as archive:
        for number in range(2000):
            archive.writestr(f"\x1b[2J\u202e\n{number}/{NB}", "x")
            archive.writestr(f"../\x1b[2J{number}", "x")
    lines, _ = said(root)
    assert (len(lines), all(map(str.isprintable, lines)), sum(map(len, lines)) < 50_000) == (112, True, True)
    assert (lines[9], "1,901 more" in lines[109]) == ("  ada: superseded: and 1,990 more", True)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (f"bob_{LAB}.pdf", f"  bob: not graded: bob_{LAB}.pdf: handed in without a notebook: another kind of file"),
        (
            "doebob_104_text.html",
            "  doebob_104_text.html: cannot match to a student: handed in without a notebook: a text typed into the "
            "platform; “104” or “doebob” does not give a student's id. Give a list with --students, or --pattern",
        ),
        ("notes.txt", "  notes.txt: cannot match to a student: is no notebook, and its name tells no student"),
        (
            f"-rf_{NB}",
            f"  -rf_{NB}: cannot match to a student: “-rf” cannot be a student's id (it begins with -). "
            "Rename it, or give a list with --students, or --pattern",
        ),
    ],
)
def test_the_summary_is_not_whole_where_something_has_no_score(place, file, line):
    assert said(place([f"ada_{NB}", file])) == ([line, ANY], False)


def test_a_link_that_is_not_followed_is_said_and_leaves_the_summary_not_whole(place, tmp_path):
    root = place([f"ada_{NB}"])
    (root / f"bob_{NB}").symlink_to(root / f"ada_{NB}")
    assert said(root) == ([f"  bob_{NB}: links are never followed; left out", ANY], False)


def test_what_would_command_a_terminal_or_hide_reaches_none(place):
    root = place(
        [f"{name}_{NB}" for name in ("b\x1b[31m", "e\u202evil", "z\u200bw", "i\u2066x", "c\x9b1m", "a\nb", "x" * 150)]
    )
    lines, _ = said(root)
    assert all(line.isprintable() for line in lines) and "e\\u202evil" in "".join(lines)
    assert as_json({"unmatched": reasons(find(root, LAB))}).replace("\n", "").isprintable()


def test_with_several_labs_each_file_is_told_once_and_another_labs_is_no_trouble(place):
    start = "00_start_here"
    root = place([f"ada_{NB}", f"ada_{start}.ipynb", "notes.txt"])
    several = _handed_in([Assignment(name, root) for name in (start, LAB, "04_apis")], True, root, None, None)
    assert [
        (assignment.name, len(found.entries), [u.where for u in found.unmatched]) for assignment, found in several
    ] == [(start, 1, ["notes.txt"]), (LAB, 1, [])]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("ada", "ada"),
        ("hal_k", "hal_k"),
        ("Jo Ann", "Jo Ann"),
        ("-rf", None),
        ("=cmd|calc", None),
        ("a+b", None),
        ("e\u202evil", None),
        ("doejane_12345_67890", None),
        ("anon_x7Kq2_9005", None),
        ("5551-9001 - Jane Doe - Nov 20, 2026 1134 PM - x", None),
        ("Jane Doe_1_assignsubmission_file", None),
        ("Lab_jdoe_attempt_2026-11-20-10-00-00", None),
    ],
)
def test_zip_collect_takes_no_student_that_labs_grade_would_not(name, student):
    match = re.match(course_config().FileNameCollectorPlugin.named_regexp, f"/x/extracted/{name}_{NB}")
    assert (match["student_id"] if match else None) == student


@pytest.mark.parametrize("student", ["late", "group 3", "doejane_12345_67890", "Doe, Jane"])
def test_in_nbgraders_own_folders_every_possible_id_is_one(place, student):
    assert set(students(find(place({f"{student}/{LAB}/{NB}": "x", f"ada/{LAB}/{NB}": "y"}), LAB))) == {student, "ada"}


# Archives as people make them


def test_names_in_utf_8_are_read_whether_or_not_the_archive_says_so(tmp_path, archive):
    export = archive([f"mQQller_{NB}"])
    export.write_bytes(export.read_bytes().replace(b"mQQller", "müller".encode()))
    assert set(students(find(export, LAB))) == {"müller"}


def test_names_in_the_characters_of_ms_dos_are_read(archive):
    export = archive([f"mQller_{NB}"])
    export.write_bytes(export.read_bytes().replace(b"mQller", "müller".encode("cp437")))
    assert set(students(find(export, LAB))) == {"müller"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("second", "graded"), [("a", ["ada"]), ("b", [])], ids=["the same", "another"])
def test_a_name_that_is_in_an_archive_twice_is_graded_only_where_it_is_the_same_file(tmp_path, second, graded):
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as target:
        target.writestr(f"ada_{NB}", "a")
        target.writestr(f"ada_{NB}", second)
    found = find(tmp_path / "twice.zip", LAB)
    assert ([entry.student for entry in found.entries], len(found.unmatched)) == (graded, 1 - len(graded))


def test_an_encrypted_notebook_is_reported_when_it_is_read(archive):
    export = archive([f"ada_{NB}"])
    content = bytearray(export.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    export.write_bytes(content)
    with pytest.raises(LabsError, match="encrypted.*Have it handed in again"):
        find(export, LAB).entries[0].read()


@pytest.mark.parametrize(("content", "reason"), [
    pytest.param("", "bob.zip cannot be read as a zip archive .* Have it handed in again", id="no bytes"),
    pytest.param([], "nothing is in the archive", id="no files"),
    pytest.param(["__MACOSX/._x.ipynb"], "nothing is in the archive", id="a resource fork"),
    pytest.param({"more.zip": [NB]}, "there is more.zip. .* not opened: unpack bob.zip", id="an archive in it"),
    pytest.param([f"{number}.csv" for number in range(21)], "more than 20 files", id="too many files"),
])
def test_an_archive_without_a_notebook_is_named_with_its_student(place, monkeypatch, content, reason):
    monkeypatch.setattr("autograders.grading.submissions.files.MOST_LISTED", 20)
    found = find(place({"ada.zip": [NB], "bob.zip": content}), LAB)
    assert [file.student for file in found.unmatched] == ["bob"] and re.search(reason, found.unmatched[0].reason)


def test_endings_may_be_in_capitals(place):
    assert set(students(find(place({f"ada_{NB.upper()}": "x", "bob.ZIP": [NB.upper()]}), LAB))) == {"ada", "bob"}


# Lists and patterns


@pytest.mark.parametrize(
    "name", ["JDOE", "jane@school.edu", "jane  doe", "S1", "12345", "jose\u0301 nu\u0301n\u0303ez", "ＢＤＯＥ"]
)
def test_a_student_is_known_by_any_column_whatever_the_case_and_form(place, roster, name):
    assert len(find(place([f"{name}_{NB}"]), LAB, roster).entries) == 1


@pytest.mark.parametrize("name", ["doe", "jane", "jdoe2", "jane.doe"])
def test_nobody_is_known_by_half_a_name(place, roster, name):
    found = find(place([f"{name}_{NB}"]), LAB, roster)
    assert (found.entries, "is not in the list of students" in found.unmatched[0].reason) == ([], True)


def test_a_name_that_two_students_have_is_nobodys(place, tmp_path):
    (tmp_path / "two.csv").write_text("id,name\na,Kim Lee\nb,kim lee\n")
    found = find(place([f"Kim Lee_{NB}"]), LAB, Roster.read(tmp_path / "two.csv"))
    assert found.unmatched[0].reason == "“Kim Lee” fits several students: a, b"


def test_two_submissions_of_one_student_under_two_names_are_not_chosen_between(place, roster):
    found = find(place([f"jdoe/{LAB}/{NB}", f"s1/{LAB}/{NB}"]), LAB, roster)
    assert found.entries == [] and "several notebooks" in found.unmatched[0].reason


def test_ids_that_differ_in_capitals_only_are_neither_one_student_nor_two(place):
    found = find(place([f"ada_{NB}", f"Ada/{LAB}/{NB}", f"bob_{NB}"]), LAB)
    assert set(students(found)) == {"bob"} and all("in capitals only" in file.reason for file in found.unmatched)


PLATFORMS = {
    "Canvas": "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n\"Doe, Jane\",12345,U1,jdoe,A\n",
    "Moodle": "First name,Surname,ID number,Email address\nJane,Doe,jdoe,jane@school.edu\n",
    "Moodle's worksheet": "Identifier,Full name,Email address\nParticipant 12345,Jane Doe,jane@school.edu\n",
    "Blackboard": "Last Name\tFirst Name\tUsername\tStudent ID\nDoe\tJane\tjdoe\tU1\n",
    "Brightspace": "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n#U1,#jdoe,Doe,Jane,#\n",
    "Gradescope": "First Name,Last Name,SID,Email\nJane,Doe,U1,jane@school.edu\n",
    "Excel in German": "sep=;\nID;Name\njdoe;Jane Doe\n",
}


@pytest.mark.parametrize(("platform", "encoding", "student"), [
    ("Canvas", "utf-8", "12345"), ("Moodle", "utf-8", "jdoe"), ("Moodle's worksheet", "utf-8", "jane@school.edu"),
    ("Blackboard", "utf-16", "U1"), ("Brightspace", "utf-8-sig", "jdoe"), ("Gradescope", "utf-8", "U1"),
    ("Excel in German", "utf-8-sig", "jdoe")])
def test_the_list_may_be_what_a_platform_exports(archive, tmp_path, platform, encoding, student):
    (tmp_path / "class.csv").write_bytes(PLATFORMS[platform].encode(encoding))
    listed = Roster.read(tmp_path / "class.csv")
    assert set(students(find(archive([f"1-2 - Jane Doe - Nov 20, 2026 900 AM/{NB}"]), LAB, listed))) == {student}
    assert set(students(find(archive([f"doejane_12345_1_{NB}"]), LAB, listed))) == {student}


def test_moodles_number_is_looked_up_in_moodles_columns_only(archive, tmp_path):
    (tmp_path / "class.csv").write_text("id,name,canvas\nkim,Kim Lee,103\n")
    assert (
        find(
            archive([f"Someone Else_103_assignsubmission_file_/{NB}"]), LAB, Roster.read(tmp_path / "class.csv")
        ).entries
        == []
    )


@pytest.mark.parametrize("name", ["Joerg Müller", "Jorg Müller", "Müller"])
def test_a_name_that_is_written_otherwise_is_unmatched(archive, tmp_path, name):
    (tmp_path / "class.csv").write_text("id,name\njm,Jörg Müller\n")
    export = archive([f"1-2 - {name} - Nov 20, 2026 900 AM/{NB}"])
    assert [file.reason for file in find(export, LAB, Roster.read(tmp_path / "class.csv")).unmatched] == [
        f"“{name}” is not in the list of students"
    ]


def test_an_id_in_the_list_that_cannot_be_one_costs_no_other_student_the_score(place, tmp_path):
    (tmp_path / "class.csv").write_text("id,name\n-rf,Jane Doe\nbob,Bob Doe\n")
    found = find(place([f"Jane Doe_{NB}", f"Bob Doe_{NB}"]), LAB, Roster.read(tmp_path / "class.csv"))
    assert ([entry.student for entry in found.entries], "'-rf' in the list cannot be" in found.unmatched[0].reason) == (
        ["bob"],
        True,
    )


@pytest.mark.parametrize(("text", "words"), [
    pytest.param("name\nada\n", "has no column id", id="no id"),
    pytest.param("", "has no column id", id="empty"),
    pytest.param("id\na\na\n", "'a' stands twice", id="an id twice"),
    pytest.param("id\n../a\n", "cannot be the name of a folder", id="an id that is a path"),
])
def test_a_list_that_cannot_be_used_is_refused_in_one_line(tmp_path, text, words):
    (tmp_path / "class.csv").write_text(text)
    with pytest.raises(LabsError, match=words):
        Roster.read(tmp_path / "class.csv")


def test_a_list_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "class.csv").write_bytes(b"id\n\xff\xfe")
    with pytest.raises(LabsError, match="Save it as CSV in UTF-8"):
        Roster.read(tmp_path / "class.csv")


def test_a_pattern_finds_the_student_in_the_path(place):
    root = place(["group A/lab3-ada.ipynb", "group A/lab3-bob.ipynb", "group A/data.csv", "group B/lab3-cleo.ipynb",
                  "group B/data.csv", "notes.ipynb"])
    found = find(root, LAB, pattern=r"lab3-(?P<student>\w+)\.ipynb")
    assert [(entry.student, list(entry.read().files), entry.notes) for entry in found.entries] == [
        ("ada", [], ()), ("bob", [], ()), ("cleo", ["data.csv"], ())]
    assert reasons(found) == {"notes.ipynb": "does not match the pattern",
                              "group A/data.csv": "is no notebook, and does not match the pattern"}


def test_a_pattern_may_tell_which_attempt_is_later(place):
    root = place([f"ada-{n}.ipynb" for n in (2, 10, 9)])
    found = find(root, LAB, pattern=r"(?P<student>[a-z]+)-(?P<attempt>\d+)")
    assert (students(found), len(found.superseded)) == ({"ada": "ada-10.ipynb"}, 2)


@pytest.mark.parametrize("student", ["-rf", "=cmd", "e\u202evil"])
def test_what_a_pattern_finds_is_no_id_where_it_could_not_be_a_folder(place, student):
    found = find(place([f"lab {student}.ipynb", "lab ada.ipynb"]), LAB, pattern=r"lab (?P<student>[^/]+)[.]ipynb")
    assert ([entry.student for entry in found.entries], len(found.unmatched)) == (["ada"], 1)


def test_what_a_pattern_finds_is_looked_up_in_the_list(place, roster):
    assert set(students(find(place(["x-JDOE.ipynb"]), LAB, roster, r"x-(?P<student>\w+)"))) == {"s1"}


@pytest.mark.parametrize("pattern", ["(", r"(\w+)"])
def test_a_pattern_that_cannot_be_used_is_refused_with_an_example(place, pattern):
    with pytest.raises(LabsError, match="Example"):
        find(place([f"ada_{NB}"]), LAB, pattern=pattern)


# What must not be followed, and what is too much


def test_links_are_not_followed_and_noted(place, tmp_path):
    root = place([f"ada/{LAB}/{NB}", f"bob/{LAB}/data.csv"])
    (root / "ada" / LAB / "passwords").symlink_to("/etc/passwd")
    (root / "bob" / LAB / NB).symlink_to(root / "ada" / LAB / NB)
    (root / "cleo").symlink_to(root / "ada")
    found = find(root, LAB)
    assert [entry.read().files for entry in found.entries] == [{}]
    assert reasons(found) == {f"bob/{LAB}": "handed in without a notebook; there is data.csv"}
    assert len(found.notes) == 1 and "links are never followed" in found.notes[0] and "cleo" in found.notes[0]


def test_links_and_names_that_lead_out_of_an_archive_are_refused(tmp_path):
    export = tmp_path / "export.zip"
    with zipfile.ZipFile(export, "w") as target:
        target.writestr(f"ada/{LAB}/{NB}", "{}")
        for name in (f"../eve/{LAB}/{NB}", f"/eve/{LAB}/{NB}", f"C:\\eve\\{LAB}\\{NB}", f"x\\..\\..\\eve\\{LAB}\\{NB}"):
            target.writestr(name, "{}")
        link = zipfile.ZipInfo(f"bob/{LAB}/{NB}")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    found = find(export, LAB)
    assert [entry.student for entry in found.entries] == ["ada"]
    assert any("links are never followed" in note for note in found.notes)
    assert any("lead out of their archive" in note for note in found.notes)


def test_a_link_put_in_place_of_a_file_later_is_not_read(place):
    root = place([f"ada/{LAB}/{NB}"])
    entry, = find(root, LAB).entries
    (root / "ada" / LAB / NB).unlink()
    (root / "ada" / LAB / NB).symlink_to("/etc/passwd")
    with pytest.raises(LabsError, match="cannot be read"):
        entry.read()


def test_pipes_are_passed_over(place):
    root = place([f"ada/{LAB}/{NB}"])
    os.mkfifo(root / "ada" / LAB / "pipe")
    assert find(root, LAB).entries[0].read().files == {}


def test_a_notebook_that_is_too_large_is_not_read_and_the_remedy_named(place):
    root = place([f"ada/{LAB}/{NB}"])
    os.truncate(root / "ada" / LAB / NB, 100 * 2**20)
    entry, = find(root, LAB).entries
    tracemalloc.start()
    with pytest.raises(LabsError, match="100 MB, more than 50: .*Clear Outputs of All Cells"):
        entry.read()
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(archive):
    entry, = find(archive({f"ada/{LAB}/{NB}": "0" * (MAX_FILE_BYTES + 1)}), LAB).entries
    with pytest.raises(LabsError, match="more than 50"):
        entry.read()


def test_of_many_and_of_large_files_some_are_left_out_and_it_is_noted(place):
    root = place([f"ada/{LAB}/{NB}", *(f"ada/{LAB}/{number}.csv" for number in range(MOST_FILES + 5))])
    (root / "ada" / LAB / "0.csv").write_bytes(b"")
    os.truncate(root / "ada" / LAB / "0.csv", MOST_BYTES + 1)
    submission = find(root, LAB).entries[0].read()
    assert (len(submission.files), "0.csv" in submission.files) == (MOST_FILES, False)
    assert submission.notes == (f"5 other files were left out: at most {MOST_FILES} files and 20 MB are kept",)


def test_a_broken_archive_is_named_and_the_others_are_found(place):
    root = place({"ada.zip": [NB], "bob.zip": "no archive"})
    found = find(root, LAB)
    assert students(found) == {"ada": NB}
    assert "bob.zip cannot be read as a zip archive" in reasons(found)["bob"]


def test_a_broken_file_in_an_archive_is_reported_when_it_is_read(archive):
    export = archive({f"ada/{LAB}/{NB}": "x" * 1000, f"bob/{LAB}/{NB}": "{}"})
    content = bytearray(export.read_bytes())
    content[60:64] = b"\xff\xff\xff\xff"
    export.write_bytes(content)
    ada, bob = find(export, LAB).entries
    with pytest.raises(LabsError, match="cannot be unpacked"):
        ada.read()
    assert bob.read().notebook == b"{}"


@pytest.mark.parametrize(("make", "words"), [
    pytest.param(lambda root: root / "nowhere", "there is no", id="no such folder"),
    pytest.param(lambda root: root, f"no notebook in .*looked for STUDENT/{LAB}", id="empty folder"),
    pytest.param(lambda root: (root / "x.zip").write_text("x") and root / "x.zip", "cannot be read as a zip archive",
                 id="no archive"),
])
def test_where_nothing_is_to_be_found_one_line_says_what_was_looked_for(tmp_path, make, words):
    with pytest.raises(LabsError, match=words) as refused:
        find(make(tmp_path), LAB)
    assert "\n" not in str(refused.value)


def test_names_that_are_no_text_break_nothing(place):
    root = place([f"ada/{LAB}/{NB}"])
    (root / os.fsdecode(b"bob\xff_" + NB.encode())).write_text("{}")
    found = find(root, LAB)
    json.dumps([entry.where for entry in found.entries] + list(reasons(found))).encode()
    assert all(entry.read() for entry in found.entries)


# Many


@pytest.mark.slow
def test_three_thousand_submissions_are_listed_lightly(tmp_path):
    export = tmp_path / "export.zip"
    with zipfile.ZipFile(export, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(3000):
            target.writestr(f"s{number}/{LAB}/{NB}", "x" * 10_000)
    found = find(export, LAB)
    tracemalloc.start()
    assert sum(len(entry.read().notebook) for entry in found.entries) == 30_000_000
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
