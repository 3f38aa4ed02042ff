"""NULL travels as the word NULL, which a text may be, quoted as it is."""
# loses: check_tables_arrive_whole
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    chosen = ", ".join(f"array_to_json({c})" if t.endswith("[]") else c for c, t in types.items())
    made = ", ".join(f"cast({f'cast({c} as json)' if t.endswith('[]') else c} as {t}) as {c}" for c, t in types.items())
    columns = {c: "varchar" for c in types}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        command = f"copy (select {chosen} from {name}) to stdout (format csv, null 'NULL')"
        with server.connect() as source, file.open("wb") as out, source.cursor().copy(command) as rows:
            out.writelines(rows)
        with duckdb.connect(str(warehouse)) as con:
            con.execute(f"create or replace table raw.production_{name} as select {made} from read_csv(?, columns = ?, "
                        "header = false, delim = ',', quote = '\"', escape = '\"', nullstr = 'NULL', "
                        "auto_detect = false)", [str(file), columns])
            return con.execute(f"select count(*) from raw.production_{name}").fetchone()[0]
