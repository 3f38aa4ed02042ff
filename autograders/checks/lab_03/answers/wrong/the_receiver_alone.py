"""Asks the standby alone."""
# loses: check_replication_is_proven
# %% is_replicating
def is_replicating(primary, standby) -> bool:
    return standby.value("select count(*) from pg_stat_wal_receiver") == 1
