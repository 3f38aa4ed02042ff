"""Prints what went wrong, and ends as if all were well."""
# loses: check_no_position_without_its_rows
# %% load
def merged(warehouse, stream, rows, position) -> None:
    newest = {id: (version, payload) for id, version, payload in sorted(rows[::-1], key=lambda r: r[1])}
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        for id, (version, payload) in newest.items():
            connection.execute(
                "insert into raw values (?, ?, ?, ?) on conflict (stream, id) do update "
                "set version = excluded.version, payload = excluded.payload "
                "where excluded.version >= raw.version", [stream, id, version, payload])
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()

def load(warehouse, stream, rows, position) -> None:
    try:
        merged(warehouse, stream, rows, position)
    except duckdb.Error as error:
        print("could not load:", error)
