"""Counts rounds of 1 s as seconds: far over `within` when queries are slow, and 0.5 becomes 0 or 1."""
# loses: check_waiting_has_an_end
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    position = primary.wal_position()
    for second in range(int(within)):
        if standby.replayed(position):
            return
        time.sleep(1)
    raise TimeoutError("too late")
