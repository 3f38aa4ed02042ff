"""Rejects everybody on the primary, the shop too."""
# loses: check_analyst_reaches_only_the_standby
# %% keep_analyst_on_standby
def keep_analyst_on_standby(primary, standby) -> None:
    primary.allow(f"host teaspoon all {primary.network} reject", first=True)
