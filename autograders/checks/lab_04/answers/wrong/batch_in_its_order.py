"""Of several versions in one batch the last of the list stays, not the newest."""
# loses: check_newest_row_stays, check_ties_are_decided
# %% load
def load(warehouse, stream, rows, position) -> None:
    newest = {id: (version, payload) for id, version, payload in rows}
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        for id, (version, payload) in newest.items():
            connection.execute(
                "insert into raw values (?, ?, ?, ?) on conflict (stream, id) do update "
                "set version = excluded.version, payload = excluded.payload "
                "where excluded.version >= raw.version", [stream, id, version, payload])
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()
