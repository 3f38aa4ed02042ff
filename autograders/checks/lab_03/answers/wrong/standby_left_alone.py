"""Leaves any standby that stands there as it is, also one that follows nobody."""
# loses: check_building_twice_is_safe
# %% build_standby
def build_standby(primary, standby, password) -> None:
    if standby.runtime.exists():
        standby.start()
        return
    standby.run("pg_basebackup", "--dbname", primary.conninfo("replicator"), "--pgdata", standby.data,
                "--slot", "analytics", "--write-recovery-conf", "--checkpoint", "fast", password=password)
    standby.start()
