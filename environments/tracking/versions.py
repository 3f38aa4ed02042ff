"""Two versions of a plan: what changed, what that breaks, and the version number that it needs.

A version is MODEL-REVISION-ADDITION (https://docs.snowplow.io/docs/api-reference/iglu/common-architecture/schemaver):
MODEL for what keeps historical data from being used, REVISION for what may keep some of it, ADDITION for what is
compatible with all of it. What is breaking is Snowplow's table (https://docs.snowplow.io/docs/event-studio/data-structures/versioning,
both read 2026-11-30): a required property that comes, goes or is renamed; an optional one that becomes required;
another type. Optional properties come and go, and sizes change, without breaking. A required property that becomes
optional breaks in Redshift alone.

Backward compatible: the new plan accepts what the old one did. Forward: the old plan accepts what the new one does.
The table and these two differ, since schemas at the door are closed: an optional property that goes is no break of the
table, and yet old apps that still send it are refused. So both are said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

from environments.tracking.diagnostics import pointer
from environments.tracking.plan import DEPRECATED, PLANNED, Event, Plan, Property

# By type, those that accept all that it does: breaking nonetheless, for a column has another type.
WIDER = {"integer": ("number",), "decimal": ("string",), "date": ("string",), "date-time": ("string",)}


class Level(IntEnum):
    """The part of the version that a change raises."""

    NONE, ADDITION, REVISION, MODEL = range(4)


@dataclass(frozen=True)
class Change:
    """`backward` and `forward`: whether one plan accepts all that the other one does."""

    file: str
    line: int
    pointer: str
    message: str
    level: Level
    backward: bool
    forward: bool

    @property
    def breaking(self) -> bool:
        return self.level == Level.MODEL

    @property
    def compatible(self) -> str:
        return {(True, True): "full", (True, False): "backward", (False, True): "forward"}.get(
            (self.backward, self.forward), "none")

    def __str__(self) -> str:
        kind = "breaking" if self.breaking else "compatible" if self.level < Level.REVISION else "restricting"
        needs = f"needs {self.level.name}" if self.level else "needs no new version"
        where = f"{self.file}:{self.line}: {kind} {self.pointer}"
        return f"{where}: {self.message} ({needs}; compatible: {self.compatible})"

    def as_dict(self) -> dict:
        return vars(self) | {"level": self.level.name, "breaking": self.breaking, "compatible": self.compatible}


@dataclass(frozen=True)
class Comparison:
    old: str
    new: str
    changes: list[Change]

    @property
    def level(self) -> Level:
        return max((change.level for change in self.changes), default=Level.NONE)

    @property
    def needed(self) -> str:
        """The lowest version that the new plan may have."""
        return raised(self.old, self.level)

    @property
    def enough(self) -> bool:
        return _numbers(self.new) >= _numbers(self.needed)

    def verdict(self) -> str:
        if self.enough:
            return f"version {self.old} -> {self.new}: enough, {self.needed} is needed"
        because = next((change for change in self.changes if change.level == self.level), None)
        why = f", because of {because.pointer}: {because.message}" if because else ": a version never goes back."
        return f"version {self.old} -> {self.new}: too low, {self.needed} is needed{why}"


def raised(version: str, level: Level) -> str:
    model, revision, addition = _numbers(version)
    return {Level.NONE: version, Level.ADDITION: f"{model}-{revision}-{addition + 1}",
            Level.REVISION: f"{model}-{revision + 1}-0", Level.MODEL: f"{model + 1}-0-0"}[level]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split("-")))


def compare(old: Plan, new: Plan) -> Comparison:
    changes = sorted(_Comparing(old, new).changes(), key=lambda each: (-each.level, each.pointer))
    return Comparison(old.version, new.version, changes)


class _Comparing:
    def __init__(self, old: Plan, new: Plan):
        self.old, self.new = old, new

    def changes(self) -> Iterator[Change]:
        yield from self._properties(_by_name(self.old.envelope), _by_name(self.new.envelope), "/envelope")
        yield from self._common()
        before, after = _by_name(self.old.events), _by_name(self.new.events)
        gone = [event for name, event in before.items() if name not in after]
        come = [event for name, event in after.items() if name not in before]
        twins = {_shape(self.new.properties_of(event)): event.name for event in come}
        for event in gone:
            yield self._event_gone(event, twins.get(_shape(self.old.properties_of(event)), ""))
        for event in come:
            yield self._change(event.at, f"`{event.name}` is new.", Level.ADDITION, forward=False)
        for name in before.keys() & after.keys():
            yield from self._event(before[name], after[name])
        if self.old.delivery != self.new.delivery:
            message = "other copies or times are accepted than before."
            yield self._change("/delivery", message, Level.REVISION, False, False)

    def _change(self, at: str, message: str, level: Level, backward: bool = True, forward: bool = True) -> Change:
        there = self.new if at in self.new.document.lines else self.old
        return Change(there.file, there.document.line(at), at, message, level, backward, forward)

    # Events

    def _event_gone(self, event: Event, twin: str) -> Change:
        """`twin`: a new event that has the same properties."""
        if event.status == PLANNED:
            return self._change(event.at, f"`{event.name}`, planned and never sent, is gone.", Level.ADDITION)
        if twin:
            message = (f"`{event.name}` seems renamed to `{twin}`, and old apps still send the old name. Keep it, "
                       "deprecated, with the new one as its successor.")
            return self._change(event.at, message, Level.MODEL, False, True)
        return self._change(event.at, f"`{event.name}` is gone, and its history with it.", Level.MODEL, False, True)

    def _event(self, old: Event, new: Event) -> Iterator[Change]:
        if old.status != DEPRECATED and new.status == DEPRECATED:
            yield self._change(new.at, f"`{new.name}` is deprecated.", Level.ADDITION)
        if old.trigger and new.trigger and old.trigger != new.trigger:
            same = (old.trigger.when, old.trigger.once_per) == (new.trigger.when, new.trigger.once_per)
            yield self._change(f"{new.at}/trigger", "it is sent from another place." if same else
                               "it is sent at another moment: counts before and after are not of the same thing.",
                               Level.ADDITION if same else Level.REVISION)
        before, after = _by_name(self.old.properties_of(old)), _by_name(self.new.properties_of(new))
        shared = self._shared
        own, now = ({name: prop for name, prop in all_.items() if name not in shared} for all_ in (before, after))
        yield from self._properties(own, now, f"{new.at}/properties")

    # Properties

    @cached_property
    def _shared(self) -> set[str]:
        """Common properties that no event has by itself: what changes in them is said once, not for each event."""
        both = _by_name(self.old.common).keys() | _by_name(self.new.common).keys()
        own = {prop.name for plan in (self.old, self.new) for event in plan.events for prop in event.properties}
        return both - own

    def _common(self) -> Iterator[Change]:
        shared = self._shared
        before, after = ({name: prop for name, prop in _by_name(plan.common).items() if name in shared}
                         for plan in (self.old, self.new))
        yield from self._properties(before, after, "/common")

    def _properties(self, old: dict, new: dict, where: str) -> Iterator[Change]:
        twins = {repr(_bare(prop)): name for name, prop in new.items() if name not in old}
        for name in [name for name in old if name not in new]:
            yield self._gone(old[name], twins.get(repr(_bare(old[name])), ""), where)
        for name in [name for name in new if name not in old]:
            prop = new[name]
            required = "required" if prop.required else "optional"
            yield self._change(where + pointer(name), f"a new {required} property.",
                               Level.MODEL if prop.required else Level.ADDITION, not prop.required, False)
        for name in [name for name in old if name in new]:
            yield from self._property(old[name], new[name], where + pointer(name))

    def _gone(self, prop: Property, twin: str, where: str) -> Change:
        what = f"seems renamed to `{twin}`." if twin else "is gone."
        required = "required" if prop.required else "optional"
        return self._change(where + pointer(prop.name), f"the {required} property {what}",
                            Level.MODEL if prop.required else Level.REVISION, False, not prop.required and not twin)

    def _property(self, old: Property, new: Property, at: str) -> Iterator[Change]:
        if {old.type, new.type} not in ({old.type}, {"enum", "string"}):  # an enum is text with its values
            wider, narrower = (new.type in WIDER.get(old.type, ()), old.type in WIDER.get(new.type, ()))
            yield self._change(at, _was("the type", old.type, new.type), Level.MODEL, wider, narrower)
            if not wider and not narrower:
                return
        if old.unit and new.unit and old.unit != new.unit:
            message = _was("the unit", old.unit, new.unit, ": the same number means another thing.")
            yield self._change(at, message, Level.MODEL, False, False)
        elif old.unit and not new.unit:
            yield self._change(at, _was("the unit", old.unit, new.unit), Level.REVISION)
        if new.required and not old.required:
            yield self._change(at, "it was optional and is required.", Level.MODEL, backward=False)
        elif old.required and not new.required:
            message = "it was required and is optional; in Redshift this breaks."
            yield self._change(at, message, Level.ADDITION, forward=False)
        if old.personal_data != new.personal_data:
            yield self._change(at, _was("the class", old.personal_data, new.personal_data), Level.ADDITION)
        yield from self._limits(old, new, at)
        if old.items and new.items:
            yield from self._property(old.items, new.items, f"{at}/items")
        yield from self._properties(_by_name(old.properties), _by_name(new.properties), f"{at}/properties")

    def _limits(self, old: Property, new: Property, at: str) -> Iterator[Change]:
        """What is allowed: more than before, less, or other things."""
        yield from self._sided(at, "null", _only(old.nullable), _only(new.nullable))
        if old.values is None or new.values is None:
            yield from self._sided(at, "any value", _only(old.values is None), _only(new.values is None))
        else:
            yield from self._sided(at, "values", _typed(old.values), _typed(new.values))
        for what, sign in (("minimum", 1), ("maximum", -1), ("max_length", -1)):
            before, after = getattr(old, what), getattr(new, what)
            if before != after:
                tighter = before is None or after is not None and (after - before) * sign > 0
                yield self._sized(at, _was(f"`{what}`", before, after), tighter)
        if old.pattern != new.pattern:
            message = _was("the pattern", old.pattern, new.pattern)
            level = Level.REVISION if new.pattern else Level.ADDITION
            yield self._change(at, message, level, not new.pattern, not old.pattern)

    def _sized(self, at: str, message: str, tighter: bool) -> Change:
        return self._change(at, message, Level.REVISION if tighter else Level.ADDITION, not tighter, tighter)

    def _sided(self, at: str, what: str, old: set, new: set) -> Iterator[Change]:
        """Two sets of what is allowed."""
        for differ, tighter in ((old - new, True), (new - old, False)):
            if differ:
                names = what if what != "values" else ", ".join(sorted(str(value) for _, value in differ))
                yield self._sized(at, f"{'no longer' if tighter else 'now'} allowed: {names}.", tighter)


def _by_name(things: tuple) -> dict:
    return {thing.name: thing for thing in things}


def _was(what: str, before, after, then: str = ".") -> str:
    before, after = ("none" if each in (None, "") else each for each in (before, after))
    return f"{what} was {before} and is {after}{then}"


def _only(allowed: bool) -> set:
    return {True} if allowed else set()


def _typed(values: tuple) -> set:
    """Values with their types: 1 and true are two."""
    return {(type(value).__name__, value) for value in values}


def _bare(prop: Property) -> Property:
    """Without its name and its words."""
    return replace(prop, name="", at="", description="", example=None, has_example=False, deprecated=None, purpose="",
                      items=prop.items and _bare(prop.items), properties=tuple(map(_bare, prop.properties)))


def _shape(properties: tuple[Property, ...]) -> str:
    """The same for events that have the same properties, in any order."""
    return repr(sorted((prop.name, repr(_bare(prop))) for prop in properties))
