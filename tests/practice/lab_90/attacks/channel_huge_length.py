"""Lengths of messages that never come: four gigabytes, sixty megabytes, half a header."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% bill_cents
import os
def bill_cents(plan, dishes):
    os.write(3, b"\xff\xff\xff\xff")
    return 0
# %% price_tag
def price_tag(cents):
    os.write(3, b"\x03\x80\x00\x00")
    os._exit(0)
# %% sales_tax
def sales_tax(net, rate):
    os.write(3, b"\x00\x00")
    os._exit(0)
