"""An INSERT for each row."""
# loses: check_bulk_is_fast
# %% copy_table
def copy_table(server, warehouse, name, types) -> int:
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    with server.connect() as source, duckdb.connect(str(warehouse)) as con:
        con.execute(f"create or replace table raw.production_{name} ({columns})")
        rows = source.execute(f"select {', '.join(types)} from {name}").fetchall()
        for row in rows:
            con.execute(f"insert into raw.production_{name} values ({', '.join('?' * len(types))})", row)
    return len(rows)
