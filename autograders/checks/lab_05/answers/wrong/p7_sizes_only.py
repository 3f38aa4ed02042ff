"""Compares how many rows there are."""
# loses: check_compared_in_both_directions, check_copies_and_nulls_are_compared
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        a, b = (con.execute(f"select count(*) from {name}").fetchone()[0] for name in (old, new))
    return max(a - b, 0), max(b - a, 0)
