"""Looks at wal_level alone: a server that has it keeps its 0 senders."""
# loses: check_primary_can_stream
# %% make_ready
def make_ready(primary):
    if primary.value("show wal_level") == "replica":
        return
    primary.configure(wal_level="replica", max_wal_senders=10)
    primary.restart()
