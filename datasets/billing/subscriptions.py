"""The life of each subscription: trial, periods, a change of plan, a pause, failed payments, the end."""

from typing import NamedTuple

from datasets.billing.customers import Customer
from datasets.billing.facts import Facts, Stretch, Term
from datasets.billing.invoices import Invoices
from datasets.billing.months import after
from datasets.billing.prices import Catalogue, rounded
from datasets.shape import DAY, NEVER, SHAPE

TRIAL = 14 * DAY
# Of a thousand: first terms that begin with a trial, terms with a change of plan or a pause, ends that were announced,
# and ends for want of payment where the last period makes that possible.
TRIED, CHANGES, PAUSES, ANNOUNCED, UNPAID = 600, 180, 60, 500, 500
NOTICE = (DAY, 10 * DAY)  # between the announcement of an end and the end
UNPAID_AFTER = (8 * DAY, 25 * DAY)  # of a period, in which the last attempts have failed


class Draws(NamedTuple):
    """What chance says of one term."""

    tried: bool
    changes: bool
    change_at: int  # per thousand of its periods
    change_within: int  # per thousand of the second half of the period
    other_plan: int
    pauses: bool
    pause_at: int
    paused_periods: int
    announced: bool
    notice: int
    unpaid: bool


def subscribe(world, facts: Facts, catalogue: Catalogue, who: dict[int, Customer], terms) -> None:
    """A subscription for each term of production, from its very start to its very end."""
    stream, n = world.stream("billing.subscriptions"), len(terms)
    plans = len({plan for plan, _, _ in catalogue.amounts})
    draws = map(
        Draws,
        *(
            a.tolist()
            for a in (
                stream.chance(TRIED, n),
                stream.chance(CHANGES, n),
                stream.below(1000, n),
                stream.below(1000, n),
                stream.below(plans - 1, n),
                stream.chance(PAUSES, n),
                stream.below(1000, n),
                stream.between((1, 2), n),
                stream.chance(ANNOUNCED, n),
                stream.between(NOTICE, n),
                stream.chance(UNPAID, n),
            )
        ),
    )
    luck = world.stream("billing.attempts")
    numbers: dict[str, int] = {}
    first = ~terms["household_id"].duplicated()
    for term, chance, is_first in zip(terms.itertuples(), draws, first.tolist(), strict=True):
        end = NEVER if str(term.ended_at) == "NaT" else int(term.ended_at.timestamp())
        life = Life(
            facts,
            catalogue,
            who[term.household_id],
            term.id,
            int(term.started_at.timestamp()),
            end,
            term.plan_id,
            chance,
            is_first,
            Invoices(facts, numbers, luck.below(1000, 32).tolist()),
        )
        life.live()


class Life:
    """One subscription. Its last plan is the one that production knows."""

    def __init__(
        self, facts, catalogue, customer, number, start, end, plan, chance: Draws, is_first: bool, invoices: Invoices
    ):
        self.facts, self.catalogue, self.customer, self.number = facts, catalogue, customer, number
        self.start, self.end, self.chance, self.invoices = start, end, chance, invoices
        self.id, self.item = facts.id("subscription", number), facts.id("subscription_item", number)
        self.anchor = start + TRIAL if is_first and chance.tried else start
        self.last_plan = plan
        self.periods = self._periods()
        self.change = self._change()
        self.plan = 1 + (plan + chance.other_plan) % 3 if self.change else plan
        self.pause = self._pause()
        self.unpaid = self._ends_unpaid()
        self.stretch: tuple[int, int] | None = None  # since when it is worth how much
        self.price, self.amount = catalogue.price(self.plan, customer.currency, start)

    # What will happen

    def _periods(self) -> list[int]:
        """The moments at which a paid period begins."""
        until = min(self.end, SHAPE.now)
        found: list[int] = []
        while (at := after(self.anchor, len(found))) < until:
            found.append(at)
        return found

    def _change(self) -> int | None:
        """When it changes to its last plan: in the second half of a period, so that no bill is negative."""
        whole = len(self.periods) - 1
        if not self.chance.changes or whole < 2:
            return None
        nth = self.chance.change_at * whole // 1000
        start, next_ = self.periods[nth], self.periods[nth + 1]
        return next_ - 1 - (next_ - start) // 2 * self.chance.change_within // 1000

    def _pause(self) -> tuple[int, int] | None:
        """From when until when no bill is collected:
        whole periods, a day before they begin; not with a change of plan."""
        whole = len(self.periods) - 2 - self.chance.paused_periods
        if not self.chance.pauses or self.change or whole < 1:
            return None
        nth = 1 + self.chance.pause_at * whole // 1000
        return self.periods[nth] - DAY, self.periods[nth + self.chance.paused_periods] - DAY

    def _ends_unpaid(self) -> bool:
        """Whether it ends because its last bill was not paid."""
        if (
            not self.chance.unpaid
            or self.end == NEVER
            or len(self.periods) < 2
            or (self.pause and self.pause[1] > self.periods[-1])
        ):
            return False
        return UNPAID_AFTER[0] <= self.end - self.periods[-1] <= UNPAID_AFTER[1]

    # What happens

    def live(self) -> None:
        self.facts.terms.append(Term(self.start, self.end))
        self._begin()
        events = [(at, self._renew) for at in self.periods if at > self.start]
        if self.change:
            events.append((self.change, self._change_plan))
        if self.pause:
            events += [(self.pause[0], self._begin_pause), (self.pause[1], self._end_pause)]
        for at, happen in sorted(events, key=lambda event: event[0]):
            happen(at)
        if self.end < NEVER:
            self._finish()
        self._worth(min(self.end, SHAPE.now), 0)

    def _begin(self) -> None:
        tried = self.anchor > self.start
        ends = self.anchor if tried else after(self.anchor, 1)
        bill = self.invoices.next_id(self)
        self.facts.tell(
            self.start, "subscription_item", self.item, "", created=self.start, price=self.price, subscription=self.id
        )
        self._tell(
            self.start,
            "customer.subscription.created",
            created=self.start,
            customer=self.customer.id,
            currency=self.customer.currency,
            status="trialing" if tried else "active",
            billing_cycle_anchor=self.anchor,
            start_date=self.start,
            current_period_start=self.start,
            current_period_end=ends,
            trial_start=self.start if tried else None,
            trial_end=self.anchor if tried else None,
            items=self._items(),
            latest_invoice=bill,
            cancel_at=None,
            canceled_at=None,
            ended_at=None,
            pause_collection=None,
            default_payment_method=self.customer.method,
            metadata={"subscription_id": str(self.number)},
        )
        self.invoices.first(self, bill, self.start, ends, 0 if tried else self.amount)
        if not tried:
            self._worth(self.start, self.amount)

    def _renew(self, at: int) -> None:
        """A new period: at today's price, with its bill."""
        ends = after(self.anchor, self.periods.index(at) + 1)
        values = {"status": "active"} if at == self.anchor else {}
        values |= self._at_price(at)
        bill = self.invoices.next_id(self)
        self._tell(
            at,
            "customer.subscription.updated",
            current_period_start=at,
            current_period_end=ends,
            latest_invoice=bill,
            **values,
        )
        paused = bool(self.pause and self.pause[0] < at < self.pause[1])
        self.invoices.cycle(self, bill, at, ends, paused=paused, unpaid=self.unpaid and at == self.periods[-1])
        if not paused:
            self._worth(at, self.amount)

    def _at_price(self, at: int) -> dict:
        """Move the item to the price that its plan has at a moment; what that changes of the subscription."""
        price, self.amount = self.catalogue.price(self.plan, self.customer.currency, at)
        if price == self.price:
            return {}
        self.price = price
        self.facts.tell(at, "subscription_item", self.item, "", price=price)
        return {"items": self._items()}

    def _change_plan(self, at: int) -> None:
        """What is left of the period is given back at the old price and asked for at the new one, on the next bill."""
        nth = sum(period <= at for period in self.periods) - 1
        start, ends = self.periods[nth], after(self.anchor, nth + 1)
        old_price, old_amount, self.plan = self.price, self.amount, self.last_plan
        values = self._at_price(at)
        self._tell(at, "customer.subscription.updated", **values)
        for amount, price, word in (
            (-old_amount, old_price, "Unused time"),
            (self.amount, self.price, "Remaining time"),
        ):
            self.invoices.later(self, at, rounded(amount, ends - at, ends - start), price, at, ends, word)
        self._worth(at, self.amount)

    def _begin_pause(self, at: int) -> None:
        assert self.pause  # what begins here
        self._tell(
            at, "customer.subscription.updated", pause_collection={"behavior": "void", "resumes_at": self.pause[1]}
        )
        self._worth(at + DAY, 0)

    def _end_pause(self, at: int) -> None:
        self._tell(at, "customer.subscription.updated", pause_collection=None)

    def _finish(self) -> None:
        if self.chance.announced and not self.unpaid and self.start < (told := self.end - self.chance.notice):
            self._tell(told, "customer.subscription.updated", cancel_at=self.end, canceled_at=told)
            self._tell(self.end, "customer.subscription.deleted", status="canceled", ended_at=self.end)
        else:
            self._tell(
                self.end,
                "customer.subscription.deleted",
                status="canceled",
                canceled_at=self.end,
                ended_at=self.end,
                reason="payment_failed" if self.unpaid else "cancellation_requested",
            )

    def _worth(self, at: int, amount: int) -> None:
        """From now on it is worth so much a month."""
        if self.stretch and self.stretch[1] and self.stretch[0] < at:
            self.facts.stretches.append(
                Stretch(self.stretch[0], at, self.customer.currency, self.stretch[1], self.number,
                        self.customer.household)
            )
        self.stretch = (at, amount)

    def _items(self) -> list[dict]:
        return [{"id": self.item, "price": self.price}]

    def _tell(self, at: int, event: str, **values) -> None:
        self.facts.tell(at, "subscription", self.id, event, **values)
