"""What the provider pays out to Teaspoon's bank account: every Monday, all that is available by then."""

from datasets.billing.facts import Facts
from datasets.shape import DAY, MONDAY, SHAPE, WEEK


def pay_out(facts: Facts) -> None:
    """A payout for each week in which something is due to Teaspoon; a debt is carried on to the next."""
    waiting = sorted((available, amount) for at, available, amount in facts.settled if at < SHAPE.now)
    position = held = 0
    for monday in range(SHAPE.launch + (MONDAY - SHAPE.launch) % WEEK, SHAPE.now, WEEK):
        while position < len(waiting) and waiting[position][0] <= monday:
            held += waiting[position][1]
            position += 1
        if held > 0:
            _pay(facts, monday, held)
            held = 0


def _pay(facts: Facts, at: int, amount: int) -> None:
    payout = facts.id("payout", at)
    line = facts.id("balance_transaction", payout)
    facts.tell(at, "balance_transaction", line, "", created=at, amount=-amount, fee=0, net=-amount, type="payout", source=payout,
               exchange_rate=None, available_on=at)
    facts.tell(at, "payout", payout, "payout.created", created=at, amount=amount, arrival_date=at + DAY, status="in_transit",
               balance_transaction=line)
    facts.tell(at + DAY, "payout", payout, "payout.paid", status="paid")
