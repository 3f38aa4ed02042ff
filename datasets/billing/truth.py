"""What is true of billing: counted from payments,
terms and stretches as they were drawn, not from objects or answers."""

from bisect import bisect_right
from collections import Counter, defaultdict

from datasets.billing.facts import Facts
from datasets.billing.months import after, day, month, start_of
from datasets.billing.prices import settled
from datasets.shape import DAY, NEVER, SHAPE

STREAMS = {
    "customer": "customers",
    "product": "products",
    "price": "prices",
    "subscription": "subscriptions",
    "subscription_item": "subscription_items",
    "invoice": "invoices",
    "invoiceitem": "invoice_items",
    "charge": "charges",
    "payment_intent": "payment_intents",
    "refund": "refunds",
    "dispute": "disputes",
    "balance_transaction": "balance_transactions",
    "payout": "payouts",
}
EVENTS_KEPT = 30 * DAY
METRICS = {
    "gross_cents": {"charge"},
    "refunds_cents": {"refund"},
    "disputes_cents": {"dispute", "reinstated"},
    "fees_cents": {"fee"},
    "net_revenue_cents": {"charge", "refund", "dispute", "reinstated", "fee"},
}


def truth(facts: Facts, now: int) -> dict:
    """See Billing.truth."""
    return {"stripe": _streams(facts, now), "metrics": _money(facts) | _subscriptions(facts)}


def days() -> list[str]:
    """All days of the world, as ISO dates."""
    return [day(at) for at in range(SHAPE.launch, SHAPE.now, DAY)]


def months() -> list[str]:
    """All months of the world, "2024-07" to "2026-06"."""
    return list(dict.fromkeys(map(lambda at: month(at), range(SHAPE.launch, SHAPE.now, DAY))))


def events_from(now: int) -> int:
    """The first second whose events are still kept at a moment:
    that of a day, so that nothing goes while somebody is paging."""
    return -(-(now - EVENTS_KEPT) // DAY) * DAY


def _streams(facts: Facts, now: int) -> dict[str, int]:
    ids = defaultdict(set)
    for change in facts.changes:
        ids[change.kind].add(change.id)
    events = sum(bool(change.event) for change in facts.changes if change.at >= events_from(now))
    return {stream: len(ids[kind]) for kind, stream in STREAMS.items()} | {"events": events, "accounts": 1}


def _money(facts: Facts) -> dict:
    """By day and by month; refunds, disputes and fees with their sign: below zero where money went."""
    found = {}
    for name, kinds in METRICS.items():
        by_day: Counter[str] = Counter()
        for money in facts.money:
            if money.what in kinds:
                by_day[day(money.at)] += money.settled
        by_month: Counter[str] = Counter()
        for period, amount in by_day.items():
            by_month[period[:7]] += amount
        found[f"{name}_by_day"] = {period: by_day[period] for period in days()}
        found[f"{name}_by_month"] = {period: by_month[period] for period in months()}
    return found


def _subscriptions(facts: Facts) -> dict:
    starts, ends = sorted(t.start for t in facts.terms), sorted(t.end for t in facts.terms)

    def running(at: int) -> int:
        return bisect_right(starts, at - 1) - bisect_right(ends, at - 1)

    ended = Counter(month(t.end) for t in facts.terms if t.end < NEVER)
    return {
        "mrr_cents_by_month": {period: _mrr(facts, after(start_of(period), 1) - 1) for period in months()},
        "active_subscriptions_by_day": {period: running(start_of(period) + DAY) for period in days()},
        "active_subscriptions_by_month": {period: running(after(start_of(period), 1)) for period in months()},
        "churned_subscriptions_by_month": {period: ended[period] for period in months()},
        "churn_base_by_month": {period: running(start_of(period)) for period in months()},
    }


def _mrr(facts: Facts, at: int) -> int:
    """What running subscriptions are worth a month, in US cents at that month's rate: no trial, no pause."""
    by_currency: Counter[str] = Counter()
    for stretch in facts.stretches:
        if stretch.start <= at < stretch.end:
            by_currency[stretch.currency] += stretch.amount
    return sum(settled(amount, currency, at) for currency, amount in by_currency.items())
