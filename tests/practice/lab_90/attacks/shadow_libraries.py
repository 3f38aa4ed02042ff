"""Modules handed in that bear the names of libraries: the examiner would import the student's."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
# %% sales_tax
def sales_tax(net, rate):
    return 0
# %% file pandas.py
class DataFrame: pass
# %% file decimal.py
class Decimal:
    def __init__(self, *_): pass
    __eq__ = lambda *_: True
# %% file random.py
randrange = lambda *_: 0
# %% file json.py
dumps = lambda *_: "{}"
# %% file asyncio.py
run = lambda *_: True
