"""What checks give to a student's function to call: plain functions without a secret.

When a class is graded, they travel by name, for the student's process has the course as well: thousands of calls there
cost what they cost in a notebook. So does a functools.partial of one, with its arguments. Whatever a check must keep to
itself stays out of here, and is lent instead.
"""

import math
from copy import deepcopy


def bill_of_all(one: dict) -> float:
    """A cost in which everything counts that may grow or be quoted, and what stays as it is."""
    quotes = one["quotes"]
    rows = (
        sum(rows * (1 + number) for number, rows in enumerate(one["mar"].values())) / 1e6 * quotes["fivetran_million"]
    )
    steady = one["users"] + one["developers"] + one["models"] + one["seconds"] + one["scan_gb"] + one["row_bytes"]
    hours = sum(one["hours"].values()) + sum(one["hours_per_source"].values())
    return (
        rows + one["stored_gb"] * quotes["snowflake_tb"] + quotes["looker_platform"] / 12
        + quotes["looker_user"] + steady + hours * one["rate"]
    )


def stored(one: dict) -> float:
    return one["stored_gb"]


def quote(one: dict) -> float:
    return one["quotes"]["fivetran_million"]


def rows_per_gigabyte(one: dict) -> float:
    return sum(one["mar"].values()) / one["stored_gb"]


def weighted(weights: dict, one: dict) -> float:
    """A weight for each input, or for a product of inputs: "x*y"."""
    return sum(weight * math.prod(one[name] for name in names.split("*")) for names, weight in weights.items())


def step(at: float, before: float, after: float, x: float) -> float:
    return before if x < at else after


def bump(start: float, end: float, within: float, outside: float, x: float) -> float:
    return within if start <= x < end else outside


def always(value, one: dict):
    """A new copy of the value, whatever it is asked about."""
    return deepcopy(value)
