"""What checks give to a student's function to call: plain functions without a secret.

When a class is graded, they travel by name, for the student's process has the course as well: thousands of calls there
cost what they cost in a notebook. So does a functools.partial of one, with its arguments. Whatever a check must keep to
itself stays out of here, and is lent instead.
"""

from copy import deepcopy


def bill_of_all(one: dict) -> float:
    """A cost in which everything counts that may grow or be quoted."""
    quotes = one["quotes"]
    rows = (
        sum(rows * (1 + number) for number, rows in enumerate(one["mar"].values())) / 1e6 * quotes["fivetran_million"]
    )
    return rows + one["stored_gb"] * quotes["snowflake_tb"] + quotes["looker_platform"] / 12 + one["users"]


def stored(one: dict) -> float:
    return one["stored_gb"]


def quote(one: dict) -> float:
    return one["quotes"]["fivetran_million"]


def rows_per_gigabyte(one: dict) -> float:
    return sum(one["mar"].values()) / one["stored_gb"]


def weighted(weights: dict, one: dict) -> float:
    return sum(weight * one[name] for name, weight in weights.items())


def step(at: float, before: float, after: float, x: float) -> float:
    return before if x < at else after


def bump(start: float, end: float, within: float, outside: float, x: float) -> float:
    return within if start <= x < end else outside


def always(value, one: dict):
    """A new copy of the value, whatever it is asked about."""
    return deepcopy(value)
