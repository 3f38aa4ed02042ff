"""Everything through psql and other programs run beside the server; settings by hand where a program would write them."""
# %% make_ready
def make_ready(primary) -> None:
    for command in ("alter system set wal_level to replica", "alter system set max_wal_senders to 5"):
        primary.run("psql", "-d", primary.conninfo("postgres", "postgres"), "-c", command, password=primary.password)
    primary.restart()
# %% create_replicator
def create_replicator(primary, password) -> None:
    primary.run("psql", "-d", primary.conninfo("postgres", "teaspoon"), "-v", "ON_ERROR_STOP=1", password=primary.password, stdin=f"""
        select 'create role replicator' where not exists (select from pg_roles where rolname = 'replicator') \\gexec
        alter role replicator login replication nosuperuser nocreatedb nocreaterole nobypassrls password $pw${password}$pw$;
    """)
# %% create_slot
def create_slot(primary) -> None:
    database = primary.conninfo("postgres", "teaspoon")
    slots = primary.run("psql", "-At", "-d", database, "-c", "select slot_name from pg_replication_slots", password=primary.password)
    if "analytics" not in slots.split():
        primary.run("psql", "-d", database, "-c", "select pg_create_physical_replication_slot('analytics')", password=primary.password)
# %% build_standby
def build_standby(primary, standby, password) -> None:
    standby.stop()
    standby.erase()
    source = primary.conninfo("replicator")
    standby.run("pg_basebackup", "-d", source, "-D", standby.data, "-X", "fetch", "-c", "fast", "--no-sync", password=password)
    settings = standby.runtime.read("postgresql.auto.conf")
    settings += f"primary_conninfo = '{source} password={password}'\nprimary_slot_name = 'analytics'\n"
    standby.runtime.write("postgresql.auto.conf", settings)
    standby.runtime.write("standby.signal", "")
    standby.start()
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    def ask(server, query):
        return server.run("psql", "-At", "-d", server.conninfo("postgres", "teaspoon"), "-c", query, password=server.password).strip()
    replayed = ask(standby, "select pg_last_wal_replay_lsn()")
    return int(ask(primary, f"select pg_wal_lsn_diff(pg_current_wal_lsn(), '{replayed}')"))
# %% create_analyst
def create_analyst(primary, password) -> None:
    primary.run("psql", "-d", primary.conninfo("postgres", "teaspoon"), "-v", "ON_ERROR_STOP=1", password=primary.password, stdin=f"""
        begin;
        select 'create role analyst' where not exists (select from pg_roles where rolname = 'analyst') \\gexec
        alter role analyst nosuperuser nocreatedb nocreaterole noreplication nobypassrls login connection limit 5 password $pw${password}$pw$;
        alter role analyst set statement_timeout = '2min';
        alter role analyst set idle_in_transaction_session_timeout = '1min';
        alter role analyst set default_transaction_read_only = on;
        revoke all on all tables in schema public from analyst;
        grant select on table plans, recipes, subscriptions, orders, order_items to analyst;
        grant select (id, city, postcode_area, country, channel, signed_up_at) on households to analyst;
        grant select (id, household_id, is_owner, created_at) on people to analyst;
        commit;
    """)
# %% keep_analyst_on_standby
def keep_analyst_on_standby(primary, standby) -> None:
    for server, rule in ((primary, f"host all analyst {primary.network} reject"), (standby, f"host teaspoon analyst {standby.network} md5")):
        old = server.runtime.read("pg_hba.conf")
        server.runtime.write("pg_hba.conf", rule + "\n" + old)
        server.execute("select pg_reload_conf()")
# %% month_end
def month_end(primary, standby, password) -> tuple:
    standby.catch_up(10)
    line = standby.run("psql", "-At", "-F", ",", "-d", standby.conninfo("analyst", "teaspoon"), "-c", MONTH_END, password=password)
    return tuple(int(value) for value in line.strip().split(","))
