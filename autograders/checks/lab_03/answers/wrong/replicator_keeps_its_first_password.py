"""With the role there already, a new password is never set ("with this password")."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password) -> None:
    from psycopg import sql
    if not primary.value("select count(*) from pg_roles where rolname = 'replicator'"):
        primary.execute(sql.SQL("create role replicator login replication password {}").format(sql.Literal(password)))
