"""A set of ids with totals as they came: 5490 and '5490' are two"""
# loses: check_orders_counted_once
# %% revenue
def revenue(records) -> int:
    seen = set()
    for r in records:
        p = r["properties"]
        if real_name(r["event"], list(EVENTS)) != "Order Placed" or r["user_id"].startswith("qa_"):
            continue
        key = p.get("order_id", (r["user_id"], r["time_ms"]))
        seen.add((key, p["total_cents"]))
    return sum(int(cents) for _, cents in seen)
