"""One connection for several statements, DO blocks, and the server's views instead of its functions."""
# %% p95
import statistics

def p95(milliseconds) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]
# %% make_ready
def make_ready(primary) -> None:
    with primary.connect(database="postgres") as connection:
        connection.execute("alter system set wal_level = 'replica'")
        connection.execute("alter system set max_wal_senders = 3")
    primary.stop()
    primary.start()
# %% create_replicator
def create_replicator(primary, password) -> None:
    with primary.connect() as connection:
        connection.execute("""
            do $$ begin
                create role replicator;
            exception when duplicate_object then null;
            end $$""")
        connection.execute(f"alter role replicator with login replication nosuperuser nocreatedb nocreaterole nobypassrls password $pw${password}$pw$")
# %% admit_replicator
def admit_replicator(primary) -> None:
    primary.allow("host replication replicator samehost scram-sha-256", first=True)
# %% create_slot
def create_slot(primary) -> None:
    primary.execute("""
        select pg_create_physical_replication_slot('analytics', true)
        where not exists (select from pg_replication_slots where slot_name = 'analytics')""")
# %% build_standby
def build_standby(primary, standby, password) -> None:
    if standby.running():
        standby.stop("immediate")
    if standby.runtime.exists():
        standby.erase()
    standby.run("pg_basebackup", "-d", primary.conninfo("replicator"), "-D", standby.data, "-S", "analytics", "-R", "-X", "stream",
                password=password)
    standby.start(within=30)
# %% is_replicating
def is_replicating(primary, standby) -> bool:
    receiving = standby.value("select status from pg_stat_wal_receiver") == "streaming"
    sending = ("streaming",) in primary.rows("select state from pg_stat_replication")
    return standby.in_recovery() and receiving and sending
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    replayed = standby.value("select pg_last_wal_replay_lsn()::text")
    with primary.connect() as connection:
        return connection.execute("select pg_current_wal_lsn() - %s::pg_lsn", [replayed]).fetchone()[0]
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    now = primary.wal_position()
    with standby.connect() as connection:
        return connection.execute(
            "select case when pg_last_wal_replay_lsn() >= %s::pg_lsn then 0 "
            "else extract(epoch from clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) end", [now]).fetchone()[0]
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    with primary.connect() as connection:
        position, = connection.execute("select pg_current_wal_insert_lsn()").fetchone()
    started = time.time()
    with standby.connect() as connection:
        while time.time() - started < within:
            done, = connection.execute("select pg_wal_lsn_diff(%s, pg_last_wal_replay_lsn()) <= 0", [position]).fetchone()
            if done:
                return
            time.sleep(0.05)
    raise TimeoutError("the standby is too far behind")
# %% create_analyst
def create_analyst(primary, password) -> None:
    with primary.connect() as connection:
        connection.execute("""
            do $$ begin
                if exists (select from pg_roles where rolname = 'analyst') then
                    drop owned by analyst;
                    drop role analyst;
                end if;
            end $$""")
        connection.execute(f"create role analyst with login password $pw${password}$pw$ connection limit 5")
        connection.execute("alter role analyst in database teaspoon set statement_timeout = 120000")
        connection.execute("alter role analyst in database teaspoon set idle_in_transaction_session_timeout = '60s'")
        for table in ("plans", "recipes", "subscriptions", "orders", "order_items"):
            connection.execute(f"grant select on {table} to analyst")
        connection.execute("grant select (id, city, postcode_area, country, channel, signed_up_at) on households to analyst")
        connection.execute("grant select (id, household_id, is_owner, created_at) on people to analyst")
# %% keep_analyst_on_standby
def keep_analyst_on_standby(primary, standby) -> None:
    primary.allow("host teaspoon analyst 127.0.0.1/32 reject", first=True)
    primary.allow("host postgres analyst 127.0.0.1/32 reject", first=True)
    primary.allow("host template1 analyst 127.0.0.1/32 reject", first=True)
    standby.allow("host teaspoon analyst 127.0.0.1/32 scram-sha-256", first=True)
# %% favour_analysts
def favour_analysts(standby) -> None:
    with standby.connect(database="postgres") as connection:
        connection.execute("alter system set max_standby_streaming_delay = '5min'")
        connection.execute("select pg_reload_conf()")
# %% bound_slots
def bound_slots(primary, megabytes) -> None:
    with primary.connect(database="postgres") as connection:
        connection.execute(f"alter system set max_slot_wal_keep_size = {int(megabytes)}")
        connection.execute("select pg_reload_conf()")
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes) -> list:
    sql = "select slot_name from pg_replication_slots where pg_current_wal_lsn() - restart_lsn > %s order by slot_name"
    return [name for name, in primary.rows(sql, [warn_bytes])]
# %% month_end
def month_end(primary, standby, password) -> tuple:
    standby.catch_up(within=10)
    with standby.connect(user="analyst", password=password) as connection:
        return connection.execute(MONTH_END).fetchone()
# %% back_up
def back_up(primary, table) -> str:
    return primary.run("pg_dump", "--clean", "--if-exists", "-Fp", "--no-owner", "-t", table, "-d", primary.conninfo("postgres", "teaspoon"),
                       password=primary.password)

def restore(primary, dump) -> None:
    primary.run("psql", "-v", "ON_ERROR_STOP=on", "--single-transaction", "-d", primary.conninfo("postgres", "teaspoon"),
                password=primary.password, stdin=dump)
