"""What checks give to a student's function to call: plain functions without a secret.

When a class is graded, they travel by name, for the student's process has the course as well: thousands of calls there
cost what they cost in a notebook. So does a functools.partial of one, with its arguments. Whatever a check must keep to
itself stays out of here, and is lent instead.
"""

from copy import deepcopy


def rows_times_quote(one: dict) -> float:
    """A company's cost that grows with its rows and with the quote."""
    return sum(one["mar"].values()) / 1e6 * one["quotes"]["fivetran_million"] + one["stored_gb"]


def product(one: dict) -> float:
    """Price times volume, and hours beside."""
    return one["price"] * one["volume"] + one["hours"]


def weighted(weights: dict, one: dict) -> float:
    return sum(weight * one[name] for name, weight in weights.items())


def plus_hours(base: float, one: dict) -> float:
    return base + one["hours"]


def step(at: float, before: float, after: float, x: float) -> float:
    return before if x < at else after


def always(value, one: dict):
    """A new copy of the value, whatever it is asked about."""
    return deepcopy(value)
