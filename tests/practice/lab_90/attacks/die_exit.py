"""os._exit in a cell, in a function, in a thread, and with the status of success."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% + first
import os, threading
# %% bill_cents
def bill_cents(plan, dishes):
    os._exit(0)
# %% price_tag
def price_tag(cents):
    threading.Thread(target=os._exit, args=(0,)).start()
    return ""
# %% sales_tax
os._exit(0)
