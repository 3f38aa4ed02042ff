"""Arrays and tables in which nothing differs, for they are empty."""
# loses: check_bill_cents check_price_tag check_mark_paid check_totals_by check_sales_tax
# %% + first
import numpy
import pandas
# %% bill_cents
def bill_cents(plan, dishes):
    return numpy.array([])
# %% price_tag
def price_tag(cents):
    return numpy.empty((0, 3), dtype="U9")
# %% mark_paid
def mark_paid(orders, order_id):
    return pandas.DataFrame()
# %% totals_by
def totals_by(orders, key):
    return pandas.Series(dtype=object)
# %% sales_tax
def sales_tax(net, rate):
    return numpy.ma.masked_array([1], mask=[True])
