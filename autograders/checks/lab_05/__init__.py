"""What the test cells of Lab 5 call: one function a graded point, in a module for each part of the lab."""

from autograders.checks.lab_05.part_1 import *  # noqa: F403
from autograders.checks.lab_05.part_3 import *  # noqa: F403
from autograders.checks.lab_05.part_4 import *  # noqa: F403
from autograders.checks.lab_05.part_7 import *  # noqa: F403
