"""Admits every role for replication."""
# loses: check_only_replicator_may_replicate
# %% admit_replicator
def admit_replicator(primary) -> None:
    primary.allow(f"host replication all {primary.network} scram-sha-256")
