"""A row that cannot be written is passed over, and the position says that it was."""
# loses: check_no_position_without_its_rows
# %% load
def load(warehouse, stream, rows, position) -> None:
    newest = {id: (version, payload) for id, version, payload in sorted(rows[::-1], key=lambda r: r[1])}
    with duckdb.connect(warehouse) as connection:
        for id, (version, payload) in newest.items():
            try:
                connection.execute(
                    "insert into raw values (?, ?, ?, ?) on conflict (stream, id) do update "
                    "set version = excluded.version, payload = excluded.payload "
                    "where excluded.version >= raw.version", [stream, id, version, payload])
            except duckdb.Error:
                pass
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
