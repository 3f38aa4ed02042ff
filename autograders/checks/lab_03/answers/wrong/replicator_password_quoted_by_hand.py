"""A password with a quote breaks the statement."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password) -> None:
    if not primary.value("select count(*) from pg_roles where rolname = 'replicator'"):
        primary.execute("create role replicator")
    primary.execute(f"alter role replicator with nosuperuser login replication password '{password}'")
