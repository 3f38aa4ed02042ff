"""Asks the primary alone: it streams to somebody."""
# loses: check_replication_is_proven
# %% is_replicating
def is_replicating(primary, standby) -> bool:
    return primary.value("select count(*) > 0 from pg_stat_replication where state = 'streaming'")
