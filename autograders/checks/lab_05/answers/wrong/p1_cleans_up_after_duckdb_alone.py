"""The draft is removed after an error of DuckDB: a name that cannot be taken leaves it."""
# loses: check_publishing_is_all_or_nothing
# %% publish
def publish(warehouse, public) -> None:
    public = Path(public)
    new = public.with_name(f".{public.name}.{os.getpid()}.new")
    try:
        with duckdb.connect(str(new)) as con:
            con.execute(f"attach '{warehouse}' as source (read_only)")
            con.execute("create schema marts")
            for name, in con.execute("select table_name from information_schema.tables where table_catalog = 'source' "
                                     "and table_schema = 'marts'").fetchall():
                con.execute(f'create table marts."{name}" as from source.marts."{name}"')
            con.execute("detach source")
        os.replace(new, public)
    except duckdb.Error:
        new.unlink(missing_ok=True)
        Path(f"{new}.wal").unlink(missing_ok=True)
        raise
