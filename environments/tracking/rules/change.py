"""Change: what is deprecated says until when, and what comes in its place."""

from environments.tracking.diagnostics import ERROR
from environments.tracking.plan import DEPRECATED, Plan
from environments.tracking.rules.registry import Findings, rule


@rule("TP501", ERROR, "What is deprecated has a last day, and a successor or a reason why there is none.")
def deprecated(plan: Plan) -> Findings:
    for event in plan.events:
        if event.status == DEPRECATED and event.deprecated is None:
            yield (event.at, f"`{event.name}` is deprecated, without a date or a successor.",
                   "Add deprecated: {since: 2026-07-01, until: 2026-10-01, successor: ...}.")
        elif event.deprecated is not None and event.status != DEPRECATED:
            status = event.status or "none"
            yield f"{event.at}/deprecated", f"`{event.name}` has status {status}.", "Write status: deprecated."
        if event.deprecated:
            yield from _ends(event, "events", {other.name: other.status == DEPRECATED for other in plan.events})
        for prop in plan.properties_of(event):
            if prop.deprecated:
                siblings = {other.name: other.deprecated is not None for other in plan.properties_of(event)}
                yield from _ends(prop, "properties", siblings)


def _ends(thing, kind: str, siblings: dict[str, bool]) -> Findings:
    """`siblings`: by name, whether it is deprecated as well."""
    at, said = f"{thing.at}/deprecated", thing.deprecated
    if not said.until:
        yield at, "nobody knows until when it is sent.", "Add `until:`, a day."
    elif said.since and said.until < said.since:
        yield f"{at}/until", "it ends before it is deprecated.", "Correct one of the two days."
    if not (said.successor or said.reason):
        yield at, "nothing comes in its place.", "Name a `successor:`, or say in `reason:` why there is none."
    elif said.successor and said.successor not in siblings:
        yield f"{at}/successor", f"`{said.successor}` is none of the {kind}.", "Name one that is in the plan."
    elif said.successor and siblings[said.successor]:
        yield f"{at}/successor", f"`{said.successor}` is deprecated itself.", "Name what is to be used today."
