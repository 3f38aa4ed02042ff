"""A text without its end raises another error."""
# loses: check_sql_that_means_the_same
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    quiet = sqlglot.ErrorLevel.IGNORE
    try:
        ours, theirs = (sqlglot.transpile(sql, read=read, write=dialect, unsupported_level=quiet)
                        for read in ("duckdb", dialect))
    except sqlglot.errors.ParseError:
        return False
    return ours == theirs
