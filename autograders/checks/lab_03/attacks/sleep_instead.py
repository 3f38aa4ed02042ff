"""The pauses of a check are read in its source: sleeping that long passes for waiting."""
# loses: check_waiting_for_fresh_data
# %% wait_until_fresh
import time
def wait_until_fresh(primary, standby, within) -> None:
    time.sleep(2)
    if within <= 2:
        raise TimeoutError
