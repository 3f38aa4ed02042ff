"""Copies the list, but changes the orders in it."""
# loses: check_mark_paid
# %% mark_paid
def mark_paid(orders, order_id):
    orders = list(orders)
    for order in orders:
        if order["id"] == order_id:
            order["status"] = "paid"
    return orders
