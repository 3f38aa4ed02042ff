"""Looks at once, and again only when half of the time is over."""
# loses: check_waiting_for_fresh_data
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within):
    target, end = primary.value("select pg_current_wal_lsn()::text"), time.monotonic() + within
    while not standby.value("select pg_last_wal_replay_lsn() >= %s::pg_lsn", [target]):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(within / 2)
