"""Tables forged on the channel that unfold, contradict themselves, or name types that are not there."""
# loses: check_latest check_revenue_by_month check_retention check_top_households check_sessions
# %% + first
import msgpack, os, struct
def send(value):
    data = msgpack.packb(["tuple", ["ok", value, ["LIST", []]]])
    os.write(3, struct.pack(">I", len(data)) + data)
names = ["index", ["objects", [1], ["cents"]], None, None]
# %% latest
def latest(changes):
    send(["frame", names, ["range_index", 0, 10**10, 1, None], [["category", ["array", "|i1", [1], b"\0"], names, True]]])
# %% revenue_by_month
def revenue_by_month(orders):
    send(["frame", names, ["range_index", 0, 2, 1, None], [["nullable", "Sparse[int]", [1, 2]]]])
# %% retention
def retention(orders):
    send(["frame", names, ["multi_index", [["tuple", [1]]] * 1000, [None] * 1000], [["ref", {"number": 1}]]])
# %% top_households
def top_households(orders, households, n):
    send(["table", b"\xff\xff\xff\xff\x00\x00\x00\x10" + b"\x00" * 1000])
# %% sessions
def sessions(clicks, minutes):
    send(["frame", names, ["range_index", 0, 2, 1, None], [["zoned", ["array", "<M8[ns]", [2], b"\0" * 16], "../../../etc/passwd"]]])
