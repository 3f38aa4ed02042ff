"""What the test cells of Lab 8 call: one function a graded point, in a module for each part of the lab."""

from autograders.checks.lab_08.part_1 import *  # noqa: F403
from autograders.checks.lab_08.part_2 import *  # noqa: F403
from autograders.checks.lab_08.part_3 import *  # noqa: F403
from autograders.checks.lab_08.part_4 import *  # noqa: F403
from autograders.checks.lab_08.part_5 import *  # noqa: F403
from autograders.checks.lab_08.part_6 import *  # noqa: F403
from autograders.checks.lab_08.part_7 import *  # noqa: F403
from autograders.checks.lab_08.part_8 import *  # noqa: F403
