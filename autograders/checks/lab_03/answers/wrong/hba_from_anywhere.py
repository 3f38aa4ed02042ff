"""Admits the replicator from the whole internet."""
# loses: check_only_replicator_may_replicate
# %% admit_replicator
def admit_replicator(primary) -> None:
    primary.allow("host replication replicator 0.0.0.0/0 scram-sha-256")
