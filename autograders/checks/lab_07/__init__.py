"""What the test cells of Lab 7 call: one function a graded point, in a module for each half of it, or less."""

from autograders.checks.lab_07.part_1 import *  # noqa: F403
from autograders.checks.lab_07.part_4 import *  # noqa: F403
from autograders.checks.lab_07.part_6 import *  # noqa: F403
from autograders.checks.lab_07.part_7 import *  # noqa: F403
from autograders.checks.lab_07.part_8 import *  # noqa: F403
