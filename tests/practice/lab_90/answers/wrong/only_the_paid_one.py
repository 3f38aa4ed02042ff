"""Returns the paid order alone."""
# loses: check_mark_paid
# %% mark_paid
def mark_paid(orders, order_id):
    return [{**order, "status": "paid"} for order in orders if order["id"] == order_id]
