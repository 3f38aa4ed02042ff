"""A thread that writes premature answers on the channel all the time."""
# loses: check_bill_cents check_price_tag check_mark_paid
# %% bill_cents
import msgpack, os, struct, threading, time
def ok(value):
    data = msgpack.packb(["tuple", ["ok", value, ["LIST", []]]])
    return struct.pack(">I", len(data)) + data
def flood():
    for _ in range(200):
        os.write(3, ok(990))
        time.sleep(0.005)
def bill_cents(plan, dishes):
    threading.Thread(target=flood, daemon=True).start()
    return 0
# %% price_tag
def price_tag(cents):
    return ""
# %% mark_paid
def mark_paid(orders, order_id):
    return orders
