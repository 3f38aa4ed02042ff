"""An earlier GRANT of everything stays."""
# loses: check_analyst_sees_nothing_personal, check_analyst_cannot_write
# %% create_analyst
def create_analyst(primary, password) -> None:
    from psycopg import sql
    if primary.value("select count(*) from pg_roles where rolname = 'analyst'") == 0:
        primary.execute("create role analyst")
    primary.execute(sql.SQL("alter role analyst with nosuperuser nocreatedb nocreaterole noreplication nobypassrls login password {} connection limit 5").format(sql.Literal(password)))
    primary.execute("grant select on plans, recipes, subscriptions, orders, order_items to analyst")
    primary.execute("grant select (id, city, postcode_area, country, channel, signed_up_at) on households to analyst")
    primary.execute("grant select (id, household_id, is_owner, created_at) on people to analyst")
    primary.execute("alter role analyst set statement_timeout = '2min'")
    primary.execute("alter role analyst set idle_in_transaction_session_timeout = '1min'")
