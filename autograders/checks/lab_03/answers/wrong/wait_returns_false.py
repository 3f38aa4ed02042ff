"""Gives up in time, but returns False where an error was due."""
# loses: check_waiting_has_an_end
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> bool:
    position = primary.wal_position()
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if standby.replayed(position):
            return True
        time.sleep(0.02)
    return False
