"""Takes what can be read there for what means the same."""
# loses: check_sql_that_means_the_same
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    try:
        sqlglot.parse(sql, read="duckdb")
        return bool(sqlglot.parse(sql, read=dialect))
    except sqlglot.errors.SqlglotError:
        return False
