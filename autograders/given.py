"""What checks give to a student's function to call: plain functions without a secret.

When a class is graded, they travel by name, for the student's process has the course as well: thousands of calls there
cost what they cost in a notebook. Whatever a check must keep to itself stays out of here, and is lent instead.
"""


def rows_times_quote(one: dict) -> float:
    """A company's cost that grows with its rows and with the quote."""
    return sum(one["mar"].values()) / 1e6 * one["quotes"]["fivetran_million"] + one["stored_gb"]


def product(one: dict) -> float:
    """Price times volume, and hours beside."""
    return one["price"] * one["volume"] + one["hours"]
