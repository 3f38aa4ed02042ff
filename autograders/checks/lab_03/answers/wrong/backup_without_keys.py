"""Columns and rows, without the primary key."""
# loses: check_backup_brings_a_table_back
# %% back_up
def back_up(primary, table) -> str:
    return primary.run("pg_dump", "--dbname", primary.conninfo("postgres", "teaspoon"), "--table", table, "--section=pre-data", "--section=data",
                       password=primary.password)

def restore(primary, dump) -> None:
    primary.run("psql", "--dbname", primary.conninfo("postgres", "teaspoon"), "--set", "ON_ERROR_STOP=1", "--quiet",
                password=primary.password, stdin=dump)
