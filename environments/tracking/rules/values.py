"""Values: types, units, allowed values, money, moments."""

from collections.abc import Iterator

from environments.tracking.diagnostics import ERROR, WARNING, pointer
from environments.tracking.form import SAID
from environments.tracking.plan import Plan, Property
from environments.tracking.rules.registry import Findings, rule
from environments.tracking.schemas import KINDS, property_schema, validator
from environments.tracking.words import words

MONEY = set("amount cost discount fee gmv mrr price revenue subtotal tax total".split())
MINOR = set("cent cents pence penny minor".split())
MAJOR = set("aud cad chf dollar dollars eur euro euros gbp inr jpy pound pounds sek usd".split())
COUNTED = set("count number n qty quantity".split())
NUMBERS = ("integer", "number")
MOMENTS = set("at time timestamp datetime".split())
CLOCK = set("ms millisecond milliseconds s second seconds us microseconds".split())
UNITS = MINOR | CLOCK | COUNTED | set(
    "bytes days hours id index kb km kg mb meters metres minutes percent pct position ratio score share weeks year"
    .split())


@rule("TP301", ERROR, "Every property has a type, down to what an array holds.")
def typed(plan: Plan) -> Findings:
    for prop in plan.properties():
        if not prop.type:
            yield prop.at, f"`{prop.name}` has no type.", f"Add `type:`, one of {', '.join(k for k in KINDS if k)}."
        elif prop.type == "array" and not prop.items:
            yield prop.at, "the array does not say what it holds.", "Add `items:`, for example {type: string}."
        elif prop.type == "object" and not prop.properties:
            yield prop.at, "the object does not say what is in it.", "Add `properties:`."


@rule("TP302", ERROR, "An enum lists its values: at least one, none twice, each of its type.")
def listed(plan: Plan) -> Findings:
    for prop in plan.properties():
        if prop.type == "enum" and not prop.values:
            yield prop.at, f"`{prop.name}` is an enum without values.", "List all that are allowed in `values:`."
        elif prop.values is not None and not prop.values:
            yield f"{prop.at}/values", "no value is allowed.", "List those that are, or leave `values:` out."
        kind = KINDS[prop.type].get("type", "")
        check = validator({"type": kind}) if kind else None
        for n, value in enumerate(prop.values or ()):
            if check and not check.is_valid(value):
                next = "Put text in quotes, or change the type."
                yield f"{prop.at}/values/{n}", f"`{value}` is not {SAID[kind]}.", next
            elif any(value == other and type(value) is type(other) for other in (prop.values or ())[:n]):
                yield f"{prop.at}/values/{n}", f"`{value}` stands here twice.", "Keep it once."


@rule("TP303", ERROR, "Money is decimal text, or a whole number of the smallest unit; never a float.")
def money(plan: Plan) -> Findings:
    for prop in plan.properties():
        unit, name = set(words(prop.unit)), words(prop.name)
        named = bool(name) and (name[-1] in MONEY | MINOR or bool(set(name) & MAJOR))
        if prop.type not in NUMBERS or not (unit & (MAJOR | MINOR) if prop.unit else named):
            continue
        if prop.type == "number":
            yield prop.at, f"`{prop.name}` is money as a float, which cannot hold 0.10.", _money_next()
        elif not (unit & MINOR or (set(name) & MINOR and not unit & MAJOR)):
            yield prop.at, f"`{prop.name}` is money as an integer, and its unit is not the smallest.", _money_next()


def _money_next() -> str:
    return 'Use type: decimal (text such as "12.50"), or integer with unit: cents.'


@rule("TP304", ERROR, "A moment has a time zone.")
def zoned(plan: Plan) -> Findings:
    for prop in plan.properties():
        last = (words(prop.name) or [""])[-1]
        if last in MOMENTS and prop.type in ("string", "date"):
            yield (prop.at, f"`{prop.name}` is a moment without a time zone.",
                   "Use type: date-time, which demands one (2026-07-01T09:00:00Z).")
        elif last in MOMENTS and prop.type in NUMBERS and not prop.unit:
            yield (prop.at, f"`{prop.name}` is a moment as a number, of nobody knows what.",
                   "Use type: date-time, or say unit: ms (since 1970, UTC).")
        elif last == "date" and prop.type == "string":
            yield prop.at, f"`{prop.name}` is a day as free text.", "Use type: date."


@rule("TP305", WARNING, "A quantity has a unit.")
def measured(plan: Plan) -> Findings:
    for prop in plan.properties():
        if prop.type in NUMBERS and not prop.unit and prop.values is None and not set(words(prop.name)) & UNITS:
            yield prop.at, f"`{prop.name}` is a number of what?", "Add `unit:`, such as seconds, items, or 1."


@rule("TP306", ERROR, "Every property has an example, and the property allows it.")
def exemplified(plan: Plan) -> Findings:
    for prop in _complete(plan):
        if not prop.has_example:
            yield prop.at, f"`{prop.name}` has no example.", "Add `example:`, a value that was really sent."
        elif not validator(property_schema(prop)).is_valid(prop.example):
            yield f"{prop.at}/example", f"`{str(prop.example)[:60]}` is not what the property allows.", _quotes(prop)


def _quotes(prop: Property) -> str:
    number = isinstance(prop.example, (int, float)) and not isinstance(prop.example, bool)
    text = number and prop.type in ("string", "decimal")
    return "Put it in quotes: it is text." if text else "Correct one of the two."


def _complete(plan: Plan) -> Iterator[Property]:
    """Properties whose values can be judged; of nested ones the outermost has the example."""
    for prop in (*plan.envelope, *plan.common, *(p for event in plan.events for p in event.properties)):
        if all(inner.type and _compiles(inner) for inner in prop.nested()):
            yield prop


@rule("TP307", ERROR, "Bounds leave room, and a pattern is one that can be checked in linear time.")
def bounded(plan: Plan) -> Findings:
    for prop in plan.properties():
        if prop.minimum is not None and prop.maximum is not None and prop.minimum > prop.maximum:
            yield prop.at, f"the minimum, {prop.minimum}, is above the maximum, {prop.maximum}.", "Swap them."
        if not _compiles(prop):
            yield (f"{prop.at}/pattern", "this pattern is not one that the door can check.",
                   "Correct it; look-around and back-references are not available.")
    for what, names in (("events", plan.events_named), ("properties", plan.properties_named)):
        if names and names.pattern and not _valid_pattern(names.pattern):
            yield f"/convention/{what}/pattern", "this pattern cannot be checked.", "Correct it; no look-around."


def _compiles(prop: Property) -> bool:
    return not prop.pattern or _valid_pattern(prop.pattern)


def _valid_pattern(pattern: str) -> bool:
    try:
        validator({"pattern": pattern})
    except ValueError:
        return False
    return True


@rule("TP308", ERROR, "A property of one name has one type and one unit in all events.")
def consistent(plan: Plan) -> Findings:
    seen: dict[str, Property] = {}
    for prop in (*plan.envelope, *plan.common, *(p for event in plan.events for p in event.properties)):
        first = seen.setdefault(prop.name, prop)
        for what in ("type", "unit"):
            here, there = getattr(prop, what), getattr(first, what)
            if here != there:
                yield (prop.at + (pointer(what) if here else ""), f"`{prop.name}` has {what} {here or 'none'} here, "
                       f"{there or 'none'} in {first.at}.", "Make them one, or give one of them another name.")
                break


@rule("TP309", WARNING, "An event is small enough to be filled in, and a plan to be kept.")
def small(plan: Plan) -> Findings:
    for event in plan.events:
        if (many := len(plan.properties_of(event))) > plan.most_properties:
            yield (event.at, f"{many} properties, more than the {plan.most_properties} of `limits`.",
                   "Keep those that answer a question; the rest can be joined in the warehouse.")
    if len(plan.events) > plan.most_events:
        yield ("/events", f"{len(plan.events)} events, more than the {plan.most_events} of `limits`.",
               "Leave out what nobody asks for.")


@rule("TP310", WARNING, "An event with properties requires at least one.")
def requires(plan: Plan) -> Findings:
    for event in plan.events:
        if event.properties and not any(prop.required for prop in event.properties):
            yield (f"{event.at}/properties", f"`{event.name}` may come without any of its properties.",
                   "Say `required: true` of those without which it means nothing.")
