"""Keeps the row that was there first."""
# loses: check_newest_row_stays, check_ties_are_decided
# %% load
def load(warehouse, stream, rows, position) -> None:
    newest = {id: (version, payload) for id, version, payload in sorted(rows[::-1], key=lambda r: r[1])}
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        for id, (version, payload) in newest.items():
            connection.execute(
                "insert or ignore into raw values (?, ?, ?, ?)", [stream, id, version, payload])
        connection.execute("insert or replace into positions values (?, ?)", [stream, position])
        connection.commit()
