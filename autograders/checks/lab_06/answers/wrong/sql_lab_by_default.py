"""Leaves SQL Lab to the default."""
# loses: check_reads_and_no_more
# %% connection
def connection(path):
    return {"database_name": "Teaspoon marts",
            "sqlalchemy_uri": f"duckdb:///{path}?access_mode=read_only",
            "allow_ctas": False,
            "allow_cvas": False,
            "allow_dml": False,
            "allow_file_upload": False,
            "cache_timeout": 60}
