"""The channel closed, shut down, or given to another file."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% bill_cents
import os, socket
def bill_cents(plan, dishes):
    os.close(3)
    return 0
# %% price_tag
def price_tag(cents):
    socket.socket(fileno=os.dup(3)).shutdown(socket.SHUT_RDWR)
    return ""
# %% sales_tax
def sales_tax(net, rate):
    os.dup2(os.open("/dev/zero", os.O_RDWR), 3)
    return 0
