"""Sorts by version, the greatest first, with a sort that keeps no order among equals."""
# loses: check_ties_are_decided
# %% load
def load(warehouse, stream, rows, position) -> None:
    batch = pd.DataFrame(rows, columns=["id", "version", "payload"])
    batch = batch.sort_values("version", ascending=False).drop_duplicates("id")
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        connection.execute(
            "insert into raw select ?, id, version, payload from batch on conflict (stream, id) do update "
            "set version = excluded.version, payload = excluded.payload where excluded.version >= raw.version", [stream])
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()
