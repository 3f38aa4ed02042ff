"""No transaction around both: rows are committed first, the position after them."""
# %% load
def load(warehouse, stream, rows, position) -> None:
    with duckdb.connect(warehouse) as connection:
        for id, version, payload in reversed(rows):
            there = connection.execute("select version from raw where stream = ? and id = ?", [stream, id]).fetchone()
            if there is None:
                connection.execute("insert into raw values (?, ?, ?, ?)", [stream, id, version, payload])
            elif there[0] <= version:
                connection.execute("update raw set version = ?, payload = ? where stream = ? and id = ?", [version, payload, stream, id])
        if connection.execute("update positions set position = ? where stream = ?", [position, stream]).fetchone()[0] == 0:
            connection.execute("insert into positions values (?, ?)", [stream, position])
# %% next_watermark
def next_watermark(objects, watermark):
    for one in objects:
        if watermark is None or one["created"] > watermark:
            watermark = one["created"]
    return watermark
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    began_at = newest()
    if position is None:
        load(read_all(), began_at)
    else:
        load(read_changes(position), began_at)
# %% load_days
def load_days(position, first, last, look_back, read, load) -> None:
    start = first.toordinal()
    reached = position.toordinal() if position else 0
    if position:
        start = max(start, reached - look_back)
    for n in range(start, last.toordinal() + 1):
        rows = read(date.fromordinal(n))
        reached = max(reached, n)
        load(rows, date.fromordinal(reached))
# %% event_rows
def event_rows(events) -> list:
    def id_of(one):
        its = one["properties"]
        if "$insert_id" not in its:
            return "whole " + json.dumps(one, sort_keys=True)
        return "four " + json.dumps({"event": one["event"]} | {name: its[name] for name in ("distinct_id", "time", "$insert_id")})
    return [[id_of(one), one["properties"].get("mp_processing_time_ms", 0), json.dumps(one)] for one in events]
