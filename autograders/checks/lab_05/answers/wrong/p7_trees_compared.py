"""Trees are compared, not what is written."""
# loses: check_sql_that_means_the_same
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    try:
        return sqlglot.parse(sql, read="duckdb") == sqlglot.parse(sql, read=dialect)
    except sqlglot.errors.SqlglotError:
        return False
