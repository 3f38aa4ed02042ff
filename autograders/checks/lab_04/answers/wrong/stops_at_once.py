"""The condition the wrong way round: it stops where there is more."""
# loses: check_the_connector_reads_all_pages
# %% paginator
def paginator() -> dict:
    def option(name):
        return {"type": "RequestOption", "inject_into": "request_parameter", "field_name": name}

    return {"type": "DefaultPaginator", "page_size_option": option("limit"),
            "page_token_option": option("starting_after"),
            "pagination_strategy": {"type": "CursorPagination", "page_size": 100,
                                    "cursor_value": "{{ last_record['id'] }}",
                                    "stop_condition": "{{ response['has_more'] }}"}}
