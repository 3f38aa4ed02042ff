"""What orders cost and what became of the money."""

from datasets.billing.customers import Customer
from datasets.billing.facts import Facts
from datasets.billing.payments import Payment
from datasets.billing.prices import in_currency, rounded
from datasets.shape import DAY, HOUR

# Of a thousand orders: cards that are declined first, goodwill refunds of a part, disputes; and disputes that are won.
DECLINED, GOODWILL, DISPUTED, WON = 10, 10, 4, 350
PART = (10, 50)  # percent of an order that goodwill gives back
REASONS = (("fraudulent", 500), ("product_not_received", 300), ("duplicate", 200))


def charge_orders(world, facts: Facts, who: dict[int, Customer], orders) -> None:
    """A payment for each order that costs something, in its customer's currency."""
    stream, n = world.stream("billing.orders"), len(orders)
    drawn = zip(
        stream.chance(DECLINED, n).tolist(),
        stream.chance(GOODWILL, n).tolist(),
        stream.between(PART, n).tolist(),
        stream.between((DAY, 14 * DAY), n).tolist(),
        stream.chance(DISPUTED, n).tolist(),
        stream.chance(WON, n).tolist(),
        stream.pick([share for _, share in REASONS], n).tolist(),
        stream.between((5 * DAY, 40 * DAY), n).tolist(),
        strict=True,
    )
    columns = zip(
        orders["id"].tolist(),
        orders["household_id"].tolist(),
        orders["status"].tolist(),
        orders["total_cents"].tolist(),
        _seconds(orders["placed_at"]),
        _seconds(orders["updated_at"]),
        strict=True,
    )
    for order, chance in zip(columns, drawn, strict=True):
        if order[3]:
            _charge(facts, who[order[1]], *order, *chance)


def _seconds(moments) -> list[int]:
    return moments.dt.tz_localize(None).to_numpy().astype("datetime64[s]").astype("int64").tolist()


def _charge(
    facts,
    customer,
    id,
    household,
    status,
    us_cents,
    placed_at,
    updated_at,
    declined,
    goodwill,
    part,
    later,
    disputed,
    won,
    reason,
    after,
) -> None:
    amount = in_currency(us_cents, customer.currency, placed_at)
    payment = Payment(facts, customer, amount, ("order", id), metadata={"order_id": str(id)}, description=f"Order {id}")
    payment.begin(placed_at)
    if declined:
        payment.attempt(placed_at, succeeds=False)
    paid_at = placed_at + 120 * declined
    payment.attempt(paid_at)
    if status in ("cancelled", "refunded"):
        payment.refund(max(updated_at, paid_at), amount)
    elif status == "delivered" and disputed:
        at = updated_at + after
        payment.dispute(at, at + 3 * DAY, at + 3 * DAY + 2 * after + HOUR, won, REASONS[reason][0])
    elif status == "delivered" and goodwill:
        payment.refund(updated_at + later, rounded(amount, part, 100))
