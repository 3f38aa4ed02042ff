"""A mart that is gone stays in the copy."""
# loses: check_readers_get_the_marts
# %% publish
def publish(warehouse, public) -> None:
    draft = Path(f"{public}.draft")
    draft.unlink(missing_ok=True)
    if Path(public).exists():
        shutil.copyfile(public, draft)
    try:
        with duckdb.connect() as con:
            con.execute(f"attach '{warehouse}' as w (read_only); attach '{draft}' as p; use w")
            con.execute("create schema if not exists p.marts")
            for name, in con.execute("select table_name from information_schema.tables where "
                                     "table_catalog = 'w' and table_schema = 'marts'").fetchall():
                con.execute(f'create or replace table p.marts."{name}" as from w.marts."{name}"')
        os.replace(draft, public)
    finally:
        for left in (draft, Path(f"{draft}.wal")):
            left.unlink(missing_ok=True)
