"""The primary refuses analyst; a standby built again brings that refusal along."""
# loses: check_analyst_reaches_only_the_standby
# %% keep_analyst_on_standby
def keep_analyst_on_standby(primary, standby) -> None:
    primary.allow(f"host all analyst {primary.network} reject", first=True)
