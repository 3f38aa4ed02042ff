"""What the test cells of Lab 6 call: one function a graded point, in a module for each part of the lab.

No check needs Superset. What an answer returns is data: files, bodies of requests, SQL, a title. The SQL is asked of
small tables that the examiner makes, and rules for rows are combined as Superset combines them, which
tests/test_lab_06.py compares with the real tool.
"""

from autograders.checks.lab_06.part_1 import *  # noqa: F403
from autograders.checks.lab_06.part_3 import *  # noqa: F403
from autograders.checks.lab_06.part_4 import *  # noqa: F403
from autograders.checks.lab_06.part_5 import *  # noqa: F403
