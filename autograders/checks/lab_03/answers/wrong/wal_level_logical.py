"""Logical is not the least level."""
# loses: check_primary_can_stream
# %% make_ready
def make_ready(primary) -> None:
    primary.configure(wal_level="logical", max_wal_senders=3)
    primary.restart()
