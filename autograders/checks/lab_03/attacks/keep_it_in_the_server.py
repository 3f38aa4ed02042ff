"""The backup is a word; the rows stay in the server, under another name."""
# loses: check_backup_brings_a_table_back
# %% back_up
def back_up(primary, table) -> str:
    primary.execute(f"create schema if not exists kept; create table kept.{table} (like {table} including all)")
    primary.execute(f"insert into kept.{table} select * from {table}")
    return table

def restore(primary, dump) -> None:
    primary.execute(f"create table {dump} (code text primary key, cents bigint not null check (cents > 0))")
    primary.execute(f"insert into {dump} select * from kept.{dump}")
