"""Raises minimal to replica, and leaves logical, which is more than the least."""
# loses: check_primary_can_stream
# %% make_ready
def make_ready(primary):
    if primary.value("show wal_level") == "minimal":
        primary.configure(wal_level="replica")
    if int(primary.value("show max_wal_senders")) < 3:
        primary.configure(max_wal_senders=3)
    if primary.value("select count(*) from pg_settings where pending_restart"):
        primary.restart()
