"""Results into nbgrader's own gradebook and autograded folder, as `nbgrader autograde` would have left them there."""

from autograders.grading.gradebook.book import CourseGradebook

__all__ = ["CourseGradebook"]
