"""In small letters, texts in quotes as well."""
# loses: check_sql_that_means_the_same
# %% same_meaning
def same_meaning(sql, dialect) -> bool:
    try:
        ours = sqlglot.transpile(sql.lower(), read="duckdb", write=dialect)
        return ours == sqlglot.transpile(sql, read=dialect, write=dialect)
    except sqlglot.errors.SqlglotError:
        return False
