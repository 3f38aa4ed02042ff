"""The file is copied, raw and staging are dropped: a schema nobody thought of stays."""
# loses: check_readers_get_the_marts
# %% publish
def publish(warehouse, public) -> None:
    public = Path(public)
    new = public.with_name(f".{public.name}.new")
    views = "select view_name from duckdb_views() where schema_name = 'marts'"
    try:
        shutil.copyfile(warehouse, new)
        with duckdb.connect(str(new)) as con:
            for name, in con.execute(views).fetchall():
                con.execute(f'create table marts.kept as from marts."{name}"')
                con.execute(f'drop view marts."{name}"')
                con.execute(f'alter table marts.kept rename to "{name}"')
            con.execute("drop schema if exists raw cascade")
            con.execute("drop schema if exists staging cascade")
        os.replace(new, public)
    finally:
        new.unlink(missing_ok=True)
        Path(f"{new}.wal").unlink(missing_ok=True)
