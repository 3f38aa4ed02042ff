"""A pattern: every table whose name begins like this one is in the dump."""
# loses: check_backup_brings_a_table_back
# %% back_up
def back_up(primary, table):
    return primary.run("pg_dump", "-t", table + "*", "--dbname",
                       primary.conninfo("postgres", "teaspoon"), password=primary.password)

def restore(primary, dump):
    primary.run("psql", "--set", "ON_ERROR_STOP=1", "--dbname", primary.conninfo("postgres", "teaspoon"),
                password=primary.password, stdin=dump)
