"""Drops the role first, which fails once an earlier try has granted it a table."""
# loses: check_replicator_has_only_what_it_needs
# %% create_replicator
def create_replicator(primary, password) -> None:
    with primary.connect() as connection:
        connection.execute("drop role if exists replicator")
        connection.execute(psycopg.sql.SQL("create role replicator login replication password {}").format(
            psycopg.sql.Literal(password)))
