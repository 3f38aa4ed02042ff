"""A tracking plan as a file: read, checked by rules, turned into schemas, compared, exported. For any company's plan.

    from environments.tracking import read, problems
    plan = read("plan.yaml")              # raises NotAPlan with its diagnostics
    for problem in problems(plan): print(problem)

    Door(plan).sort(records)              # environments.tracking.door: accept, or quarantine with the reason
    compare(old, new)                     # environments.tracking.versions: what is breaking, and the version it needs
    labs plan check FILE                  # the same from the command line
"""

from environments.tracking.diagnostics import Diagnostic, NotAPlan
from environments.tracking.plan import Event, Plan, Property
from environments.tracking.reading import plan_of, read
from environments.tracking.rules import problems

__all__ = ["Diagnostic", "Event", "NotAPlan", "Plan", "Property", "plan_of", "problems", "read"]
