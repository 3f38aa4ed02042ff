"""Compares once and returns, fresh or not."""
# loses: check_waiting_for_fresh_data, check_waiting_has_an_end
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    if primary.wal_position() == standby.wal_position():
        return
