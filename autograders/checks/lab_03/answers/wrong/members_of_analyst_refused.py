"""A plus before the name: members of analyst are refused as well."""
# loses: check_analyst_reaches_only_the_standby
# %% keep_analyst_on_standby
def keep_analyst_on_standby(primary, standby) -> None:
    primary.allow(f"host all +analyst {primary.network} reject", first=True)
    standby.allow(f"host all analyst {standby.network} scram-sha-256", first=True)
