"""Sorts by version and payload: of equal versions the greatest text stays."""
# loses: check_ties_are_decided
# %% load
def load(warehouse, stream, rows, position):
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        if rows:
            frame = pd.DataFrame(rows, columns=["id", "version", "payload"])
            frame = frame.sort_values(["version", "payload"], ascending=False).drop_duplicates("id")
            connection.execute("insert into raw select ?, id, version, payload from frame "
                               "on conflict (stream, id) do update set version = excluded.version, "
                               "payload = excluded.payload where excluded.version >= raw.version", [stream])
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()
