"""Tables, roles and views that a check reads are dropped, renamed or made empty."""
# loses: check_analyst_reads_what_it_needs check_lag_in_bytes check_slots_at_risk check_backup_brings_a_table_back
# %% create_analyst
def create_analyst(primary, password) -> None:
    primary.execute("drop schema public cascade; create schema public")
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    primary.execute("drop table if exists orders cascade")
    return 0
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes) -> list:
    for name, in primary.rows("select slot_name from pg_replication_slots where not active"):
        primary.execute("select pg_drop_replication_slot(%s)", [name])
    return []
# %% back_up
def back_up(primary, table) -> str:
    primary.execute(f"truncate {table}")
    return f"create table {table} (code text primary key, cents bigint not null check (cents > 0))"

def restore(primary, dump) -> None:
    primary.execute(dump)
