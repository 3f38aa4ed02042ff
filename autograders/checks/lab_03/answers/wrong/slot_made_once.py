"""Makes the slot without a look: the second run fails."""
# loses: check_slot_waits
# %% create_slot
def create_slot(primary) -> None:
    primary.execute("select pg_create_physical_replication_slot('analytics')")
