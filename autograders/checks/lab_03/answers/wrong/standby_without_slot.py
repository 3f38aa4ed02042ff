"""Streams, but not through the slot, which waits for nobody and keeps WAL."""
# loses: check_standby_uses_the_slot
# %% build_standby
def build_standby(primary, standby, password) -> None:
    standby.stop()
    standby.erase()
    standby.run("pg_basebackup", "--dbname", primary.conninfo("replicator"), "--pgdata", standby.data,
                "--write-recovery-conf", "--checkpoint", "fast", password=password)
    standby.start()
