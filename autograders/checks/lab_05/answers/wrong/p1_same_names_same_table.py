"""A table whose columns have the same names is emptied and filled: it keeps its old types."""
# loses: check_twice_is_once
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    chosen = ", ".join(f"array_to_json({c})" if t.endswith("[]") else c for c, t in types.items())
    made = ", ".join(f"cast({f'cast({c} as json)' if t.endswith('[]') else c} as {t}) as {c}" for c, t in types.items())
    columns = {c: "varchar" for c in types}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        command = f"copy (select {chosen} from {name}) to stdout (format csv)"
        with server.connect() as source, file.open("wb") as out, source.cursor().copy(command) as rows:
            out.writelines(rows)
        with duckdb.connect(str(warehouse)) as con:
            there = [row[0] for row in con.execute("select column_name from information_schema.columns where "
                "table_schema = 'raw' and table_name = ? order by ordinal_position", [f"production_{name}"]).fetchall()]
            into = f"create or replace table raw.production_{name} as"
            if there == list(types):
                con.execute(f"delete from raw.production_{name}")
                into = f"insert into raw.production_{name}"
            con.execute(f"{into} select {made} from read_csv(?, columns = ?, "
                        "header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
                        "allow_quoted_nulls = false, auto_detect = false)", [str(file), columns])
            return con.execute(f"select count(*) from raw.production_{name}").fetchone()[0]
