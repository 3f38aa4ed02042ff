"""What several checks of Lab 4 share: accounts to call a function with, and what is expected of rows and requests."""

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator

from autograders.checks.lab_04.warehouse import kept_rows
from autograders.draws import draw
from autograders.expect import CheckedFunction
from environments import faults
from environments.saas.effects import RespondWith, Truncate

CHARGES = "/v1/charges"
TRUNCATED = faults.DROPPED.but(name="cut_short", effects=(Truncate(60),))


def refusals(name: str) -> Iterator[tuple[str, faults.Fault]]:
    """What keeps a list from being read, in words and as a fault."""
    refused = faults.PERMISSION_REVOKED.but(route=f"GET /v1/{name}")
    yield f"the key may not read {name}", refused
    yield "the second page is refused", refused.but(skip=1)
    for status in (draw.choice((400, 402, 404)), draw.choice((429, 500, 503))):
        answer = RespondWith(status, None, "Not today.")
        yield f"the second page is refused with {status}", refused.but(name=f"page_{status}", skip=1, effects=(answer,))


def is_now(value) -> bool:
    """Whether it is the time in whole milliseconds; an hour is left to machines that stand still."""
    return type(value) is int and abs(value / 1000 - time.time()) < 3600


def stripe_account(saas) -> tuple[str, str]:
    return saas.stripe.base_url, saas.stripe.credentials["api_key"]


def getter(saas) -> tuple[str, str]:
    url, key = stripe_account(saas)
    return url + CHARGES, key


def mixpanel_account(saas) -> tuple[str, dict]:
    return saas.mixpanel.base_url, saas.mixpanel.credentials


def amplitude_account(saas) -> tuple[str, dict]:
    return saas.amplitude.base_url, saas.amplitude.credentials


def id_of(obj) -> str | None:
    return obj.get("id") if isinstance(obj, dict) else None


def expect_ids(asked: CheckedFunction, got: list, due: list[str], in_order: bool = False) -> None:
    ids = [id_of(obj) for obj in got]
    asked.expect(
        Counter(ids) == Counter(due),
        f"{len(due)} objects, each once",
        got=f"returned {len(ids)} objects, {len(set(ids))} ids",
    )
    asked.expect(
        not in_order or rises([obj["created"] for obj in reversed(got)]),
        "them newest first",
        got="returned them in another order",
    )


def rises(numbers: list[int]) -> bool:
    return all(a <= b for a, b in itertools.pairwise(numbers))


def expect_requests(asked: CheckedFunction, api, most: int, due: str) -> None:
    made = len(api.requests())
    asked.expect(made <= most, due, got=f"made {made} requests")


def expect_pages_of_a_hundred(asked: CheckedFunction, requests: list[dict]) -> None:
    queries = [request["query"] for request in requests if request["path"] == CHARGES]
    asked.expect(all("limit=100" in query for query in queries), "pages of 100", got="asked for pages of another size")


def row(id: str, version: int, name: str = "") -> tuple[str, int, str]:
    return id, version, json.dumps({"id": id, "version": version, "name": name})


def expect_rows(asked: CheckedFunction, path: str, due: dict, which: str = "the greatest version of each") -> None:
    """That the table raw has these rows, by stream and id."""
    there = kept_rows(path)
    keys = [(stream, id) for stream, id, _, _ in there]
    asked.expect(
        Counter(keys) == Counter(due.keys()),
        f"{len(due)} rows in the table raw, one for each id",
        got=f"left {len(keys)} rows",
    )
    wrong = [id for stream, id, version, payload in there if (version, payload) != due[stream, id][1:]]
    asked.expect(not wrong, f"{which}, with its payload", got=f"left another version or payload of {len(wrong)} rows")
