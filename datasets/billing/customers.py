"""Who pays: one customer for each household, under the name and address of its owner."""

from typing import NamedTuple

from datasets.billing.facts import Facts
from datasets.shape import DAY

ABROAD = 40      # of a thousand owners in the United States who pay with a card issued in Europe
SUBSCRIBES = 80  # of a thousand customers who take the newsletter, or leave it, some day


class Customer(NamedTuple):
    """What the other parts of billing need to know of one."""

    id: str
    household: int
    currency: str
    method: str  # the id of the card on file


def customers(world, facts: Facts, tables: dict) -> dict[int, Customer]:
    """By household."""
    households, people = tables["households"], tables["people"]
    owners = people[people["is_owner"]].set_index("household_id")
    stream = world.stream("billing.customers")
    n = len(households)
    abroad, changes = stream.chance(ABROAD, n).tolist(), stream.chance(SUBSCRIBES, n).tolist()
    when = stream.below(300 * DAY, n).tolist()
    found = {}
    for row, (home, owner) in enumerate(
        zip(households.itertuples(), owners.loc[households["id"]].itertuples(), strict=True)
    ):
        currency = "cad" if home.country == "CA" else "eur" if abroad[row] else "usd"
        at = int(home.signed_up_at.timestamp())
        customer = found[home.id] = Customer(
            facts.id("customer", home.id), home.id, currency, facts.id("payment_method", home.id)
        )
        _tell(facts, customer, at, home, owner)
        if changes[row]:
            facts.tell(at + DAY + when[row], "customer", customer.id, "customer.updated",
                       metadata={"household_id": str(home.id), "newsletter": "yes"})
    return found


def _tell(facts: Facts, customer: Customer, at: int, home, owner) -> None:
    facts.tell(
        at,
        "customer",
        customer.id,
        "customer.created",
        created=at,
        currency=customer.currency,
        email=owner.email,
        name=owner.full_name,
        phone=owner.phone,
        delinquent=False,
        metadata={"household_id": str(home.id), "newsletter": "no"},
        invoice_prefix=customer.id[4:12].upper(),
        default_payment_method=customer.method,
        address={
            "line1": home.street_address,
            "line2": None,
            "city": home.city,
            "state": None,
            "postal_code": home.postcode_area,
            "country": home.country,
        },
    )
