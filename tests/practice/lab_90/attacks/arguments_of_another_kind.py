"""Changes of arguments forged: other types, other numbers, arguments that were none."""
# loses: check_mark_paid check_bill_cents
# %% + first
import msgpack, os, struct
def send(value, changed):
    data = msgpack.packb(["tuple", ["ok", value, ["list", changed]]])
    os.write(3, struct.pack(">I", len(data)) + data)
# %% mark_paid
def mark_paid(orders, order_id):
    send(["LIST", []], [["tuple", [0, ["LIST", []]]], ["tuple", [-1, 5]], ["tuple", [99, None]]])
    return []
# %% bill_cents
def bill_cents(plan, dishes):
    send(990, [["tuple", [0, 990]], ["tuple", [["LIST", []], 1]]])
    return 0
