"""The file is opened for writing."""
# loses: check_reads_and_no_more
# %% connection
def connection(path):
    return {"database_name": "Teaspoon marts",
            "sqlalchemy_uri": f"duckdb:///{path}",
            "expose_in_sqllab": False,
            "allow_ctas": False,
            "allow_cvas": False,
            "allow_dml": False,
            "allow_file_upload": False,
            "cache_timeout": 60}
