"""What sqlglot does not support is an error."""
# loses: check_sql_that_means_the_same
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    try:
        ours, theirs = (sqlglot.transpile(sql, read=read, write=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE) for read in ("duckdb", dialect))
    except sqlglot.errors.SqlglotError:
        return False
    return ours == theirs
