"""What can be graded here, and what is guessed of it early."""

import json

import pytest

from autograders.grading import assignments
from autograders.grading.assignments import assignment, imported_by
from environments.errors import LabsError


def test_an_assignment_is_known_by_its_number_or_name():
    assert assignment("3") == assignment("03") == assignment("03_read_replica")
    with pytest.raises(LabsError, match="lab 77 cannot be graded here. Those that can: 00, "):
        assignment("77")


def test_what_a_notebook_imports_is_known_before_it_is_graded():
    assert {"duckdb", "pandas"} <= set(imported_by(["91"])) and "matplotlib.pyplot" in imported_by(["00", "03"])


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"cells": [{"cell_type": "code"}]}),
                                  json.dumps({"cells": [{"cell_type": "code", "source": "import ("}]})])
def test_what_cannot_be_told_is_left_to_who_grades(text, tmp_path, monkeypatch):
    (tmp_path / "90_x").mkdir()
    (tmp_path / "90_x" / "90_x.ipynb").write_text(text)
    monkeypatch.setattr(assignments, "FURTHER", [tmp_path])
    assert imported_by(["77", "90"]) == []
