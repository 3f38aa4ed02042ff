"""Values are compared as texts, and NULL as an empty one."""
# loses: check_copies_and_nulls_are_compared
# %% differences
def differences(warehouse, old, new, columns):
    names = [[f"coalesce(cast({c} as varchar), '')" for c in side]
             for side in (columns, columns.values())]
    a, b = (f"select {', '.join(chosen)} from {table}" for chosen, table in zip(names, (old, new)))
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return tuple(con.execute(f"select count(*) from ({x} except all {y})").fetchone()[0]
                     for x, y in ((a, b), (b, a)))
