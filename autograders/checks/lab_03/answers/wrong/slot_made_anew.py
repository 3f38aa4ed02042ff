"""Drops a slot that is there: the WAL it kept is given up."""
# loses: check_slot_waits
# %% create_slot
def create_slot(primary):
    primary.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'analytics' and not active")
    if not primary.value("select 1 from pg_replication_slots where slot_name = 'analytics'"):
        primary.execute("select pg_create_physical_replication_slot('analytics', true)")
