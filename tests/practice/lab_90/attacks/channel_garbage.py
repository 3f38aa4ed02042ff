"""Random bytes on the channel, between and in the middle of messages."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% bill_cents
import os
def bill_cents(plan, dishes):
    os.write(3, os.urandom(5000))
    return 0
# %% price_tag
def price_tag(cents):
    os.write(3, b"\x00\x00\x00\x05hello")
    return ""
# %% sales_tax
def sales_tax(net, rate):
    os.write(3, b"\x00\x00\x00\x00" * 50)
    return 0
