"""Compares NULL with NULL by =."""
# loses: check_copies_and_nulls_are_compared
# %% differences
def differences(warehouse, old, new, columns) -> tuple:
    same = " and ".join(f"a.{mine} = b.{yours}" for mine, yours in columns.items())
    mine = f"select *, row_number() over (partition by {', '.join(columns)}) as copy from {old}"
    yours = f"select *, row_number() over (partition by {', '.join(columns.values())}) as copy from {new}"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return tuple(con.execute(f"with a as ({mine}), b as ({yours}) select count(*) from {x} anti join {y} "
                                 f"on {same} and a.copy = b.copy").fetchone()[0] for x, y in ("ab", "ba"))
