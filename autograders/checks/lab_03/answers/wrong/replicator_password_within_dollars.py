"""The password stands in a block between dollar signs, which it may have in it."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password):
    quoted = password.replace("'", "''")
    primary.execute(f"""
        do $$ begin
            if not exists (select from pg_roles where rolname = 'replicator') then
                create role replicator;
            end if;
            alter role replicator login replication nosuperuser nocreatedb nocreaterole nobypassrls
                password '{quoted}';
        end $$""")
