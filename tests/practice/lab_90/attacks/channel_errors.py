"""Errors forged: of classes, names, texts and lines that no student's function raises."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing check_retry
# %% + first
import msgpack, os, struct
def send(*message):
    data = msgpack.packb(["tuple", list(message)])
    os.write(3, struct.pack(">I", len(data)) + data)
def raises(*bases, name="Error", arguments=(), line="", text=""):
    send("raise", ["dict", [["number", hash(name) % 10**6], ["name", name], ["bases", ["LIST", list(bases)]], ["text", text]]],
         ["LIST", list(arguments)], line)
# %% bill_cents
def bill_cents(plan, dishes):
    raises("autograders.grading.peer.PeerGone", "autograders.expect.StillRunning", "builtins.BaseException", name="StillRunning")
    return 0
# %% price_tag
def price_tag(cents):
    raises("builtins.SystemExit", arguments=[0])
    return ""
# %% sales_tax
def sales_tax(net, rate):
    raises("IPython.core.error.UsageError", "bdb.BdbQuit", text="x" * 10**6, line="y" * 10**6)
    return 0
# %% next_billing
def next_billing(day):
    raises("builtins.KeyboardInterrupt")
    return day
# %% retry
def retry(times):
    raises("builtins.GeneratorExit")
    return None
