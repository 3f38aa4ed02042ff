"""What the test cells of Lab 7 call: one function a graded point, in a module for each half of the lab."""

from autograders.checks.lab_07.part_1 import *  # noqa: F403
