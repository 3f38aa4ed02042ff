"""A row of the version that the table has is left out."""
# loses: check_ties_are_decided
# %% load
def load(warehouse, stream, rows, position) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        for id, version, payload in rows:
            connection.execute(
                "insert into raw values (?, ?, ?, ?) on conflict (stream, id) do update "
                "set version = excluded.version, payload = excluded.payload "
                "where excluded.version > raw.version", [stream, id, version, payload])
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()
