"""Counts each event."""
# loses: check_orders_counted_once
# %% revenue
def revenue(records) -> int:
    orders = {}
    for record in records:
        own, user = record["properties"], record["user_id"]
        if real_name(record["event"], list(EVENTS)) != "Order Placed" or user.startswith("qa_"):
            continue
        order = own.get("order_id") or (user, record["time_ms"])
        orders[record["id"]] = int(own["total_cents"])
    return sum(orders.values())
