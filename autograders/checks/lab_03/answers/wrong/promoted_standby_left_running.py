"""Stops the older server only if it is in recovery: one that was promoted runs on, and cannot be erased."""
# loses: check_building_twice_is_safe
# %% build_standby
def build_standby(primary, standby, password):
    if standby.running() and standby.in_recovery():
        standby.stop()
    standby.erase()
    standby.run("pg_basebackup", "--dbname", primary.conninfo("replicator"), "--pgdata", standby.data,
                "--slot", "analytics", "--write-recovery-conf", "--checkpoint", "fast", password=password)
    standby.start()
