"""DuckDB makes its functions and its grammar when it is first used."""

from autograders.grading.library import Library


def _query_once(shell) -> None:
    """With one thread, which ends with it: a fork has none but its own."""
    import duckdb
    import pandas as pd

    with duckdb.connect(config={"threads": 1}) as database:
        database.register("frame", pd.DataFrame({"n": [1], "s": ["x"], "t": pd.to_datetime(["2026-11-20"])}))
        database.execute("select s, sum(n), max(t) from frame where s in ('x', 'y') group by all order by 1").df()


LIBRARY = Library("duckdb", warm_up=_query_once)
