"""SIGSTOP to every process of the server: it is there, and does not answer."""
# loses: check_primary_can_stream
# %% make_ready
import psutil
def make_ready(primary) -> None:
    for process in psutil.process_iter(["name"]):
        if process.info["name"].startswith("postgres"):
            process.suspend()
