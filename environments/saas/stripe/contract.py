"""What Stripe's OpenAPI (2023-08-16) says of each route: what it takes, what it returns, which fields can be expanded.

`openapi.json` is derived from https://github.com/stripe/openapi by tests/contracts/derive.py; its licence (MIT) is
in it.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

FILE = Path(__file__).with_name("openapi.json")


@dataclass(frozen=True)
class Rules:
    """What one route takes: JSON Schemas by name, those that must be there; and the kinds of object that it returns."""

    route: str
    properties: dict
    required: tuple[str, ...]
    of_list: bool
    returns: tuple[str, ...]


# Fields that answers have and the OpenAPI has not, because prices took their place.
# They are expanded as before: `data.plan.product`.
PLAN = {"plan": {"to": ["plan"]}}
WITH_PLAN = ("subscription", "subscription_item", "line_item", "invoiceitem")


@cache
def contract() -> dict:
    found = orjson.loads(FILE.read_bytes())
    for kind in WITH_PLAN:
        found["fields"][kind] |= PLAN
    return found


@cache
def rules(route: str) -> Rules:
    """The rules of a route such as "GET /v1/charges/{id}". KeyError where Stripe has no such route."""
    rule = contract()["served"][route]
    return Rules(route, rule["properties"], tuple(rule["required"]), rule["list"], tuple(rule["returns"]))


def is_stripes(method: str, path: str) -> bool:
    """Whether Stripe has such a route."""
    return tuple(path.split("/")[1:]) in _Routes.of(method)


def beside(start: str) -> list[str]:
    """What Stripe has beside `{id}` below a path: "search" below /v1/customers/."""
    paths = {route.partition(" ")[2] for route in contract()["routes"]}
    ends = {path.removeprefix(start) for path in paths if path.startswith(start)}
    return sorted(end for end in ends if "/" not in end and end != "{id}")


class _Routes:
    """The routes of one method; `in` compares part by part, `{id}` fits every part but none."""

    def __init__(self, paths: list[tuple[str, ...]]):
        self.paths = paths

    @classmethod
    @cache
    def of(cls, method: str) -> "_Routes":
        named = (route.partition(" ") for route in contract()["routes"])
        return cls([tuple(path.split("/")[1:]) for verb, _, path in named if verb == method])

    def __contains__(self, parts: tuple[str, ...]) -> bool:
        return any(
            len(pattern) == len(parts)
            and all(a == b or (a == "{id}" and b) for a, b in zip(pattern, parts, strict=True))
            for pattern in self.paths
        )
