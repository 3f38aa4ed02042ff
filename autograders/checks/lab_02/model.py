"""The course's own model of what each option costs: what Lab 2's checks compare a student's answers with.

Written apart from the notebook's solution, from the same contracts. Dollars a month, floats.
"""

from copy import deepcopy

from autograders.draws import draw
from datasets import companies, pricing
from datasets.companies import FACTS, OPTIONS

HOURS, MINUTES = 730, 30 * 24 * 60  # of a month, as the lab counts them
FREE = 500_000  # rows a month of all connections together that Fivetran's Free plan takes
INCLUDED = 10  # users who come with Looker's platform
REASONS = ("residency", "freshness", "size", "soc2", "engineer", "contract")
PRICES = pricing.load()


def bill(id: str, quantity: float) -> float:
    return float(PRICES[id].cost(quantity))


def unseen(**changes) -> dict:
    """A company nobody has seen, with these values put in."""
    return companies.company(draw.randrange(10**6)) | changes


def runs(company: dict) -> float:
    return MINUTES / company["freshness"]


def people(company: dict, option: str) -> float:
    hours = company["hours"][option] + len(company["mar"]) * company["hours_per_source"][option]
    return hours * company["rate"] * (company["usd_per_eur"] if company["rate_currency"] == "EUR" else 1)


def fivetran(company: dict) -> float:
    if sum(company["mar"].values()) <= FREE:
        return 0
    each = company["quotes"]["fivetran_million"] / 1e6
    return sum(max(5, rows * each) if rows else 0 for rows in company["mar"].values())


def snowflake(company: dict) -> float:
    credits = runs(company) * max(company["seconds"], 60) / 3600
    return bill("snowflake_credit_standard", credits) + company["stored_gb"] * company["quotes"]["snowflake_tb"] / 1000


def cost_a(company: dict) -> dict[str, float]:
    database = bill("rds_pg_t4g_medium", HOURS) + bill("rds_gp3_storage", company["stored_gb"])
    return {"database": database, "machine": bill("ec2_t3_medium", HOURS), "people": people(company, "A")}


def transformation(company: dict) -> float:
    return bill("dbt_starter_seats", company["developers"]) + bill(
        "dbt_starter_models", company["models"] * runs(company)
    )


def cost_b(company: dict) -> dict[str, float]:
    return {"ingestion": fivetran(company), "warehouse": snowflake(company), "transformation": transformation(company),
            "bi": looker(company), "people": people(company, "B")}


def looker(company: dict) -> float:
    further = max(0, company["users"] - INCLUDED)
    return (company["quotes"]["looker_platform"] + further * company["quotes"]["looker_user"]) / 12


def cost_c(company: dict) -> dict[str, float]:
    warehouse = bill("bigquery_queries", runs(company) * company["scan_gb"] * 1e9 / 2**40)
    storage = bill("bigquery_storage_active", company["stored_gb"] * 1e9 / 2**30)
    return {
        "ingestion": bill("airbyte_standard", credits(company)),
        "warehouse": warehouse + storage,
        "machine": bill("do_droplet_smallest", 1),
        "bi": bill("metabase_starter", company["users"]),
        "people": people(company, "C"),
    }


def credits(company: dict) -> float:
    """Airbyte's: a database by the GB, the others by the row."""
    gigabytes = company["mar"].get("production", 0) * company["row_bytes"] / 1e9
    return 4 * gigabytes + 6 * sum(rows for source, rows in company["mar"].items() if source != "production") / 1e6


def totals(company: dict) -> dict[str, float]:
    """Dollars a month by option."""
    return {name: sum(cost(company).values()) for name, cost in zip(OPTIONS, (cost_a, cost_b, cost_c), strict=True)}


def excluded(company: dict, facts: dict = FACTS) -> dict[str, set[str]]:
    """Why each option is out; an empty set where it is not."""
    return {
        option: {reason for reason, broken in zip(REASONS, _broken(company, fact), strict=True) if broken}
        for option, fact in facts.items()
    }


def _broken(company: dict, fact: dict) -> tuple[bool, ...]:
    elsewhere = (
        company["region"] is not None and fact["regions"] is not None and company["region"] not in fact["regions"]
    )
    return (elsewhere, company["freshness"] < fact["freshest"], company["stored_gb"] > fact["largest_gb"],
            company["needs_soc2"] and fact["soc2"] is False, fact["engineer"] and not company["has_engineer"],
            fact["notice_months"] > company["leave_within"])


def grown(company: dict, factor: float) -> dict:
    """The company with that many times the rows and the data."""
    more = deepcopy(company)
    more["mar"] = {name: rows * factor for name, rows in company["mar"].items()}
    return more | {"stored_gb": company["stored_gb"] * factor}
