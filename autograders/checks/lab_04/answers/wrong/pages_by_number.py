"""Asks for page 2 of an API that has no such thing, and gets page 1 again."""
# loses: check_the_connector_reads_all_pages
# %% paginator
def paginator() -> dict:
    def option(name):
        return {"type": "RequestOption", "inject_into": "request_parameter", "field_name": name}

    return {"type": "DefaultPaginator", "page_size_option": option("limit"), "page_token_option": option("offset"),
            "pagination_strategy": {"type": "OffsetIncrement", "page_size": 100}}
