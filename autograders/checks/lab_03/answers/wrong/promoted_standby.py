"""Promotes the standby so that it "starts properly": a second primary."""
# loses: check_standby_streams, check_standby_uses_the_slot
# %% build_standby
def build_standby(primary, standby, password) -> None:
    standby.stop()
    standby.erase()
    standby.run("pg_basebackup", "--dbname", primary.conninfo("replicator"), "--pgdata", standby.data,
                "--slot", "analytics", "--write-recovery-conf", "--checkpoint", "fast", password=password)
    standby.start()
    standby.execute("select pg_promote(true, 60)")
