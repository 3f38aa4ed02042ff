"""Values that break what makes them: bad shapes, dates, zones, frames, fields, Arrow, servers, unknown tags."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing check_mark_paid
# %% + first
import itertools, msgpack, os, struct
VALUES = itertools.cycle([
    ["array", "<i8", [-1, -1], b"12345678"], ["array", "<U1000000000", [1], b""], ["array", "|S0", [10**9], b""], ["objects", [5], []],
    ["datetime", "9999-99-99", None, 0], ["datetime", "2026-01-01T00:00:00", "../../etc/passwd", 0], ["frame", 1, 2, 3], ["timedelta", 10**12, 0, 0],
    ["named", "Yes", ["__eq__"], [1]], ["named", "import", ["a"], [1]], ["named", "Yes", "abc", [1]], ["table", b"ARROW1\x00\x00" * 10],
    ["server", "/tmp", "x", "y", None], ["nope", 1], ["range", 0, 1, 0], ["fraction", "0x1", "0x0"], ["decimal", "one"], ["int", "zz"],
    ["LIST", [["x"]]], ["DICT", {"a": ["list"]}], ["SET", [[1]]], [], {"a": 1}, ["ref", {}], ["ref", {"number": [], "bases": []}],
    ["ref", {"yours": 10**9}], ["ref", {"yours": -1}], ["ref", 5], ["series", None, ["range_index", 0, 10**12, 1, None], 5],
    ["range_index", 0, 10**30, 1, None], ["timestamp", 10**30, "ns", None], ["uuid", "x"], ["path", "a\0b"], ["scalar", "<i8", b""],
    ["frame", ["index", ["array", "<i8", [0], b""], None, None], ["range_index", 0, 10**10, 1, None], []]])
def send(value):
    data = msgpack.packb(["tuple", ["ok", value, ["LIST", []]]])
    os.write(3, struct.pack(">I", len(data)) + data)
# %% bill_cents
def bill_cents(plan, dishes):
    send(next(VALUES))
    return 0
# %% price_tag
def price_tag(cents):
    send(next(VALUES))
    return ""
# %% sales_tax
def sales_tax(net, rate):
    send(next(VALUES))
    return 0
# %% next_billing
def next_billing(day):
    send(["frame", ["index", ["array", "<i8", [0], b""], None, None], ["range_index", 0, 10**10, 1, None], []])
    return day
# %% mark_paid
def mark_paid(orders, order_id):
    send(["series", None, ["range_index", 0, 10**9, 1, None], 5])
    return []
