"""Forgets the positions of all other streams."""
# loses: check_loading_twice_changes_nothing
# %% load
def load(warehouse, stream, rows, position) -> None:
    newest = {id: (version, payload) for id, version, payload in sorted(rows[::-1], key=lambda r: r[1])}
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        for id, (version, payload) in newest.items():
            connection.execute(
                "insert into raw values (?, ?, ?, ?) on conflict (stream, id) do update "
                "set version = excluded.version, payload = excluded.payload where excluded.version >= raw.version", [stream, id, version, payload])
        connection.execute("delete from positions")
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()
