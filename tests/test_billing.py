"""Billing: what always holds of it, whatever the seed, and its truth counted again another way."""

import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from datasets.billing import Billing
from datasets.billing.facts import identity
from datasets.billing.months import after, month, start_of
from datasets.billing.prices import CURRENCIES, fee, in_currency, rate, rounded, settled
from datasets.shape import DAY, NEVER, SHAPE
from datasets.world import World

SEEDS = (7, 2026, 31)
DATASHEET = (Path(__file__).parents[1] / "datasets/README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=SEEDS)
def world(request):
    return World(request.param, 120)


@pytest.fixture(scope="module")
def billing(world):
    return Billing(world)


@pytest.fixture(scope="module")
def objects(billing):
    """By kind and id, the fold over all changes."""
    found = defaultdict(dict)
    for change in billing.changes:
        found[change.kind][change.id] = found[change.kind].get(change.id, {}) | change.values
    return found


@pytest.fixture(scope="module")
def metrics(billing):
    return billing.truth()["metrics"]


# Months and money

@pytest.mark.parametrize(
    "anchor, months, due",
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-01-31", 2, "2025-03-31"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-08-30", 6, "2026-02-28"),
        ("2025-10-31", 1, "2025-11-30"),
    ],
)
def test_a_month_later_keeps_the_anchors_day_where_there_is_one(anchor, months, due):
    assert after(start_of(anchor), months) == start_of(due)


@pytest.mark.parametrize(
    "amount, times, over, due",
    [(5, 1, 2, 3), (-5, 1, 2, -3), (4, 1, 3, 1), (0, 7, 9, 0), (10, 1, 4, 3), (-10, 1, 4, -3)],
)
def test_amounts_are_rounded_half_away_from_zero(amount, times, over, due):
    assert rounded(amount, times, over) == due


def test_us_dollars_are_settled_as_they_are():
    assert [settled(n, "usd", SHAPE.launch) for n in (1, 999, -7)] == [1, 999, -7]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_an_amount_in_another_currency_is_worth_what_it_was_made_from(currency):
    assert all(abs(settled(in_currency(n, currency, at), currency, at) - n) <= 1 for n in range(1, 20_000, 97)
               for at in range(SHAPE.launch, SHAPE.now, 45 * DAY))


@pytest.mark.parametrize("currency", CURRENCIES)
def test_there_is_one_rate_a_calendar_month(currency):
    by_month = defaultdict(set)
    for at in range(SHAPE.launch, SHAPE.now, DAY // 2):
        by_month[month(at)].add(rate(currency, at))
    assert {len(rates) for rates in by_month.values()} == {1}


def test_the_provider_keeps_a_share_and_thirty_cents():
    assert fee(10_000) == 320


# The world stays as it was

@pytest.mark.parametrize("seed", SEEDS)
def test_billing_changes_nothing_in_production(seed):
    before, world = World(seed, 50).checksum(), World(seed, 50)
    Billing(world).truth()
    assert world.checksum() == before


def test_the_same_world_has_the_same_billing(world, billing):
    assert Billing(World(world.seed, world.households)).changes == billing.changes


def test_ids_differ_by_seed_kind_and_key():
    assert (
        len({identity(*which) for which in ((1, "charge", 1), (2, "charge", 1), (1, "charge", 2), (1, "refund", 1))})
        == 4
    )


# What always holds

def test_changes_are_in_order_and_none_is_later_than_the_world(billing):
    moments = [change.at for change in billing.changes]
    assert moments == sorted(moments) and SHAPE.launch <= moments[0] and moments[-1] < SHAPE.now


def test_an_object_is_created_by_its_first_change(objects):
    assert {
        kind for kind, of_kind in objects.items() for values in of_kind.values() if "created" not in values
    } == set()


def test_nobody_pays_before_signing_up(objects):
    joined = {id: v["created"] for id, v in objects["customer"].items()}
    assert [v for v in objects["charge"].values() if v["created"] < joined[v["customer"]]] == []


def test_every_object_that_is_named_is_there(objects):
    kinds = {
        "customer": "customer",
        "charge": "charge",
        "payment_intent": "payment_intent",
        "invoice": "invoice",
        "subscription": "subscription",
        "price": "price",
        "product": "product",
        "balance_transaction": "balance_transaction",
        "latest_invoice": "invoice",
        "latest_charge": "charge",
    }
    lost = [
        (kind, name, v[name])
        for kind, of_kind in objects.items()
        for v in of_kind.values()
        for name in kinds.keys() & v.keys()
        if v[name] and v[name] not in objects[kinds[name]]
    ]
    assert lost == []


def test_every_line_on_the_balance_comes_from_an_object(objects):
    sources = set().union(*(objects[kind] for kind in ("charge", "refund", "dispute", "payout")))
    assert {v["source"] for v in objects["balance_transaction"].values()} <= sources


def test_the_balance_is_what_came_in_less_what_went_out(objects, metrics):
    paid_out = sum(v["amount"] for v in objects["payout"].values())
    assert (
        sum(v["net"] for v in objects["balance_transaction"].values())
        == sum(metrics["net_revenue_cents_by_day"].values()) - paid_out
    )


def test_a_line_is_its_amount_less_its_fee(objects):
    assert all(v["net"] == v["amount"] - v["fee"] for v in objects["balance_transaction"].values())


def test_a_payout_is_what_its_lines_come_to(objects):
    lines = objects["balance_transaction"]
    assert {sum(lines[id]["net"] for id in v["lines"]) for v in objects["payout"].values()} == {0}


def test_a_line_is_paid_out_once_and_no_sooner_than_it_may_be(objects):
    paid = [(id, v["created"]) for v in objects["payout"].values() for id in v["lines"]]
    assert len(paid) == len({id for id, _ in paid}) and all(
        objects["balance_transaction"][id]["available_on"] <= at for id, at in paid
    )


def test_nothing_is_refunded_beyond_what_was_paid(objects):
    back = Counter()
    for refund in objects["refund"].values():
        back[refund["charge"]] += refund["amount"]
    assert all(
        objects["charge"][id]["amount_refunded"] == amount <= objects["charge"][id]["amount"]
        for id, amount in back.items()
    )


def test_a_charge_is_refunded_where_all_of_it_is(objects):
    assert all(v["refunded"] is (v["amount_refunded"] == v["amount"]) for v in objects["charge"].values())


# Bills

def test_a_bill_is_the_sum_of_its_lines(objects):
    assert all(v["total"] == sum(line["amount"] for line in v["lines"]) >= 0 for v in objects["invoice"].values())


def test_a_bill_asks_for_one_period_of_its_subscription(objects):
    for v in objects["invoice"].values():
        period = [line["period"] for line in v["lines"] if line["type"] == "subscription"]
        assert len(period) == 1 and period[0]["start"] == v["created"]


def test_periods_follow_each_other_without_a_gap(objects):
    periods = defaultdict(list)
    for v in objects["invoice"].values():
        periods[v["subscription"]].append((v["period_start"], v["period_end"]))
    assert all(
        period[1] == following[0]
        for billed in map(sorted, periods.values())
        for period, following in pairwise(billed)
    )


def test_a_paid_bill_was_paid_by_one_charge_of_its_amount(objects):
    paid = [v for v in objects["invoice"].values() if v["status"] == "paid" and v["total"]]
    assert all(objects["charge"][v["charge"]]["amount"] == v["total"] == v["amount_paid"] for v in paid)


def test_a_proration_stands_on_a_bill_or_waits_for_one(objects):
    billed = {
        line["invoice_item"]
        for v in objects["invoice"].values()
        for line in v["lines"]
        if line["type"] == "invoiceitem"
    }
    assert billed == {id for id, v in objects["invoiceitem"].items() if v["invoice"]}


def test_a_change_of_plan_gives_back_and_asks_for_the_same_time(objects):
    by_moment = defaultdict(list)
    for v in objects["invoiceitem"].values():
        by_moment[v["subscription"], v["created"]].append(v)
    assert all(len(pair) == 2 and pair[0]["period"] == pair[1]["period"] and pair[0]["amount"] * pair[1]["amount"] < 0
               for pair in by_moment.values())


# Production and billing

def test_subscriptions_begin_and_end_as_production_says(world, billing):
    terms = world.tables()["subscriptions"]
    moments = [
        c.dt.tz_localize(None).to_numpy().astype("datetime64[s]").astype("int64").tolist()
        for c in (terms["started_at"], terms["ended_at"])
    ]
    due = Counter((start, end if end > 0 else NEVER) for start, end in zip(*moments, strict=True))
    assert Counter(map(tuple, billing.facts.terms)) == due


def test_as_many_subscriptions_run_as_in_production(world, metrics):
    assert list(metrics["active_subscriptions_by_day"].values())[-1] == world.active_subscriptions()


def test_the_last_plan_is_the_one_that_production_knows(world, objects):
    known = world.tables()["subscriptions"]
    plans = dict(zip(known["id"].astype(str), known["plan_id"].astype(str), strict=True))
    shown = {v["metadata"]["subscription_id"]: objects["price"][v["items"][0]["price"]]["metadata"]["plan_id"]
             for v in objects["subscription"].values()}
    assert shown == plans


def test_every_order_that_cost_something_was_paid_once(world, objects):
    orders = world.tables()["orders"]
    paid = Counter(
        v["metadata"]["order_id"] for v in objects["charge"].values() if v["status"] == "succeeded" and not v["invoice"]
    )
    assert paid == Counter(orders.loc[orders["total_cents"] > 0, "id"].astype(str))


def test_orders_that_earned_nothing_were_paid_back(world, objects):
    orders = world.tables()["orders"]
    gone = set(
        orders.loc[orders["status"].isin(["cancelled", "refunded"]) & (orders["total_cents"] > 0), "id"].astype(str)
    )
    assert gone == {v["metadata"]["order_id"] for v in objects["charge"].values() if v["refunded"] and not v["invoice"]}


# The truth, counted again from the objects

def test_net_revenue_is_the_lines_of_the_balance_without_payouts(objects, metrics):
    found = Counter()
    for v in objects["balance_transaction"].values():
        if v["type"] != "payout":
            found[month(v["created"])] += v["net"]
    due = metrics["net_revenue_cents_by_month"]
    assert {name: found[name] for name in due} == due


def test_days_add_up_to_months(metrics):
    for name in ("gross_cents", "refunds_cents", "fees_cents", "disputes_cents", "net_revenue_cents"):
        found = Counter()
        for day, amount in metrics[f"{name}_by_day"].items():
            found[day[:7]] += amount
        assert {period: found[period] for period in metrics[f"{name}_by_month"]} == metrics[f"{name}_by_month"]


def test_recurring_revenue_is_what_the_bills_of_the_day_ask_for(billing, objects, metrics):
    """At a month's last second:
    a subscription that a bill of more than nothing stands for counts, at its price of then."""
    due = {}
    for name in metrics["mrr_cents_by_month"]:
        at, worth = after(start_of(name), 1) - 1, Counter()
        prices = prices_at(billing, at)
        for bill in objects["invoice"].values():
            if bill["period_start"] <= at < bill["period_end"] and counts(bill, objects, at):
                worth[bill["currency"]] += objects["price"][prices[bill["subscription"]]]["unit_amount"]
        due[name] = sum(settled(amount, currency, at) for currency, amount in worth.items())
    assert metrics["mrr_cents_by_month"] == due


def prices_at(billing, at) -> dict:
    """By subscription, the price it stood at."""
    told = (c for c in billing.changes if c.kind == "subscription" and c.at <= at and "items" in c.values)
    return {c.id: c.values["items"][0]["price"] for c in told}


def counts(bill, objects, at) -> bool:
    ended = objects["subscription"][bill["subscription"]]["ended_at"] or NEVER
    return bill["status"] != "void" and any(line["amount"] > 0 for line in bill["lines"]) and at < ended


def test_active_and_churned_subscriptions_are_those_that_began_and_ended(objects, metrics):
    terms = [(v["created"], v["ended_at"] or NEVER) for v in objects["subscription"].values()]
    ends = {name: after(start_of(name), 1) for name in metrics["active_subscriptions_by_month"]}
    assert metrics["active_subscriptions_by_month"] == {
        name: sum(a < at <= b for a, b in terms) for name, at in ends.items()
    }
    assert metrics["churned_subscriptions_by_month"] == {
        name: sum(start_of(name) <= b < at for _, b in terms) for name, at in ends.items()
    }


def test_there_is_some_of_everything(billing):
    told = Counter(change.event for change in Billing(World(7, 200)).changes)
    assert {
        "charge.failed", "charge.dispute.closed", "invoice.voided", "invoice.marked_uncollectible",
        "invoice.payment_failed", "invoiceitem.created", "customer.updated", "charge.refunded", "price.updated",
    } <= told.keys()


def test_at_least_three_currencies_are_paid_in():
    assert {c.values["currency"] for c in Billing(World(7, 200)).changes if c.event == "charge.succeeded"} == set(
        CURRENCIES
    )


# What the datasheet says

def test_the_datasheet_counts_the_objects_of_the_small_world():
    counts = {
        name: int(count.replace(",", ""))
        for name, count in re.findall(r"^\| (\w+) \| [^|]+ \| ([\d,]+) \|$", DATASHEET, re.M)
    }
    truth = Billing(World(7, 200)).truth()["stripe"]
    assert counts == {name: truth[name] for name in truth if name not in ("events", "accounts")}


@pytest.mark.parametrize("seed", [7, 2026])
def test_the_datasheet_has_the_checksums(seed):
    printed = re.search(rf"`Billing\(World\({seed}, 200\)\)\.checksum\(\)`\s+(?:begins\s+)?with `(\w+)`", DATASHEET)
    assert Billing(World(seed, 200)).checksum().startswith(printed[1])
