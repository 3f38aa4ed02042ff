"""Rows staged in a temporary table, then merged by one statement of SQL."""
# %% load
def load(warehouse, stream, rows, position) -> None:
    connection = duckdb.connect(warehouse)
    try:
        connection.execute("create temporary table staged (n bigint, id text, version bigint, payload json)")
        if rows:
            connection.executemany("insert into staged values (?, ?, ?, ?)", [[n, *one] for n, one in enumerate(rows)])
        connection.execute("begin")
        connection.execute("""
            delete from staged where exists (select 1 from raw where stream = ? and raw.id = staged.id
                                             and raw.version > staged.version)""", [stream])
        connection.execute("""
            insert or replace into raw select ?, id, version, payload from staged
            qualify row_number() over (partition by id order by version desc, n) = 1""", [stream])
        connection.execute("insert into positions values (?, ?) on conflict do update set position = excluded.position",
                           [stream, position])
        connection.execute("commit")
    finally:
        connection.close()
# %% newest_versions
def newest_versions(events, kind) -> dict:
    return {one["id"]: one for one in (event["data"]["object"] for event in reversed(list(events))) if one["object"] == kind}
# %% sort_out
def sort_out(payloads, columns) -> tuple:
    good, bad, seen = [], [], set()
    for payload in payloads:
        seen.update(payload)
        try:
            for name, kind in columns.items():
                if type(payload[name]) is not (int if kind == "integer" else str):
                    raise TypeError(f"{name} is of type {type(payload[name]).__name__}")
            good.append({name: payload[name] for name in columns})
        except KeyError as error:
            bad.append([payload, f"no {error}"])
        except TypeError as error:
            bad.append([payload, str(error)])
    return good, bad, sorted(seen - set(columns))
