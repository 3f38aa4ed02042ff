"""A row that stands three times and once is equal."""
# loses: check_copies_and_nulls_are_compared
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    mine = f"select {', '.join(columns)} from {old}"
    yours = f"select {', '.join(columns.values())} from {new}"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return tuple(con.execute(f"select count(*) from ({a} except {b})").fetchone()[0]
                     for a, b in ((mine, yours), (yours, mine)))
