"""What the provider pays out to Teaspoon's bank account: every Monday, all that is available by then."""

from datasets.billing.facts import Facts
from datasets.shape import DAY, MONDAY, SHAPE, WEEK


def pay_out(facts: Facts) -> None:
    """A payout for each week in which something is due to Teaspoon; a debt is carried on to the next."""
    due = sorted((available, line, amount) for at, available, line, amount in facts.settled if at < SHAPE.now)
    position, waiting = 0, []
    for monday in range(SHAPE.launch + (MONDAY - SHAPE.launch) % WEEK, SHAPE.now, WEEK):
        while position < len(due) and due[position][0] <= monday:
            waiting.append(due[position])
            position += 1
        if (amount := sum(line[2] for line in waiting)) > 0:
            _pay(facts, monday, amount, [line[1] for line in waiting])
            waiting = []


def _pay(facts: Facts, at: int, amount: int, lines: list[str]) -> None:
    """`lines` are the balance transactions that it pays out."""
    payout = facts.id("payout", at)
    line = facts.id("balance_transaction", payout)
    facts.tell(
        at,
        "balance_transaction",
        line,
        "",
        created=at,
        amount=-amount,
        fee=0,
        net=-amount,
        type="payout",
        source=payout,
        exchange_rate=None,
        available_on=at,
    )
    facts.tell(
        at,
        "payout",
        payout,
        "payout.created",
        created=at,
        amount=amount,
        arrival_date=at + DAY,
        status="in_transit",
        balance_transaction=line,
        lines=[*lines, line],
    )
    facts.tell(at + DAY, "payout", payout, "payout.paid", status="paid")
