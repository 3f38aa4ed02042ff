"""What a small world hardly has, put into its raw tables: yearly prices, and rows that Stripe has deleted.

Every third subscription, by production's number, is billed by the year from its first event on: ten months' price and
five hundredths of the currency, which no twelve months divide. Its bills stay as they are. Of each table of Stripe's
but the events, every fifth row has a copy that was deleted.
"""

import json
from functools import cached_property
from types import SimpleNamespace

import duckdb

from datasets.billing.prices import rounded
from datasets.marts import Marts
from environments.stack.landing import STRIPE

EVERY = 3      # subscription is billed by the year
DELETED = 5    # of so many rows one has a deleted copy
YEAR = "_year"  # how the id of a yearly price ends


def vary(path) -> None:
    """Put it into the raw tables of a warehouse that `land` has just filled."""
    with duckdb.connect(str(path), config={"threads": 1}) as con:
        _bill_by_the_year(con)
        _price_by_the_year(con)
        for name in STRIPE:
            con.execute(f"""insert into raw.stripe_{name} by name
                select * replace (id || '_deleted' as id, true as _deleted) from raw.stripe_{name}
                qualify row_number() over (order by id) % {DELETED} = 0""")


class VariedMarts(Marts):
    """The truth of such a world."""

    @cached_property
    def facts(self):
        facts = super().facts
        stretches = [one._replace(amount=rounded(yearly(one.amount), 1, 12)) if one.subscription % EVERY == 0 else one
                     for one in facts.stretches]
        return SimpleNamespace(stretches=stretches, money=facts.money)


def yearly(monthly: int) -> int:
    """What a year costs where a month costs this."""
    return 10 * monthly + 5


def _bill_by_the_year(con: duckdb.DuckDBPyConnection) -> None:
    events = con.execute("select id, _payload from raw.stripe_events where type like 'customer.subscription.%'")
    for id, payload in events.fetchall():
        event = json.loads(payload)
        if _change(event["data"]["object"]):
            con.execute("update raw.stripe_events set _payload = $2 where id = $1", [id, json.dumps(event)])
    for id, payload in con.execute("select id, _payload from raw.stripe_subscriptions").fetchall():
        subscription = json.loads(payload)
        if _change(subscription):
            con.execute("update raw.stripe_subscriptions set _payload = $2 where id = $1",
                        [id, json.dumps(subscription)])


def _change(subscription: dict) -> bool:
    """Whether this is one of those that change, which it has done then."""
    if int(subscription["metadata"]["subscription_id"]) % EVERY:
        return False
    for item in subscription["items"]["data"]:
        price = item["price"]
        price |= {"id": price["id"] + YEAR, "unit_amount": yearly(price["unit_amount"])}
        price["recurring"]["interval"] = "year"
    return True


def _price_by_the_year(con: duckdb.DuckDBPyConnection) -> None:
    """The yearly prices beside the monthly ones."""
    con.execute(f"""insert into raw.stripe_prices by name select * replace (
        id || '{YEAR}' as id, _key || '{YEAR}' as _key, {yearly(1) - 5} * unit_amount + 5 as unit_amount,
        replace(cast(recurring as varchar), '"month"', '"year"') as recurring,
        replace(cast(_payload as varchar), '"interval":"month"', '"interval":"year"') as _payload)
        from raw.stripe_prices""")
