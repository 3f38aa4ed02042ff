"""The table is made once, then emptied and filled: other columns do not fit."""
# loses: check_twice_is_once
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    picked = ", ".join(f'array_to_json("{c}")' if t.endswith("[]") else f'"{c}"' for c, t in types.items())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        with server.connect() as source, source.cursor() as cursor, open(file, "wb") as out:
            with cursor.copy(f'copy (select {picked} from "{name}") to stdout (format csv)') as chunks:
                for chunk in chunks:
                    out.write(chunk)
        columns = {c: "json" if t.endswith("[]") else t for c, t in types.items()}
        cast = ", ".join(f'cast(cast("{c}" as json) as {t}) as "{c}"' if t.endswith("[]") else f'"{c}"'
                         for c, t in types.items())
        with duckdb.connect(str(warehouse)) as con:
            defined = ", ".join(f'"{c}" {t}' for c, t in types.items())
            con.execute(f'create table if not exists raw."production_{name}" ({defined})')
            con.execute(f'delete from raw."production_{name}"')
            con.execute(f'insert into raw."production_{name}" select {cast} from '
                        f"read_csv('{file}', header = false, columns = {columns}, nullstr = '', delim = ',', "
                        "quote = '\"', escape = '\"', allow_quoted_nulls = false, auto_detect = false)")
            return con.execute(f'select count(*) from raw."production_{name}"').fetchone()[0]
