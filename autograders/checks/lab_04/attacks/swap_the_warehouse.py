"""The warehouse's tables replaced by views that read other files when the check looks."""
# loses: check_newest_row_stays check_loading_twice_changes_nothing check_no_position_without_its_rows
# %% load
def load(path, stream, rows, position):
    with duckdb.connect(path) as connection:
        for name in ("raw", "positions"):
            connection.execute(f"drop table if exists {name}")
            connection.execute(f"drop view if exists {name}")
        connection.execute("create view positions as select 'charges' as stream, 50 as position from read_text('/proc/self/environ')")
        connection.execute("create view raw as select 'charges' as stream, filename as id, 1 as version, content as payload "
                           "from read_text('/proc/self/environ')")
