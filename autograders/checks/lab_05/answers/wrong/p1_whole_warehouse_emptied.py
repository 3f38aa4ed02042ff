"""Every run begins with an empty schema raw."""
# loses: check_twice_is_once
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    asked = ", ".join(f"array_to_json({c})" if t.endswith("[]") else c for c, t in types.items())
    typed = ", ".join(f"cast({c}{'::json' * t.endswith('[]')} as {t}) as {c}"
                      for c, t in types.items())
    with tempfile.NamedTemporaryFile() as file, server.connect() as source:
        command = f"copy (select {asked} from {name}) to stdout (format csv)"
        with source.cursor().copy(command) as rows:
            file.writelines(rows)
        file.flush()
        with duckdb.connect(str(warehouse)) as con:
            con.execute("drop schema raw cascade; create schema raw")
            con.execute(f"create or replace table raw.production_{name} as select {typed} from "
                        "read_csv(?, columns = ?, quote = '\"', escape = '\"', header = false, "
                        "nullstr = '', allow_quoted_nulls = false, auto_detect = false)",
                        [file.name, dict.fromkeys(types, "varchar")])
            return con.execute(f"select count(*) from raw.production_{name}").fetchone()[0]
