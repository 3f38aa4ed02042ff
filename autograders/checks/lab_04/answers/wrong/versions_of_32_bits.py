"""Rows wait in a table whose version is an integer of 32 bits: milliseconds do not fit."""
# loses: check_newest_row_stays
# %% load
def load(warehouse, stream, rows, position):
    frame = pd.DataFrame(rows, columns=["id", "version", "payload"])
    frame["place"] = range(len(frame))
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        connection.execute("create temp table incoming (id text, version integer, payload text, place integer)")
        if len(frame):
            connection.execute("insert into incoming select id, version, payload, place from frame")
        connection.execute("""
            insert into raw select ?, id, version, payload from incoming
            qualify row_number() over (partition by id order by version desc, place) = 1
            on conflict (stream, id) do update set version = excluded.version, payload = excluded.payload
            where excluded.version >= raw.version""", [stream])
        connection.execute("""insert into positions values (?, ?)
            on conflict (stream) do update set position = excluded.position""", [stream, position])
        connection.commit()
