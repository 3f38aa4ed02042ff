"""Looks for a name that begins so: analytics_old counts as analytics."""
# loses: check_slot_waits
# %% create_slot
def create_slot(primary) -> None:
    if primary.rows("select slot_name from pg_replication_slots where slot_name like 'analytics%'"):
        return
    primary.execute("select pg_create_physical_replication_slot('analytics', true)")
