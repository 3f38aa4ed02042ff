"""Tidies the dump: comments and empty lines go, also where a row looks like one."""
# loses: check_backup_brings_a_table_back
# %% back_up
def back_up(primary, table) -> str:
    dump = primary.run("pg_dump", "--dbname", primary.conninfo("postgres", "teaspoon"), "--table", table,
                       password=primary.password)
    return "\n".join(line for line in dump.split("\n") if line and not line.startswith("--")) + "\n"

def restore(primary, dump) -> None:
    primary.run("psql", "--dbname", primary.conninfo("postgres", "teaspoon"), "--set", "ON_ERROR_STOP=1",
                password=primary.password, stdin=dump)
