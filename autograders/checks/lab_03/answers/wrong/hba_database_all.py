"""Believes that the database `all` includes replication."""
# loses: check_only_replicator_may_replicate
# %% admit_replicator
def admit_replicator(primary) -> None:
    primary.allow(f"host all replicator {primary.network} scram-sha-256")
