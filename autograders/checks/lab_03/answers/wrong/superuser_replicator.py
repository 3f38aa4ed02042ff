"""A superuser, because then replication surely works."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password) -> None:
    exists = primary.value("select 1 from pg_roles where rolname = 'replicator'")
    primary.execute(f"{'alter' if exists else 'create'} role replicator superuser login replication password $pw${password}$pw$")
