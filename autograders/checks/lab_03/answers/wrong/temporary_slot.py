"""A temporary slot, gone with the connection that made it."""
# loses: check_slot_waits
# %% create_slot
def create_slot(primary) -> None:
    if not primary.value("select 1 from pg_replication_slots where slot_name = 'analytics'"):
        primary.execute("select pg_create_physical_replication_slot('analytics', true, true)")
