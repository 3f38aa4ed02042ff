"""Looks for application_name walreceiver, which every standby has."""
# loses: check_replication_is_proven
# %% is_replicating
def is_replicating(primary, standby) -> bool:
    sends = primary.value("select count(*) from pg_stat_replication "
                          "where application_name = 'walreceiver' and state = 'streaming'")
    return standby.in_recovery() and sends > 0
