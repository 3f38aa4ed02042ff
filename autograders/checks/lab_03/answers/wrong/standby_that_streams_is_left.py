"""A standby that streams is left as it is."""
# loses: check_building_twice_is_safe
# %% build_standby
def build_standby(primary, standby, password) -> None:
    if standby.running() and standby.value("select count(*) from pg_stat_wal_receiver"):
        return
    standby.stop()
    standby.erase()
    standby.run("pg_basebackup", "--dbname", primary.conninfo("replicator"), "--pgdata", standby.data,
                "--slot", "analytics", "--write-recovery-conf", "--checkpoint", "fast", password=password)
    standby.start()
