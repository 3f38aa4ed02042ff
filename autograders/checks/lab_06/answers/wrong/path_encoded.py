"""Spaces of the path as %20, which is another file."""
# loses: check_reads_and_no_more
# %% connection
def connection(path):
    return {"database_name": "Teaspoon marts",
            "sqlalchemy_uri": f"duckdb:///{path.replace(chr(32), chr(37) + str(20))}?access_mode=read_only",
            "expose_in_sqllab": False,
            "allow_ctas": False,
            "allow_cvas": False,
            "allow_dml": False,
            "allow_file_upload": False,
            "cache_timeout": 60}
