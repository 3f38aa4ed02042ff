"""Tables go through pandas: a decimal becomes a DOUBLE."""
# loses: check_readers_get_the_marts
# %% publish
def publish(warehouse, public):
    public = Path(public)
    fresh = public.with_name(f".{public.name}.{os.getpid()}.new")
    try:
        with duckdb.connect(str(fresh)) as con:
            con.execute(f"attach '{warehouse}' as source (read_only)")
            con.execute("create schema marts")
            names = con.execute("select table_name from information_schema.tables "
                                "where table_catalog = 'source' and table_schema = 'marts'").fetchall()
            for name, in names:
                frame = con.execute(f"from source.marts.{name}").df()
                con.execute(f"create table marts.{name} as from frame")
        os.replace(fresh, public)
    except BaseException:
        fresh.unlink(missing_ok=True)
        Path(f"{fresh}.wal").unlink(missing_ok=True)
        raise
