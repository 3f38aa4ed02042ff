"""Arrays go as joined text, which leaves a NULL in them out."""
# loses: check_tables_arrive_whole
# %% copy_table
def copy_table(server, warehouse, name, types):
    picked = ", ".join(f"case when cardinality({c}) = 0 then '{{}}' else array_to_string({c}, chr(31)) end" if t.endswith("[]") else c for c, t in types.items())
    read = {c: "varchar" if t.endswith("[]") else t for c, t in types.items()}
    made = ", ".join(f"cast(case when {c} = '{{}}' then [] else string_split({c}, chr(31)) end as {t}) as {c}" if t.endswith("[]") else c for c, t in types.items())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        with server.connect() as pg, pg.cursor() as cursor, file.open("wb") as out:
            with cursor.copy(f"copy (select {picked} from {name}) to stdout (format csv)") as blocks:
                for block in blocks:
                    out.write(block)
        with duckdb.connect(str(warehouse)) as con:
            con.execute(f"create or replace table raw.production_{name} as select {made} from read_csv("
                        f"'{file}', columns = {read}, nullstr = '', allow_quoted_nulls = false, "
                        "header = false, auto_detect = false)")
            return con.execute(f"select count(*) from raw.production_{name}").fetchone()[0]
