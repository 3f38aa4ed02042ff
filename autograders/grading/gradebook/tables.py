"""nbgrader's tables, and which of them hold something for which type of cell."""

from nbgrader import api

COURSE, ASSIGNMENT, NOTEBOOK, STUDENT = (
    kind.__table__ for kind in (api.Course, api.Assignment, api.Notebook, api.Student)
)
CELL, SOURCE = api.BaseCell.__table__, api.SourceCell.__table__
CELLS = {
    "GradeCell": api.GradeCell.__table__,
    "SolutionCell": api.SolutionCell.__table__,
    "TaskCell": api.TaskCell.__table__,
}
SUBMITTED, SUBMITTED_NOTEBOOK = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__
GRADE, COMMENT = api.Grade.__table__, api.Comment.__table__

HAS_GRADE, HAS_COMMENT = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")
