"""A checkpoint puts all into the file, which is renamed and only then closed: till then no other process gets in."""
# loses: check_publishing_is_all_or_nothing
# %% publish
def publish(warehouse, public) -> None:
    draft = Path(f"{public}.draft")
    draft.unlink(missing_ok=True)
    con = duckdb.connect(str(draft))
    try:
        con.execute(f"attach '{warehouse}' as w (read_only)")
        con.execute("create schema marts")
        for name, in con.execute("select table_name from information_schema.tables where "
                                 "table_catalog = 'w' and table_schema = 'marts'").fetchall():
            con.execute(f'create table marts."{name}" as from w.marts."{name}"')
        con.execute("checkpoint")
        os.replace(draft, public)
    finally:
        con.close()
        for left in (draft, Path(f"{draft}.wal")):
            left.unlink(missing_ok=True)
