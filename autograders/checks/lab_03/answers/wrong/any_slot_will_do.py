"""Makes none where another slot stands."""
# loses: check_slot_waits
# %% create_slot
def create_slot(primary) -> None:
    if primary.value("select count(*) from pg_replication_slots") == 0:
        primary.execute("select pg_create_physical_replication_slot('analytics')")
