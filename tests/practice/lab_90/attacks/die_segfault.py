"""A segmentation fault in a function, an abort, an illegal instruction, a bus error."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing
# %% + first
import ctypes, os, signal
# %% bill_cents
def bill_cents(plan, dishes):
    ctypes.string_at(0)
# %% price_tag
def price_tag(cents):
    os.abort()
# %% sales_tax
def sales_tax(net, rate):
    os.kill(os.getpid(), signal.SIGILL)
# %% next_billing
def next_billing(day):
    ctypes.memset(id(day), 255, 4096)
    return day
