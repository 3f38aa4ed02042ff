"""The warehouse is opened to write, and the new file attached to it."""
# loses: check_readers_get_the_marts
# %% publish
def publish(warehouse, public) -> None:
    public = Path(public)
    new = public.with_name(f".{public.name}.{os.getpid()}.new")
    try:
        with duckdb.connect(str(warehouse)) as con:
            con.execute(f"attach '{new}' as target")
            con.execute("create schema target.marts")
            for name, in con.execute("select table_name from information_schema.tables where table_schema = 'marts' "
                                     "and table_catalog <> 'target'").fetchall():
                con.execute(f'create table target.marts."{name}" as from marts."{name}"')
            con.execute("detach target")
        os.replace(new, public)
    finally:
        new.unlink(missing_ok=True)
        Path(f"{new}.wal").unlink(missing_ok=True)
