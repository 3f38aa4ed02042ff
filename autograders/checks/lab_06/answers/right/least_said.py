"""Only what Superset would not choose by itself; nothing is kept."""
# %% connection
def connection(path):
    return dict(database_name="Teaspoon marts", sqlalchemy_uri="duckdb:///" + path + "?access_mode=READ_ONLY",
                expose_in_sqllab=False, cache_timeout=-1)
