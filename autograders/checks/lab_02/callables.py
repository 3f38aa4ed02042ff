"""What checks give to a student's function to call: plain functions without a secret.

When a class is graded, they travel by name, for the student's process has the course as well: thousands of calls there
cost what they cost in a notebook. So does a functools.partial of one, with its arguments. Whatever a check must keep to
itself stays out of here, and is lent instead.
"""

import math
from copy import deepcopy


def bill_of_all(company: dict) -> float:
    """A cost in which everything counts that may grow or be quoted, and what stays as it is."""
    quotes = company["quotes"]
    weighed = sum(rows * (1 + number) for number, rows in enumerate(company["mar"].values()))
    rows = weighed / 1e6 * quotes["fivetran_million"]
    steady = sum(company[name] for name in ("users", "developers", "models", "seconds", "scan_gb", "row_bytes"))
    hours = sum(company["hours"].values()) + sum(company["hours_per_source"].values())
    return (
        rows + company["stored_gb"] * quotes["snowflake_tb"] + quotes["looker_platform"] / 12
        + quotes["looker_user"] + steady + hours * company["rate"]
    )


def stored(company: dict) -> float:
    return company["stored_gb"]


def quote(company: dict) -> float:
    return company["quotes"]["fivetran_million"]


def rows_per_gigabyte(company: dict) -> float:
    return sum(company["mar"].values()) / company["stored_gb"]


def weighted(weights: dict, company: dict) -> float:
    """A weight for each input, or for a product of inputs: "x*y"."""
    return sum(weight * math.prod(company[name] for name in names.split("*")) for names, weight in weights.items())


def step(at: float, before: float, after: float, x: float) -> float:
    return before if x < at else after


def bump(start: float, end: float, within: float, outside: float, x: float) -> float:
    return within if start <= x < end else outside


def always(value, company: dict):
    """A new copy of the value, whatever it is asked about."""
    return deepcopy(value)
