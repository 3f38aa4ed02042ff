"""A copy without --write-recovery-conf: it starts, takes writes and follows nobody."""
# loses: check_standby_streams, check_standby_uses_the_slot
# %% build_standby
def build_standby(primary, standby, password) -> None:
    standby.stop()
    standby.erase()
    standby.run("pg_basebackup", "--dbname", primary.conninfo("replicator"), "--pgdata", standby.data,
                "--slot", "analytics", "--checkpoint", "fast", password=password)
    standby.start()
