"""A billion laughs: a small object that would unfold into a huge one."""
# loses: check_mark_paid check_totals_by check_bill_cents
# %% mark_paid
def mark_paid(orders, order_id):
    laugh = ["ha"] * 10
    for _ in range(9):
        laugh = [laugh] * 10
    return laugh
# %% totals_by
def totals_by(orders, key):
    laugh = {}
    for _ in range(40):
        laugh = {"a": laugh, "b": laugh}
    return laugh
# %% bill_cents
def bill_cents(plan, dishes):
    endless = []
    endless.append(endless)
    return endless
