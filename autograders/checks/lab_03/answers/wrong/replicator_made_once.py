"""CREATE ROLE without a look: the second run fails."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password) -> None:
    primary.execute(f"create role replicator login replication nosuperuser nocreatedb nocreaterole nobypassrls password $pw${password}$pw$")
