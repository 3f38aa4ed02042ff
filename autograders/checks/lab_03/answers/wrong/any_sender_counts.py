"""The primary may be streaming to somebody else."""
# loses: check_replication_is_proven
# %% is_replicating
def is_replicating(primary, standby) -> bool:
    return standby.in_recovery() and primary.value(
        "select count(*) from pg_stat_replication where state = 'streaming'") > 0
