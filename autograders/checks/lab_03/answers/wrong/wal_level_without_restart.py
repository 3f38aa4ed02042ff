"""Sets wal_level and never restarts, so that nothing is in force."""
# loses: check_primary_can_stream
# %% make_ready
def make_ready(primary) -> None:
    primary.configure(wal_level="replica", max_wal_senders=10)
    primary.execute("select pg_reload_conf()")
