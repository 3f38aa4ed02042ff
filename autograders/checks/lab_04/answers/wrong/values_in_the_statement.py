"""Writes the values into the statement: a name with an apostrophe ends it."""
# loses: check_newest_row_stays
# %% load
def load(warehouse, stream, rows, position):
    best = {}
    for id, version, payload in rows:
        if id not in best or version > best[id][1]:
            best[id] = (id, version, payload)
    values = ", ".join(f"('{stream}', '{id}', {version}, '{payload}')" for id, version, payload in best.values())
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        if values:
            connection.execute(f"insert into raw values {values} on conflict (stream, id) do update set "
                               "version = excluded.version, payload = excluded.payload "
                               "where excluded.version >= raw.version")
        connection.execute(f"insert or replace into positions values ('{stream}', {position})")
        connection.commit()
