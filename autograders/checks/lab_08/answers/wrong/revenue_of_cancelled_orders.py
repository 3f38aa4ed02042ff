"""All events of orders"""
# loses: check_orders_counted_once
# %% revenue
def revenue(records) -> int:
    seen = {}
    for r in records:
        p = r["properties"]
        if not r["event"].lower().startswith("order") or r["user_id"].startswith("qa_"):
            continue
        key = p.get("order_id", (r["user_id"], r["time_ms"]))
        seen[key] = int(p["total_cents"])
    return sum(seen.values())
