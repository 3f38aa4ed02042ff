"""What was handed in as a link is not followed by `nbgrader autograde`, which copies what links lead to."""

from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograders.grading.nbgrader_plugin import Repair
from autograders.grading.not_graded import NotGraded
from environments.errors import LabsError

LAB, STUDENT = "00_start_here", "lin"


@pytest.fixture
def course(tmp_path):
    """A course in which nbgrader has copied what stands beside a notebook that was handed in."""
    config = Config({"CourseDirectory": {"root": str(tmp_path)}})
    for folder in ("submitted", "autograded"):
        (tmp_path / folder / STUDENT / LAB / "more").mkdir(parents=True)
        (tmp_path / folder / STUDENT / LAB / "more" / "own.csv").write_text("a,b")
    (tmp_path / "submitted" / STUDENT / LAB / f"{LAB}.ipynb").write_text("{}")
    return CourseDirectory(config=config)


def graded(course: CourseDirectory) -> list[str]:
    """What is left beside a notebook that nbgrader is about to grade."""
    resources = {"nbgrader": {"student": STUDENT, "assignment": LAB, "notebook": LAB}}
    Repair(config=course.config)._without_links(resources)
    copies = Path(course.root) / "autograded" / STUDENT / LAB
    return sorted(str(path.relative_to(copies)) for path in copies.rglob("*") if path.is_file())


def test_what_a_link_led_to_is_left_out(course, tmp_path):
    (tmp_path / "secret").write_text("canary")
    (Path(course.root) / "submitted" / STUDENT / LAB / "more" / "data.csv").symlink_to(tmp_path / "secret")
    (Path(course.root) / "autograded" / STUDENT / LAB / "more" / "data.csv").write_text("canary")
    assert graded(course) == ["more/own.csv"]


@pytest.mark.parametrize(
    "place", [f"{STUDENT}/{LAB}/{LAB}.ipynb", f"{STUDENT}/{LAB}", STUDENT], ids=["notebook", "lab", "student"]
)
def test_a_notebook_behind_a_link_is_not_graded(course, place):
    path = Path(course.root) / "submitted" / place
    path.rename(path.with_name("ada"))
    path.symlink_to(path.with_name("ada"))
    with pytest.raises(LabsError, match="links are never followed"):
        graded(course)
    assert "links are never followed" in NotGraded(course, LAB).reasons()[STUDENT]
