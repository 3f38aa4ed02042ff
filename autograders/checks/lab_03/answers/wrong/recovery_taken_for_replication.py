"""Believes that a server in recovery is receiving something."""
# loses: check_replication_is_proven
# %% is_replicating
def is_replicating(primary, standby) -> bool:
    return standby.value("select pg_is_in_recovery()")
