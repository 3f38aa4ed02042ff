"""A plus before the name lets every member of the role in."""
# loses: check_only_replicator_may_replicate
# %% admit_replicator
def admit_replicator(primary) -> None:
    primary.allow(f"host replication +replicator {primary.network} scram-sha-256")
