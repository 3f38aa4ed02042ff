"""The formula of many blogs: 0 where all that was received is replayed, whatever is missing."""
# loses: check_lag_in_seconds
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    return float(standby.value("""
        select case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
                    else extract(epoch from now() - pg_last_xact_replay_timestamp()) end"""))
