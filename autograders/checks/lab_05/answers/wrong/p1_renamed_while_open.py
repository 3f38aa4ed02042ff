"""Renamed while DuckDB still has it open: for a moment no reader gets in, and what is written last is not there."""
# loses: check_publishing_is_all_or_nothing
# %% publish
def publish(warehouse, public) -> None:
    draft = Path(f"{public}.draft")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect() as con:
            con.execute(f"attach '{warehouse}' as w (read_only); attach '{draft}' as p; use w")
            con.execute("create schema p.marts")
            for name, in con.execute("select table_name from information_schema.tables where "
                                     "table_catalog = 'w' and table_schema = 'marts'").fetchall():
                con.execute(f'create table p.marts."{name}" as from w.marts."{name}"')
            os.replace(draft, public)
    finally:
        for left in (draft, Path(f"{draft}.wal")):
            left.unlink(missing_ok=True)
