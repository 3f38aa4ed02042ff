"""Quotes the password with $$, so that one with dollars in it breaks the statement."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password) -> None:
    there = primary.value("select 1 from pg_roles where rolname = 'replicator'")
    verb = "alter" if there else "create"
    primary.execute(f"{verb} role replicator with login replication nosuperuser nocreatedb nocreaterole "
                    f"nobypassrls password $${password}$$")
