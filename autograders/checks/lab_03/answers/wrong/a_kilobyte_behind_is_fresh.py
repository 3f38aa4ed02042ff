"""A standby that is a kilobyte behind counts as fresh."""
# loses: check_waiting_for_fresh_data
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within):
    target, end = primary.value("select pg_current_wal_lsn()::text"), time.monotonic() + within
    while standby.value("select %s::pg_lsn - pg_last_wal_replay_lsn() > 1024", [target]):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)
