"""What the test cells of Lab 4 call: one function a graded point, in a module for each part of the lab.

Each takes the student's function and tries it on APIs of its own (`lab_04.apis`) with records made at random,
or on plain values. So no check depends on an earlier answer.
"""

from autograders.checks.lab_04.part_1 import *  # noqa: F403
from autograders.checks.lab_04.part_3 import *  # noqa: F403
from autograders.checks.lab_04.part_4 import *  # noqa: F403
from autograders.checks.lab_04.part_6 import *  # noqa: F403
from autograders.checks.lab_04.part_7 import *  # noqa: F403
