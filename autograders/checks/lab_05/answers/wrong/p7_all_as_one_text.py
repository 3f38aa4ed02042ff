"""Rows are compared as one text, in which NULL is an empty one."""
# loses: check_copies_and_nulls_are_compared
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    a = f"select concat({', '.join(columns)}) from {old}"
    b = f"select concat({', '.join(columns.values())}) from {new}"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        count = lambda x, y: con.execute(f"select count(*) from ({x} except all {y})").fetchone()[0]
        return count(a, b), count(b, a)
