"""A set and a dict of numbers that all have the same hash."""
# loses: check_bill_cents check_totals_by
# %% bill_cents
import os, struct, msgpack
P = 2**61 - 1
def bill_cents(plan, dishes):
    data = msgpack.packb(["tuple", ["ok", ["set", [["int", hex(P * n)] for n in range(60_000)]], ["LIST", []]]])
    os.write(3, struct.pack(">I", len(data)) + data)
    return 0
# %% totals_by
def totals_by(orders, key):
    return {P * n: 1 for n in range(2_000)}
