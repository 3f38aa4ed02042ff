"""The rules that a good plan keeps. Each has a code and a page in docs/tracking_plan, whose examples are its tests."""

from collections.abc import Collection

from environments.tracking.diagnostics import Diagnostic
from environments.tracking.plan import Plan
from environments.tracking.rules import change, meaning, names, people, values
from environments.tracking.rules.registry import RULES, Rule

# Imported, these modules have put their rules into RULES.
__all__ = ["RULES", "Rule", "change", "meaning", "names", "people", "problems", "values"]


def problems(plan: Plan, only: Collection[str] = ()) -> list[Diagnostic]:
    """What the rules find, in the order of the file; of all rules, or of those with these codes."""
    found = [diagnostic for code, rule in RULES.items() if not only or code in only for diagnostic in rule.look(plan)]
    return sorted(found, key=lambda each: (each.line, each.code, each.pointer))
