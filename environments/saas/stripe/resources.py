"""What can be listed, and by what each list can be filtered."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Resource:
    """One list: its path below /v1/, the kind of its objects, what errors call one, and what it can be filtered by.

    `references` are filters by an object's id, `equals` by a value, `flags` by a boolean, `ranges` by a moment, `same`
    by something that is the same for all of them.
    """

    path: str
    kind: str
    noun: str
    references: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    same: dict[str, str | None] = field(default_factory=dict)
    as_kind: str = ""  # the shape in which its objects are shown, where that is not their own


BY_CARD = {"collection_method": "charge_automatically", "test_clock": None}
RESOURCES = {
    resource.path: resource
    for resource in (
        Resource("accounts", "account", "account"),
        Resource("customers", "customer", "customer", equals=("email",), same={"test_clock": None}),
        Resource("products", "product", "product", flags=("active",), same={"url": None, "shippable": None}),
        Resource(
            "prices",
            "price",
            "price",
            ("product",),
            ("currency",),
            ("active",),
            same={"type": "recurring", "lookup_keys": None},
        ),
        Resource("plans", "price", "plan", ("product",), flags=("active",), as_kind="plan"),
        Resource(
            "subscriptions",
            "subscription",
            "subscription",
            ("customer",),
            ranges=("current_period_start", "current_period_end"),
            same=BY_CARD,
        ),
        Resource("subscription_items", "subscription_item", "subscription_item", ("subscription",)),
        Resource(
            "invoices",
            "invoice",
            "invoice",
            ("customer", "subscription"),
            ("status",),
            same=BY_CARD | {"due_date": None},
        ),
        Resource("invoiceitems", "invoiceitem", "invoiceitem", ("customer",), ("invoice",)),
        Resource("charges", "charge", "charge", ("customer", "payment_intent"), same={"transfer_group": None}),
        Resource("payment_intents", "payment_intent", "payment_intent", ("customer",)),
        Resource("refunds", "refund", "refund", ("charge", "payment_intent")),
        Resource("disputes", "dispute", "dispute", ("charge", "payment_intent")),
        Resource(
            "balance_transactions",
            "balance_transaction",
            "balance transaction",
            ("source",),
            ("type",),
            same={"currency": "usd"},
        ),
        Resource(
            "payouts", "payout", "payout", equals=("status",), ranges=("arrival_date",), same={"destination": None}
        ),
        Resource("webhook_endpoints", "webhook_endpoint", "webhook endpoint"),
    )
}
