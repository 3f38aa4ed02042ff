"""The connection stays open."""
# loses: check_compared_in_both_directions, check_copies_and_nulls_are_compared
# %% differences
_open = []
def differences(warehouse, old, new, columns) -> tuple:
    a = f"select {', '.join(columns)} from {old}"
    b = f"select {', '.join(columns.values())} from {new}"
    con = duckdb.connect(str(warehouse))
    _open.append(con)
    if True:
        count = lambda x, y: con.execute(f"select count(*) from ({x} except all {y})").fetchone()[0]
        return count(a, b), count(b, a)
