"""Standby 1 + backup 2 = 3."""
# loses: check_primary_can_stream
# %% make_ready
def make_ready(primary) -> None:
    primary.configure(wal_level="replica", max_wal_senders=2)
    primary.restart()
