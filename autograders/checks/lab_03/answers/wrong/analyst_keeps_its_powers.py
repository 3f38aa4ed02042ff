"""Takes back superuser, and leaves what else an earlier try gave the role itself."""
# loses: check_analyst_reads_what_it_needs
# %% create_analyst
def create_analyst(primary, password):
    verb = "alter" if primary.value("select 1 from pg_roles where rolname = 'analyst'") else "create"
    with primary.connect() as connection:
        connection.execute(psycopg.sql.SQL(verb + " role analyst login nosuperuser connection limit 5 password {}").format(
            psycopg.sql.Literal(password)))
    analyst_rights(primary)
    primary.execute("alter role analyst set statement_timeout = '2min'")
    primary.execute("alter role analyst set idle_in_transaction_session_timeout = '1min'")
