"""The predefined role pg_read_all_data, which reads all data."""
# loses: check_analyst_sees_nothing_personal, check_analyst_cannot_write
# %% create_analyst
def create_analyst(primary, password) -> None:
    if not primary.value("select 1 from pg_roles where rolname = 'analyst'"):
        primary.execute("create role analyst")
    primary.execute(f"alter role analyst nosuperuser nocreatedb nocreaterole noreplication nobypassrls login connection limit 5 password $pw${password}$pw$")
    primary.execute("alter role analyst set statement_timeout = '2min'")
    primary.execute("alter role analyst set idle_in_transaction_session_timeout = '1min'")
    primary.execute("revoke all on all tables in schema public from analyst")
    primary.execute("grant pg_read_all_data to analyst")
