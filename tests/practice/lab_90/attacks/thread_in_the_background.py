"""A background thread that replaces answers, outputs and messages while the tests run."""
# loses: check_bill_cents check_price_tag
# %% + first
import gc, os, threading, time
def meddle():
    while True:
        for thing in gc.get_objects():
            if type(thing).__name__ == "CandidatePeer":
                thing.shell.user_ns["bill_cents"] = 990
                try:
                    thing.ask("call", print, ("hello",))
                except BaseException:
                    pass
                thing._serving = 5
        time.sleep(0.01)
threading.Thread(target=meddle, daemon=True).start()
threading.Thread(target=meddle).start()
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    time.sleep(0.1)
    return ""
