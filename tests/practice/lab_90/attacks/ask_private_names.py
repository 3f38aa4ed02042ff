"""What a test lends, asked for __globals__, __class__, __self__, __code__, frames and descriptors."""
# loses: check_charges check_totals_by check_retry
# %% + first
import gc
said = []
NAMES = ("__globals__", "__class__", "__self__", "__code__", "__closure__", "__dict__", "__init__", "__reduce_ex__", "__subclasshook__",
         "func_globals", "gi_frame", "f_globals", "tb_frame", "_peer", "__wrapped__", "__getattribute__", "mro", "__builtins__")
def probe(lent):
    for name in NAMES:
        for get in (lambda: getattr(lent, name), lambda: lent._ask("getattr", name), lambda: lent._ask("str", name),
                    lambda: lent._ask("getitem", name), lambda: lent._ask("setattr", name, 1), lambda: lent._ask("getattr", b"__globals__"),
                    lambda: lent._ask("call", name), lambda: lent._ask("__globals__"), lambda: lent._ask("run", "1"), lambda: lent._ask("names", [name])):
            try:
                got = get()
                if "globals" in repr(got) or "frame" in repr(got).lower():
                    said.append((name, repr(got)[:300]))
            except BaseException:
                pass
# %% charges
def charges(fetch):
    probe(fetch)
    yield "ch_1"
# %% totals_by
def totals_by(orders, key):
    probe(key)
    return {}
# %% retry
def retry(times):
    def decorate(function):
        probe(function)
        return lambda *_, **__: 990
    return decorate
