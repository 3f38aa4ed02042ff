"""Compares with the text as it was typed."""
# loses: check_sql_that_means_the_same
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    try:
        written = sqlglot.transpile(sql, read="duckdb", write=dialect, unsupported_level=sqlglot.ErrorLevel.IGNORE)
    except sqlglot.errors.SqlglotError:
        return False
    return ";".join(written).lower() == sql.lower()
