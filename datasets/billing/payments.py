"""Money in and out: attempts to charge a card, refunds, disputes, and the line each leaves on Teaspoon's balance."""

from datasets.billing.customers import Customer
from datasets.billing.facts import Facts
from datasets.billing.prices import DISPUTE_FEE, fee, rate, settled
from datasets.shape import DAY

AVAILABLE_AFTER = 2 * DAY
DECLINED = {"failure_code": "card_declined", "failure_message": "Your card was declined."}


class Payment:
    """One amount that a customer is to pay, and all attempts at it. `key` names it within its world."""

    def __init__(
        self,
        facts: Facts,
        customer: Customer,
        amount: int,
        key: tuple,
        invoice: str | None = None,
        metadata: dict | None = None,
        description: str | None = None,
    ):
        self.facts, self.customer, self.amount, self.key = facts, customer, amount, key
        self.about = {
            "currency": customer.currency,
            "customer": customer.id,
            "invoice": invoice,
            "metadata": metadata or {},
            "description": description,
        }
        self.id = facts.id("payment_intent", *key)
        self.charge = ""
        self.attempts = self.refunds = self.returned = 0

    def begin(self, at: int) -> None:
        self.facts.tell(
            at,
            "payment_intent",
            self.id,
            "payment_intent.created",
            created=at,
            amount=self.amount,
            amount_received=0,
            status="requires_payment_method",
            latest_charge=None,
            payment_method=self.customer.method,
            **self.about,
        )

    def attempt(self, at: int, succeeds: bool = True) -> str:
        """Charge the card at a moment; the charge's id."""
        self.attempts += 1
        self.charge = self.facts.id("charge", *self.key, self.attempts)
        if succeeds:
            self._succeed(at)
        else:
            self._fail(at)
        return self.charge

    def _succeed(self, at: int) -> None:
        line = _line(self.facts, at, "charge", self.charge, self.amount, self.customer.currency, charged=True)
        self._tell_charge(
            at,
            "charge.succeeded",
            status="succeeded",
            paid=True,
            captured=True,
            amount_captured=self.amount,
            balance_transaction=line,
            failure_code=None,
            failure_message=None,
        )
        self.facts.tell(
            at,
            "payment_intent",
            self.id,
            "payment_intent.succeeded",
            status="succeeded",
            latest_charge=self.charge,
            amount_received=self.amount,
        )

    def _fail(self, at: int) -> None:
        self._tell_charge(
            at,
            "charge.failed",
            status="failed",
            paid=False,
            captured=False,
            amount_captured=0,
            balance_transaction=None,
            **DECLINED,
        )
        self.facts.tell(at, "payment_intent", self.id, "payment_intent.payment_failed", latest_charge=self.charge)

    def _tell_charge(self, at: int, event: str, **values) -> None:
        self.facts.tell(
            at,
            "charge",
            self.charge,
            event,
            created=at,
            amount=self.amount,
            amount_refunded=0,
            refunded=False,
            disputed=False,
            payment_intent=self.id,
            payment_method=self.customer.method,
            **self.about,
            **values,
        )

    def refund(self, at: int, amount: int, reason: str | None = "requested_by_customer") -> None:
        """Give back part of what was paid, or all of it."""
        self.refunds += 1
        self.returned += amount
        refund = self.facts.id("refund", *self.key, self.refunds)
        line = _line(self.facts, at, "refund", refund, -amount, self.customer.currency)
        self.facts.tell(
            at,
            "refund",
            refund,
            "refund.created",
            created=at,
            amount=amount,
            charge=self.charge,
            payment_intent=self.id,
            currency=self.customer.currency,
            balance_transaction=line,
            reason=reason,
            status="succeeded",
            metadata={},
        )
        self.facts.tell(
            at,
            "charge",
            self.charge,
            "charge.refunded",
            amount_refunded=self.returned,
            refunded=self.returned == self.amount,
        )

    def dispute(self, at: int, reviewed_at: int, closed_at: int, won: bool, reason: str) -> None:
        """The card's holder objects: the money and a fee go at once, the money comes back where Teaspoon wins."""
        dispute = self.facts.id("dispute", *self.key)
        currency = self.customer.currency
        lines = [_line(self.facts, at, "adjustment", dispute, -self.amount, currency, extra=DISPUTE_FEE)]
        self.facts.tell(
            at,
            "dispute",
            dispute,
            "charge.dispute.created",
            created=at,
            amount=self.amount,
            currency=currency,
            reason=reason,
            charge=self.charge,
            payment_intent=self.id,
            status="needs_response",
            balance_transactions=lines,
            due_by=at + 9 * DAY,
            is_charge_refundable=False,
        )
        self.facts.tell(at, "charge", self.charge, "charge.updated", disputed=True)
        self.facts.tell(reviewed_at, "dispute", dispute, "charge.dispute.updated", status="under_review")
        if won:
            lines = [*lines, _line(self.facts, closed_at, "adjustment", dispute, self.amount, currency, nth=2)]
        self.facts.tell(
            closed_at,
            "dispute",
            dispute,
            "charge.dispute.closed",
            status="won" if won else "lost",
            balance_transactions=lines,
        )


def _line(
    facts: Facts,
    at: int,
    type: str,
    source: str,
    amount: int,
    currency: str,
    charged: bool = False,
    extra: int = 0,
    nth: int = 1,
) -> str:
    """A balance transaction; its id. It is in US cents, whatever the customer paid in."""
    id, worth = facts.id("balance_transaction", source, nth), settled(amount, currency, at)
    kept = fee(worth) if charged else extra
    facts.tell(
        at,
        "balance_transaction",
        id,
        "",
        created=at,
        amount=worth,
        fee=kept,
        net=worth - kept,
        type=type,
        source=source,
        exchange_rate=None if currency == "usd" else rate(currency, at) / 10_000,
        available_on=at + AVAILABLE_AFTER,
    )
    facts.move(at, {"adjustment": "dispute" if amount < 0 else "reinstated"}.get(type, type), currency, amount, worth)
    facts.move(at, "fee", "usd", -kept, -kept)
    facts.settled.append((at, at + AVAILABLE_AFTER, id, worth - kept))
    return id
