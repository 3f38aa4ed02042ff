"""Makes the order again and loses its other fields."""
# loses: check_mark_paid
# %% mark_paid
def mark_paid(orders, order_id):
    return [{"id": order["id"], "status": "paid" if order["id"] == order_id else order["status"]} for order in orders]
