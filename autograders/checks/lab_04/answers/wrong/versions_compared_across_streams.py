"""Compared with the greatest version of the id in any stream."""
# loses: check_newest_row_stays, check_ties_are_decided
# %% load
import duckdb
def load(warehouse, stream, rows, position):
    with duckdb.connect(warehouse) as c:
        c.begin()
        for id, version, payload in rows:
            old = c.execute("select max(version) from raw where id = ?", [id]).fetchone()[0]
            if old is None or version > old:
                c.execute("insert or replace into raw values (?, ?, ?, ?)", [stream, id, version, payload])
        c.execute("insert or replace into positions values (?, ?)", [stream, position])
        c.commit()
