"""Whatever comes last replaces what is there, an older version too."""
# loses: check_newest_row_stays
# %% load
def load(warehouse, stream, rows, position) -> None:
    newest = {id: (version, payload) for id, version, payload in sorted(rows[::-1], key=lambda r: r[1])}
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        for id, (version, payload) in newest.items():
            connection.execute(
                "insert into raw values (?, ?, ?, ?) on conflict (stream, id) do update "
                "set version = excluded.version, payload = excluded.payload ", [stream, id, version, payload])
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()
