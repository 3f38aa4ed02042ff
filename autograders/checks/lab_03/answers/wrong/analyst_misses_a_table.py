"""Forgets order_items."""
# loses: check_analyst_reads_what_it_needs
# %% create_analyst
def create_analyst(primary, password) -> None:
    if not primary.value("select 1 from pg_roles where rolname = 'analyst'"):
        primary.execute("create role analyst")
    primary.execute(f"alter role analyst nosuperuser nocreatedb nocreaterole noreplication nobypassrls login connection limit 5 password $pw${password}$pw$")
    primary.execute("alter role analyst set statement_timeout = '2min'")
    primary.execute("alter role analyst set idle_in_transaction_session_timeout = '1min'")
    primary.execute("revoke all on all tables in schema public from analyst")
    primary.execute("grant select on plans, recipes, subscriptions, orders to analyst")
    primary.execute("grant select (id, city, postcode_area, country, channel, signed_up_at) on households to analyst")
    primary.execute("grant select (id, household_id, is_owner, created_at) on people to analyst")
