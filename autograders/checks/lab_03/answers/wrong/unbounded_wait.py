"""Waits for ever: `within` is never looked at."""
# loses: check_waiting_has_an_end
# alone
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    position = primary.wal_position()
    while not standby.replayed(position):
        time.sleep(0.02)
