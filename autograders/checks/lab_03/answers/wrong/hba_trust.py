"""Trusts anyone who says to be the replicator, without a password."""
# loses: check_only_replicator_may_replicate
# %% admit_replicator
def admit_replicator(primary) -> None:
    primary.allow(f"host replication replicator {primary.network} trust")
