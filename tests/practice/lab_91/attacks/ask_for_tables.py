"""Methods of tables asked of the examiner by forged questions: pipe, apply, to_pickle, query with names from its frames."""
# loses: check_latest check_sessions
# %% + first
import gc
import pandas as pd
said = []
def probe(table):
    peer = next(o for o in gc.get_objects() if type(o).__name__ == "CandidatePeer")
    for verb, arguments in (("getattr", ("query",)), ("getattr", ("pipe",)), ("getattr", ("to_pickle",)), ("getattr", ("eval",)), ("getattr", ("plot",)),
                            ("getattr", ("style",)), ("setattr", ("attrs", {"x": 1})), ("getitem", ("cents",)), ("call", ()), ("str", ())):
        for target in (table, table.iloc[:, 0], table.index, "text", b"bytes", 1.5, [1], {"a": 1}):
            try:
                got = peer.ask(verb, target, arguments)
                said.append((verb, arguments, repr(got)[:100]))
            except Exception as error:
                pass
# %% latest
def latest(changes):
    probe(changes)
    return changes
# %% sessions
def sessions(clicks, minutes):
    return clicks
# %% + last
print(said)
assert not said, "ASKED"
