"""The course's own model of what each option costs: what Lab 2's checks compare a student's answers with.

Written apart from the notebook's solution, from the same contracts. Dollars a month, floats.
"""

from copy import deepcopy

from autograders.draws import draw
from datasets import pricing
from datasets.companies import FACTS, OPTIONS, company

HOURS, MINUTES = 730, 30 * 24 * 60  # of a month, as the lab counts them
FREE = 500_000  # rows a month of all connections together that Fivetran's Free plan takes
INCLUDED = 10  # users who come with Looker's platform
REASONS = ("residency", "freshness", "size", "soc2", "engineer", "contract")
PRICES = pricing.load()


def bill(id: str, quantity: float) -> float:
    return float(PRICES[id].cost(quantity))


def unseen(**changes) -> dict:
    """A company nobody has seen, with these values put in."""
    return company(draw.randrange(10**6)) | changes


def runs(one: dict) -> float:
    return MINUTES / one["freshness"]


def people(one: dict, option: str) -> float:
    hours = one["hours"][option] + len(one["mar"]) * one["hours_per_source"][option]
    return hours * one["rate"] * (one["usd_per_eur"] if one["rate_currency"] == "EUR" else 1)


def fivetran(one: dict) -> float:
    if sum(one["mar"].values()) <= FREE:
        return 0
    each = one["quotes"]["fivetran_million"] / 1e6
    return sum(max(5, rows * each) if rows else 0 for rows in one["mar"].values())


def snowflake(one: dict) -> float:
    credits = runs(one) * max(one["seconds"], 60) / 3600
    return bill("snowflake_credit_standard", credits) + one["stored_gb"] * one["quotes"]["snowflake_tb"] / 1000


def cost_a(one: dict) -> dict[str, float]:
    database = bill("rds_pg_t4g_medium", HOURS) + bill("rds_gp3_storage", one["stored_gb"])
    return {"database": database, "machine": bill("ec2_t3_medium", HOURS), "people": people(one, "A")}


def transformation(one: dict) -> float:
    return bill("dbt_starter_seats", one["developers"]) + bill("dbt_starter_models", one["models"] * runs(one))


def cost_b(one: dict) -> dict[str, float]:
    return {"ingestion": fivetran(one), "warehouse": snowflake(one), "transformation": transformation(one),
            "bi": looker(one), "people": people(one, "B")}


def looker(one: dict) -> float:
    further = max(0, one["users"] - INCLUDED)
    return (one["quotes"]["looker_platform"] + further * one["quotes"]["looker_user"]) / 12


def cost_c(one: dict) -> dict[str, float]:
    warehouse = bill("bigquery_queries", runs(one) * one["scan_gb"] * 1e9 / 2**40)
    storage = bill("bigquery_storage_active", one["stored_gb"] * 1e9 / 2**30)
    return {
        "ingestion": bill("airbyte_standard", credits(one)),
        "warehouse": warehouse + storage,
        "machine": bill("do_droplet_smallest", 1),
        "bi": bill("metabase_starter", one["users"]),
        "people": people(one, "C"),
    }


def credits(one: dict) -> float:
    """Airbyte's: a database by the GB, the others by the row."""
    gigabytes = one["mar"].get("production", 0) * one["row_bytes"] / 1e9
    return 4 * gigabytes + 6 * sum(rows for source, rows in one["mar"].items() if source != "production") / 1e6


def totals(one: dict) -> dict[str, float]:
    """Dollars a month by option."""
    return {name: sum(cost(one).values()) for name, cost in zip(OPTIONS, (cost_a, cost_b, cost_c), strict=True)}


def excluded(one: dict, facts: dict = FACTS) -> dict[str, set[str]]:
    """Why each option is out; an empty set where it is not."""
    return {
        option: {reason for reason, broken in zip(REASONS, _broken(one, fact), strict=True) if broken}
        for option, fact in facts.items()
    }


def _broken(one: dict, fact: dict) -> tuple[bool, ...]:
    elsewhere = one["region"] is not None and fact["regions"] is not None and one["region"] not in fact["regions"]
    return (elsewhere, one["freshness"] < fact["freshest"], one["stored_gb"] > fact["largest_gb"],
            one["needs_soc2"] and fact["soc2"] is False, fact["engineer"] and not one["has_engineer"],
            fact["notice_months"] > one["leave_within"])


def grown(one: dict, factor: float) -> dict:
    """The company with that many times the rows and the data."""
    more = deepcopy(one)
    more["mar"] = {name: rows * factor for name, rows in one["mar"].items()}
    return more | {"stored_gb": one["stored_gb"] * factor}
