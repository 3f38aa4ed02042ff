"""Sleeps a second between two looks, whatever is left of the time."""
# loses: check_waiting_has_an_end
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within):
    position = primary.value("select pg_current_wal_lsn()::text")
    deadline = time.monotonic() + within
    while not standby.value("select pg_last_wal_replay_lsn() >= %s::pg_lsn", [position]):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not fresh after {within} s")
        time.sleep(1)
