"""The bills of one subscription, with their lines, and how they are paid."""

from datasets.billing.facts import Facts
from datasets.billing.payments import Payment
from datasets.shape import DAY, HOUR

FAILS = 30  # of a thousand bills, paid at the second attempt
AGAIN = (3 * DAY, 5 * DAY, 7 * DAY)  # after the first attempt at a bill, the next ones


class Invoices:
    """Made for one subscription; `numbers` counts the bills of each customer, `luck` says which attempts fail."""

    def __init__(self, facts: Facts, numbers: dict[str, int], luck: list[int]):
        self.facts, self.numbers, self.luck = facts, numbers, luck
        self.count = 0
        self.waiting: list[dict] = []  # lines of the next bill

    def next_id(self, life) -> str:
        """The id of the bill that is made next."""
        return self.facts.id("invoice", life.number, self.count + 1)

    def first(self, life, id: str, at: int, ends: int, amount: int) -> None:
        """The bill of a new subscription, paid at once; of nothing where it begins with a trial."""
        self._make(life, id, at, at, "subscription_create", [self._line(life, id, amount, at, ends)])
        self._open(life, id, at)
        if amount:
            self._pay(life, id, at, amount, [(0, True)])
        else:
            self._paid(life, id, at, 0)

    def cycle(self, life, id: str, at: int, ends: int, paused: bool, unpaid: bool) -> None:
        """The bill of a new period: a draft for an hour, then asked for."""
        lines, self.waiting = [*self.waiting, self._line(life, id, life.amount, at, ends)], []
        total = self._make(life, id, at, at + HOUR, "subscription_cycle", lines)
        if paused:
            self.facts.tell(
                at + HOUR, "invoice", id, "invoice.voided", status="void", voided_at=at + HOUR, finalized_at=at + HOUR
            )
            return
        self._open(life, id, at + HOUR)
        later = [(wait, False) for wait in AGAIN]
        fails = self.luck[self.count % len(self.luck)] < FAILS and life.end > at + AGAIN[-1]
        self._pay(
            life,
            id,
            at + HOUR,
            total,
            [(0, False), *later] if unpaid else [(0, False), (AGAIN[0], True)] if fails else [(0, True)],
        )
        if unpaid:
            self.facts.tell(
                life.end,
                "invoice",
                id,
                "invoice.marked_uncollectible",
                status="uncollectible",
                marked_uncollectible_at=life.end,
                next_payment_attempt=None,
            )

    def later(self, life, at: int, amount: int, price: str, start: int, ends: int, words: str) -> None:
        """A line for the next bill, which stands as an invoice item until then."""
        item = self.facts.id("invoiceitem", life.number, at, words)
        bill = self.next_id(life)
        line = {
            "id": self.facts.id("line_item", item),
            "type": "invoiceitem",
            "amount": amount,
            "price": price,
            "period": _period(start, ends),
            "proration": True,
            "invoice_item": item,
            "description": words,
            "subscription": life.id,
            "subscription_item": life.item,
        }
        self.facts.tell(
            at,
            "invoiceitem",
            item,
            "invoiceitem.created",
            date=at,
            created=at,
            amount=amount,
            currency=life.customer.currency,
            customer=life.customer.id,
            description=words,
            price=price,
            proration=True,
            period=line["period"],
            invoice=None,
            subscription=life.id,
            subscription_item=life.item,
            unit_amount=amount,
            metadata={},
        )
        self.waiting.append(line | {"bill": bill})

    def _line(self, life, id: str, amount: int, start: int, ends: int) -> dict:
        return {
            "id": self.facts.id("line_item", id),
            "type": "subscription",
            "amount": amount,
            "price": life.price,
            "period": _period(start, ends),
            "proration": False,
            "description": None if amount else "Trial period",
            "subscription": life.id,
            "subscription_item": life.item,
        }

    def _make(self, life, id: str, at: int, due: int, reason: str, lines: list[dict]) -> int:
        """Write the draft; what it comes to."""
        self.count += 1
        number = self.numbers[life.customer.id] = self.numbers.get(life.customer.id, 0) + 1
        total = sum(line["amount"] for line in lines)
        for line in lines:
            if line.pop("bill", None):
                self.facts.tell(at, "invoiceitem", line["invoice_item"], "invoiceitem.updated", invoice=id)
        self.facts.tell(
            at,
            "invoice",
            id,
            "invoice.created",
            created=at,
            customer=life.customer.id,
            subscription=life.id,
            status="draft",
            currency=life.customer.currency,
            billing_reason=reason,
            lines=lines,
            total=total,
            amount_paid=0,
            attempt_count=0,
            period_start=lines[-1]["period"]["start"],
            period_end=lines[-1]["period"]["end"],
            paid=False,
            payment_intent=None,
            charge=None,
            number=f"{life.customer.id[4:12].upper()}-{number:04}",
            next_payment_attempt=due,
            finalized_at=None,
            paid_at=None,
            voided_at=None,
            marked_uncollectible_at=None,
            metadata={},
        )
        return total

    def _open(self, life, id: str, at: int) -> None:
        self.facts.tell(at, "invoice", id, "invoice.finalized", status="open", finalized_at=at)

    def _pay(self, life, id: str, at: int, total: int, attempts: list[tuple[int, bool]]) -> None:
        """Try to charge the card, at these seconds after the first attempt, until it succeeds."""
        payment = Payment(self.facts, life.customer, total, ("invoice", id), invoice=id, description="Subscription")
        payment.begin(at)
        for nth, (wait, succeeds) in enumerate(attempts, 1):
            if at + wait >= life.end and nth > 1:
                break
            charge = payment.attempt(at + wait, succeeds)
            if succeeds:
                self._paid(life, id, at + wait, total, nth, payment.id, charge, late=nth > 1)
            else:
                self._failed(life, id, at, wait, nth, payment.id, charge, attempts)

    def _paid(
        self,
        life,
        id: str,
        at: int,
        total: int,
        nth: int = 0,
        intent: str | None = None,
        charge: str | None = None,
        late: bool = False,
    ) -> None:
        self.facts.tell(
            at,
            "invoice",
            id,
            "invoice.paid",
            status="paid",
            paid=True,
            amount_paid=total,
            paid_at=at,
            attempt_count=nth,
            payment_intent=intent,
            charge=charge,
            next_payment_attempt=None,
        )
        if late:
            self.facts.tell(at, "subscription", life.id, "customer.subscription.updated", status="active")

    def _failed(self, life, id: str, at: int, wait: int, nth: int, intent: str, charge: str, attempts: list) -> None:
        next_ = at + attempts[nth][0] if nth < len(attempts) else None
        self.facts.tell(
            at + wait,
            "invoice",
            id,
            "invoice.payment_failed",
            attempt_count=nth,
            payment_intent=intent,
            charge=charge,
            next_payment_attempt=next_,
        )
        if nth == 1:
            self.facts.tell(at + wait, "subscription", life.id, "customer.subscription.updated", status="past_due")


def _period(start: int, end: int) -> dict:
    return {"start": start, "end": end}
