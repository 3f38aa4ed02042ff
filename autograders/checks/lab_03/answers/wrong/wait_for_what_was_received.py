"""Waits until the standby has replayed what it has received, asked of the standby alone."""
# loses: check_waiting_for_fresh_data
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    deadline = time.monotonic() + within
    while not standby.value("select pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()"):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)
