"""What a request says is held against what Stripe's OpenAPI knows of its route, before anything is done.

The messages are Stripe's own: "Received unknown parameter", "Invalid boolean" and "Invalid array" as quoted in
https://github.com/stripe/stripe-python/issues/853 and /487 and https://github.com/stripe/stripe-js/issues/202, those of
expand[] in https://github.com/stripe/stripe-dotnet/issues/1351 and https://github.com/stripe/stripe-java/issues/2011;
all read on 2026-11-30. Where Stripe takes something that the simulator does not serve, the answer says so.
"""

import re

import orjson

from environments.saas.stripe.contract import Rules, contract
from environments.saas.stripe.errors import StripeError, not_served
from environments.saas.stripe.params import Array, listed

MAX_DEPTH = 4  # https://docs.stripe.com/api/expanding_objects, read on 2026-11-30
NUMBERS = {"integer": (r"-?\d{1,18}", "parameter_invalid_integer"), "number": (r"-?\d{1,18}(\.\d+)?", None),
           "boolean": ("true|false", None)}
CALLED = {"number": "decimal"}
ANY = True  # a parameter that is served, whatever its value


def check(params: dict, rules: Rules, served: dict | None = None) -> None:
    """Raises StripeError where Stripe refuses the parameters, or where the simulator does not serve them.

    `served` has the parameters that are: ANY, the values that are, or the same for what is inside; None for all.
    """
    unknown = [name for name in params if name not in rules.properties]
    if unknown:
        said = f"Received unknown parameter{'s' * (len(unknown) > 1)}: {', '.join(unknown)[:200]}"
        raise StripeError(400, said, "parameter_unknown", unknown[0][:200])
    for name, value in params.items():
        _value(value, rules.properties[name], name, unset=not rules.route.startswith("GET"))
    missing = [name for name in rules.required if name not in params]
    if missing:
        raise StripeError(400, f"Missing required param: {missing[0]}.", "parameter_missing", missing[0])
    if served is not None:
        _are_served(params, served, rules.route)
    for path in listed(params.get("expand")):
        _expandable(path, rules)


# Types

def _value(value, schema: dict, name: str, unset: bool) -> None:
    if "anyOf" in schema:
        return _any_of(value, schema["anyOf"], name, unset)
    kind = schema.get("type")
    if kind == "object":
        _object(value, schema, name, unset)
    elif kind == "array":
        _array(value, schema, name, unset)
    else:
        _scalar(value, schema, name, unset)


def _any_of(value, schemas: list[dict], name: str, unset: bool) -> None:
    """The form that fits the value; where none does, the first says what is wrong."""
    if value == "" and any(schema.get("enum") == [""] for schema in schemas):
        return None
    shaped = [schema for schema in schemas if schema.get("enum") != [""]
              and (schema.get("type") in ("object", "array")) is isinstance(value, dict)]
    for schema in shaped[:-1]:
        try:
            return _value(value, schema, name, unset)
        except StripeError:
            continue
    return _value(value, (shaped or schemas)[-1 if shaped else 0], name, unset)


def _object(value, schema: dict, name: str, unset: bool) -> None:
    if not isinstance(value, dict) or isinstance(value, Array):
        raise StripeError(400, "Invalid object", param=name)
    for inner, item in value.items():
        rule = schema.get("properties", {}).get(inner) or schema.get("additionalProperties")
        if rule is None:
            called = f"{name}[{inner}]"[:200]
            raise StripeError(400, f"Received unknown parameter: {called}", "parameter_unknown", called)
        _value(item, rule, f"{name}[{inner}]", unset)
    for needed in schema.get("required", ()):
        if needed not in value:
            called = f"{name}[{needed}]"
            raise StripeError(400, f"Missing required param: {called}.", "parameter_missing", called)


def _array(value, schema: dict, name: str, unset: bool) -> None:
    if not isinstance(value, dict) or not all(index.isdecimal() for index in value):
        raise StripeError(400, "Invalid array", param=name)
    for index, item in value.items():
        _value(item, schema["items"], f"{name}[{index}]", unset)


def _scalar(value, schema: dict, name: str, unset: bool) -> None:
    kind = schema.get("type", "string")
    form, code = NUMBERS.get(kind, (None, None))
    if isinstance(value, dict):
        raise StripeError(400, f"Invalid {CALLED.get(kind, kind)}: {_json(value)}", code, name)
    if value == "" and (form or "enum" in schema or not unset):
        raise StripeError(
            400,
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{name}' cannot be unset. You should remove '{name}' from your request "
            "or supply a non-empty value.",
            "parameter_invalid_empty",
            name,
        )
    if form and not re.fullmatch(form, value, re.ASCII):
        raise StripeError(400, f"Invalid {CALLED.get(kind, kind)}: {value[:100]}", code, name)
    if value not in schema.get("enum", (value,)):
        raise StripeError(
            400,
            f"Invalid {name}: must be one of {_either([allowed for allowed in schema['enum'] if allowed])}",
            param=name,
        )
    if len(value) > schema.get("maxLength", 5000):
        most = schema.get("maxLength", 5000)
        raise StripeError(
            400, f"Invalid string: {value[:20]}...{value[-10:]}; must be at most {most} characters", param=name
        )


def _either(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)}, or {last}" if len(most) > 1 else " or ".join(words)


def _json(value: dict) -> str:
    return orjson.dumps(value).decode()[:200]


# What the simulator serves

def _are_served(params: dict, served: dict, route: str, within: str = "") -> None:
    for name, value in params.items():
        rule, called = served.get(name), f"{within}[{name}]" if within else name
        if rule is None or (isinstance(rule, tuple) and value not in rule):
            raise not_served(f"the parameter {called}" + (f"={value[:40]}" if rule else ""), route, called)
        if isinstance(rule, dict):
            for index, item in ([("", value)] if not _is_array(value) else value.items()):
                if isinstance(item, dict):
                    _are_served(item, rule, route, f"{called}[{index}]" if index else called)


def _is_array(value) -> bool:
    return isinstance(value, dict) and bool(value) and all(name.isdecimal() for name in value)


# Expansion

def _expandable(path: str, rules: Rules) -> None:
    """Raises StripeError where the path leads to nothing that can be expanded."""
    names = path.split(".")
    if len(names) > MAX_DEPTH:
        raise StripeError(400, f"You cannot expand more than {MAX_DEPTH} levels of a property. Property: {path[:100]}",
                          param="expand")
    if rules.of_list and names[0] != "data":
        raise _inert(names[0], f" You may want to try expanding 'data.{path[:100]}' instead.")
    _walk(rules.returns, names, 1 if rules.of_list else 0)


def _walk(kinds, names: list[str], at: int) -> None:
    """Each name is a field that can be expanded, of a kind that the one before leads to; after a list comes `data`."""
    within_list = False
    for place in range(at, len(names)):
        if within_list and names[place] == "data":
            within_list = False
            continue
        found = [schema for kind in kinds if (schema := contract()["fields"].get(kind, {}).get(names[place]))]
        if not found or within_list:
            raise _inert(".".join(names[:place + 1]))
        kinds, within_list = [kind for field in found for kind in field["to"]], "list" in found[0]


def _inert(path: str, advice: str = "") -> StripeError:
    return StripeError(400, f"This property cannot be expanded ({path[:100]}).{advice}", param="expand")
