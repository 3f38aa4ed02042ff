"""A body from zip, its cache 30 seconds, the query by urlencode."""
# %% connection
def connection(path):
    from collections import OrderedDict
    from urllib.parse import urlencode
    rights = ("expose_in_sqllab", "allow_ctas", "allow_cvas", "allow_dml", "allow_file_upload")
    body = OrderedDict.fromkeys(rights, False)
    body.update(database_name="Teaspoon marts", cache_timeout=30,
                sqlalchemy_uri="duckdb:///" + path + "?" + urlencode({"access_mode": "READ_ONLY"}))
    return body
