"""Opens the standby for all, before what its own rules refuse."""
# loses: check_analyst_reaches_only_the_standby
# %% keep_analyst_on_standby
def keep_analyst_on_standby(primary, standby) -> None:
    primary.allow(f"host all analyst {primary.network} reject", first=True)
    standby.allow(f"host all all {standby.network} scram-sha-256", first=True)
