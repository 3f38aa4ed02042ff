"""Names: the plan states a convention and keeps to it."""

from collections.abc import Iterator

from environments.tracking.diagnostics import ERROR
from environments.tracking.plan import Names, Plan, Property
from environments.tracking.rules.registry import Findings, rule
from environments.tracking.words import PARTICLES, in_case, is_past, words, written

ON_A_BUTTON = set("button buttons click clicked clicks cta hovered pressed tapped".split())
GESTURES = ON_A_BUTTON | set("hover hovers press presses tap taps".split())


@rule("TP101", ERROR, "The plan states how events and properties are named, and each name is in that case.")
def case(plan: Plan) -> Findings:
    for what, convention in (("events", plan.events_named), ("properties", plan.properties_named)):
        if convention is None or not (convention.case or convention.pattern):
            yield (f"/convention/{what}", f"the plan does not say how {what} are named.",
                   f"State it, for example: convention: {{{what}: {{case: snake_case}}}}.")
    for name, at, convention in _all_names(plan):
        if convention.case and not in_case(name, convention.case):
            yield at, f"`{name}` is not in {convention.case}.", f"Write it as `{written(name, convention.case)}`."
        elif convention.pattern and not _matches(convention.pattern, name):
            yield at, f"`{name}` does not match the convention's pattern.", f"Make it match {convention.pattern}"


@rule("TP102", ERROR, "An event's name has the words that the convention asks for: object, action, tense.")
def wording(plan: Plan) -> Findings:
    names = plan.events_named
    for event in plan.events if names else ():
        if names and event.name not in names.exceptions and (wrong := _wording(words(event.name), names)):
            yield event.at, f"`{event.name}` {wrong[0]}.", wrong[1]


def _wording(parts: list[str], names: Names) -> tuple[str, str] | None:
    """What is wrong with an event's words, and what to do."""
    first = names.order == "action-object"
    if names.actions:
        known = [words(action) for action in names.actions]
        fits = [action for action in known if (parts[:len(action)] if first else parts[-len(action):]) == action]
        if not fits:
            return (f"does not {'begin' if first else 'end'} with an action of the convention",
                    f"Use one of them ({', '.join(names.actions[:8])}), or add this one to `actions`.")
        if names.order and len(parts) == max(map(len, fits)):
            return "has an action and no object", "Say what it happened to, as in `Order Placed`."
        return None
    if names.order and len(parts) < 2:
        return "is one word", "Name the object and the action."
    if names.tense and parts:
        action = parts[0] if first else parts[-2] if len(parts) > 1 and parts[-1] in PARTICLES else parts[-1]
        if is_past(action) != (names.tense == "past"):
            return (f"has its action, `{action}`, not in the {names.tense} tense",
                    "Say what has happened." if names.tense == "past" else "Say what happens.")
    return None


@rule("TP103", ERROR, "No two names differ only in case or separators.")
def look_alikes(plan: Plan) -> Findings:
    for named in ([(e.name, e.at) for e in plan.events], [(p.name, p.at) for p in _named(plan)]):
        seen: dict[str, str] = {}
        for name, at in named:
            first = seen.setdefault("".join(words(name)) or name, name)
            if first != name:
                yield at, f"`{name}` and `{first}` differ only in how they are written.", f"Use `{first}` for both."


@rule("TP104", ERROR, "An event is named after what happened, not after the button.")
def named_after_a_button(plan: Plan) -> Findings:
    allowed = plan.events_named.exceptions if plan.events_named else {}
    for event in plan.events:
        if event.name not in allowed and (gesture := ON_A_BUTTON & set(words(event.name))):
            yield (event.at, f"`{event.name}` says `{min(gesture)}`: it changes with the page, and counts what fails.",
                   "Name what has happened once it worked, as in `Order Placed`.")


def _all_names(plan: Plan) -> Iterator[tuple[str, str, Names]]:
    if plan.events_named:
        yield from ((e.name, e.at, plan.events_named) for e in plan.events
                    if e.name not in plan.events_named.exceptions)
    if plan.properties_named:
        yield from ((p.name, p.at, plan.properties_named) for p in _named(plan)
                    if p.name not in plan.properties_named.exceptions)


def _named(plan: Plan) -> Iterator[Property]:
    """Properties that have a name of their own: an array's items have the array's."""
    return (prop for prop in plan.properties() if not prop.is_item)


def _matches(pattern: str, name: str) -> bool:
    """In time that grows with the name alone, whatever the pattern is. One that does not compile matches nothing."""
    from environments.tracking.schemas import validator

    try:
        return validator({"pattern": pattern}).is_valid(name)
    except ValueError:
        return False
