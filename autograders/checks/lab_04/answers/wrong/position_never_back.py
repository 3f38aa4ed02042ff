"""Keeps the greater of the old position and the new one."""
# loses: check_loading_twice_changes_nothing
# %% load
def load(warehouse, stream, rows, position) -> None:
    best = {}
    for id, version, payload in rows:
        if id not in best or version > best[id][1]:
            best[id] = (id, version, payload)
    new = pd.DataFrame(list(best.values()), columns=["id", "version", "payload"])
    with duckdb.connect(warehouse) as connection:
        connection.begin()
        if best:
            connection.execute("""insert into raw select ?, id, version, payload from new
                on conflict (stream, id) do update set version = excluded.version, payload = excluded.payload
                where excluded.version >= raw.version""", [stream])
        connection.execute("""insert into positions values (?, ?) on conflict (stream) do update
            set position = greatest(position, excluded.position)""", [stream, position])
        connection.commit()
