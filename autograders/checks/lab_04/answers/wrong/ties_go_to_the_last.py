"""Goes through the rows as they come, the newest first: of equal versions the older one stays."""
# loses: check_ties_are_decided
# %% load
def load(warehouse, stream, rows, position):
    with duckdb.connect(warehouse) as c:
        c.begin()
        for i, v, p in rows:
            c.execute("insert into raw values (?,?,?,?) on conflict (stream,id) do update set version=excluded.version, payload=excluded.payload where excluded.version >= raw.version", [stream, i, v, p])
        c.execute("insert or replace into positions values (?,?)", [stream, position])
        c.commit()
