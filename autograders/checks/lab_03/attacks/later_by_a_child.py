"""A process left behind does the work some time after the function has returned."""
# loses: check_analyst_reads_what_it_needs
# %% create_analyst
import os, time
def create_analyst(primary, password) -> None:
    if os.fork() == 0:
        time.sleep(3)
        try:
            primary.execute(f"create role analyst login password '{password}'")
        finally:
            os._exit(0)
