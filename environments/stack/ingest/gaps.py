"""Objects that others name but no list has shown: what a vendor was late with, found without asking the vendor."""

from environments.stack.ingest.streams import Stream
from environments.stack.ingest.warehouse import Warehouse

# By stream, the columns of other streams that hold its ids;
# a balance transaction's source may be a refund or a payout too.
NAMED_BY = {
    "customers": ("charges.customer", "invoices.customer", "subscriptions.customer"),
    "products": ("prices.product",),
    "subscriptions": ("invoices.subscription",),
    "invoices": ("charges.invoice",),
    "payment_intents": ("charges.payment_intent", "refunds.payment_intent"),
    "charges": (
        "payment_intents.latest_charge",
        "invoices.charge",
        "refunds.charge",
        "disputes.charge",
        "balance_transactions.source",
    ),
    "balance_transactions": ("charges.balance_transaction", "refunds.balance_transaction"),
}
ONLY = {"balance_transactions.source": "ch_"}


def missing(warehouse: Warehouse, streams: dict[str, Stream], name: str, before: int) -> int:
    """How many objects of a stream are named by rows made before a moment (Unix seconds), and are not there."""
    columns = [column for column in NAMED_BY.get(name, ()) if column.split(".")[0] in streams]
    if not columns:
        return 0
    named = " union ".join(_named(streams, column, before) for column in columns)
    unknown = f"select count(*) from ({named}) where id not in (select id from {streams[name].table})"
    return warehouse.rows(unknown)[0][0]


def _named(streams: dict[str, Stream], column: str, before: int) -> str:
    stream, _, field = column.partition(".")
    return (
        f"select {field} as id from {streams[stream].table} "
        f"where {field} is not null and starts_with({field}, '{ONLY.get(column, '')}') "
        f"and created < make_timestamp({before * 1_000_000})"
    )
