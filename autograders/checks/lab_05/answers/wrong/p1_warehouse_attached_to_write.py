"""The warehouse is attached without READ_ONLY, though it is only read."""
# loses: check_readers_get_the_marts
# %% publish
def publish(warehouse, public) -> None:
    draft = Path(f"{public}.draft")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(draft)) as con:
            con.execute(f"attach '{warehouse}' as w")
            con.execute("create schema if not exists marts")
            names = con.execute("select table_name from information_schema.tables where table_catalog = 'w' "
                                "and table_schema = 'marts'").fetchall()
            for name, in names:
                con.execute(f"create table marts.{name} as from w.marts.{name}")
            con.execute("detach w")
        os.replace(draft, public)
    except BaseException:
        draft.unlink(missing_ok=True)
        Path(f"{draft}.wal").unlink(missing_ok=True)
        raise
