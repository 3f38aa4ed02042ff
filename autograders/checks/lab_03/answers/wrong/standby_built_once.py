"""Works on an empty folder only: the second time it stands in its own way."""
# loses: check_building_twice_is_safe
# %% build_standby
def build_standby(primary, standby, password) -> None:
    standby.run("pg_basebackup", "--dbname", primary.conninfo("replicator"), "--pgdata", standby.data,
                "--slot", "analytics", "--write-recovery-conf", "--checkpoint", "fast", password=password)
    standby.start()
