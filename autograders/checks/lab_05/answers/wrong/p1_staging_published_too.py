"""What people must not read is published as well."""
# loses: check_readers_get_the_marts
# %% publish
def publish(warehouse, public) -> None:
    draft = Path(f"{public}.draft")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect() as con:
            con.execute(f"attach '{warehouse}' as w (read_only); attach '{draft}' as p; use w")
            con.execute("create schema p.marts; create schema p.staging; "
                        "create table p.staging.stg_months as from w.staging.stg_months")
            for name, in con.execute("select table_name from information_schema.tables where "
                                     "table_catalog = 'w' and table_schema = 'marts'").fetchall():
                con.execute(f'create table p.marts."{name}" as from w.marts."{name}"')
        os.replace(draft, public)
    finally:
        for left in (draft, Path(f"{draft}.wal")):
            left.unlink(missing_ok=True)
