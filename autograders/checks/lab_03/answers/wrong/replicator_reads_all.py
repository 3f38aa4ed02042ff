"""The replicator may read all data, as if it needed that to copy it."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password) -> None:
    exists = primary.value("select 1 from pg_roles where rolname = 'replicator'")
    primary.execute(f"{'alter' if exists else 'create'} role replicator login replication nosuperuser nocreatedb nocreaterole nobypassrls password $pw${password}$pw$")
    primary.execute("grant pg_read_all_data to replicator")
