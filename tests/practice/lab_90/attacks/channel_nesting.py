"""Values nested a million deep, in msgpack and in the codec's own tags."""
# loses: check_bill_cents check_price_tag check_mark_paid
# %% bill_cents
import msgpack, os, struct
def send(data):
    os.write(3, struct.pack(">I", len(data)) + data)
def bill_cents(plan, dishes):
    send(b"\x91" * 1_000_000 + b"\x01")
    return 0
# %% price_tag
def price_tag(cents):
    value = 1
    for _ in range(150):
        value = ["list", [value]]
    send(msgpack.packb(["tuple", ["ok", value, ["LIST", []]]]))
    return ""
# %% mark_paid
def mark_paid(orders, order_id):
    value = []
    for _ in range(100_000):
        value = [value]
    return value
