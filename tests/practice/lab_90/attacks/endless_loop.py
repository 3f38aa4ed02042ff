"""A loop that ignores every signal, in a cell and in a function."""
# loses: check_bill_cents check_price_tag
# %% + first
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
# %% bill_cents
def bill_cents(plan, dishes):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
# %% price_tag
def price_tag(cents):
    return ""
