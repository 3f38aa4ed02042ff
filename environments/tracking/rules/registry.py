"""How a rule is written down: a function of the plan, with its code, its severity and what it asks for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from environments.tracking.diagnostics import Diagnostic
from environments.tracking.plan import Plan

Finding = tuple[str, str, str]  # pointer, message, next action
Findings = Iterator[Finding]


@dataclass(frozen=True)
class Rule:
    code: str
    severity: str
    asks: str  # in one sentence
    find: Callable[[Plan], Findings]

    def look(self, plan: Plan) -> Iterator[Diagnostic]:
        for at, message, next in self.find(plan):
            yield Diagnostic(self.code, self.severity, plan.file, plan.document.line(at), at, message, next)


RULES: dict[str, Rule] = {}


def rule(code: str, severity: str, asks: str):
    """Makes a function a rule."""
    def register(find: Callable[[Plan], Findings]) -> Callable[[Plan], Findings]:
        RULES[code] = Rule(code, severity, asks, find)
        return find
    return register
