"""One sender: enough for a standby, not for a base backup beside it."""
# loses: check_primary_can_stream
# %% make_ready
def make_ready(primary) -> None:
    primary.configure(wal_level="replica", max_wal_senders=1)
    primary.restart()
