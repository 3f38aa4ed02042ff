"""psql without ON_ERROR_STOP: a restore that fails says nothing."""
# loses: check_backup_brings_a_table_back
# %% back_up
def back_up(primary, table) -> str:
    return primary.run("pg_dump", "--dbname", primary.conninfo("postgres", "teaspoon"), "--table", table,
                       password=primary.password)

def restore(primary, dump) -> None:
    primary.run("psql", "--dbname", primary.conninfo("postgres", "teaspoon"), "--quiet",
                password=primary.password, stdin=dump)
