"""Companies that weigh their data stack: small, plain, each its own by its seed.

    company(2026)["mar"]                      # {"production": 966, "email": 27960, ...}
    [company(seed) for seed in range(100)]

A company is a dict of plain values. What no page says (hours of work, quotes of sales people, needs) is drawn here and
is an assumption, never a fact: change it and look. Amounts in US dollars a month, unless the key says otherwise.
"""

from random import Random

OPTIONS = ("A", "B", "C")
SOURCES = ("stripe", "mixpanel", "amplitude", "crm", "support", "ads", "email", "payroll")
NAMES = ("Ladle", "Whisk", "Saucepan", "Colander", "Tureen", "Skillet", "Ramekin", "Griddle", "Trivet", "Spatula")

# What each option can do. `regions`: where everything about the data can be kept, None: wherever you run it.
# `largest_gb` is a limit the course sets, not a vendor. Sources of the others stand in Lab 2, part 5.
FACTS = {
    "A": {"regions": None, "freshest": 1, "largest_gb": 1000, "soc2": False, "engineer": True, "notice_months": 0},
    "B": {
        "regions": ["US"],
        "freshest": 15,
        "largest_gb": 100_000,
        "soc2": True,
        "engineer": False,
        "notice_months": 12,
    },
    "C": {
        "regions": ["US"],
        "freshest": 60,
        "largest_gb": 100_000,
        "soc2": True,
        "engineer": False,
        "notice_months": 1,
    },
}


def company(seed: int) -> dict:
    """The company of that seed: volumes, people, quotes and needs. It keeps its seed, so that it can be made again."""
    random, later = Random(f"company {seed}"), Random(f"company {seed}, later")  # what came later reshuffles nothing
    return {"name": random.choice(NAMES), **_volumes(random, later), **_people(random), **_quotes(random, later),
            **_needs(random), "seed": seed}


def _volumes(random: Random, later: Random) -> dict:
    """`mar`: rows new or changed in a month, by connection; freshness in minutes; scan and seconds of one run.

    `row_bytes`: what a changed row of the production database weighs on its way through a connector.
    """
    sources = ["production", *random.sample(SOURCES, random.randint(1, 6))]
    return {"mar": {source: round(10 ** random.uniform(2.5, 6.7)) for source in sources},
            "stored_gb": round(10 ** random.uniform(0.5, 3.3)), "scan_gb": round(10 ** random.uniform(-1, 1.3), 1),
            "seconds": random.randint(3, 200), "models": random.randint(10, 120),
            "freshness": random.choice((5, 15, 30, 60, 240, 1440)), "row_bytes": later.randrange(200, 2001, 100)}


def _people(random: Random) -> dict:
    """Users, developers, and hours a month each option takes: `hours`, and `hours_per_source` for each connection."""
    return {"users": random.randint(3, 45), "developers": random.randint(1, 5),
            "rate": random.randint(35, 120), "rate_currency": random.choice(("USD", "EUR")),
            "usd_per_eur": round(random.uniform(1.03, 1.25), 2),
            "hours": {"A": random.randint(8, 20), "B": random.randint(2, 6), "C": random.randint(3, 9)},
            "hours_per_source": {"A": random.randint(2, 6), "B": 0.5, "C": random.choice((0.5, 1, 1.5))}}


def _quotes(random: Random, later: Random) -> dict:
    """What sales people said of prices nobody publishes, in dollars; Looker's for a whole year: the platform with ten
    users, and each further user. They lie where the estimates of the price list do."""
    return {
        "quotes": {
            "fivetran_million": random.randint(250, 700),
            "snowflake_tb": random.randint(23, 40),
            "looker_platform": 36_000 + 500 * random.randrange(49),
            "looker_user": later.randrange(360, 691, 10),
        }
    }


def _needs(random: Random) -> dict:
    """Constraints; `region` None: anywhere; `leave_within`: months after which it must be free to go."""
    return {"region": random.choice((None, None, "US", "EU")), "has_engineer": random.random() < 0.7,
            "needs_soc2": random.random() < 0.3, "leave_within": random.choice((0, 1, 6, 12, 24))}
