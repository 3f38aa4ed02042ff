"""A plan in the forms of other tools and as typed functions, as texts by the name of their file; and a plan from one.

    files = exported(plan, "segment")        # {"tracking-plan.json": "..."}
    write(plan, "snowplow", "schemas")       # the same into a folder

No other form holds all that a plan says. Trigger, owner, questions and personal-data classes stay in the plan.
"""

from collections.abc import Callable
from pathlib import Path

from environments.errors import LabsError
from environments.tracking.exports import amplitude, code, mixpanel, rudderstack, segment, snowplow
from environments.tracking.plan import Plan
from environments.tracking.words import slug

EXPORTS: dict[str, Callable[[Plan], dict[str, str]]] = {
    "rudderstack": rudderstack.exported, "segment": segment.exported, "snowplow": snowplow.exported,
    "amplitude": amplitude.exported, "mixpanel": mixpanel.exported, "python": code.python,
    "typescript": code.typescript}


def exported(plan: Plan, tool: str) -> dict[str, str]:
    if tool not in EXPORTS:
        raise LabsError(f"there is no export for `{tool[:60]}`.", f"Choose one of: {', '.join(EXPORTS)}.")
    _require_ids(plan)
    return EXPORTS[tool](plan)


def _require_ids(plan: Plan) -> None:
    """Raises LabsError where two events would have one file or id."""
    seen: dict[str, str] = {}
    for event in plan.events:
        first = seen.setdefault(slug(event.name), event.name)
        if first != event.name:
            raise LabsError(f"`{first}` and `{event.name}` have the same id, {slug(first)}.", "Rename one of them.")


def write(plan: Plan, tool: str, folder: Path | str) -> list[Path]:
    """The files written, by their path. A file of the same name is replaced."""
    files = exported(plan, tool)
    written = [Path(folder) / name for name in files]
    try:
        for path, text in zip(written, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as e:
        raise LabsError(f"{folder} cannot be written: {e.strerror}.", "Name another folder.") from None
    return written
